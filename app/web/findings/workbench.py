"""A summary as the analyst reads it: numbered sources beside each statement, and what is missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.findings.evidence import Evidence, Item, Role
from app.findings.summary import LeftOut, Section, Statement, Summary
from app.policy import Actor, AnswerFacts, visible
from app.web.findings.notes import Note, Said, Sources, Speakers

NO_ORGANISATION = UUID(int=0)
"""Staff see answers by their role, never by belonging to the respondent."""
_OF_ANY_KIND = AnswerFacts(NO_ORGANISATION, "", submitted=True, attribution=None)


@dataclass(frozen=True)
class Line:
    """One statement: its inline label apart from the rest, and its notes."""

    id: str
    label: str | None
    body: str
    end: str
    """The last word: the numerals stay on its line."""
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class SheetSection:
    """One section with its number; the introduction has none."""

    id: str
    number: int | None
    title: str
    lines: tuple[Line, ...]


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
    unused: tuple[tuple[str, tuple[Said, ...]], ...]
    """By the reason why they are in no sentence."""
    unused_hidden: bool
    """Whether there may be answers that this person may not see; how many there are would tell of them."""
    awaiting: tuple[Said, ...]
    differ: tuple[Differing, ...]
    named: tuple[tuple[str, str], ...]
    shortened: tuple[Said, ...]

    @property
    def unused_count(self) -> int:
        """How many answers are listed as not used."""
        return sum(len(answers) for _why, answers in self.unused)


def workbench(summary: Summary, evidence: Evidence, viewer: Actor) -> Workbench:
    """The page of a compiled summary, without the answers that this person may not see."""
    speakers = Speakers(evidence.setting)
    behind = {
        item.revision_id: item for item in evidence.items if item.revision_id and _may_see(item, viewer)
    }
    seen = [left for left in summary.unused if _may_see(left.item, viewer)]
    return Workbench(
        sections=tuple(_sections(summary.sections, Sources(speakers, behind))),
        statement_count=sum(len(section.statements) for section in summary.sections),
        gaps=summary.gaps,
        unused=tuple(_unused(seen, speakers)),
        unused_hidden=not visible(_OF_ANY_KIND, viewer),
        awaiting=_said(summary.awaiting_translation, speakers, viewer),
        differ=tuple(
            Differing(each.what, _said(each.sides, speakers, viewer))
            for each in summary.differ
            if all(_may_see(item, viewer) for item in each.sides)
        ),
        named=tuple(
            dict.fromkeys(
                (speakers.name(Role.STATE, each.code), speakers.name(Role.STATE, each.by))
                for each in summary.named_by_another
            )
        ),
        shortened=_said(summary.shortened, speakers, viewer),
    )


def _may_see(item: Item, viewer: Actor) -> bool:
    facts = AnswerFacts(NO_ORGANISATION, item.role.value, submitted=True, attribution=item.attribution)
    return visible(facts, viewer)


def _said(items: Iterable[Item], speakers: Speakers, viewer: Actor) -> tuple[Said, ...]:
    return tuple(speakers.said(item) for item in items if _may_see(item, viewer))


def _unused(left_out: Sequence[LeftOut], speakers: Speakers) -> Iterable[tuple[str, tuple[Said, ...]]]:
    reasons = dict.fromkeys(each.why for each in left_out)
    return ((why, tuple(speakers.said(each.item) for each in left_out if each.why == why)) for why in reasons)


def _sections(sections: Iterable[Section], sources: Sources) -> Iterable[SheetSection]:
    number = 0
    for section in sections:
        intro = section.key == "intro"
        number += 0 if intro else 1
        lines = tuple(
            _line(f"{section.key}-{place}", statement, sources)
            for place, statement in enumerate(section.statements, 1)
        )
        yield SheetSection(section.key, None if intro else number, section.title, lines)


def _line(id_: str, statement: Statement, sources: Sources) -> Line:
    prefix = f"{statement.label}: " if statement.label else ""
    label = statement.label if statement.text.startswith(prefix) else None
    body, space, end = statement.text.removeprefix(prefix).rpartition(" ")
    return Line(id_, label, body + space, end, sources.notes(id_, statement.citations))
