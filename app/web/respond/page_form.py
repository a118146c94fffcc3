"""A form from one page of a questionnaire: what is drawn for each question, by dispatch on its kind."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import singledispatch
from uuid import UUID

from werkzeug.datastructures import MultiDict

from app.definitions import conditions
from app.definitions.questions import (
    BaseQuestion,
    ChosenIn,
    ClosedQuestion,
    File,
    Matrix,
    Note,
    Option,
    Records,
)
from app.definitions.schema import Page, Section
from app.i18n import _, ngettext
from app.models import Attribution
from app.queries.answer_sheets import Block, Kept
from app.queries.earlier_answers import Sent
from app.services import known_facts
from app.web.respond.drawn import Drawn, Entry, Gone, PageForm
from app.web.respond.fields import AnswerField, Slot
from app.web.respond.sheet import Sheet
from app.web.respond.wording import drops_down, wording

NEW = "new"


class Drawing:
    """What is needed while the questions of one page are drawn."""

    def __init__(
        self,
        sheet: Sheet,
        instance: UUID | None,
        formdata: MultiDict[str, str] | None,
        opened: str | None,
        changed: str | None = None,
    ) -> None:
        self.sheet = sheet
        self.instance = instance
        self.formdata = formdata
        self.opened = opened
        self.changed = changed

    def field(self, slot: Slot) -> AnswerField:
        """A field for one answer, with what was posted or what is stored."""
        changing = slot.earlier is not None and self.changed == slot.key and slot.stored is None
        start = slot.earlier.value if slot.earlier is not None and changing else None
        return AnswerField(slot, self.sheet.register, self.formdata, start)


@dataclass(slots=True)
class Spot:
    """Where a question is drawn: on which page, under which name, in which block or record.

    ``instance`` is text for a record that is not stored yet: the key under which the page knows it.
    """

    drawing: Drawing
    name: str
    instance: UUID | str | None
    nested: bool = False

    @property
    def sheet(self) -> Sheet:
        """The response."""
        return self.drawing.sheet

    def slot(self, question: BaseQuestion, key: str, item: str = "") -> Slot:
        """The place for an answer here."""
        if isinstance(self.instance, str):
            return Slot(self.name, question, self.instance, key, item)
        sheet = self.drawing.sheet
        kept = sheet.kept(self.instance, key, item)
        known = known_facts.known(question, sheet.known_facts(self.instance)) if question.known else None
        return Slot(self.name, question, self.instance, key, item, kept, known, self._earlier(key, item))

    def _earlier(self, key: str, item: str) -> Sent | None:
        """What was submitted in the round before to what is asked here, outside lists."""
        if self.instance != self.drawing.instance or not self.sheet.head.answered_before:
            return None
        found = self.sheet.earlier(self.sheet.questionnaire.place(key).question, self.drawing.instance)
        return None if found is None else found.rows.get(item) if item else found.own

    def drawn(self, question: BaseQuestion) -> Drawn:
        """What every kind of question shows."""
        sheet = self.drawing.sheet
        said = wording(sheet, question, self.drawing.instance)
        id_ = self.name.replace(".", "-").replace("~", "--")
        return Drawn(
            question,
            said,
            self.name,
            id_,
            said.label,
            said.text,
            said.hint,
            when=said.when if sheet.part is None else self._decided(question),
            nested=self.nested,
        )

    def _decided(self, question: BaseQuestion) -> str | None:
        """The question's rule, for a browser that is told nothing of answers that its person does not see."""
        if question.when is None:
            return None
        return json.dumps(conditions.plain(self.sheet.decided(question.when, self.drawing.instance)))

    def in_force(self, kept: Kept | None) -> Attribution | None:
        """How the answer here may be quoted as things stand."""
        where = self.drawing.instance if isinstance(self.instance, str) else self.instance
        return self.sheet.in_force(where, kept.attribution if kept else None)


def page_form(
    sheet: Sheet,
    section: Section,
    page: Page,
    instance: UUID | None,
    formdata: MultiDict[str, str] | None = None,
    opened: str | None = None,
    changed: str | None = None,
) -> PageForm:
    """The form of a page, drawn from what is stored or, with `formdata`, from what was posted.

    Questions that a rule hides now are drawn too, hidden, so that a browser can show them at once.
    `opened` names the record to open, or `new:<key of the list>`; `changed` the question whose empty box
    opens with what was answered in the round before.
    """
    drawing = Drawing(sheet, instance, formdata, opened, changed)
    drawn = tuple(draw(question, Spot(drawing, f"a.{question.key}", instance)) for question in page.questions)
    number = first_number(sheet, section, page, instance)
    for one in drawn:
        one.hidden = not sheet.path.on(instance, one.question.key)
        if one.kind != "note" and not one.hidden:
            one.number, number = number, number + 1
    return PageForm(sheet, section, page, instance, drawn, formdata)


