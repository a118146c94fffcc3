"""The evidence laid out: who said what, sorted so that the order in which it came does not matter.

Attribution is obeyed here once, for all rules: what is background or not for publication never gets in; an
unnamed
answer gets in only where at least three could have given it, and only as far as it is coded.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.findings import prose
from app.findings.evidence import FREE, Evidence, Item, Role
from app.findings.naming import StateNames
from app.findings.sifting import sifted
from app.policy import Attribution

FEWEST = 3
"""An unnamed answer needs at least this many who could have given it; smaller numbers are not printed."""
CODED = frozenset({"yes_no", "choice", "choices"})
NONE = "none"
ASKED_FOR_CONTACT = "about."
"""Concepts of the contact person: never evidence."""

Record = Mapping[str, Item]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one respondent said, by concept."""

    role: Role
    respondent: str
    named: bool
    single: Mapping[str, Item] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Item]] = field(default_factory=dict)
    records: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)

    def answered(self, concept: str) -> bool:
        """Whether anything was said about the concept."""
        return concept in self.single or concept in self.rows or concept in self.records

    @property
    def items(self) -> Iterable[Item]:
        """Every answer."""
        yield from self.single.values()
        for cells in self.rows.values():
            yield from cells.values()
        for records in self.records.values():
            for record in records:
                yield from record.values()


def content(item: Item) -> str:
    """Return an answer's value as text that sorts and compares."""
    return json.dumps(item.value, sort_keys=True, ensure_ascii=False)


def is_answer(item: Item) -> bool:
    """Whether anything was answered at all."""
    return item.value not in (None, "", [], {}) and not item.concept.startswith(ASKED_FOR_CONTACT)


class Ledger:
    """The evidence of one summary, by respondent."""

    def __init__(
        self, evidence: Evidence, states: StateNames, called: frozenset[tuple[str, str]] = frozenset()
    ) -> None:
        """`called`: the concepts and fields that ask for a name, a title or an office."""
        self.setting = evidence.setting
        self._states = states
        self._called = called
        self.hidden: list[tuple[Item, str]] = []
        answers = [item for item in evidence.items if is_answer(item)]
        self._named_on = _named_on(answers)
        standing = (self._kept(item) for item in answers if self._may_stand(item))
        self.open: tuple[Item, ...] = tuple(item for item in standing if item is not None)
        self._named = {role: self._sheets(role, named=True) for role in Role}
        self._unnamed = {role: self._sheets(role, named=False) for role in Role}

    def named(self, role: str) -> tuple[Sheet, ...]:
        """Return the sheets of those who may be named, in the order of their names."""
        return self._named[Role(role)]

    def unnamed(self, role: str) -> tuple[Sheet, ...]:
        """Return the unnamed sheets, coded answers only; their order is by what they say."""
        return self._unnamed[Role(role)]

    def respondents(self, role: str) -> frozenset[str]:
        """Return the codes of all who said anything that may be published. Never printed as such."""
        return frozenset(item.respondent for item in self.open if item.role == role and item.respondent)

    def is_unnamed(self, role: str, respondents: Iterable[str]) -> bool:
        """Whether any of these respondents has given an unnamed answer."""
        codes = set(respondents)
        return any(
            i.attribution is Attribution.UNNAMED and i.respondent in codes and i.role == role
            for i in self.open
        )

    def _may_stand(self, item: Item) -> bool:
        if item.attribution is Attribution.BY_NAME:
            return True
        if item.attribution is not Attribution.UNNAMED:
            why = "background" if item.attribution is Attribution.BACKGROUND else "not for publication"
            self.hidden.append((item, why))
            return False
        if item.role not in (Role.STATE, Role.IGO):
            self.hidden.append((item, "a single mechanism cannot be unnamed"))
            return False
        asked = self.setting.pool if item.role is Role.STATE else self.setting.igos_asked
        if len(asked - self._named_on.get((item.role, item.concept), frozenset())) < FEWEST:
            self.hidden.append((item, "unnamed, and fewer than three could have given it"))
            return False
        return True

    def _kept(self, item: Item) -> Item | None:
        """Return what of an answer may enter a text; the rest is kept for staff, with the reason."""
        called = (item.concept, item.field) in self._called
        kept, why = sifted(item, self.setting, self._states, called)
        if why is not None:
            self.hidden.append((item, why))
        return kept

    def _sheets(self, role: Role, named: bool) -> tuple[Sheet, ...]:
        by_respondent: dict[str, list[Item]] = {}
        for item in self.open:
            if item.role is role and (item.attribution is Attribution.BY_NAME) == named:
                by_respondent.setdefault(item.respondent or "", []).append(item)
        if not named:
            by_respondent = {code: _coded_only(items) for code, items in by_respondent.items()}
        sheets = [_sheet(role, code, items, named) for code, items in by_respondent.items() if items]
        return tuple(sorted(sheets, key=self._place if named else _by_content))

    def _place(self, sheet: Sheet) -> tuple[tuple[str, str], str]:
        known = self.setting.names.get(sheet.respondent)
        return (prose.order(known.name if known else sheet.respondent), sheet.respondent)


def _named_on(items: Iterable[Item]) -> dict[tuple[Role, str], frozenset[str]]:
    """Who answered on each concept by name: none of them can be the unnamed one."""
    found: dict[tuple[Role, str], set[str]] = {}
    for item in items:
        if item.attribution is Attribution.BY_NAME and item.respondent:
            found.setdefault((item.role, item.concept), set()).add(item.respondent)
    return {key: frozenset(codes) for key, codes in found.items()}


def _coded_only(items: Iterable[Item]) -> list[Item]:
    """Keep what can be said without anybody's own words, and nothing that names a partner."""
    return [item for item in items if item.kind in CODED or (item.kind == "records" and item.value == NONE)]


def _by_content(sheet: Sheet) -> str:
    return json.dumps(sorted((item.concept, item.field, item.item, content(item)) for item in sheet.items))


def _sheet(role: Role, respondent: str, items: list[Item], named: bool) -> Sheet:
    single: dict[str, Item] = {}
    rows: dict[str, dict[str, Item]] = {}
    records: dict[tuple[str, str], dict[str, Item]] = {}
    for item in sorted(
        items, key=lambda i: (i.concept, i.question_key, i.instance or "", i.field, i.item, content(i))
    ):
        if item.instance is not None and item.field:
            records.setdefault((item.concept, item.instance), {})[item.field] = item
        elif item.item:
            rows.setdefault(item.concept, {})[item.item] = item
        else:
            single[item.concept] = item
    by_concept: dict[str, list[Record]] = {}
    for (concept, _), record in sorted(records.items(), key=lambda pair: _record_order(pair[1])):
        by_concept.setdefault(concept, []).append(record)
    return Sheet(
        role, respondent, named, single, rows, {key: tuple(found) for key, found in by_concept.items()}
    )


def _record_order(record: Record) -> tuple[int, str]:
    """Sort records by what they say, the shorter first: the order of typing has no meaning for a reader."""
    words = sum(len(content(item)) for item in record.values() if item.kind in FREE)
    return (
        words,
        json.dumps(sorted((key, content(item)) for key, item in record.items()), ensure_ascii=False),
    )
