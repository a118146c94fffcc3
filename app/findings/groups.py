"""The rule `group`: States united by coded effect, each one's own example following with its own citation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.findings import prose
from app.findings.drafts import Context, Draft
from app.findings.evidence import Item
from app.findings.ledger import Record, Sheet
from app.findings.plan import GroupRule
from app.findings.speech import keys_of
from app.findings.tallies import share

OTHER = "other"


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect that one respondent reported."""

    sheet: Sheet
    kinds: tuple[str, ...]
    theme: str
    record: Record
    """Its answers by field: kinds, theme, example, with, year."""

    @property
    def coded(self) -> tuple[Item, ...]:
        """The answers by which it is united with others."""
        return tuple(self.record[name] for name in ("kinds", "theme") if name in self.record)


@dataclass(frozen=True, slots=True)
class Example:
    """One example, said once, with all who gave it in the same words."""

    text: str
    effects: tuple[Effect, ...]


def groups(rule: GroupRule, context: Context) -> Iterator[Draft]:
    """The lead over all effects, then each group of the same kinds and theme, then its examples."""
    effects = _effects(rule, context)
    if not effects:
        return
    yield from _lead(rule, effects, context)
    by_code: dict[tuple[tuple[str, ...], str], list[Effect]] = {}
    for effect in effects:
        by_code.setdefault((effect.kinds, effect.theme), []).append(effect)
    told: set[str | None] = set()
    for code in sorted(by_code, key=lambda code: ([_rank(rule, kind) for kind in code[0]], code[1])):
        members = by_code[code]
        for example in _examples(rule, members, effects, told, context):
            yield _example(rule, code, example, context)
        quoted = [(effect, draft) for effect in members for draft in _quoted(rule, effect, context)]
        yield from (draft for _, draft in quoted)
        heard = {effect.sheet.respondent for effect, _ in quoted}
        heard |= {e.sheet.respondent for e in members if _example_key(rule, e, context) is not None}
        silent = [effect for effect in members if effect.sheet.respondent not in heard]
        alone = len(by_code) == 1 and not code[1] and not heard
        if silent and not alone and len(_people(effects)[0]) + _people(effects)[1] > 1:
            yield _united(rule, code, silent, bool(heard), context)


def _effects(rule: GroupRule, context: Context) -> list[Effect]:
    found = []
    for sheet in (*context.ledger.named(rule.role), *context.ledger.unnamed(rule.role)):
        for record in sheet.records.get(rule.over, ()):
            kinds = _kinds(rule, record)
            chosen = set(keys_of(record["kinds"])) if "kinds" in record else set()
            if not kinds or (rule.only and not chosen <= set(rule.only)):
                continue
            if rule.leave_out and chosen <= set(rule.leave_out):
                continue
            theme = _theme(record, context)
            found.append(Effect(sheet, kinds, theme, record))
    return found


def _kinds(rule: GroupRule, record: Record) -> tuple[str, ...]:
    item = record.get("kinds")
    chosen = keys_of(item) if item else ()
    return tuple(sorted({key for key in chosen if key in rule.kinds}, key=lambda key: _rank(rule, key)))


def _rank(rule: GroupRule, kind: str) -> int:
    return list(rule.kinds).index(kind)


def _theme(record: Record, context: Context) -> str:
    item = record.get("theme")
    if item is None or any(choice.other for choice in item.chosen):
        return ""
    return prose.listed(context.speech.options(item))


def _people(effects: Sequence[Effect]) -> tuple[list[Sheet], int]:
    """Return the named respondents in order, and how many unnamed ones there are."""
    named = {effect.sheet.respondent: effect.sheet for effect in effects if effect.sheet.named}
    unnamed = {effect.sheet.respondent for effect in effects if not effect.sheet.named} - named.keys()
    return list(named.values()), len(unnamed)


