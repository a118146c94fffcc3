"""Rows of a generated round, written round the services, so that moments can be chosen at will."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.models import (
    Answer,
    AnswerRevision,
    Appointment,
    AppointmentRole,
    Attribution,
    Audience,
    AuditEvent,
    Base,
    File,
    Organisation,
    Outcome,
    OutcomeChange,
    ReceivedAnswers,
    ReceivedBy,
    Response,
    ResponseStatus,
    Round,
    RoundParticipant,
    StatusChange,
    Submission,
    SubmissionAnswer,
    User,
    Via,
)

OPENED = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
CLOSES = datetime(2027, 1, 29, 22, 59, tzinfo=UTC)
CLOSED = datetime(2027, 2, 1, 8, 0, tzinfo=UTC)
CUT_OFF = datetime(2027, 2, 26, 22, 59, tzinfo=UTC)
NOW = datetime(2027, 3, 5, 13, 0, tzinfo=UTC)
Row = TypeVar("Row", bound=Base)
DIGEST = "0" * 64
REGIONS = (
    ("002", "015", "MENA"),
    ("002", "202", "WCA"),
    ("150", "151", "ECA"),
    ("142", "034", "AP"),
    (None, None, None),
)
LANGUAGES = ("en", "fr", "es")
TYPES = ("regional", "interregional", "global", None)


def day(number: float) -> datetime:
    """So many days after the round was opened."""
    return OPENED + timedelta(days=number)


@dataclass
class Made:
    """What was made, and how to make more."""

    session: Session
    round: Round
    versions: dict[Audience, UUID]
    random: random.Random
    organisations: list[Organisation] = field(default_factory=list)
    responses: dict[str, Response] = field(default_factory=dict)
    blocks: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def add(self, row: Row) -> Row:
        """Keep the row, after those that it points to."""
        self.session.add(row)
        self.session.flush()
        return row


def focal(made: Made, response: Response, since: date = date(2026, 1, 1), until: date | None = None) -> User:
    """A focal point of the respondent, from a day until another."""
    user = made.add(
        User(email=f"{uuid4().hex[:12]}@mfa.example", name="A. Person", created_at=OPENED - timedelta(days=9))
    )
    made.add(
        Appointment(
            user_id=user.id,
            organisation_id=response.organisation_id,
            role=AppointmentRole.FOCAL_POINT,
            valid_from=since,
            valid_until=until,
        )
    )
    return user


def opened(made: Made, response: Response, at: datetime) -> None:
    response.opened_at = at


def save(made: Made, response: Response, at: datetime, **answers: Any) -> list[tuple[Answer, AnswerRevision]]:
    """Save answers outside blocks, or (``at_<mechanism>``) in the block of a mechanism."""
    if response.status is ResponseStatus.INVITED:
        made.add(
            StatusChange(
                response_id=response.id,
                before=ResponseStatus.INVITED,
                after=ResponseStatus.IN_PROGRESS,
                at=at,
            )
        )
        response.status = ResponseStatus.IN_PROGRESS
    response.last_saved_at = at
    return [_saved(made, response, None, key, value, at) for key, value in answers.items()]


def save_about(
    made: Made, response: Response, code: str, at: datetime, **answers: Any
) -> list[tuple[Answer, AnswerRevision]]:
    """Save answers in the block about a mechanism."""
    organisation = made.session.get_one(Organisation, response.organisation_id)
    block = made.blocks[organisation.code, code]
    response.last_saved_at = at
    return [_saved(made, response, block, key, value, at) for key, value in answers.items()]


def _saved(
    made: Made, response: Response, block: UUID | None, key: str, value: Any, at: datetime
) -> tuple[Answer, AnswerRevision]:
    version = response.questionnaire_version_id
    answer = made.add(
        Answer(
            response_id=response.id,
            instance_id=block,
            question_key=key,
            value=value,
            questionnaire_version_id=version,
        )
    )
    revision = made.add(
        AnswerRevision(
            answer_id=answer.id,
            number=1,
            value=value,
            questionnaire_version_id=version,
            saved_at=at,
            via=Via.PAGE,
        )
    )
    return answer, revision


def revise(made: Made, saved: tuple[Answer, AnswerRevision], value: Any, at: datetime) -> None:
    """Change an answer, or clear it."""
    answer, _before = saved
    answer.revision, answer.value = answer.revision + 1, value
    made.add(
        AnswerRevision(
            answer_id=answer.id,
            number=answer.revision,
            value=value,
            questionnaire_version_id=answer.questionnaire_version_id,
            saved_at=at,
            via=Via.PAGE,
        )
    )


def _received(made: Made, response: Response, at: datetime, by: ReceivedBy) -> ReceivedAnswers:
    kept = made.add(File(sha256=uuid4().hex * 2, media_type="application/pdf", size=9, stored_at=at))
    return made.add(
        ReceivedAnswers(
            response_id=response.id,
            received_by=by,
            file_id=kept.id,
            from_whom="The ministry",
            dated=at.date(),
            at=at,
        )
    )


def submit(
    made: Made,
    response: Response,
    at: datetime,
    sent: list[tuple[Answer, AnswerRevision]],
    received_by: ReceivedBy | None = None,
) -> Submission:
    """Send what was saved, against the deadline that the respondent has now."""
    received = _received(made, response, at, received_by) if received_by else None
    number = 1 + made.session.query(Submission).filter_by(response_id=response.id).count()
    response.attribution = Attribution.BY_NAME
    response.reference = response.reference or f"R-{response.id.hex[:10]}"
    submission = made.add(
        Submission(
            response_id=response.id,
            number=number,
            reference=f"{response.reference}-{number}",
            statement="Sent.",
            digest=DIGEST,
            attribution=Attribution.BY_NAME,
            at=at,
            due_at=response.due_at,
            received_id=received.id if received else None,
        )
    )
    for answer, revision in sent:
        made.session.add(
            SubmissionAnswer(
                submission_id=submission.id,
                answer_id=answer.id,
                response_id=response.id,
                answer_revision_id=revision.id,
                attribution=Attribution.BY_NAME,
            )
        )
    response.status = ResponseStatus.SUBMITTED
    made.session.flush()
    return submission


def extend(made: Made, response: Response, until: datetime, at: datetime) -> None:
    """Give more time, as it is written down."""
    before, response.due_at = response.due_at, until
    made.add(
        AuditEvent(
            at=at,
            actor_name="Staff",
            act="extended",
            subject_kind="response",
            subject_id=str(response.id),
            detail={"before": before.isoformat() if before else None, "after": until.isoformat()},
        )
    )


def outcome(made: Made, response: Response, after: Outcome | None, at: datetime) -> None:
    """Give an outcome, or take it back."""
    made.add(
        OutcomeChange(response_id=response.id, before=response.outcome, after=after, at=at, reason="Said so")
    )
    response.outcome, response.outcome_reason = after, "Said so" if after else None


def found(session: Session) -> Made:
    """The round that was made before, to let more happen in it."""
    round_ = session.query(Round).filter_by(code="made").one()
    rows = session.query(Response, Organisation).join(
        Organisation, Organisation.id == Response.organisation_id
    )
    responses = {organisation.code: response for response, organisation in rows}
    versions = {each.audience: each.questionnaire_version_id for each in responses.values()}
    organisations = list(session.query(Organisation).order_by(Organisation.code))
    return Made(session, round_, versions, random.Random(1), organisations=organisations, responses=responses)


def answers_now(made: Made, response: Response, at: datetime) -> None:
    """Submit something, if nothing stands in the way."""
    if response.outcome is None and response.status is ResponseStatus.INVITED:
        submit(made, response, at, save(made, response, at, contact_name="A. Person"))


def withdraw(made: Made, response: Response, at: datetime) -> None:
    """Ask the organisation no more, and take back what it submitted."""
    asked = made.session.query(RoundParticipant).filter_by(
        round_id=made.round.id, organisation_id=response.organisation_id
    )
    for participant in asked:
        participant.withdrawn_at, participant.why = participant.withdrawn_at or at, "Asked to be left out"
    for submission in made.session.query(Submission).filter_by(response_id=response.id):
        submission.withdrawn_at = submission.withdrawn_at or at


def reopen_round(made: Made, at: datetime) -> None:
    """Open the closed round again for a month, as it is written down."""
    round_ = made.round
    detail = {
        "reason": "Asked for",
        "closed_at": round_.closed_at.isoformat() if round_.closed_at else None,
        "cut_off_at": None,
        **_ends(round_),
    }
    round_.closed_at = round_.cut_off_at = None
    _move_round(made, "reopened_round", at + timedelta(days=30), at, detail)


def extend_round(made: Made, at: datetime) -> None:
    """Give everybody another month, as it is written down."""
    until = made.round.closes_at + timedelta(days=30)
    _move_round(made, "extended_round", until, at, _ends(made.round))


def _ends(round_: Round) -> dict[str, Any]:
    before = {"before": round_.closes_at.isoformat()}
    return before | {"cutoff_before": round_.cutoff_at.isoformat() if round_.cutoff_at else None}


def _move_round(made: Made, act: str, until: datetime, at: datetime, detail: dict[str, Any]) -> None:
    made.round.closes_at, made.round.cutoff_at = until, max(until, CUT_OFF)
    for response in made.responses.values():
        if response.due_at is None or response.due_at < until:
            response.due_at = until
    made.add(
        AuditEvent(
            at=at,
            actor_name="Staff",
            act=act,
            subject_kind="round",
            subject_id=str(made.round.id),
            detail={**detail, "after": until.isoformat()},
        )
    )
