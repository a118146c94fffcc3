"""Turning answers into the words that a sentence takes: names, choices, years, and fragments that fit."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from app.findings import capitals, fragments, prose
from app.findings.evidence import FREE, Choice, Item, Role, Setting
from app.findings.fragments import Shape
from app.findings.ledger import CODED, FEWEST, NONE, Sheet
from app.findings.naming import StateNames
from app.findings.own_words import Own
from app.findings.words import HEADS, REFLEXIVES

_MONTHS = "January February March April May June July August September October November December"


_POINTS = re.compile(r"\b(?:them|they|it|this|these|those|same)\b", re.IGNORECASE)
"""Words that point to something said elsewhere."""


@dataclass(frozen=True, slots=True)
class Who:
    """Some respondents in words, and whether they are one or many."""

    text: str
    number: int
    countable: bool
    """Whether their number may be printed."""


class Speech:
    """How this setting's respondents, organisations and answers are said. Keeps what it could not say."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.names = prose.name_words(setting.names.values(), setting.iscm)
        members_are_states = setting.members is None or all(len(code) == 3 for code in setting.members)
        self.own = Own(setting.iscm.terms, members_are_states)
        self.short_name = prose.with_article(setting.iscm.short_name, setting.iscm.short_name_article)
        self.awaiting: dict[int, Item] = {}
        self._fitted: dict[tuple[str, str, str], str | None] = {}
        self.states = StateNames(setting.names)
        self._capitals = {place.name.upper(): place.name for place in setting.names.values() if place.state}
        self._speaks_of = re.compile(
            rf"(?:(?:it|they|this|the (?:mechanism|{re.escape(prose.head(setting.iscm.name))})|"
            rf"(?:the )?{re.escape(setting.iscm.short_name)}|membership|the secretariat) )?"
            "(?:has |have |had |is |are )?",
            re.IGNORECASE,
        )
        """How a sentence begins that says what the sentence around it says already."""

    def place(self, code: str) -> str:
        """Return a State or organisation inside a sentence; a code that nobody knows as it is."""
        known = self.setting.names.get(code)
        return prose.place(known) if known else code

    def states_in(self, text: str) -> frozenset[str]:
        """Return the codes of the States that a text names."""
        return self.states.found(text)

    def order(self, code: str | None) -> tuple[str, str]:
        """Return the key by which respondents are sorted: their names in the document's language."""
        known = self.setting.names.get(code or "")
        return prose.order(known.name if known else code or "")

    def speaker(self, sheet: Sheet) -> str:
        """Return the respondent as the subject of a sentence."""
        return prose.SUBJECT if sheet.role is Role.ISCM else self.place(sheet.respondent)

    def who(self, named: Sequence[Sheet], unnamed: int = 0, more: bool = False) -> Who:
        """Return the respondents in words; of those unnamed no number below three is given.

        `more`: after others, so that one who is unnamed is "another" member.
        """
        role = named[0].role if named else Role.STATE
        return self._who([self.place(sheet.respondent) for sheet in named], unnamed, role, more)

    def organisations(self, named: Sequence[Sheet], unnamed: int) -> Who:
        """Return organisations in words, like `who`."""
        return self._who([self.place(sheet.respondent) for sheet in named], unnamed, Role.IGO)

    def _who(self, places: list[str], unnamed: int, role: Role, more: bool = False) -> Who:
        one, many = (self.own.one, self.own.many) if role is Role.STATE else ("organization", "organizations")
        texts = sorted(places, key=prose.order)
        other = "other " if texts or more else ""
        if unnamed == 1:
            texts.append(f"another {one}" if other else prose.indefinite(one))
        elif 1 < unnamed < FEWEST:
            texts.append(f"some {other}{many}")
        elif unnamed:
            texts.append(f"{unnamed} {other}{many}")
        total = len(places) + unnamed
        return Who(prose.listed(texts), total, not unnamed or (total >= FEWEST and unnamed >= FEWEST))

    def own_words(self, item: Item) -> str | None:
        """Return what somebody typed, in the document's language, or None where it awaits its translation."""
        typed = str(item.value) if item.kind in FREE else item.words
        if not typed.strip():
            return None
        if item.language.split("-")[0].lower() == self.setting.locale:
            return typed
        if item.translated and item.translated.strip():
            return item.translated
        self.awaiting[id(item)] = item
        return None

    def phrase(
        self, item: Item, form: str = "plain", before: str = "", echo: tuple[str, ...] = ()
    ) -> str | None:
        """Return an answer as words for a place of that form, or None where it does not fit there.

        `echo` are words of the sentence around it, which are not said twice if they were typed too.
        """
        if item.kind == "reference":
            return self.listed_places(item)
        if item.kind in ("choice", "choices"):
            said = prose.listed(self.options(item))
            return (prose.with_article(said) if form == "name" and said else said) or None
        if item.kind in ("number", "year"):
            return f"{item.value:g}" if isinstance(item.value, float) else str(item.value)
        if item.kind == "date":
            return _day(str(item.value))
        if item.kind == "yes_no":
            return str(item.value)
        typed = self.own_words(item) if item.kind in FREE else None
        if typed and form == "verb" and item.respondent:
            typed = re.sub(rf"^{re.escape(self.place(item.respondent))}\s+", "", typed, flags=re.IGNORECASE)
        return None if typed is None else self.fit(self._unechoed(typed, echo), form, before)

    def _unechoed(self, typed: str, echo: tuple[str, ...]) -> str:
        """Return what was typed without the words that the sentence has: "contributed to a law" → "a law"."""
        begun = self._speaks_of.match(typed)
        for words in echo:
            for start in (0, begun.end() if begun else 0):
                rest = typed[start + len(words) :]
                if typed[start:].casefold().startswith(f"{words.casefold()} ") and rest.strip():
                    return rest.strip()
        return typed

    def options(self, item: Item) -> list[str]:
        """Return the chosen options inside a sentence; "other" in the words specified, if they fit."""
        said = (self.option(item, choice) for choice in item.chosen)
        return [words for words in said if words]

    def option(self, item: Item, choice: Choice) -> str | None:
        """Return one chosen option inside a sentence, or None for own words that do not fit."""
        if not choice.other:
            return choice.inline
        typed = self.own_words(item)
        return None if typed is None else self.fit(typed, "noun") or prose.quoted(typed)

    def inside(self, words: str) -> str:
        """Return the words for the middle of a sentence."""
        return fragments.inside(words, self.names)

    def listed_places(self, item: Item) -> str | None:
        """Return the names given in a reference as a list."""
        return prose.listed(self.places(item)) or None

    def places(self, item: Item) -> list[str]:
        """Return the names given in a reference, sorted; own words among them if they fit."""
        said = [self.place(code) for code in item.codes]
        typed = self.own_words(item) if item.words else None
        points = typed and _POINTS.search(typed)
        words = ((not points and self.fit(typed, "agent")) or prose.quoted(typed)) if typed else None
        return sorted({*said, *([words] if words else [])}, key=prose.order)

    def fit(self, typed: str, form: str, before: str = "") -> str | None:
        """Return typed words ready for a place of that form, or None.

        The same words are asked for several times, when examples are compared and when they are told.
        """
        asked = (typed, form, before)
        if asked not in self._fitted:
            self._fitted[asked] = self._fit(*asked)
        return self._fitted[asked]

    def _fit(self, typed: str, form: str, before: str) -> str | None:
        if form == "sentence":
            return fragments.unstopped(fragments.one_line(typed)) if fragments.is_sentence(typed) else None
        if form == "title":
            return prose.title(typed)
        fragment = fragments.bare(typed)
        if fragment is None:
            return None
        if form not in ("verbatim", "name"):
            fragment = capitals.calmed(fragment, self._capitals)
            if capitals.shouted(fragment):
                return None
        if form == "verbatim":
            return fragment
        lowered = fragments.inside(fragment, self.names)
        kind = fragments.shape(lowered)
        if ";" in lowered and form in ("noun", "any") and self._several(lowered):
            return self._several(lowered)
        if form == "noun":
            fits = kind in (Shape.NOUN, Shape.GERUND) and lowered.lower() not in REFLEXIVES
            return prose.completed(fragment, self.names) if fits else None
        if form == "manner":
            return lowered if kind is Shape.MANNER else None
        if form == "verb":
            return lowered if fragments.starts_with_verb(lowered) else None
        if form in ("thing", "agent", "name"):
            called = fragment[0].isupper() or prose.head(fragment) in HEADS
            named = _is_thing(kind) or (kind is Shape.GERUND and called)
            return self._named_thing(fragment, form, before) if named and ";" not in fragment else None
        return lowered

    def _several(self, fragment: str) -> str | None:
        """Return several things that were typed with semicolons as one list; None if they are no things."""
        parts = [part.strip() for part in fragment.split(";")]
        if not all(fragments.bare(part) == part for part in parts):
            return None
        if not all(fragments.shape(part) in (Shape.NOUN, Shape.GERUND) for part in parts):
            return None
        return prose.listed([prose.completed(part, self.names) for part in parts])

    def _named_thing(self, fragment: str, form: str, before: str) -> str:
        if form == "name":
            return prose.with_article(fragment)
        if form == "agent":
            return prose.agent(fragment, self.names)
        return prose.noun(fragment, self.names, before)

    def how(self, typed: str, plural: bool, whom: str = "") -> str | None:
        """Return how somebody cooperates as the end of "cooperates with …", with the join that its shape
        needs; what begins with the partner goes on with "which".
        """
        fragment = fragments.bare(typed)
        fragment = capitals.calmed(fragment, self._capitals) if fragment else None
        if fragment is None or capitals.shouted(fragment):
            return None
        lowered = fragments.inside(fragment, self.names)
        kind = fragments.shape(lowered)
        if kind is Shape.MANNER:
            comma = re.match(r"(?:as|because|when|where|while|if|since|due|following)\b", lowered)
            return f"{',' if comma else ''} {lowered}"
        if kind is Shape.PARTICIPLE:
            return f", which {'are' if plural else 'is'} {lowered}"
        if kind is Shape.CLAUSE:
            starts = [f"{whom} "] if whom else []
            starts += ["they "] if plural else []
            partner = next((start for start in starts if lowered.startswith(start)), None)
            return f", which {lowered.removeprefix(partner)}" if partner else f"; {lowered}"
        return f" ({lowered})" if kind in (Shape.NOUN, Shape.GERUND) and "(" not in lowered else None


def _is_thing(kind: Shape) -> bool:
    return kind in (Shape.NOUN, Shape.VERB)


def _day(iso: str) -> str | None:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return None
    return f"{day.day} {_MONTHS.split()[day.month - 1]} {day.year}"


def keys_of(item: Item) -> tuple[str, ...]:
    """Return what a closed answer chose: option keys, "yes" or "no", or "none" of a list of records."""
    if item.kind in CODED and item.kind != "yes_no":
        return tuple(choice.key for choice in item.chosen)
    if item.kind == "yes_no" or item.value == NONE:
        return (str(item.value),)
    return ()


def labels(items: Iterable[Item]) -> dict[str, str]:
    """Return the words inside a sentence of every option chosen in these answers, by key."""
    found: dict[str, str] = {}
    for item in items:
        for choice in item.chosen:
            found[choice.key] = min(found.get(choice.key, choice.inline), choice.inline)
    return found
