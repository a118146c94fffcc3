"""Answers in words, for checking, reading and printing: the same everywhere."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import url_for

from app.definitions.questions import Matrix, Note, Question, Records
from app.definitions.routing import InstanceId, ShownPage
from app.models import Attribution
from app.policy import Act, can
from app.queries.answer_sheets import Kept
from app.queries.files import Attached
from app.web.respond import attached, moving
from app.web.respond.sheet import Sheet, author
from app.web.respond.tasks import answers_to


@dataclass
class Said:
    """One question with its answer in words; `items` are the rows of a matrix, `records` those of a list."""

    kind: str
    label: str
    number: int
    anchor: str
    key: str
    instance: UUID | None
    text: str = ""
    stem: str = ""
    language: str = "en"
    items: list[tuple[str, str]] = field(default_factory=list)
    records: list[list[tuple[str, str]]] = field(default_factory=list)
    quoted: set[Attribution] = field(default_factory=set)
    kept: list[Kept] = field(default_factory=list)
    change: str | None = None
    attached: list[tuple[int | None, Attached, str]] = field(default_factory=list)
    """What is attached to the answer: in a list the number of its entry, the file or link, what it is."""
    clarify: str | None = None

    @property
    def address(self) -> str | None:
        """The text as an address that a link may lead to; None for any other scheme, such as a script's."""
        return self.text if self.text.lower().startswith(("https://", "http://")) else None

    @property
    def newest(self) -> Kept | None:
        """The answer saved last among those of the question."""
        return max(self.kept, key=lambda one: one.at, default=None)

    @property
    def writer(self) -> str:
        """Who saved that one."""
        return author(self.newest) if self.newest else ""

    @property
    def answered(self) -> bool:
        """Whether there is an answer at all."""
        return bool(self.text or self.items or self.records or self.attached)


@dataclass
class Part:
    """One section, for one mechanism or for none, with its answers."""

    title: str
    about: str
    answers: list[Said]
    authors: list[str]
    instance: UUID | None
    quoted: Attribution | None = None

    @property
    def unanswered(self) -> str:
        """The questions without an answer, as one line."""
        return "; ".join(said.label for said in self.answers if not said.answered)


def parts(sheet: Sheet, *, changing: bool) -> list[Part]:
    """Everything asked now, part by part;
    unanswered depth is left out. `changing` adds the links that change.
    """
    found: dict[tuple[str, UUID | None], Part] = {}
    numbers: dict[tuple[str, UUID | None], int] = {}
    for page in sheet.path.pages:
        instance = page.instance_id if isinstance(page.instance_id, UUID) else None
        key = (page.section_key, instance)
        part = found.setdefault(key, _part(sheet, page, instance))
        for question in page.questions:
            if isinstance(question, Note):
                continue
            numbers[key] = numbers.get(key, 0) + 1
            said = say(sheet, question, instance, numbers[key])
            if changing and sheet.may_edit(instance, page.section_key):
                said.change = moving.address(sheet, page, **{"from": "check"}) + f"#a-{question.key}-label"
            if (
                said.answered
                and not sheet.is_own
                and can(sheet.actor, Act.ASK_CLARIFICATION, sheet.facts(instance))
            ):
                said.clarify = _clarify(sheet, question, instance)
            if said.answered or not page.more:
                part.answers.append(said)
    for part in found.values():
        names = {
            author(kept): kept.at
            for said in part.answers
            for kept in sorted(said.kept, key=lambda one: one.at)
        }
        part.authors = sorted(names, key=lambda name: names[name], reverse=True)
    return [part for part in found.values() if part.answers]


def _clarify(sheet: Sheet, question: Question, instance: UUID | None) -> str:
    block: dict[str, Any] = {"instance_id": instance} if instance else {}
    return url_for("threads.clarify", response_id=sheet.id, question_key=question.key, **block)


def _part(sheet: Sheet, page: ShownPage, instance: UUID | None) -> Part:
    section = sheet.questionnaire.section(page.section_key)
    block = sheet.block_of(instance)
    if block is None:
        return Part(sheet.words(section.title, instance), "", [], [], instance)
    title = sheet.subject_short(instance)
    full = sheet.subject_name(instance)
    return Part(title, full if full != title else "", [], [], instance, sheet.in_force(instance, None))


def anchor(key: str, instance: UUID | None) -> str:
    """The id of an answer on the pages that show them all."""
    return f"answer-{instance or 'all'}-{key}"


def say(sheet: Sheet, question: Question, instance: UUID | None, number: int) -> Said:
    """One question with its answer in words."""
    said = Said(
        question.kind,
        sheet.words(question.name, instance),
        number,
        anchor(question.key, instance),
        question.key,
        instance,
    )
    said.kept = answers_to(sheet, question, instance)
    own = sheet.kept(instance, question.key)
    said.language = next((kept.language for kept in said.kept), sheet.head.language)
    said.quoted = {choice for choice in _quoted(sheet, question, instance) if choice is not None}
    if own is not None and own.value is not None:
        said.text = sheet.say(question, own.value)
        said.stem = sheet.words(getattr(question, "stem", None), instance)
    if isinstance(question, Matrix):
        for row in sheet.path.rows(instance, question.key):
            cell = sheet.plain_answers.get((instance, question.key, row.key))
            if cell is not None:
                said.items.append((sheet.words(row.text, instance), sheet.say(question.cell, cell)))
    if isinstance(question, Records):
        said.records = _records(sheet, question, instance)
        said.text = "" if said.records else said.text
    said.attached = _attached(sheet, question, instance)
    return said


def _attached(
    sheet: Sheet, question: Question, instance: UUID | None
) -> list[tuple[int | None, Attached, str]]:
    there = attached.standing(sheet)
    found: list[tuple[int | None, Attached]] = [
        (None, each) for each in there.get((instance, question.key), ())
    ]
    if isinstance(question, Records) and there:
        number, several = 0, len(_records(sheet, question, instance)) > 1
        for record in sheet.path.records(instance, question.key):
            number += bool(_lines(sheet, question, record.id, instance))
            for part in question.fields:
                if isinstance(record.id, UUID) and sheet.path.on(record.id, part.key):
                    at = there.get((record.id, part.key), ())
                    found += [(number if several else None, each) for each in at]
    return [(number, each, attached.about(each)) for number, each in found]


def _records(sheet: Sheet, question: Records, instance: UUID | None) -> list[list[tuple[str, str]]]:
    records = sheet.path.records(instance, question.key)
    return [lines for record in records if (lines := _lines(sheet, question, record.id, instance))]


def _lines(
    sheet: Sheet, question: Records, record: InstanceId, instance: UUID | None
) -> list[tuple[str, str]]:
    return [
        (sheet.words(part.name, instance), sheet.say(part, plain))
        for part in question.fields
        if sheet.path.on(record, part.key)
        and (plain := sheet.plain_answers.get((record, part.key, ""))) is not None
    ]


def _quoted(sheet: Sheet, question: Question, instance: UUID | None) -> list[Attribution | None]:
    """What is in force for each stored answer of the question."""
    found = []
    for (where, key, _item), kept in sheet.stored.answers.items():
        block = sheet.blocks.get(where) if where else None
        own = where == instance and key == question.key
        inside = block is not None and (block.group_key, block.parent_id) == (question.key, instance)
        if kept.value is not None and (own or inside):
            found.append(sheet.in_force(where, kept.attribution))
    return found
