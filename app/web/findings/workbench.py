"""A summary as the analyst reads it: numbered sources beside each statement, and what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.findings.evidence import Item, Role, Setting
from app.findings.summary import Citation, LeftOut, Section, Statement, Summary
from app.i18n import _
from app.policy import Actor, AnswerFacts, Attribution, visible

NO_ORGANISATION = UUID(int=0)
"""Staff see answers by their role, never by belonging to the respondent."""


@dataclass(frozen=True)
class Note:
    """One source of one statement, as it stands in the margin."""

    number: int
    id: str
    numeral_id: str
    who: str
    about: str
    citation: Citation


@dataclass(frozen=True)
class Line:
    """One statement: its inline label apart from the rest, and its notes."""

    id: str
    label: str | None
    body: str
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class SheetSection:
    """One section with its number; the introduction has none."""

    id: str
    number: int | None
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Said:
    """An answer beside the sheet: who said what to which question, and why it is listed."""

    who: str
    about: str
    said: str
    why: str
    language: str
    attribution: Attribution
    answered_at: datetime | None


@dataclass(frozen=True)
class Differing:
    """A concept about which two answers contradict each other."""

    what: str
    sides: tuple[Said, ...]


@dataclass(frozen=True)
class Workbench:
    """Everything the page shows."""

    sections: tuple[SheetSection, ...]
    statement_count: int
    gaps: tuple[str, ...]
    unused: tuple[Said, ...]
    unused_hidden: int
    awaiting: tuple[Said, ...]
    differ: tuple[Differing, ...]
    named: tuple[tuple[str, str], ...]
    shortened: tuple[Said, ...]


class _Speakers:
    """How the page calls those who answered."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    def name(self, role: Role, code: str | None) -> str:
        if code is None:
            return self._unnamed(role)
        if code == self.setting.iscm.code:
            return self.setting.iscm.short_name
        place = self.setting.names.get(code)
        return place.name if place else code

    def _unnamed(self, role: Role) -> str:
        return {
            Role.ISCM: _("The mechanism, not by name"),
            Role.STATE: _("A State, not by name"),
            Role.IGO: _("An organization, not by name"),
            Role.NOTE: _("Note"),
            Role.REGISTER: _("Register"),
            Role.COUNT: _("Count"),
        }[role]

    def said(self, item: Item, why: str = "") -> Said:
        return Said(
            who=self.name(item.role, item.respondent),
            about=item.label or item.question,
            said=item.said,
            why=why,
            language=item.language,
            attribution=item.attribution,
            answered_at=item.answered_at,
        )


class _Numbers:
    """One number for each source, in the order in which the text first cites it."""

    def __init__(self) -> None:
        self._given: dict[tuple[object, ...], int] = {}

    def of(self, citation: Citation) -> int:
        source = (citation.revision_id, citation.behind)
        key = source if any(source) else (citation.role, citation.concept, citation.question)
        return self._given.setdefault(key, len(self._given) + 1)


def workbench(summary: Summary, setting: Setting, viewer: Actor) -> Workbench:
    """The page of a compiled summary, without the answers that this person may not see."""
    speakers, numbers = _Speakers(setting), _Numbers()
    seen = [left for left in summary.unused if _may_see(left.item, viewer)]
    return Workbench(
        sections=tuple(_sections(summary.sections, speakers, numbers)),
        statement_count=sum(len(section.statements) for section in summary.sections),
        gaps=summary.gaps,
        unused=tuple(_unused(seen, speakers)),
        unused_hidden=len(summary.unused) - len(seen),
        awaiting=_said(summary.awaiting_translation, speakers, viewer),
        differ=tuple(
            Differing(each.what, _said(each.sides, speakers, viewer))
            for each in summary.differ
            if all(_may_see(item, viewer) for item in each.sides)
        ),
        named=tuple(
            (speakers.name(Role.STATE, each.code), speakers.name(Role.STATE, each.by))
            for each in summary.named_by_another
        ),
        shortened=_said(summary.shortened, speakers, viewer),
    )


def _may_see(item: Item, viewer: Actor) -> bool:
    facts = AnswerFacts(NO_ORGANISATION, item.role.value, submitted=True, attribution=item.attribution)
    return visible(facts, viewer)


def _said(items: Iterable[Item], speakers: _Speakers, viewer: Actor) -> tuple[Said, ...]:
    return tuple(speakers.said(item) for item in items if _may_see(item, viewer))


def _unused(left_out: Sequence[LeftOut], speakers: _Speakers) -> Iterable[Said]:
    return (speakers.said(each.item, each.why) for each in left_out)


def _sections(sections: Iterable[Section], speakers: _Speakers, numbers: _Numbers) -> Iterable[SheetSection]:
    number = 0
    for section in sections:
        intro = section.key == "intro"
        number += 0 if intro else 1
        lines = tuple(
            _line(f"{section.key}-{place}", statement, speakers, numbers)
            for place, statement in enumerate(section.statements, 1)
        )
        yield SheetSection(section.key, None if intro else number, section.title, lines)


def _line(id_: str, statement: Statement, speakers: _Speakers, numbers: _Numbers) -> Line:
    label = statement.label
    prefix = f"{label}: " if label else ""
    cited = {numbers.of(citation): citation for citation in statement.citations}
    notes = tuple(
        Note(
            number=number,
            id=f"note-{id_}-{number}",
            numeral_id=f"cite-{id_}-{number}",
            who=speakers.name(citation.role, citation.respondent),
            about=citation.label or citation.question,
            citation=citation,
        )
        for number, citation in sorted(cited.items())
    )
    return Line(
        id_, label if statement.text.startswith(prefix) else None, statement.text.removeprefix(prefix), notes
    )