def first_number(sheet: Sheet, section: Section, page: Page, instance: UUID | None) -> int:
    """The number of the first question on the page, counted through the section."""
    number = 1
    for shown in sheet.pages(section.key, instance):
        if shown.page_key == page.key:
            break
        number += len(shown.asks)
    return number


@singledispatch
def draw(question: BaseQuestion, spot: Spot) -> Drawn:
    """One question and the fields for its answers."""
    drawn = spot.drawn(question)
    slot = spot.slot(question, question.key)
    answer = drawn.field = spot.drawing.field(slot)
    drawn.drop_down = drops_down(question, nested=spot.nested)
    drawn.grouped = drawn.wording.several and not drawn.drop_down
    if slot.known is not None:
        drawn.grouped = True
        drawn.known_said = spot.sheet.say(question, slot.known)
        drawn.known_json = json.dumps(slot.known, ensure_ascii=False)
    drawn.problems = answer.problems
    drawn.changes = _changes(answer, spot)
    drawn.language = slot.kept.language if slot.kept else spot.sheet.head.language
    drawn.quoted = spot.in_force(slot.kept)
    return drawn


def _changes(answer: AnswerField, spot: Spot) -> UUID | None:
    """The revision of the round before whose text stands in the box, to be changed."""
    if answer.posted:
        return answer.changes.revision_id if answer.changes else None
    opened = spot.drawing.changed == answer.slot.key and answer.slot.stored is None
    return answer.slot.earlier.revision_id if answer.slot.earlier is not None and opened else None


@draw.register
def _note(question: Note | File, spot: Spot) -> Drawn:
    drawn = spot.drawn(question)
    drawn.grouped = isinstance(question, File)
    return drawn


@draw.register
def _matrix(question: Matrix, spot: Spot) -> Drawn:
    drawn = spot.drawn(question)
    drawn.grouped = True
    shown = {row.key for row in spot.sheet.path.rows(spot.drawing.instance, question.key)}
    drawn.rows = tuple(
        _row(question, row, spot, hidden=row.key not in shown) for row in _all_rows(question, spot)
    )
    drawn.problems = [problem for row in drawn.rows if not row.hidden for problem in row.problems]
    drawn.quoted = next((row.quoted for row in drawn.rows if row.quoted), spot.in_force(None))
    return drawn


def _row(matrix: Matrix, row: Option, spot: Spot, *, hidden: bool) -> Drawn:
    here = replace(spot, name=f"{spot.name}~{row.key}", nested=True)
    drawn = here.drawn(matrix.cell)
    drawn.hidden = hidden
    drawn.text = drawn.label = spot.sheet.words(row.text, spot.drawing.instance)
    drawn.hint = spot.sheet.words(row.hint, spot.drawing.instance)
    slot = here.slot(matrix.cell, matrix.key, row.key)
    drawn.field = spot.drawing.field(slot)
    drawn.drop_down = drops_down(matrix.cell, nested=False)
    drawn.problems = drawn.field.problems
    drawn.changes = _changes(drawn.field, here)
    drawn.language = slot.kept.language if slot.kept else spot.sheet.head.language
    drawn.quoted = here.in_force(slot.kept)
    if isinstance(matrix.rows, ChosenIn) and _sees_chosen(matrix.rows, spot):
        drawn.when = json.dumps({"question": matrix.rows.chosen_in, "includes": row.key})
    return drawn


def _sees_chosen(rows: ChosenIn, spot: Spot) -> bool:
    """Whether the person sees the answer that brings the rows; if not, those that there are stay."""
    return spot.sheet.part is None or spot.sheet.part.sees_answers_to(rows.chosen_in)


def _all_rows(matrix: Matrix, spot: Spot) -> tuple[Option, ...]:
    """Every row there may be: those shown, and those that a choice on this very page may bring."""
    shown = spot.sheet.path.rows(spot.drawing.instance, matrix.key)
    if not isinstance(matrix.rows, ChosenIn):
        return shown
    asked = spot.sheet.questionnaire.place(matrix.rows.chosen_in)
    if asked.page is not spot.sheet.questionnaire.place(matrix.key).page:
        return shown
    here = {row.key: row for row in shown}
    listed = [here.pop(row.key, row) for row in _shown(asked.question, spot) if not row.specify]
    return (*listed, *here.values())


def _shown(question: BaseQuestion, spot: Spot) -> tuple[Option, ...]:
    """The options in the order in which the page shows them."""
    if isinstance(question, ClosedQuestion):
        return question.offered(spot.sheet.locale)
    return question.listed()


