"""What a form proposes, answer by answer, carried by the page between handing in and accepting.

Nothing is kept here meanwhile: each proposal is a hidden field of the page. It may be changed on the way, but
says no more than a person could type into the pages themselves, and is checked as those are.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.definitions import values
from app.definitions.plain import Plain
from app.definitions.questions import (
    MAX_CHARACTERS,
    BaseQuestion,
    Choice,
    Choices,
    ChosenIn,
    Date,
    Matrix,
    Number,
    Reference,
    Year,
    YesNo,
)
from app.exports.forms.manifest import Shipped
from app.exports.forms.model import MAIN, RIGHT, Spot
from app.exports.forms.written import Filled
from app.i18n import _
from app.queries.answer_sheets import Kept
from app.services.accepting import Refusal, accept
from app.services.answering import Change
from app.services.form_intake import Slot, Taken
from app.web.respond.form_making import known
from app.web.respond.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Proposal:
    """One answer that the form wants changed; ``seen`` is the revision that the form showed, ``now`` the one
    that the page with the differences shows.
    """

    spot: Spot
    key: str
    item: str
    value: Plain | None
    seen: int
    now: int
    confirms: str | None = None

    def written(self) -> str:
        """The proposal as text for a hidden field."""
        spot = [str(each) if each else None for each in (self.spot.instance, self.spot.group, self.spot.slot)]
        parts = [spot, self.key, self.item, self.value, self.seen, self.now, self.confirms]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))

    def taken(self, found: Sheet, *, over_another: bool) -> Taken:
        """The proposal to be stored over the revision that the form showed or, after a choice, the page."""
        place = standing(found, self.spot)
        seen = self.now if over_another else self.seen
        change = Change(place, self.key, self.item, self.value, seen, self.confirms)
        if self.spot.slot is None or place is not None:
            return Taken(change)
        return Taken(change, Slot(self.spot.slot, self.spot.group or "", self.spot.instance))


def read(text: str) -> Proposal | None:
    """The proposal of a hidden field; None for what is none."""
    try:
        spot, key, item, value, seen, now, confirms = json.loads(text)
        instance, group, slot = spot
        place = Spot(_key(instance), group and str(group), _key(slot))
        return Proposal(place, str(key), str(item), value, int(seen), int(now), confirms and str(confirms))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None


def _key(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def standing(found: Sheet, spot: Spot) -> UUID | None:
    """The block or record that a spot is about; None outside them, and for a record that is not made yet."""
    if spot.slot is None:
        return spot.instance
    made = found.record(str(spot.slot))
    return made.id if made is not None else None


def around(found: Sheet, spot: Spot) -> UUID | None:
    """The block in whose words the spot is spoken of."""
    place = standing(found, spot) if spot.slot is None else spot.instance
    block = found.block_of(place)
    return block.id if block is not None else None


def kept(found: Sheet, proposal: Proposal) -> Kept | None:
    """What is stored there now."""
    place = standing(found, proposal.spot)
    if proposal.spot.slot is not None and place is None:
        return None
    return found.kept(place, proposal.key, proposal.item)


def with_now(found: Sheet, proposal: Proposal) -> Proposal:
    """The same, with the revision that stands now."""
    there = kept(found, proposal)
    return replace(proposal, now=there.revision if there else 0)


def question_of(found: Sheet, proposal: Proposal | Shipped) -> tuple[BaseQuestion, BaseQuestion] | None:
    """The question asked now and the one whose value it is (a matrix and its cell); None if it is asked no
    more.
    """
    try:
        question = found.questionnaire.find(proposal.spot.group, proposal.key)
    except KeyError:
        return None
    return question, question.cell if isinstance(question, Matrix) else question


def is_sound(question: BaseQuestion, value: Plain | None) -> bool:
    """Whether a value that came back with the page still has its kind's form."""
    try:
        kept_as = accept(question, value)
    except Refusal:
        return False
    needed = {Choice: "option", Choices: "options"}.get(type(question))
    return kept_as is None or needed is None or needed in kept_as


