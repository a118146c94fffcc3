"""What an amendment changes: each answer as it was submitted, beside the answer now."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup

from app.definitions.plain import Plain
from app.definitions.questions import BaseQuestion, Matrix
from app.i18n import _
from app.models import ResponseStatus
from app.queries import definitions, submitted_sheets
from app.queries.answer_sheets import Address, Block, Kept, Stored
from app.web import transactions
from app.web.respond.differing import marked
from app.web.respond.sheet import Sheet


@dataclass(frozen=True)
class Change:
    """One answer that is not as it was submitted; ``shown`` is the new text with what is new marked."""

    label: str
    before: str
    now: str
    shown: Markup


def since_submission(found: Sheet) -> list[Change]:
    """Return what differs from the submission that stands, in the order of the questionnaire.

    Nothing unless the answers are reopened.
    """
    if found.head.status is not ResponseStatus.REOPENED or not found.is_own:
        return []
    sent = submitted_sheets.submitted(transactions.session(), found.stored)
    if found.part is not None:
        sent = found.part.of(sent)
    known = {block.id: block for block in sent.blocks} | dict(found.blocks)
    asked: dict[Address, Plain] = {
        (where, key, item): plain
        for where, key, item, plain in found.path.answers()
        if not isinstance(where, str)
    }
    order = {question.key: place for place, question in enumerate(_questions(found))}
    addresses = sorted(
        set(asked) | set(sent.answers),
        key=lambda address: (order.get(_outer(known, address), 0), str(address)),
    )
    return [change for address in addresses if (change := _change(found, sent, known, address, asked))]


def _questions(found: Sheet) -> list[BaseQuestion]:
    return [
        question
        for section in found.questionnaire.sections
        for page in section.pages
        for question in page.questions
    ]


def _outer(known: Mapping[UUID, Block], address: Address) -> str:
    """The key of the question on its page: a record's field stands under its list."""
    block = known.get(address[0]) if address[0] else None
    return block.group_key if block is not None and block.subject_id is None else address[1]


def _question(found: Sheet, group: str | None, key: str) -> tuple[BaseQuestion, bool]:
    """The question as it is asked now, or as it was asked when the answer was sent; and whether it is."""
    try:
        return found.questionnaire.find(group, key), True
    except KeyError:
        sent = found.head.sent_version_id or found.head.version_id
        return definitions.of(transactions.session(), sent).find(group, key), False


def _change(
    found: Sheet,
    sent: Stored,
    known: Mapping[UUID, Block],
    address: Address,
    asked: Mapping[Address, Plain],
) -> Change | None:
    kept: Kept | None = sent.answers.get(address)
    before, now = kept.value if kept else None, asked.get(address)
    if before == now:
        return None
    instance, key, item = address
    block = known.get(instance) if instance else None
    question, asked_now = _question(found, block.group_key if block else None, key)
    label = found.words(question.name, instance)
    if isinstance(question, Matrix):
        row = question.option(item)
        label = f"{label}: {row.text if row else item}"
        question = question.cell
    about = found.subject_short(instance) if found.block_of(instance) else ""
    said = [found.say(question, value) if value is not None else "" for value in (before, now)]
    if not asked_now:
        said[1] = _("No longer asked")
    shown = marked(said[0], said[1]) if said[0] and asked_now else Markup("{}").format(said[1])
    return Change(f"{about}: {label}" if about else label, said[0], said[1], shown)
