"""Rules that speak for one respondent at a time: `fact`, `list` and `quote`."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.findings import prose
from app.findings.drafts import Context, Draft
from app.findings.evidence import FREE, Item, Role
from app.findings.ledger import NONE, Record, Sheet
from app.findings.plan import GIVEN, MISSING, SELF, Case, FactRule, Items, ListRule, Match, QuoteRule, Slot
from app.findings.speech import keys_of
from app.findings.words import REFLEXIVES


@dataclass(frozen=True, slots=True)
class Unfit:
    """An answer that does not fit its place and is quoted, with what is said in brackets after it."""

    slot: Slot
    item: Item
    beside: str = ""
    items: tuple[Item, ...] = ()


@dataclass
class Filled:
    """The slots of one sentence: the words that fit, the answers behind them, and what did not fit."""

    words: dict[str, str] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    unfit: list[Unfit] = field(default_factory=list)
    implied: dict[str, str] = field(default_factory=dict)
    """Slots that another one names already, with that other one: cited with it, not said twice."""
    number: int = 1
    """Whether the verb is in the singular (1) or the plural."""

    def holds(self, when: Match) -> bool:
        """Whether a case's conditions hold."""
        return all(self._one(name, wanted) for name, wanted in when.items())

    def _one(self, name: str, wanted: str | tuple[str, ...]) -> bool:
        if wanted == GIVEN:
            return name in self.words
        if wanted == MISSING:
            return name not in self.words
        if wanted == SELF:
            return self.words.get(name) in REFLEXIVES
        if name == "items":
            return self.words.get("items:number") in ((wanted,) if isinstance(wanted, str) else wanted)
        item = self.items.get(name)
        chosen = keys_of(item) if item else ()
        return any(key in ((wanted,) if isinstance(wanted, str) else wanted) for key in chosen)


def facts(rule: FactRule, context: Context) -> Iterator[Draft]:
    """One sentence for each respondent, or for each of its records."""
    for sheet in context.ledger.named(rule.role):
        if rule.over is None:
            filled = fill_slots(rule.slots, sheet, None, context)
            if not (rule.unless and filled.holds(rule.unless)):
                yield from _said(rule, rule.cases, filled, sheet, context)
            continue
        for record in sheet.records.get(rule.over, ()):
            filled = fill_slots(rule.slots, sheet, record, context)
            if filled.holds(rule.where) and not (rule.unless and filled.holds(rule.unless)):
                yield from _said(rule, _cases(rule, filled, context), filled, sheet, context)


def _cases(rule: FactRule, filled: Filled, context: Context) -> tuple[Case, ...]:
    """Return the rule's sentences, or those for what another said before in the same words."""
    words = filled.words.get(rule.once or "")
    if words is None or not rule.again:
        return rule.cases
    return rule.again if context.told_before(rule.label, words) else rule.cases


def lists(rule: ListRule, context: Context) -> Iterator[Draft]:
    """One sentence for each respondent that lists its answers; a long list takes several."""
    for sheet in context.ledger.named(rule.role):
        filled = fill_slots(rule.slots, sheet, None, context)
        if rule.unless and filled.holds(rule.unless):
            continue
        entries, unfit = _entries(rule.items, sheet, context)
        for place in range(0, len(entries), rule.items.at_most):
            part = entries[place : place + rule.items.at_most]
            yield from _listed(rule, part, place == 0, filled, sheet, context)
        yield from _unfit(rule.key, rule.label, unfit, sheet, context)


def _listed(
    rule: ListRule, part: list["Entry"], first: bool, filled: Filled, sheet: Sheet, context: Context
) -> Iterator[Draft]:
    here = Filled(dict(filled.words), dict(filled.items))
    here.words["items"] = prose.listed([entry.text for entry in part])
    here.words["items:number"] = "one" if len(part) == 1 else "many"
    cases = rule.cases if first or not rule.items.more else (Case(say=rule.items.more),)
    own = tuple(item for entry in part for item in entry.items)
    named = tuple(name for entry in part for name in entry.named)
    yield from _said(rule, cases, here, sheet, context, own, named, len(part))


def quotes(rule: QuoteRule, context: Context) -> Iterator[Draft]:
    """The words of each respondent who is named."""
    for sheet in context.ledger.named(rule.role):
        item = sheet.single.get(rule.of)
        words = context.quote(item) if item and item.kind in FREE else None
        if item and words:
            slots = {**common(context, sheet), "quote": words}
            yield Draft(rule.key, sheet.respondent, _ways(rule.say, slots), (item,), rule.label)