def _kinds_said(rule: GroupRule, effects: Sequence[Effect], context: Context) -> str:
    """Return the kinds of these effects; "other" in the words specified, as far as they may be said."""
    said: dict[str, None] = {}
    for kind in sorted({kind for effect in effects for kind in effect.kinds}, key=lambda k: _rank(rule, k)):
        own = [_specified(effect, context) for effect in effects if kind in effect.kinds]
        if kind != OTHER or not all(own):
            said[rule.kinds[kind]] = None
        if kind == OTHER:
            said |= dict.fromkeys(sorted(words for words in own if words))
    return prose.listed(list(said))


def _specified(effect: Effect, context: Context) -> str | None:
    """Return the words for an effect of another kind, where its respondent is named and they fit."""
    item = effect.record["kinds"]
    typed = context.speech.own_words(item) if item.words and effect.sheet.named else None
    return context.speech.fit(typed, "noun") if typed else None


def _in_area(theme: str) -> str:
    return f" in the area of {theme}" if theme else ""


def _lead(rule: GroupRule, effects: list[Effect], context: Context) -> Iterator[Draft]:
    named, unnamed = _people(effects)
    people = context.speech.who(named, unnamed)
    part = share(named, unnamed, context, rule.role)
    own = context.speech.own
    slots = {
        "subject": prose.SUBJECT,
        "its": prose.ITS,
        "kinds": _kinds_said(rule, effects, context),
        "who": people.text,
        "focal_points": own.focal_point if people.number == 1 else own.focal_points,
    }
    if part:
        slots["share"] = part
    case = next((c for c in rule.lead if all(prose.slots_of(say) <= slots.keys() for say in c.say)), None)
    if case:
        ways = tuple(prose.fill(say, slots, people.number) for say in case.say)
        items = tuple(effect.record["kinds"] for effect in effects)
        yield Draft(rule.key, "lead", ways, items, rule.label)


def _united(
    rule: GroupRule, code: tuple[tuple[str, ...], str], members: list[Effect], more: bool, context: Context
) -> Draft:
    """Those of a group of whom nothing else is said; `more`: others of the group were heard before."""
    named, unnamed = _people(members)
    people = context.speech.who(named, unnamed, more)
    slots = {
        "subject": prose.SUBJECT,
        "its": prose.ITS,
        "kinds": _kinds_said(rule, members, context),
        "theme": _in_area(code[1]),
        "who": people.text,
    }
    ways = tuple(prose.fill(say, slots, people.number) for say in (rule.further if more else rule.together))
    items = tuple(item for effect in members for item in effect.coded)
    return Draft(rule.key, "+".join(code[0]) + "/" + code[1], ways, items, rule.label)


def _examples(
    rule: GroupRule, members: list[Effect], effects: list[Effect], told: set[str | None], context: Context
) -> list[Example]:
    """Return the examples of a group that were not told before; the same words of others come with them."""
    keys = {_example_key(rule, effect, context) for effect in members} - told - {None}
    told |= keys
    found = []
    for key in keys:
        same = tuple(effect for effect in effects if _example_key(rule, effect, context) == key)
        speakers = {context.speech.place(effect.sheet.respondent) for effect in same}
        texts = [_example_text(rule, effect, speakers, context) or "" for effect in same]
        found.append(Example(min(texts), same))
    return sorted(
        found, key=lambda example: (_speaker_order(example, context), len(example.text), example.text)
    )


def _speaker_order(example: Example, context: Context) -> list[tuple[str, str]]:
    return [prose.order(context.speech.place(effect.sheet.respondent)) for effect in example.effects]


def _example_key(rule: GroupRule, effect: Effect, context: Context) -> str | None:
    """Return what makes two examples the same: their words, their year, and who did it together."""
    bare = _words(rule, effect, context)
    if bare is None:
        return None
    partners = effect.record.get("with")
    together = {*partners.codes, effect.sheet.respondent} if partners and partners.codes else set()
    year = effect.record.get("year")
    return "\x1f".join([bare.casefold(), str(year.value) if year else "", *sorted(together)])