def confirming(found: Sheet, question: BaseQuestion, proposal: Proposal) -> Proposal:
    """The same; that it confirms a fact of the register is taken only where its value is that fact."""
    spot = Spot(proposal.spot.instance, proposal.spot.group)
    fact = known(found, question, spot) if proposal.confirms is not None else None
    right = fact is not None and fact == proposal.value
    return replace(proposal, confirms=f"register:{question.known}" if right else None)


def unfit(question: BaseQuestion, value: Plain) -> list[str]:
    """Why a value cannot be taken over at all; a draft that is only too long or incomplete can."""
    if _length(value) > MAX_CHARACTERS:
        return [_("Shorten the answer to %(most)s characters", most=MAX_CHARACTERS)]
    wrong = _is_no_choice(question, value) or isinstance(question, Date)
    wrong = wrong or (isinstance(question, Number | Year) and isinstance(value, str))
    return values.check(question, value) if wrong else []


def _length(value: Plain) -> int:
    parts: Any = value.values() if isinstance(value, dict) else [value]
    return sum(len(word) for part in parts for word in (part if isinstance(part, list) else [str(part)]))


def _is_no_choice(question: BaseQuestion, value: Plain) -> bool:
    if isinstance(question, YesNo):
        return True
    chosen: Any = value if isinstance(value, Mapping) else {}
    if isinstance(question, Choice):
        return question.option(str(chosen.get("option"))) is None
    return isinstance(question, Choices) and any(question.option(key) is None for key in chosen["options"])


def value_of(found: Sheet, question: BaseQuestion, filled: Filled) -> tuple[Plain | None, str | None]:
    """The value that was filled in, and the fact of the register that it confirms."""
    spot = Spot(filled.shipped.spot.instance, filled.shipped.spot.group)
    fact = known(found, question, spot)
    raw = dict(filled.parts)
    if raw.pop(RIGHT, None) and fact is not None and not raw.get(MAIN):
        return fact, f"register:{question.known}"
    if isinstance(question, Reference):
        raw[MAIN] = [line for text in raw.get(MAIN, ()) for line in text.splitlines() if line.strip()]
    return values.read(question, raw, "", found.register), None


def proposals(found: Sheet, filled: Iterator[Filled]) -> Iterator[tuple[Filled, Proposal | None, list[str]]]:
    """For each answer that the file changed: what it proposes, or why it cannot be taken, in sentences."""
    for each in filled:
        faults = list(each.faults) or _misplaced(found, each.shipped)
        asked = question_of(found, each.shipped)
        if faults or asked is None:
            yield each, None, faults or [_("This is asked no more")]
            continue
        value, confirms = value_of(found, asked[1], each)
        faults = unfit(asked[1], value) if value is not None else []
        shipped = each.shipped
        made = Proposal(shipped.spot, shipped.key, shipped.item, value, shipped.revision, 0, confirms)
        yield each, None if faults else with_now(found, made), faults


def _misplaced(found: Sheet, shipped: Shipped) -> list[str]:
    spot = shipped.spot
    if spot.instance is not None and spot.instance not in found.blocks:
        return [_("This entry was removed online")]
    place = found.questionnaire.places.get(shipped.key) or found.questionnaire.places.get(spot.group or "")
    if not found.may_edit(spot.instance, place.section.key if place else None):
        return [_("You may not write here")]
    asked = question_of(found, shipped)
    if asked is not None and not _has_row(found, asked[0], shipped.item):
        return [_("This row is asked no more")]
    return []


def _has_row(found: Sheet, question: BaseQuestion, item: str) -> bool:
    if not isinstance(question, Matrix):
        return not item
    if isinstance(question.rows, ChosenIn):
        asked = found.questionnaire.question(question.rows.chosen_in)
        return asked.option(item) is not None or (item == "other" and asked.other_option() is not None)
    return question.option(item) is not None
