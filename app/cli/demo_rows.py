"""What the larger Training round tells beside answers: who was spoken to, which letters went."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cli.demo_stage import Entry, Event, Stage, instant
from app.models import (
    AddressFailure,
    BounceReport,
    ContactKind,
    MessagePurpose,
    OutboxMessage,
    ReceivedAnswers,
    ReceivedBy,
    ReminderAnchor,
    User,
)
from app.policy import Actor
from app.queries import people as people_queries
from app.queries import reminders as reminders_of
from app.services import contacting, filing, inviting, receiving, reminders, reminding
from app.services.contacting import Entry as Contact
from app.services.invitation_letters import INVITATION
from app.services.receiving import Receipt
from app.services.reminding import Rule

PAPER = Path(__file__).parents[2] / "questionnaires" / "demo" / "training" / "larger" / "paper.pdf"
"""What a State sent as a scan."""
COORDINATOR = "edda.holm@iom.example"
SUBJECTS = {
    INVITATION: "Training round (fictional): your answers are asked for",
    reminders_of.KIND: "Training round (fictional): a reminder",
}
"""What stands over the letters of the round that the story sends."""


def receive(stage: Stage, code: str, by: ReceivedBy, actor: Actor, at: datetime) -> ReceivedAnswers:
    """Keep that answers came on paper or by word of mouth, with the paper."""
    paper = None
    if by is ReceivedBy.PAPER:
        paper = filing.receive(stage.store, BytesIO(PAPER.read_bytes()), f"{code.lower()}-answers.pdf")
    receipt = Receipt(by, stage.person(code).name, at.date(), file=paper)
    return receiving.record(stage.session, stage.responses[code], receipt, actor, at)


def note_contact(stage: Stage, entry: Entry) -> None:
    """Write down one contact outside the service."""
    next_by = people_queries.by_email(stage.session, entry.get("next_by", ""))
    at = instant(entry["at"])
    contact = Contact(
        kind=ContactKind(entry["kind"]),
        with_whom=entry.get("with", ""),
        text=entry["text"],
        happened_at=at,
        next_step=entry.get("next_step", ""),
        next_on=date.fromisoformat(entry["next_on"]) if "next_on" in entry else None,
        next_by_id=next_by.id if next_by else None,
    )
    organisation = stage.organisations[entry["respondent"]]
    actor, noted_at = stage.staff(entry["by"], at), at + timedelta(minutes=5)
    key = f"demonstration-{organisation.code}"
    contacting.record(stage.session, stage.round, organisation.id, contact, key, actor, noted_at)


def letters(stage: Stage, plan: Entry) -> Iterator[Event]:
    """The invitation of everybody, what came back at once, and the reminders of the plan."""
    invited = partial(_invite, stage)
    yield Event(stage.opened_at, invited)
    for entry in plan["added"]:
        yield Event(instant(entry["at"]) + timedelta(minutes=1), invited)
    for entry in plan["messages"]:
        if "bounced" in entry:
            yield Event(stage.opened_at + timedelta(minutes=5), partial(_bounce, stage, entry))
    for day in plan["reminded_on"]:
        at = datetime.combine(date.fromisoformat(day), time(9, 10), ZoneInfo(stage.round.zone))
        yield Event(at.astimezone(UTC), partial(_remind, stage))


def plan_reminders(stage: Stage, actor: Actor) -> None:
    """Three reminders before the deadline, and one after it."""
    for anchor, days, purpose in (
        (ReminderAnchor.OPENING, 15, MessagePurpose.REMINDER),
        (ReminderAnchor.DEADLINE, -10, MessagePurpose.REMINDER),
        (ReminderAnchor.DEADLINE, -3, MessagePurpose.LAST_REMINDER),
        (ReminderAnchor.DEADLINE, 3, MessagePurpose.OVERDUE),
    ):
        rule = Rule(anchor, days, purpose=purpose)
        reminding.add(stage.session, stage.round, rule, actor, stage.opened_at)


def _remind(stage: Stage, at: datetime) -> None:
    reminders.write_due(stage.session, at)


def _invite(stage: Stage, at: datetime) -> None:
    actor = stage.staff(COORDINATOR, at)
    if at == stage.opened_at:
        plan_reminders(stage, actor)
    inviting.invite(stage.session, stage.round, actor, at)


def _message(stage: Stage, entry: Entry) -> OutboxMessage:
    """The first letter of that kind to the respondent."""
    return stage.session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.kind == entry["kind"],
            OutboxMessage.response_id == stage.responses[entry["respondent"]],
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
    ).one()


def _bounce(stage: Stage, entry: Entry, at: datetime) -> None:
    """A letter comes back, and its address is known not to work."""
    letter = _message(stage, entry)
    person = stage.session.get_one(User, letter.user_id)
    letter.handed_at, letter.sent_at, letter.bounced_at, letter.attempts = letter.due_at, letter.due_at, at, 1
    stage.session.add_all(_returned(letter, person, entry["bounced"], at))


def fail_letters(stage: Stage, faults: Sequence[Entry]) -> None:
    """Let letters fail that no server took, or of which nobody knows whether one did."""
    for entry in faults:
        letter = _message(stage, entry)
        if "failed" in entry:
            letter.attempts, letter.last_error = 6, entry["failed"]
            letter.given_up_at = letter.due_at + timedelta(hours=1)
        elif "unknown" in entry:
            letter.attempts, letter.handed_at = 1, letter.due_at
    stage.session.flush()


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
    waits = (
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.given_up_at.is_(None),
        OutboxMessage.dropped_at.is_(None),
        OutboxMessage.handed_at.is_(None),
    )
    due = OutboxMessage.due_at
    session.execute(update(OutboxMessage).where(*waits).values(handed_at=due, sent_at=due, attempts=1))
    address = select(User.email).where(User.id == OutboxMessage.user_id).scalar_subquery()
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.address.is_(None), OutboxMessage.user_id.is_not(None))
        .values(address=address)
        .execution_options(synchronize_session=False)
    )
    for kind, subject in SUBJECTS.items():
        named = OutboxMessage.subject.is_(None), OutboxMessage.kind == kind
        session.execute(update(OutboxMessage).where(*named).values(subject=subject))
