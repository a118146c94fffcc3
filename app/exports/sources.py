"""The sources of a summary: notes numbered in the order of their first mention, and the annex of them.

An answer that is not *by name* has no respondent, no revision and no day here. All such answers that a
sentence rests on share one note, so that not even their number shows. A note gives the question; the annex
gives its wording in full, with every part of it that was answered.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.exports.blocks import Cell, Note, Paragraph, Role, Table, said
from app.exports.wording import known_day, listed, quoted
from app.findings.evidence import Role as Speaker
from app.findings.evidence import Setting
from app.findings.summary import Citation, Statement
from app.i18n import _

_OF_THE_HOUSE = {Speaker.REGISTER, Speaker.COUNT}
_ANSWERS = {Speaker.ISCM, Speaker.STATE, Speaker.IGO}
_PLACE_IN_ANNEX = {role: place for place, role in enumerate(Speaker)}


@dataclass(slots=True)
class _Row:
    """One line of the annex: a respondent's answers to one question, or to the parts of one."""

    citation: Citation
    citations: list[Citation] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)


class Sources:
    """Collects what the statements cite, one after the other."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._numbers: dict[str, int] = {}
        self._rows: dict[tuple[str, str, str], _Row] = {}

    def cite(self, statement: Statement) -> tuple[int, ...]:
        """The numbers of the notes that a statement rests on; unnamed answers come last."""
        numbers = []
        for citations in self._by_speaker(statement):
            number = self._numbers.setdefault(self._words(citations), len(self._numbers) + 1)
            numbers.append(number)
            for citation in citations:
                row = self._rows.setdefault(_identity(citation), _Row(citation))
                row.citations.append(citation)
                if number not in row.notes:
                    row.notes.append(number)
        return tuple(sorted(numbers))

    def notes(self) -> tuple[Note, ...]:
        """The notes in order."""
        return tuple(Note(number, words) for words, number in self._numbers.items())

    def annex(self) -> Table:
        """The table of sources: mechanism, States, organizations, the rest; unnamed answers last."""
        rows = sorted(self._rows.values(), key=lambda row: self._order(row.citation))
        return Table(
            caption=_("What the sentences rest on"),
            header=(_("Source"), _("Question, as it was worded"), _("Answered"), _("Revision"), _("Notes")),
            rows=tuple(tuple(_cell(text) for text in self._cells(row)) for row in rows),
            widths=(21, 49, 22, 15, 13),
            row_heads=True,
        )

    def _by_speaker(self, statement: Statement) -> Iterator[list[Citation]]:
        named: dict[tuple[str, str], list[Citation]] = {}
        unnamed: dict[str, list[Citation]] = {}
        for citation in statement.citations:
            if _is_unnamed(citation):
                unnamed.setdefault(citation.role, []).append(citation)
            else:
                named.setdefault((citation.role, citation.respondent or citation.question), []).append(
                    citation
                )
        yield from named.values()
        for role in sorted(unnamed):
            yield unnamed[role]

    def _words(self, citations: list[Citation]) -> str:
        first = citations[0]
        if first.role in _OF_THE_HOUSE:
            return f"{first.question}."
        questions = list(dict.fromkeys(_parts(citation.question)[0] for citation in citations))
        if _is_unnamed(first):
            asked = listed([quoted(question) for question in sorted(questions)])
            return _("%(who)s, %(questions)s.", who=_unnamed(first.role), questions=asked)
        asked = listed([quoted(question) for question in questions])
        days = listed(self._days(citations))
        if not days:
            return _("%(who)s, %(questions)s.", who=self._who(first), questions=asked)
        return _("%(who)s, %(questions)s, %(days)s.", who=self._who(first), questions=asked, days=days)

    def _who(self, citation: Citation) -> str:
        if citation.role in _OF_THE_HOUSE:
            return _("IOM")
        if _is_unnamed(citation):
            return _unnamed(citation.role)
        code = citation.respondent or ""
        if code == self._setting.iscm.code:
            return self._setting.iscm.short_name
        place = self._setting.names.get(code)
        return place.name if place else code

    def _days(self, citations: list[Citation]) -> list[str]:
        known = sorted({citation.answered_on for citation in citations if citation.answered_on})
        return [known_day(each, self._setting.locale) for each in known]

    def _cells(self, row: _Row) -> tuple[str, ...]:
        unnamed = _is_unnamed(row.citation)
        questions = [citation.question for citation in row.citations]
        asked = _asked(sorted(questions) if unnamed else questions)
        days = listed(self._days(row.citations))
        if any(citation.confirmed for citation in row.citations):
            days = _("%(days)s, confirming the register", days=days) if days else _("confirming the register")
        revisions = sorted({citation.revision for citation in row.citations if citation.revision})
        dated = ("", "") if unnamed else (days, _numbers(revisions))
        return (self._who(row.citation), asked, *dated, _numbers(row.notes))

    def _order(self, citation: Citation) -> tuple[bool, int, str]:
        """Where a source stands; the sources of one speaker keep the order of their first mention."""
        unnamed = _is_unnamed(citation)
        name = _parts(citation.question)[0] if unnamed else self._who(citation)
        return unnamed, _PLACE_IN_ANNEX[citation.role], name


def _is_unnamed(citation: Citation) -> bool:
    return citation.role in _ANSWERS and citation.respondent is None


def _unnamed(role: Speaker) -> str:
    if role is Speaker.STATE:
        return _("One or more Member States, not named")
    if role is Speaker.IGO:
        return _("One or more organizations, not named")
    return _("Not named")


def _identity(citation: Citation) -> tuple[str, str, str]:
    return citation.role.value, citation.respondent or "", _parts(citation.question)[0]


def _parts(question: str) -> tuple[str, str]:
    """The question, and what it asks of one record or row: “Which bodies …? Name” is asked in two parts."""
    head, mark, part = question.partition("? ")
    return (f"{head}?", part) if mark else (question, "")


def _asked(questions: list[str]) -> str:
    """The question as it was worded; of one that was asked in several parts the beginning is not repeated."""
    parts = dict.fromkeys(_parts(question) for question in questions)
    heads = dict.fromkeys(head for head, _part in parts)
    if len(parts) == len(heads):
        return " ".join(f"{head} {part}".strip() for head, part in parts)
    return f"{' '.join(heads)} ({'; '.join(part for _head, part in parts if part)})"


def _numbers(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _cell(text: str) -> Cell:
    return Cell((Paragraph(said(text), Role.BODY),) if text else ())
