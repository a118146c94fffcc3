"""What a page of a questionnaire shows, as its templates need it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from app.definitions import conditions, values
from app.definitions.questions import (
    BaseQuestion,
)
from app.definitions.schema import Page, Section
from app.models import Attribution
from app.queries.answer_sheets import Kept
from app.web.respond.fields import AnswerField
from app.web.respond.sheet import Sheet
from app.web.respond.wording import Wording


@dataclass(slots=True)
class Drawn:
    """One question as its template needs it: its words, its answers, and where on the page it stands."""

    question: BaseQuestion
    wording: Wording
    name: str
    id: str
    label: str
    text: str
    hint: str
    number: int | None = None
    hidden: bool = False
    when: str | None = None
    nested: bool = False
    grouped: bool = False
    drop_down: bool = False
    field: AnswerField | None = None
    rows: tuple["Drawn", ...] = ()
    entries: tuple["Entry", ...] = ()
    gone: tuple["Gone", ...] = ()
    known_said: str | None = None
    known_json: str | None = None
    quoted: Attribution | None = None
    language: str = "en"
    problems: Sequence[str] = ()
    changes: UUID | None = None
    """The revision of the round before whose text stands in the box to be changed."""

    @property
    def kind(self) -> str:
        """The kind of the question."""
        return self.wording.kind

    @property
    def first(self) -> str:
        """The id of the first control, to which an error leads."""
        if self.known_said is not None:
            return f"{self.id}-right"
        wrong = next((row for row in self.rows if row.problems and not row.hidden), None)
        return wrong.first if wrong else self.rows[0].first if self.rows else self.id

    @property
    def described_by(self) -> str:
        """The ids of what explains the control, in the order of reading."""
        found = f"{self.id}-hint " if self.hint else ""
        if self.own_problems:
            found += f"{self.id}-error "
        return f"{found}{self.id}-count" if self.wording.limit else found.rstrip()

    @property
    def describing(self) -> Markup:
        """The attributes that tie a single control to what explains it."""
        wrong = ' aria-invalid="true"' if self.own_problems else ""
        tied = f' aria-describedby="{self.described_by}"' if self.described_by and not self.grouped else ""
        return Markup(wrong + tied)  # noqa: S704 - made of ids, which are keys

    @property
    def own_problems(self) -> Sequence[str]:
        """What is wrong with the question's own answer; rows and entries tell theirs themselves."""
        return self.problems if not (self.rows or self.entries) else self.field.problems if self.field else ()

    @property
    def newest(self) -> Kept | None:
        """The answer saved last among those of the question."""
        if not (self.rows or self.entries):
            return self.field.slot.kept if self.field else None
        kept = [answer.slot.kept for answer in self.fields() if answer.slot.kept is not None]
        return max(kept, key=lambda one: one.at, default=None)

    @property
    def answered(self) -> bool:
        """Whether the question's own answer is there."""
        return self.field is not None and self.field.data is not None

    @property
    def count(self) -> int:
        """How many words or characters stand in the box."""
        typed = self.field.one() if self.field else ""
        if self.field and self.field.posted:  # what is stored was normalised when it was read
            typed = values.normalise(typed)
        in_words = self.wording.limit is not None and self.wording.limit[1] == "words"
        return values.words(typed) if in_words else len(typed)

    def fields(self) -> Iterator[AnswerField]:
        """Every answer drawn for this question: its own, its rows', its entries'."""
        if self.field is not None:
            yield self.field
        for row in self.rows:
            yield from row.fields()
        for entry in self.entries:
            for part in entry.parts:
                yield from part.fields()


@dataclass
class Entry:
    """One record of a list: a summary, or open to be written."""

    id: UUID | str
    name: str
    number: int
    title: str
    open: bool
    new: bool
    parts: tuple[Drawn, ...]
    summary: tuple[tuple[str, str], ...]
    quoted: Attribution | None

    @property
    def anchor(self) -> str:
        """The id of the entry on the page."""
        return f"entry-{self.id}"

    @property
    def problems(self) -> list[str]:
        """What is wrong in it."""
        return [problem for part in self.parts if not part.hidden for problem in part.problems]


@dataclass(frozen=True)
class Gone:
    """A record that was taken out and can be brought back."""

    id: UUID
    title: str
    by: str
    at: datetime


@dataclass
class PageForm:
    """A page as a form: its questions in order, and every answer on it by name."""

    sheet: Sheet
    section: Section
    page: Page
    instance: UUID | None
    drawn: tuple[Drawn, ...]
    posted: MultiDict[str, str] | None = None

    def fields(self) -> Iterator[AnswerField]:
        """Every answer on the page, in order."""
        for drawn in self.drawn:
            yield from drawn.fields()

    @cached_property
    def asked(self) -> list[Drawn]:
        """The questions shown now that can be answered."""
        return [drawn for drawn in self.drawn if not drawn.hidden and drawn.kind != "note"]

    @property
    def shown(self) -> str:
        """The keys of those questions, for the next request to know which ones its answers brought."""
        return " ".join(drawn.question.key for drawn in self.asked)

    @property
    def elsewhere(self) -> str:
        """The answers of other pages that this page's rules speak of, as JSON for the browser."""
        spoken_of = self.page.spoken_of - {drawn.question.key for drawn in self.drawn}
        lookup = self.sheet.path.lookup(self.instance)
        found = {key: plain for key in sorted(spoken_of) if (plain := lookup(key)) is not None}
        return json.dumps(found, ensure_ascii=False)

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """Soft warnings, as (id of the question, words)."""
        lookup = self.sheet.path.lookup(self.instance)
        return [
            (drawn.first, self.sheet.words(warn.text, self.instance))
            for drawn in self.drawn
            if not drawn.hidden
            for warn in drawn.question.warn
            if conditions.holds(warn.when, lookup) is True
        ]