@draw.register
def _records(question: Records, spot: Spot) -> Drawn:
    drawn = spot.drawn(question)
    drawn.grouped = True
    drawn.field = spot.drawing.field(spot.slot(question, question.key))
    records = [block for block in spot.sheet.stored.blocks if _belongs(block, question, spot)]
    entries = [_entry(question, spot, record.id, number) for number, record in enumerate(records, 1)]
    opens = _opens_new(question, spot, empty=not entries)
    if opens and len(entries) < question.max:
        entries.append(_entry(question, spot, opens, len(entries) + 1))
    drawn.entries = tuple(entries)
    drawn.gone = tuple(_gone(question, spot))
    drawn.problems = [*drawn.field.problems, *(problem for entry in entries for problem in entry.problems)]
    return drawn


def _gone(records: Records, spot: Spot) -> Iterator[Gone]:
    """The records of this list that were taken out, by the first thing said in them."""
    for one in spot.sheet.taken_out:
        if (one.group_key, one.parent_id) != (records.key, spot.drawing.instance):
            continue
        answers = ((field, spot.sheet.kept(one.id, field.key)) for field in records.fields)
        said = [
            spot.sheet.say(field, kept.value) for field, kept in answers if kept and kept.value is not None
        ]
        yield Gone(one.id, said[0] if said else _("New entry"), one.by or _("IOM staff"), one.at)


def _belongs(block: Block, records: Records, spot: Spot) -> bool:
    return (block.group_key, block.parent_id) == (records.key, spot.drawing.instance)


def _opens_new(records: Records, spot: Spot, *, empty: bool) -> str | None:
    """The key of an empty entry that stands open:
    posted, asked for, or there because there is nothing yet.
    """
    posted = [
        key for key in posted_keys(spot.drawing.formdata, records.key) if spot.sheet.record(key) is None
    ]
    if posted:
        return posted[0]
    asked = spot.drawing.opened == f"{NEW}:{records.key}"
    untouched = empty and spot.sheet.kept(spot.drawing.instance, records.key) is None
    return str(uuid.uuid4()) if asked or (untouched and spot.drawing.formdata is None) else None


def posted_keys(formdata: MultiDict[str, str] | None, records: str) -> list[str]:
    """The keys of the list's entries that stood open on the posted page."""
    prefix = f"a.{records}."
    parts = (name.removeprefix(prefix).split(".") for name in formdata or () if name.startswith(prefix))
    return list(dict.fromkeys(part[0] for part in parts if _is_uuid(part[0])))


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _entry(records: Records, spot: Spot, record: UUID | str, number: int) -> Entry:
    known_as = _posted_as(record, spot)
    base = f"{spot.name}.{known_as}"
    parts = tuple(
        draw(part, Spot(spot.drawing, f"{base}.{part.key}", record, True)) for part in records.fields
    )
    for part in parts:
        part.hidden = part.question.when is not None and not spot.sheet.path.on(
            None if isinstance(record, str) else record, part.question.key
        )
    said = [
        (part.label, spot.sheet.say(part.question, part.field.data))
        for part in parts
        if part.field is not None and part.field.data is not None and not part.hidden
    ]
    is_new = isinstance(record, str)
    return Entry(
        id=known_as,
        name=base,
        number=number,
        title=said[0][1] if said else _("New entry"),
        open=is_new or spot.drawing.opened == str(record) or not said or any(part.problems for part in parts),
        new=is_new,
        parts=parts,
        summary=tuple(said[1:]),
        quoted=spot.sheet.in_force(spot.drawing.instance if isinstance(record, str) else record, None),
    )


def _posted_as(record: UUID | str, spot: Spot) -> str:
    """The key under which the page knows the record:
    its idempotency key while that page is the one posted.
    """
    if isinstance(record, UUID) and spot.drawing.formdata is not None:
        key = spot.sheet.blocks[record].idempotency_key
        if key and any(name.startswith(f"{spot.name}.{key}.") for name in spot.drawing.formdata):
            return key
    return str(record)


def how_many(number: int) -> str:
    """“4 questions”."""
    return ngettext("%(num)s question", "%(num)s questions", number)


def errors_of(form: PageForm) -> list[tuple[str, str]]:
    """The error summary: (id of the control, what to do), question by question."""
    found: list[tuple[str, str]] = []
    for drawn in form.drawn:
        if drawn.hidden:
            continue
        question = _("Question %(number)s", number=drawn.number)
        if drawn.field is not None:
            found += [(drawn.first, f"{question}: {_lower(problem)}") for problem in drawn.field.problems]
        for row in drawn.rows:
            if not row.hidden:
                found += [
                    (row.first, f"{question}, {row.label}: {_lower(problem)}") for problem in row.problems
                ]
        item = form.sheet.words(getattr(drawn.question, "item", None), form.instance)
        for entry in drawn.entries:
            where = f"{question}, {item} {entry.number}"
            for part in entry.parts:
                if not part.hidden:
                    found += [
                        (part.first, f"{where}, {part.label}: {_lower(problem)}") for problem in part.problems
                    ]
    return found


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
