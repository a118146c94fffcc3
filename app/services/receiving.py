"""Answers that reached staff on paper or by word of mouth: written down with their source before they are
entered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import ReceivedAnswers, ReceivedBy, Response, ResponseStatus
from app.policy import Act, Actor, can
from app.queries import responses
from app.services import auditing, filing, locking
from app.services.errors import DomainError, NotAllowed, ResponseLocked
from app.services.filing import Received

LONGEST_LINE = 200


class ReceiptRefused(DomainError):
    """What was said of received answers cannot be; ``problems`` are pairs of field and what to do."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(text for _field, text in problems))
        self.problems = problems


@dataclass(frozen=True)
class Receipt:
    """What staff say of answers that they received: how, from whom, of which day, with the source's file."""

    received_by: ReceivedBy | None
    from_whom: str
    dated: date | None
    note: str = ""
    file: Received | None = None


def record(
    session: Session, response_id: UUID, receipt: Receipt, actor: Actor, now: datetime
) -> ReceivedAnswers:
    """Write down that answers were received; from then on staff enter them as respondents write theirs.

    Raises NotFound, NotAllowed, ResponseLocked where the respondent writes a draft of its own or has
    submitted, and ReceiptRefused with everything that cannot be.
    """
    if not can(actor, Act.ENTER_ANSWERS):
        raise NotAllowed
    response = locking.take(session, response_id)
    refuse_own(session, response)
    whom = " ".join(values.normalise(receipt.from_whom).split())
    problems = list(_problems(receipt, whom, now.date()))
    if problems or receipt.received_by is None or receipt.dated is None:
        raise ReceiptRefused(problems)
    file = filing.row(session, receipt.file, now) if receipt.file else None
    made = ReceivedAnswers(
        id=uuid4(),
        response_id=response.id,
        received_by=receipt.received_by,
        from_whom=whom,
        dated=receipt.dated,
        file_id=file.id if file else None,
        file_name=receipt.file.name if receipt.file else None,
        note=values.normalise(receipt.note).strip() or None,
        by_id=actor.user_id,
        at=now,
    )
    session.add(made)
    detail = {"received_by": receipt.received_by.value, "received_answers": str(made.id)}
    auditing.record(session, actor, "received_answers", response, detail, at=now)
    session.flush()  # whoever asks next in this transaction finds it
    return made


def refuse_own(session: Session, response: Response) -> None:
    """Return if staff may enter answers there. Raises ResponseLocked, which says what to do instead."""
    if response.outcome is not None:
        raise ResponseLocked(_("Take the outcome back first: it says that no answer is to come."))
    if response.status is ResponseStatus.SUBMITTED:
        raise ResponseLocked(_("Answers stand submitted. Open them for an amendment first."))
    if responses.has_own_draft(session, response.id):
        raise ResponseLocked(
            _(
                "The respondent writes a draft of its own, which nobody else writes in. Ask it to enter the "
                "rest there and to submit, or to answer on paper only."
            )
        )


def source_of(received: ReceivedAnswers) -> Mapping[str, Any]:
    """What each revision keeps of where it was entered from."""
    way = _("a paper") if received.received_by is ReceivedBy.PAPER else _("a conversation")
    return {
        "kind": received.received_by.value,
        "what": _(
            "%(way)s of %(whom)s, %(day)s", way=way, whom=received.from_whom, day=received.dated.isoformat()
        ),
        "dated": received.dated.isoformat(),
        "received": str(received.id),
    }


def _problems(receipt: Receipt, whom: str, today: date) -> list[tuple[str, str]]:
    found = []
    if receipt.received_by is None:
        found.append(("way-paper", _("Choose how the answers came")))
    if not whom:
        found.append(("from_whom", _("Say who gave the answers")))
    elif len(whom) > LONGEST_LINE:
        found.append(("from_whom", _("Shorten this to %(most)s characters", most=LONGEST_LINE)))
    if receipt.dated is None or receipt.dated > today:
        found.append(("dated", _("Give the day of the paper or the conversation, not later than today")))
    if receipt.received_by is ReceivedBy.PAPER and receipt.file is None:
        found.append(("file", _("Choose the scan of the paper: what is entered can then be held against it")))
    return found
