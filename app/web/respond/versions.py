"""Pages that were drawn before the questionnaire moved to another version: what is typed on them is saved
under the version that was seen, and the writer is told.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from app.definitions.schema import Questionnaire
from app.i18n import _
from app.policy import part_of
from app.queries import answer_history, answer_sheets, definitions
from app.web import transactions
from app.web.respond.sheet import Sheet, sheet


def sheet_as_drawn(response_id: UUID, posted: str) -> Sheet:
    """The response as the posted page saw it, by the version that the page names; of this request otherwise.

    Another questionnaire's version, or none, is taken for the present one.
    """
    found, version_id = sheet(response_id), _uuid(posted)
    if version_id is None or version_id == found.head.version_id or not found.is_own:
        return found
    session = transactions.session()
    if not definitions.same_questionnaire(session, found.head.version_id, version_id):
        return found
    return _of_version(found, version_id)


def _of_version(found: Sheet, version_id: UUID) -> Sheet:
    session, head = transactions.session(), found.head
    stored = answer_sheets.stored(session, found.id)
    if stored is None:
        return found
    seen = replace(stored, head=replace(stored.head, version_id=version_id))
    shares = part_of(found.actor, head.organisation_id, head.audience.value, head.id)
    return Sheet(session, seen, definitions.of(session, version_id), found.locale, shares)


def is_older(found: Sheet) -> bool:
    """Whether this is the response as a page saw it before the questionnaire moved."""
    return found.head.version_id != sheet(found.id).head.version_id


def moved_words(found: Sheet) -> str:
    """What the writer is told beside the saved answers, '' where nothing has moved."""
    if not is_older(found):
        return ""
    return _("The questionnaire has changed since this page was opened. Load it again to see the new one.")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def asked_in(found: Sheet, address: str, version_id: UUID) -> Questionnaire:
    """The questionnaire in which the question stands: the present one, else that of the answer."""
    if address in found.questionnaire.places:
        return found.questionnaire
    return definitions.of(transactions.session(), version_id)


@dataclass(frozen=True)
class LeftBehind:
    """An answer that is kept although its question is asked no more."""

    answer_id: UUID
    label: str
    about: str


def left_behind(found: Sheet) -> list[LeftBehind]:
    """The answers, not emptied, to questions that this version does not ask."""
    places, gone = found.questionnaire.places, []
    for (instance, key, item), kept in found.stored.answers.items():
        block = found.blocks.get(instance) if instance else None
        if kept.value is None or (instance is not None and block is None):
            continue
        of_record = block is not None and block.subject_id is None
        address = f"{block.group_key}.{key}" if block is not None and of_record else key
        if address not in places:
            gone.append((kept.id, instance, address, item))
    return [_left(found, *each) for each in gone]


def _left(found: Sheet, answer_id: UUID, instance: UUID | None, address: str, item: str) -> LeftBehind:
    past = answer_history.history(transactions.session(), found.id, answer_id, numbers=())
    then = definitions.of(transactions.session(), past.version_id) if past else found.questionnaire
    place = then.places.get(address)
    label = found.words(place.question.name, instance) if place else address
    row = place.question.option(item) if place and item else None
    about = found.subject_short(instance) if found.block_of(instance) else ""
    return LeftBehind(answer_id, f"{label}: {row.text if row else item}" if item else label, about)