def fill_slots(slots: Mapping[str, Slot], sheet: Sheet, record: Record | None, context: Context) -> Filled:
    """Return the slots filled from a respondent's answers and, if given, one record."""
    filled = Filled()
    for name, slot in slots.items():
        item = (
            record.get(slot.field or name)
            if slot.concept is None and record
            else sheet.single.get(slot.concept or "")
        )
        if item is None:
            continue
        filled.items[name] = item
        before = filled.words.get(slot.before or "", "")
        words = context.speech.phrase(item, slot.form, before, slot.echo)
        if words and slot.counts:
            filled.number = 2 if prose.plural(words) or re.search(r"\band\b", words) else 1
        if words and slot.unit:
            words = _with_unit(words, slot.unit)
        if words and slot.unless_in and _named_already(item, words, filled.words.get(slot.unless_in, "")):
            filled.implied[name] = slot.unless_in
        elif words:
            filled.words[name] = words
            if slot.form == "sentence":
                filled.words[f"{name}_inside"] = context.speech.inside(words)
                if context.speech.states_in(words) - {sheet.respondent}:
                    del filled.words[name]
        elif slot.about and (item.kind in FREE or item.words):
            filled.unfit.append(Unfit(slot, item))
    for name, slot in slots.items():
        _bracketed(filled, name, slot)
    filled.unfit = [_beside(unfit, filled) for unfit in filled.unfit]
    return filled


def _beside(unfit: Unfit, filled: Filled) -> Unfit:
    """Return what has to be quoted with what stands in brackets after it: where it was, and when."""
    given = {name: filled.items[name] for name in unfit.slot.beside if name in filled.words}
    said = {
        name: f"in {filled.words[name]}" if item.kind == "reference" else filled.words[name]
        for name, item in given.items()
        if filled.words[name] not in str(unfit.item.value)
    }
    items = tuple(given[name] for name in said)
    return Unfit(unfit.slot, unfit.item, f" ({', '.join(said.values())})" if said else "", items)


def _bracketed(filled: Filled, name: str, slot: Slot) -> None:
    """Put what belongs in brackets after a slot's words: "(EaPPMA, 2011–2017)"."""
    given = {other: filled.words[other] for other in slot.brackets if other in filled.words}
    if name not in filled.words or not given:
        return
    span = prose.years(given.get("from"), given.get("to"))
    parts = [words for other, words in given.items() if other not in ("from", "to")] + (
        [span] if span else []
    )
    filled.words[name] += f" ({', '.join(parts)})"
    filled.implied |= dict.fromkeys(given, name)


def _with_unit(number: str, unit: str) -> str | None:
    """Return "1 year", "2 years"; of nothing, nothing."""
    one, _, many = unit.partition("|")
    return None if number in ("0", "") else f"{number} {one if number == '1' else many}"


def _named_already(item: Item, words: str, other: str) -> bool:
    """Whether one slot's words or codes stand in another's: "EU" in "an EU-funded project"."""
    names = [words.removeprefix("the "), *item.codes]
    return all(re.search(rf"\b{re.escape(name)}\b", other) for name in names[1:] or names)


def common(context: Context, sheet: Sheet) -> dict[str, str]:
    """Return the slots that every sentence has."""
    own = context.speech.own
    return {
        "subject": prose.SUBJECT,
        "its": prose.ITS,
        "short_name": context.speech.short_name,
        "speaker": context.speech.speaker(sheet),
        "chair": own.chair,
        "member": own.member,
        "members": own.members,
        "focal_points": own.focal_points,
    }


def _said(
    rule: FactRule | ListRule,
    cases: tuple[Case, ...],
    filled: Filled,
    sheet: Sheet,
    context: Context,
    own: tuple[Item, ...] = (),
    named: tuple[tuple[str, str], ...] = (),
    number: int = 1,
) -> Iterator[Draft]:
    """The first case that holds and whose slots are all there, then what did not fit, quoted."""
    slots = {**common(context, sheet), **filled.words}
    case = next((c for c in cases if filled.holds(c.when) and _complete(c, slots)), None)
    if case is not None:
        used = set(getattr(rule, "where", {}))
        used |= {name.removesuffix("_inside") for say in case.say for name in prose.slots_of(say)} | {
            n for n, w in case.when.items() if w != MISSING
        }
        before = {s.before for name, s in rule.slots.items() if name in used and s.before}
        used |= before | {name for name, other in filled.implied.items() if other in used}
        items = own + tuple(filled.items[name] for name in sorted(used) if name in filled.items)
        if items:
            names = named + _named_in(items, sheet)
            ways = _ways(case.say, slots, max(number, filled.number))
            yield Draft(rule.key, sheet.respondent, ways, items, rule.label, names)
    yield from _unfit(rule.key, rule.label, filled.unfit, sheet, context)


