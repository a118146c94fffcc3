"""What compiling gives: sections of statements with their citations, and what staff should look at beside
them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.findings.evidence import Count, Coverage, Item, Role


@dataclass(frozen=True, slots=True)
class Citation:
    """The source of a statement.

    Where the answer is not *by name*, respondent, said, revision and answered_on are None: nothing that
    leaves the
    house may tell who it was. `behind` (staff only, never in a document) has the ids of the revisions.
    """

    role: Role
    respondent: str | None
    concept: str
    question: str
    label: str = ""
    said: str | None = None
    translated: str | None = None
    revision: int | None = None
    revision_id: str | None = None
    answered_on: str | None = None
    """A year, a month or a day, as far as it is known."""
    by: str | None = None
    confirmed: bool = False
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence as it is printed, its inline label included (`text` then begins with "<label>: ")."""

    key: str
    text: str
    label: str | None
    citations: tuple[Citation, ...]
    rule: str
    digest: str
    """Of the evidence it rests on: an edited statement goes stale when this differs."""


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the summary, in the order of the plan."""

    key: str
    title: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An answer that stands in no statement, and why. For staff."""

    item: Item
    why: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Answers to the same that contradict each other. For staff."""

    concept: str
    what: str
    sides: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class NamedByAnother:
    """A State or organisation that stands in a statement because another named it. For staff."""

    code: str
    by: str
    statement: str
    """The statement's key."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The compiled summary of one mechanism in one round."""

    round_code: str
    iscm: str
    locale: str
    counts: Mapping[str, Count]
    coverage: Coverage
    sections: tuple[Section, ...]
    gaps: tuple[str, ...] = ()
    unused: tuple[LeftOut, ...] = ()
    awaiting_translation: tuple[Item, ...] = ()
    differ: tuple[Difference, ...] = ()
    named_by_another: tuple[NamedByAnother, ...] = ()
    shortened: tuple[Item, ...] = field(default=())
    """Answers of which only the beginning is quoted."""

    @property
    def statements(self) -> Iterator[Statement]:
        """All statements in order."""
        return (statement for section in self.sections for statement in section.statements)
