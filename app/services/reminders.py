"""Sending reminders: those that the plan asks for when their moment comes, and those sent by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app import reminding_days
from app.definitions import values
from app.i18n import _
from app.models import MessagePurpose, Round
from app.policy import SYSTEM, Act, Actor, can
from app.queries import reminders, round_people, trails
from app.queries.round_people import Person, Respondent
from app.services import auditing, outbox, reminder_days
from app.services.being_asked import roles_at, takes_answers
from app.services.errors import NotAllowed, NotFound, NotPossible
from app.services.outbox import Wanted
from app.services.reminder_days import Falling, Keeps
from app.services.reminding import PURPOSES
from app.standing import FINISHED, Standing, standing

LONGEST_NOTE = 4_000


def write_due(session: Session, now: datetime) -> int:
    """Put every reminder whose moment has come into the outbox, once each; returns how many letters."""
    return sum(_write_due(session, round_, now) for round_ in reminders.running(session))


def _write_due(session: Session, round_: Round, now: datetime) -> int:
    if not _anything_due(session, round_, now):
        return 0
    due = [
        each
        for each in reminder_days.fallings(reminder_days.read(session, round_, now), now)
        if _due(each, now)
    ]
    put = outbox.put(session, [_planned(round_, each, person) for each in due for person in each.people], now)
    if put:
        auditing.record(session, SYSTEM, "reminded", round_, {"letters": put}, at=now)
    return put


def _anything_due(session: Session, round_: Round, now: datetime) -> bool:
    """Whether any rule falls now for anybody: asked first, since mostly none does."""
    rules = reminders.in_force(session, round_)
    respondents = round_people.of_round(session, round_, now) if rules else []
    moments = {reminder_days.moment_of(rule, each, round_.zone) for rule in rules for each in respondents}
    return any(reminding_days.is_due(moment, now) for moment in moments)


def _due(each: Falling, now: datetime) -> bool:
    return not each.sent and each.kept is None and reminding_days.is_due(each.moment, now)


def _planned(round_: Round, each: Falling, person: Person) -> Wanted:
    response_id = each.respondent.response_id
    counted = each.anchor.date().isoformat()
    return Wanted(
        kind=reminders.KIND,
        dedupe_key=f"{reminders.KIND}:{each.rule.id}:{response_id}:{person.user_id}:{counted}",
        user_id=person.user_id,
        round_id=round_.id,
        response_id=response_id,
        payload={
            "rule": str(each.rule.id),
            "anchor": each.anchor.isoformat(),
            "purpose": each.rule.purpose.value,
        },
    )


@dataclass(frozen=True)
class ByHand:
    """What a reminder by hand would do: who gets it, and who does not, each with the reason."""

    sends: Sequence[tuple[Respondent, Sequence[Person]]]
    leaves: Sequence[tuple[Respondent, Keeps]]


def look(session: Session, round_: Round, response_ids: Sequence[UUID], now: datetime) -> ByHand:
    """What a reminder to these respondents would do now; those of another round are not among them."""
    standings = {key: standing(trail, now) for key, trail in trails.of_round(session, round_).items()}
    sends, leaves = [], []
    for each in round_people.of_round(session, round_, now, only=list(response_ids)):
        at = standings[each.response_id]
        people = each.reachable(roles_at(at))
        wanting = [person for person in people if not person.opted_out]
        kept = _keeps(round_, each, at, people, wanting, now)
        if kept is None:
            sends.append((each, wanting))
        else:
            leaves.append((each, kept))
    return ByHand(sends, leaves)


def _keeps(
    round_: Round,
    each: Respondent,
    at: Standing,
    people: Sequence[Person],
    wanting: Sequence[Person],
    now: datetime,
) -> Keeps | None:
    if each.withdrawn:
        return Keeps.WITHDRAWN
    if at in FINISHED:
        return Keeps.STANDS_ELSEWHERE
    if not takes_answers(round_, each.due_at, now):
        return Keeps.NOT_TAKEN
    if not people:
        return Keeps.NO_CONTACT
    return None if wanting else Keeps.OPTED_OUT


def send_by_hand(
    session: Session,
    round_: Round,
    response_ids: Sequence[UUID],
    purpose: MessagePurpose,
    note: str,
    key: str,
    by: Actor,
    now: datetime,
) -> int:
    """Remind these respondents now, with a note that stands in the letter; returns how many letters. The same
    page sent twice (``key``) reminds once.

    Raises NotAllowed, NotFound without a key, NotPossible if the note is too long or nobody can be reminded.
    """
    if not can(by, Act.SEND_MAIL):
        raise NotAllowed
    if purpose not in PURPOSES or not key:
        raise NotFound
    said = values.normalise(note).strip()
    if len(said) > LONGEST_NOTE:
        raise NotPossible(_("Shorten the note to %(most)s characters", most=LONGEST_NOTE))
    found = look(session, round_, response_ids, now)
    if not found.sends or round_.pilots_version_id is not None:
        raise NotPossible(_("None of those chosen can be reminded. Choose others"))
    letters = [
        _by_hand(round_, each, person, purpose, said, key, by)
        for each, people in found.sends
        for person in people
    ]
    put = outbox.put(session, letters, now)
    if put:
        detail = {"letters": put, "respondents": len(found.sends), "purpose": purpose.value}
        auditing.record(session, by, "reminded_by_hand", round_, detail, at=now)
    return put


def _by_hand(
    round_: Round,
    each: Respondent,
    person: Person,
    purpose: MessagePurpose,
    note: str,
    key: str,
    by: Actor,
) -> Wanted:
    one = uuid5(each.response_id, key)
    return Wanted(
        kind=reminders.KIND,
        dedupe_key=f"reminder-by-hand:{one}:{person.user_id}",
        user_id=person.user_id,
        round_id=round_.id,
        response_id=each.response_id,
        payload={"purpose": purpose.value, "note": note, "by": by.name},
    )
