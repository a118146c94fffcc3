"""What the larger Training round tells beside answers: who was spoken to, which letters went."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cli.demo_stage import Entry, Stage, instant
from app.models import (
    AddressFailure,
    BounceReport,
    ContactEntry,
    ContactKind,
    MessagePurpose,
    OutboxMessage,
    ReceivedAnswers,
    ReceivedBy,
    ReminderAnchor,
    ReminderRule,
    Response,
    RoundParticipant,
    Submission,
    User,
)
from app.policy import Actor
from app.queries import people as people_queries
from app.queries import trails
from app.services import auditing, filing
from app.standing import FINISHED, Standing, standing

PAPER = Path(__file__).parents[2] / "questionnaires" / "demo" / "training" / "larger" / "paper.pdf"
"""What a State sent as a scan."""
REMINDED_AFTER_DAYS = 21


def withdraw(stage: Stage, code: str, why: str, actor: Actor, at: datetime) -> None:
    """Let an organisation be asked no more from then on."""
    participant = stage.session.scalars(
        select(RoundParticipant).where(
            RoundParticipant.round_id == stage.round.id,
            RoundParticipant.organisation_id == stage.organisations[code].id,
        )
    ).one()
    participant.withdrawn_at, participant.why = at, why
    auditing.record(stage.session, actor, "withdrew_participant", participant, {"why": why}, at=at)


def extend(stage: Stage, until: datetime, reason: str, actor: Actor, at: datetime) -> None:
    """Let the round close later, for everybody whose deadline was that of the round."""
    before, stage.round.closes_at = stage.round.closes_at, until
    stage.session.execute(
        update(Response)
        .where(Response.round_id == stage.round.id, Response.due_at == before)
        .values(due_at=until)
    )
    detail = {"before": before.isoformat(), "after": until.isoformat(), "reason": reason}
    auditing.record(stage.session, actor, "extended_round", stage.round, detail, at=at)


def keep_deadline(stage: Stage, submission: Submission) -> None:
    """Note the deadline under which answers came, which says whether they came late."""
    if submission.due_at is None:
        response = stage.session.get_one(Response, submission.response_id)
        submission.due_at = response.due_at


def receive(stage: Stage, code: str, by: ReceivedBy, actor: Actor, at: datetime) -> ReceivedAnswers:
    """Keep that answers came on paper or by word of mouth, with the paper."""
    file = None
    if by is ReceivedBy.PAPER:
        content = BytesIO(PAPER.read_bytes())
        file = filing.row(stage.session, filing.receive(stage.store, content, "answers.pdf"), at)
        stage.session.flush()
    made = ReceivedAnswers(
        id=uuid4(),
        response_id=stage.responses[code],
        received_by=by,
        from_whom=stage.person(code).name,
        dated=at.date(),
        file_id=file.id if file else None,
        file_name=f"{code.lower()}-answers.pdf" if file else None,
        by_id=actor.user_id,
        at=at,
    )
    stage.session.add(made)
    auditing.record(stage.session, actor, "received_answers", made, {"by": by}, at=at)
    return made


def note_contact(stage: Stage, entry: Entry) -> None:
    """Write down one contact outside the service."""
    by = people_queries.by_email(stage.session, entry["by"])
    next_by = people_queries.by_email(stage.session, entry.get("next_by", ""))
    if by is None:
        raise ValueError(f"nobody has the address {entry['by']}")
    at = instant(entry["at"])
    made = ContactEntry(
        id=uuid4(),
        round_id=stage.round.id,
        organisation_id=stage.organisations[entry["respondent"]].id,
        kind=ContactKind(entry["kind"]),
        with_whom=entry.get("with"),
        text=entry["text"],
        happened_at=at,
        recorded_at=at + timedelta(minutes=5),
        by_id=by.id,
        next_step=entry.get("next_step"),
        next_on=date.fromisoformat(entry["next_on"]) if "next_on" in entry else None,
        next_by_id=next_by.id if next_by else None,
    )
    stage.session.add(made)
    actor = people_queries.actor(stage.session, by, at)
    auditing.record(stage.session, actor, "recorded_contact", made, at=at)


def write_letters(stage: Stage, faults: Sequence[Entry]) -> None:
    """An invitation to every focal point, and a reminder to who had not finished three weeks later."""
    wrong = {(each["respondent"], each["kind"]): each for each in faults}
    rule = _rule(stage)
    reminded_at = stage.opened_at + timedelta(days=REMINDED_AFTER_DAYS)
    stood = _standings(stage, reminded_at)
    for code, response_id in sorted(stage.responses.items()):
        for person in stage.contacts(code, stage.opened_at.date()):
            key = f"invitation:{response_id}:{person.id}"
            subject = f"{stage.round.title}: your questionnaire"
            letter = _letter(stage, "invitation", key, person, response_id, stage.opened_at, subject)
            _end(stage.session, letter, person, wrong.get((code, "invitation")))
            if stood[response_id] not in FINISHED | {Standing.BOUNCED, Standing.NO_CONTACT}:
                key = f"reminder:{rule.id}:{response_id}:{person.id}"
                subject = f"{stage.round.title}: a reminder"
                reminder = _letter(stage, "reminder", key, person, response_id, reminded_at, subject)
                _end(stage.session, reminder, person, wrong.get((code, "reminder")))


def _rule(stage: Stage) -> ReminderRule:
    """The line of the plan that sent the reminders; it is ended, so that it sends nothing more."""
    rule = ReminderRule(
        id=uuid4(),
        round_id=stage.round.id,
        anchor=ReminderAnchor.OPENING,
        days=REMINDED_AFTER_DAYS,
        standings=[Standing.INVITED, Standing.OPENED, Standing.IN_PROGRESS],
        purpose=MessagePurpose.REMINDER,
        added_at=stage.opened_at,
        ended_at=stage.opened_at + timedelta(days=REMINDED_AFTER_DAYS + 1),
    )
    stage.session.add(rule)
    stage.session.flush()  # the letters name it
    return rule


def _standings(stage: Stage, at: datetime) -> dict[UUID, Standing]:
    found = trails.of_round(stage.session, stage.round)
    return {response_id: standing(trail, at) for response_id, trail in found.items()}


def _letter(
    stage: Stage, kind: str, key: str, person: User, response_id: UUID, at: datetime, subject: str
) -> OutboxMessage:
    letter = OutboxMessage(
        id=uuid4(),
        kind=kind,
        dedupe_key=key,
        user_id=person.id,
        payload={},
        created_at=at,
        due_at=at,
        attempts=1,
        round_id=stage.round.id,
        response_id=response_id,
        address=person.email,
        subject=subject,
        handed_at=at + timedelta(seconds=40),
    )
    stage.session.add(letter)
    return letter


def _end(session: Session, letter: OutboxMessage, person: User, fault: Entry | None) -> None:
    """How the letter ended: as a server took it, or as the fault says."""
    at = letter.due_at + timedelta(seconds=41)
    if fault is None:
        letter.sent_at = at
    elif "failed" in fault:
        letter.handed_at, letter.attempts = None, 6
        letter.given_up_at, letter.last_error = at + timedelta(hours=1), fault["failed"]
    elif "bounced" in fault:
        letter.sent_at, letter.bounced_at = at, at + timedelta(minutes=3)
        session.flush()  # the report points to it
        session.add_all(_returned(letter, person, fault["bounced"], letter.bounced_at))


def _returned(
    letter: OutboxMessage, person: User, words: str, at: datetime
) -> tuple[BounceReport, AddressFailure]:
    report = BounceReport(
        id=uuid4(),
        digest=sha256(str(letter.id).encode()).hexdigest(),
        message_id=letter.id,
        recipient=person.email,
        permanent=True,
        status=words.split()[1],
        words=words,
        read_at=at,
    )
    failure = AddressFailure(
        id=uuid4(), user_id=person.id, address=person.email, message_id=letter.id, words=words, failed_at=at
    )
    return report, failure


def send_what_waits(session: Session) -> None:
    """Note every letter that was due while the story was told as sent then: nobody is written to anew."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
            OutboxMessage.handed_at.is_(None),
        )
        .values(sent_at=OutboxMessage.due_at, attempts=1)
    )


def end_collecting(stage: Stage, cut_off_at: datetime, actor: Actor) -> None:
    """Take nothing more for the analysis of a closed round from then on."""
    stage.round.cut_off_at = cut_off_at
    auditing.record(stage.session, actor, "cut_off_round", stage.round, at=cut_off_at)