def _words(rule: GroupRule, effect: Effect, context: Context) -> str | None:
    """Return the example as it was typed, if it fits after "contributed to"."""
    item = effect.record.get("example")
    return context.speech.phrase(item, "noun", "", rule.echo) if item and effect.sheet.named else None


def _example_text(rule: GroupRule, effect: Effect, speakers: set[str], context: Context) -> str | None:
    """Return the example with its partners (those who speak left out) and year, if it fits."""
    text = _words(rule, effect, context)
    if text is None:
        return None
    missing = _partners_missing(effect, text, speakers, context)
    if missing:
        text += " with " + prose.listed(missing)
    year = _year_missing(effect, text)
    return f"{text} ({year})" if year else text


def _partners_missing(effect: Effect, text: str, speakers: set[str], context: Context) -> list[str]:
    """Return the States that took part and that the text does not name."""
    partners = effect.record.get("with")
    places = context.speech.places(partners) if partners else []
    return [place for place in places if place not in speakers and place.removeprefix("the ") not in text]


def _year_missing(effect: Effect, text: str) -> str:
    year = effect.record.get("year")
    return str(year.value) if year and str(year.value) not in text else ""


def _cited(effect: Effect) -> tuple[Item, ...]:
    return tuple(
        effect.record[name] for name in ("example", "kinds", "with", "year") if name in effect.record
    )


def _example(rule: GroupRule, code: tuple[tuple[str, ...], str], example: Example, context: Context) -> Draft:
    context.told_before(rule.label, _words(rule, example.effects[0], context) or "")
    named, _ = _people(example.effects)
    people = context.speech.who(named)
    slots = {"subject": prose.SUBJECT, "its": prose.ITS, "who": people.text, "example": example.text}
    ways = tuple(prose.fill(say, slots, people.number) for say in rule.example)
    items = tuple(item for effect in example.effects for item in _cited(effect))
    partners = tuple(
        (other, effect.sheet.respondent)
        for effect in example.effects
        if "with" in effect.record
        for other in effect.record["with"].codes
    )
    key = "+".join(code[0]) + "/" + "+".join(sheet.respondent for sheet in named)
    return Draft(f"{rule.key}.example", key, ways, items, rule.label, partners)


def _quoted(rule: GroupRule, effect: Effect, context: Context) -> Iterator[Draft]:
    """An example that does not fit stands in quotation marks; where there is none, its partners are still
    said.
    """
    if not effect.sheet.named or _words(rule, effect, context) is not None:
        return
    item = effect.record.get("example")
    words = context.quote(item) if item else None
    who = context.speech.place(effect.sheet.respondent)
    slots = {
        "subject": prose.SUBJECT,
        "its": prose.ITS,
        "who": who,
        "speaker": who,
        "kinds": _kinds_said(rule, [effect], context),
        "theme": _in_area(effect.theme),
    }
    key = "+".join(effect.kinds) + "/" + effect.sheet.respondent
    partners = effect.record.get("with")
    named = tuple((code, effect.sheet.respondent) for code in (partners.codes if partners else ()))
    places = _partners_missing(effect, words or "", set(), context)
    year = _year_missing(effect, words or "")
    if item and words:
        beside = ", ".join(part for part in (f"with {prose.listed(places)}" if places else "", year) if part)
        said = f"{words} ({beside})" if beside else words
        ways = tuple(prose.fill(say, {**slots, "quote": said}) for say in rule.quoted)
        yield Draft(f"{rule.key}.quoted", key, ways, _cited(effect), rule.label, named)
    elif places:
        after = f"{slots['theme']} ({year})" if year else slots["theme"]
        slots |= {"with": prose.listed(places), "theme": after}
        ways = tuple(prose.fill(say, slots) for say in rule.bare)
        items = tuple(i for name, i in effect.record.items() if name in ("kinds", "theme", "with", "year"))
        yield Draft(f"{rule.key}.bare", key, ways, items, rule.label, named)
