"""What the shape of a questionnaire cannot say: references, options, concepts, placeholders, limits.

A rule, a placeholder and the rows of a matrix may look only at questions asked earlier, in the same block or
before the blocks; so routing is one pass, and a cycle cannot be written.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import islice

from app.definitions import addresses, conditions, ruling
from app.definitions.faults import MAX_FAULTS, Fault, suggestion
from app.definitions.faults import shown as quoted
from app.definitions.questions import (
    BaseQuestion,
    Choices,
    ChosenIn,
    File,
    Matrix,
    Note,
    Number,
    Question,
    Records,
    Year,
)
from app.definitions.schema import Questionnaire, Section
from app.definitions.source import Source, Steps
from app.definitions.text import placeholders

SUBJECT, ORGANISATION = "subject", "organisation"
FACTS: Mapping[str, tuple[str, ...]] = {
    "established": ("year", "number", "short_text"),
    "acronym": ("short_text",),
    "name": ("short_text",),
    "secretariat": ("short_text", "long_text", "reference"),
    "secretariat_model": ("choice", "short_text"),
    "chair": ("short_text", "long_text", "reference"),
    "chair_model": ("choice", "short_text"),
    "thematic_areas": ("choices", "short_text", "long_text"),
    "structures": ("choices", "short_text", "long_text", "records"),
    "guiding_documents": ("short_text", "long_text", "records"),
    "funding": ("choices", "short_text", "long_text"),
    "organisation_name": ("short_text",),
    "focal_point_name": ("short_text",),
    "focal_point_email": ("short_text",),
    "role": ("short_text",),
}
"""What the register may know (`known:`), and the kinds of question that it fits."""
_NOT_IN_CELLS = {
    "key",
    "text",
    "concept",
    "label",
    "help",
    "example",
    "required",
    "when",
    "warn",
    "known",
    "reuse",
    "attachments",
}
_UNSAYABLE = (Records, Matrix, Note, File)


@dataclass
class _Seen:
    """What can be looked at from where the walk stands."""

    outside: dict[str, Question] = field(default_factory=dict)
    block: dict[str, Question] = field(default_factory=dict)
    record: dict[str, Question] = field(default_factory=dict)

    def find(self, key: str) -> Question | None:
        return self.record.get(key) or self.block.get(key) or self.outside.get(key)

    def keys(self) -> set[str]:
        return {*self.outside, *self.block, *self.record}


def check(
    questionnaire: Questionnaire, read: Source, concepts: Set[str] | None, unsure: Set[str] = frozenset()
) -> list[Fault]:
    """Return every fault of a questionnaire whose shape is right, with the place in the file it was read
    from.

    `concepts` are the keys that may be named, or None if any may. Nothing is said about looking at the
    questions of which the keys are `unsure`: they stand in for others that were refused already.
    """
    return list(islice(_Checker(questionnaire, read, concepts, unsure).run(), MAX_FAULTS))


class _Checker:
    """Walks the questionnaire forwards and remembers what has been asked."""

    def __init__(
        self, questionnaire: Questionnaire, read: Source, concepts: Set[str] | None, unsure: Set[str]
    ) -> None:
        self.questionnaire = questionnaire
        self.read = read
        self.concepts = concepts
        self.unsure = unsure
        self.seen = _Seen()
        self.repeats = False

    def run(self) -> Iterator[Fault]:
        yield from self._texts((), self.questionnaire, ("title", "intro"))
        for i, section in enumerate(self.questionnaire.sections):
            self.repeats = section.repeat is not None
            self.seen.block = {}
            yield from self._section(("sections", i), section)
            if not self.repeats:
                self.seen.outside |= self.seen.block
        self.seen.block = {}

    def _section(self, steps: Steps, section: Section) -> Iterator[Fault]:
        yield from self._texts(steps, section, ("title", "intro"))
        yield from self._rule((*steps, "when"), section.when, None)
        for j, page in enumerate(section.pages):
            at = (*steps, "pages", j)
            yield from self._texts(at, page, ("title", "intro"))
            yield from self._rule((*at, "when"), page.when, None)
            for k, question in enumerate(page.questions):
                here = (*at, "questions", k)
                yield from self._question(here, question)
                if page.more and question.required:
                    yield self.read.fault(
                        (*here, "required"), "what stands behind “Say more” cannot be required"
                    )
                self.seen.block[question.key] = question

    def _question(self, steps: Steps, question: Question) -> Iterator[Fault]:
        yield from self._texts(steps, question, ())
        yield from self._rule((*steps, "when"), question.when, question)
        for number, warn in enumerate(question.warn):
            yield from self._rule((*steps, "warn", number, "when"), warn.when, question, itself=True)
        yield from self._names(steps, question)
        if question.key not in self.unsure:
            yield from _own_limits(self.read, steps, question)
        if isinstance(question, Records):
            yield from self._fields(steps, question)
        if isinstance(question, Matrix):
            yield from self._matrix(steps, question)

    def _fields(self, steps: Steps, records: Records) -> Iterator[Fault]:
        if records.key in self.questionnaire.section_keys:
            yield self.read.fault(
                (*steps, "key"), "a section has this key too; a list of records needs its own"
            )
        for number, question in enumerate(records.fields):
            yield from self._question((*steps, "fields", number), question)
            self.seen.record[question.key] = question
        self.seen.record = {}

    def _matrix(self, steps: Steps, matrix: Matrix) -> Iterator[Fault]:
        yield from _own_limits(self.read, (*steps, "cell"), matrix.cell)
        for name in sorted(matrix.cell.model_fields_set & _NOT_IN_CELLS):
            yield self.read.fault(
                (*steps, "cell", name), f"{quoted(name)} belongs to the matrix, not to its cells"
            )
        if not isinstance(matrix.rows, ChosenIn):
            return
        key = matrix.rows.chosen_in
        place = (*steps, "rows", "chosen_in")
        found = self.seen.find(key)
        if key in self.unsure:
            return
        if found is None:
            yield self.read.fault(place, self._absent(key, matrix))
        elif not isinstance(found, Choices):
            yield self.read.fault(place, f"{quoted(key)} is not a question of kind choices")

    def _names(self, steps: Steps, question: Question) -> Iterator[Fault]:
        concept, known = question.concept, question.known
        if concept is not None and self.concepts is not None and concept not in self.concepts:
            near = suggestion(concept, self.concepts)
            yield self.read.fault((*steps, "concept"), f"there is no concept {quoted(concept)}{near}")
        if known is None:
            return
        if known not in FACTS:
            near = suggestion(known, FACTS)
            yield self.read.fault((*steps, "known"), f"the register has no fact {quoted(known)}{near}")
        elif question.kind not in FACTS[known]:
            kinds = ", ".join(FACTS[known])
            yield self.read.fault((*steps, "known"), f"{quoted(known)} fits only questions of kind {kinds}")

    def _rule(
        self, steps: Steps, rule: conditions.Rule | None, asker: Question | None, itself: bool = False
    ) -> Iterator[Fault]:
        if rule is None:
            return
        for place, leaf in ruling.leaves(rule, steps):
            own = itself and asker is not None and leaf.question == asker.key
            found = asker if own else self.seen.find(leaf.question)
            if leaf.question in self.unsure:
                continue
            if found is None:
                yield self.read.fault((*place, "question"), self._absent(leaf.question, asker))
            elif message := ruling.misfit(leaf, found):
                yield self.read.fault(place, message)

    def _absent(self, key: str, asker: BaseQuestion | None) -> str:
        """Why the question cannot be looked at from here."""
        if asker is not None and key == asker.key:
            return "a question cannot depend on itself"
        places = [place for place in self.questionnaire.places.values() if place.question.key == key]
        if not places:
            known = {place.question.key for place in self.questionnaire.places.values() if not place.records}
            return f"there is no question {quoted(key)}{suggestion(key, known | self.seen.keys())}"
        place = places[0]
        if place.records is not None and (asker is None or asker.parent != place.records.key):
            return f"{quoted(key)} is a field of {quoted(place.records.key)}; only that list sees it"
        if place.section.repeat is not None and not self._in_this_section(place.section):
            return (
                f"{quoted(key)} is asked for each mechanism; it cannot be looked at from outside that block"
            )
        return f"{quoted(key)} is asked later; only questions asked earlier can be looked at"

    def _in_this_section(self, section: Section) -> bool:
        return self.repeats and any(
            place.section is section and place.question.key in self.seen.block
            for place in self.questionnaire.places.values()
        )

    def _texts(self, steps: Steps, part: object, only: tuple[str, ...]) -> Iterator[Fault]:
        for below, text in addresses.texts_of(part, only):
            for name in sorted(placeholders(text)):
                if message := self._placeholder(name, part):
                    yield self.read.fault((*steps, *below), message)

    def _placeholder(self, name: str, part: object) -> str | None:
        if name in ("{", "}"):
            return f"a lone {quoted(name)}; write it twice if you mean the brace itself"
        if name == ORGANISATION or name in self.unsure:
            return None
        if name == SUBJECT:
            here = self.repeats or self.questionnaire.audience == "iscm"
            return None if here else "“{subject}” has no meaning outside the blocks for each mechanism"
        found = self.seen.find(name)
        if found is None:
            if name not in self.questionnaire.places:
                near = suggestion(name, self.seen.keys() | {SUBJECT, ORGANISATION})
                return f"unknown placeholder {quoted('{' + name + '}')}{near}"
            return self._absent(name, part if isinstance(part, BaseQuestion) else None)
        if isinstance(found, _UNSAYABLE):
            return f"the answer to {quoted(name)} cannot be put into a sentence"
        return None


def _own_limits(read: Source, steps: Steps, question: BaseQuestion) -> Iterator[Fault]:
    if isinstance(question, Note) and question.attachments is not None:
        yield read.fault((*steps, "attachments"), "nothing is answered here, so nothing can be attached")
    if isinstance(question, File) and question.required:
        yield read.fault(
            (*steps, "required"), "files cannot be required; require a text, and let files be attached to it"
        )
    if isinstance(question, Number | Year | Records):
        low, high = question.min, question.max
        if low is not None and high is not None and low > high:
            yield read.fault((*steps, "min"), f"“min” ({low}) is more than “max” ({high})")
    if isinstance(question, Choices):
        keys = [option.key for option in question.options]
        for number, key in enumerate(question.exclusive):
            if key not in keys:
                near = suggestion(key, keys)
                yield read.fault((*steps, "exclusive", number), f"there is no option {quoted(key)}{near}")
        if question.max_choices is not None and question.max_choices > len(keys):
            yield read.fault((*steps, "max_choices"), f"there are only {len(keys)} options")
