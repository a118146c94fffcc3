"""What staff decide about a respondent without having been asked: more time, a reopening, the closing. The
respondent is told in the words of the round.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import AppointmentRole, MessagePurpose, OutboxMessage, Round, User
from app.policy import Act, Actor, can
from app.queries import round_people, trails
from app.queries.round_people import Person, Respondent
from app.services import auditing, being_asked, outbox, round_letters
from app.services.errors import NotAllowed, NotFound, NotPossible
from app.services.letter_writing import Links, Unwanted
from app.services.outbox import Wanted
from app.services.round_letters import Reader
from app.standing import FINISHED, standing

KIND = "notice"
PURPOSES = (MessagePurpose.EXTENSION, MessagePurpose.REOPENING, MessagePurpose.CLOSING)
_FOCAL_POINTS = frozenset({AppointmentRole.FOCAL_POINT})


def tell(
    session: Session,
    round_: Round,
    response_ids: Sequence[UUID],
    purpose: MessagePurpose,
    note: str,
    now: datetime,
    *,
    key: str = "",
) -> int:
    """Have the focal points of these respondents told of a decision, in the transaction that makes it;
    returns how many letters. ``key`` names the decision, so that it is told once.

    Raises NotFound for another purpose.
    """
    if purpose not in PURPOSES:
        raise NotFound
    cause = key or str(uuid4())
    letters = [
        _letter(round_, each, person, purpose, note, cause)
        for each in round_people.of_round(session, round_, now, only=list(response_ids))
        if not each.withdrawn
        for person in each.reachable(_FOCAL_POINTS)
    ]
    return outbox.put(session, letters, now)


def to_tell_of_closing(session: Session, round_: Round, now: datetime) -> list[Respondent]:
    """Who has not submitted, is not withdrawn and can be written to."""
    standings = {key: standing(trail, now) for key, trail in trails.of_round(session, round_).items()}
    return [
        each
        for each in round_people.of_round(session, round_, now)
        if standings[each.response_id] not in FINISHED
        and not each.withdrawn
        and each.reachable(_FOCAL_POINTS)
    ]


def tell_of_closing(session: Session, round_: Round, note: str, by: Actor, now: datetime) -> int:
    """Tell everybody who has not submitted that the round is closed, once for each closing; returns how many
    letters.

    Raises NotAllowed, NotPossible for a round that is open or tries a questionnaire.
    """
    if not can(by, Act.SEND_MAIL):
        raise NotAllowed
    if round_.closed_at is None or round_.pilots_version_id is not None:
        raise NotPossible(_("The round is not closed."))
    told = [each.response_id for each in to_tell_of_closing(session, round_, now)]
    key = closing_key(round_)
    put = tell(session, round_, told, MessagePurpose.CLOSING, note, now, key=key)
    if put:
        auditing.record(session, by, "told_of_closing", round_, {"letters": put}, at=now)
    return put


def closing_key(round_: Round) -> str:
    """What names this closing: a round that is reopened and closed again tells of it again."""
    return f"closing:{round_.closed_at.isoformat()}" if round_.closed_at else "closing"


def _letter(
    round_: Round, each: Respondent, person: Person, purpose: MessagePurpose, note: str, cause: str
) -> Wanted:
    return Wanted(
        kind=KIND,
        dedupe_key=f"{KIND}:{cause}:{each.response_id}:{person.user_id}",
        user_id=person.user_id,
        round_id=round_.id,
        response_id=each.response_id,
        payload={"purpose": purpose.value, "note": note},
    )


def written(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> tuple[str, str] | Unwanted:
    """The letter, if the person still answers for the respondent; of a closing, if nothing came since."""
    asked = being_asked.now_for(session, message, now)
    purpose = MessagePurpose(message.payload["purpose"])
    if isinstance(asked, Unwanted):
        return asked
    if purpose is MessagePurpose.CLOSING and asked.standing in FINISHED:
        return Unwanted.FINISHED
    if purpose is MessagePurpose.CLOSING and asked.about.round.closed_at is None:
        return Unwanted.NOT_WANTED
    note = str(message.payload.get("note") or "")
    given = {
        "link": links.page(f"/responses/{asked.about.response.id}"),
        "note": note if purpose is MessagePurpose.CLOSING else round_letters.quoted(note),
        "standing": round_letters.standing_words(asked.standing),
        "outcome": outcome(purpose),
    }
    return round_letters.compose(session, purpose, asked.about, Reader(user.name, user.locale), links, given)


def outcome(purpose: MessagePurpose) -> str:
    """What was decided, in a line."""
    if purpose is MessagePurpose.EXTENSION:
        return _("You have more time")
    return _("Your answers are open for an amendment")