def _complete(case: Case, slots: Mapping[str, str]) -> bool:
    return all(prose.slots_of(say) <= slots.keys() for say in case.say)


def _ways(say: tuple[str, ...], slots: Mapping[str, str], number: int = 1) -> tuple[str, ...]:
    return tuple(prose.fill(sentence, slots, number) for sentence in say)


def _named_in(items: tuple[Item, ...], sheet: Sheet) -> tuple[tuple[str, str], ...]:
    return tuple(
        (code, sheet.respondent) for item in items if item.kind == "reference" for code in item.codes
    )


def _unfit(
    key: str, label: str | None, unfit: list[Unfit], sheet: Sheet, context: Context
) -> Iterator[Draft]:
    for each in unfit:
        words = context.quote(each.item)
        if words and each.slot.about:
            about = prose.fill(each.slot.about, common(context, sheet))
            slots = {**common(context, sheet), "about": about, "quote": words + each.beside}
            place = f"{sheet.respondent}/{each.slot.field or each.slot.concept}"
            items = (each.item, *each.items)
            ways = _ways(context.plan.quoted, slots)
            yield Draft(key, place, ways, items, label, _named_in(items, sheet))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, with the answers it rests on."""

    text: str
    items: tuple[Item, ...]
    named: tuple[tuple[str, str], ...] = ()
    first: tuple[str, str] = ("", "")
    """By what it is sorted before all else."""


def _entries(spec: Items, sheet: Sheet, context: Context) -> tuple[list[Entry], list[Unfit]]:
    if spec.answer is not None:
        return _chosen(spec, sheet, context)
    entries: list[Entry] = []
    unfit: list[Unfit] = []
    for record in sheet.records.get(spec.over or "", ()):
        filled = fill_slots(spec.slots, sheet, record, context)
        if not filled.holds(spec.where):
            continue
        unfit += filled.unfit
        slots = {**common(context, sheet), **filled.words}
        case = next((c for c in spec.each if filled.holds(c.when) and _complete(c, slots)), None)
        if case is None:
            continue
        used = set(prose.slots_of(case.say[0])) | set(case.when) | set(spec.where)
        used |= {s.before for name, s in spec.slots.items() if name in used and s.before}
        used |= {name for name, other in filled.implied.items() if other in used}
        items = tuple(filled.items[name] for name in sorted(used) if name in filled.items)
        if items:
            first = prose.order(filled.words.get(spec.by or "", "")) if spec.by else ("", "")
            entries.append(Entry(_ways(case.say, slots)[0], items, _named_in(items, sheet), first))
    return sorted(entries, key=lambda entry: entry.first), unfit


def _chosen(spec: Items, sheet: Sheet, context: Context) -> tuple[list[Entry], list[Unfit]]:
    """The options chosen in one answer, each with its detail from a matrix."""
    item = sheet.single.get(spec.answer or "")
    if item is None or item.value == NONE:
        return [], []
    if item.kind == "reference":
        places = context.speech.places(item)
        named = tuple((code, sheet.respondent) for code in item.codes)
        return [Entry(text, (item,), named if not n else ()) for n, text in enumerate(places)], []
    entries: list[Entry] = []
    unfit: list[Unfit] = []
    details = sheet.rows.get(spec.detail or "", {})
    for choice in item.chosen:
        text = context.speech.option(item, choice)
        if text is None or choice.key in spec.leave_out:
            continue
        detail = details.get(choice.key)
        words = context.speech.phrase(detail, "any") if detail else None
        if detail and words and "(" not in words:
            entries.append(Entry(f"{text} ({words})", (item, detail)))
            continue
        entries.append(Entry(text, (item,)))
        if detail and spec.about:
            about = spec.about.replace("{option}", text)
            unfit.append(Unfit(Slot(concept=spec.detail, about=about), detail))
    return sorted(entries, key=lambda entry: prose.order(entry.text)), unfit


def is_silent(role: str, context: Context) -> bool:
    """Whether nobody of that role may be named."""
    return not context.ledger.named(Role(role))
