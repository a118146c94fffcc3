"""The sources of a statement as notes in its margin: one number for each answer of each respondent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.exports.wording import known_day
from app.findings.evidence import Item, Role, Setting
from app.findings.summary import Citation
from app.i18n import _, ngettext
from app.policy import Attribution

HOUSE = frozenset({Role.REGISTER, Role.COUNT})
"""Sources that are no answers: their question says what they are."""
LONG = 600
SENTENCE_ENDS = ("? ", ". ", ": ")


@dataclass(frozen=True)
class Part:
    """One field of a cited answer: what was asked of it, and what was said, once for each record."""

    asked: str
    answers: tuple["Answer", ...]


@dataclass(frozen=True)
class Answer:
    """What was said, its approved translation, and whether it confirms what the register says."""

    said: str
    translated: str | None
    confirmed: bool


@dataclass(frozen=True)
class Note:
    """One source of one statement. `number` is the same wherever this answer is cited."""

    number: int
    id: str
    numeral_id: str
    role: Role
    who: str
    about: str
    revisions: str
    question: str
    parts: tuple[Part, ...]
    given: tuple[tuple[str, str | None], ...]
    """When, as far as it is known, and by whom."""
    unnamed: bool
    """Whether it stands for answers that the reader may not see; their number would tell of them."""

    @property
    def long(self) -> bool:
        """Whether it is read in a region that scrolls."""
        return sum(len(answer.said) for part in self.parts for answer in part.answers) > LONG


@dataclass(frozen=True)
class Said:
    """An answer beside the sheet: who said what to which question."""

    who: str
    about: str
    said: str
    language: str
    attribution: Attribution
    answered_on: str


class Speakers:
    """How the page calls those who answered."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def name(self, role: Role, code: str | None) -> str:
        """The respondent's name in running text, or what kind of source it is."""
        if code is None:
            return self._unnamed(role)
        if code == self._setting.iscm.code:
            return self._setting.iscm.short_name
        place = self._setting.names.get(code)
        return place.name if place else code

    def day(self, known: str | None) -> str:
        """What is known of the day of an answer, in words."""
        return known_day(known, self._setting.locale) if known else ""

    def _unnamed(self, role: Role) -> str:
        return {
            Role.ISCM: _("The mechanism, not by name"),
            Role.STATE: _("A State, not by name"),
            Role.IGO: _("An organization, not by name"),
            Role.NOTE: _("Note"),
            Role.REGISTER: _("Register"),
            Role.COUNT: _("Count"),
        }[role]

    def said(self, item: Item) -> Said:
        """An answer that stands beside the sheet."""
        return Said(
            who=self.name(item.role, item.respondent),
            about=item.label or item.question,
            said=item.said,
            language=item.language,
            attribution=item.attribution,
            answered_on=self.day(item.answered_on),
        )


class Sources:
    """Numbers the answers in the order in which the text first cites them, and writes the notes.

    `behind` has the answers that are not by name, by revision, as far as the reader of the page may see them.
    """

    def __init__(self, speakers: Speakers, behind: Mapping[str, Item]) -> None:
        self._speakers = speakers
        self._behind = behind
        self._given: dict[tuple[str | None, ...], int] = {}

    def notes(self, line_id: str, citations: Iterable[Citation]) -> tuple[Note, ...]:
        """The notes of one statement; the fields of one answer share a note."""
        grouped: dict[int, list[Citation]] = {}
        for citation in citations:
            grouped.setdefault(self._number(citation), []).append(citation)
        return tuple(self._note(line_id, number, grouped[number]) for number in sorted(grouped))

    def _number(self, citation: Citation) -> int:
        what = citation.question if citation.role in HOUSE else citation.concept
        key = (citation.role.value, citation.respondent, what)
        return self._given.setdefault(key, len(self._given) + 1)

    def _note(self, line_id: str, number: int, citations: Sequence[Citation]) -> Note:
        first = citations[0]
        question, asked = _split([citation.question for citation in citations])
        ours = first.role in HOUSE
        labels = dict.fromkeys(citation.label or citation.question for citation in citations)
        hidden = dict.fromkeys(id_ for each in citations if each.respondent is None for id_ in each.behind)
        shown = [self._behind[id_] for id_ in hidden if id_ in self._behind]
        given = [(self._speakers.day(each.answered_on), each.by) for each in citations]
        given += [(self._speakers.day(each.answered_on), each.by) for each in shown]
        return Note(
            number=number,
            id=f"note-{line_id}-{number}",
            numeral_id=f"cite-{line_id}-{number}",
            role=first.role,
            who=self._speakers.name(first.role, first.respondent),
            about=_what_it_is(first) if ours else ", ".join(labels),
            revisions=_revisions(citations),
            question=question,
            parts=_parts(
                [*zip(asked, citations, strict=True), *((self._staff_only(item), item) for item in shown)]
            ),
            given=tuple((at, by) for at, by in dict.fromkeys(given) if at),
            unnamed=len(hidden) > len(shown),
        )

    def _staff_only(self, item: Item) -> str:
        who = self._speakers.name(item.role, item.respondent)
        return _("%(who)s, not by name: staff only", who=who)


def _parts(answered: Iterable[tuple[str, Citation | Item]]) -> tuple[Part, ...]:
    """What was said under each question, equal answers once."""
    found: dict[str, dict[Answer, None]] = {}
    for asked, source in answered:
        if source.said is not None:
            answer = Answer(source.said, source.translated, source.confirmed)
            found.setdefault(asked, {})[answer] = None
    return tuple(Part(asked, tuple(answers)) for asked, answers in found.items())


def _split(questions: Sequence[str]) -> tuple[str, list[str]]:
    """The question that the fields of one answer share, and what each adds to it.

    A field of a list is worded "<the list's question> <the field's>"; the list's is said once.
    """
    distinct = list(dict.fromkeys(questions))
    if len(distinct) == 1:
        return distinct[0], ["" for _question in questions]
    length = 0
    for letters in zip(*distinct, strict=False):
        if len(set(letters)) > 1:
            break
        length += 1
    shared = distinct[0][:length]
    cut = max(shared.rfind(end) + len(end) if end in shared else 0 for end in SENTENCE_ENDS)
    return shared[:cut].strip(), [question[cut:] for question in questions]


def _what_it_is(citation: Citation) -> str:
    """What a register entry or a count is, in short: of "Register of mechanisms: name" the name."""
    words = citation.question.partition(" (")[0]
    return words.partition(": ")[2] or words


def _revisions(citations: Sequence[Citation]) -> str:
    numbers = sorted({citation.revision for citation in citations if citation.revision is not None})
    if not numbers:
        return ""
    listed = ", ".join(str(number) for number in numbers)
    return ngettext("revision %(listed)s", "revisions %(listed)s", len(numbers), listed=listed)
