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
    everybody = _people(effects)
    for code in sorted(by_code, key=lambda code: ([_rank(rule, kind) for kind in code[0]], code[1])):
        members = by_code[code]
        examples = _examples(members, effects, told, context)
        quoted = [draft for effect in members for draft in _quoted(rule, effect, context)]
        whole = len(by_code) == 1 and not code[1]
        if _needs_lead(members, bool(examples or quoted), examples, everybody) and not whole:
            yield _united(rule, code, members, context)
        for example in examples:
            yield _example(rule, code, example, context)
        yield from quoted


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
    unnamed = {effect.sheet.respondent for effect in effects if not effect.sheet.named}
    return list(named.values()), len(unnamed)


def _kinds_said(rule: GroupRule, kinds: Sequence[str]) -> str:
    return prose.listed([rule.kinds[kind] for kind in kinds])


def _lead(rule: GroupRule, effects: list[Effect], context: Context) -> Iterator[Draft]:
    kinds = sorted({kind for effect in effects for kind in effect.kinds}, key=lambda kind: _rank(rule, kind))
    named, unnamed = _people(effects)
    people = context.speech.who(named, unnamed)
    part = share(named, unnamed, context, rule.role)
    own = context.speech.own
    slots = {
        "subject": prose.SUBJECT,
        "its": prose.ITS,
        "kinds": _kinds_said(rule, kinds),
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


def _needs_lead(
    members: list[Effect], told: bool, examples: list[Example], everybody: tuple[list[Sheet], int]
) -> bool:
    """Whether a group says something that its examples and the lead over all do not."""
    named, unnamed = _people(members)
    if len(named) + unnamed > 1:
        everyone_in_one = (
            len(examples) == 1
            and not unnamed
            and {effect.sheet.respondent for effect in examples[0].effects}
            >= {sheet.respondent for sheet in named}
        )
        return not everyone_in_one
    return not told and len(everybody[0]) + everybody[1] > 1


def _united(
    rule: GroupRule, code: tuple[tuple[str, ...], str], members: list[Effect], context: Context
) -> Draft:
    named, unnamed = _people(members)
    people = context.speech.who(named, unnamed)
    theme = f" in the area of {code[1]}" if code[1] else ""
    slots = {
        "subject": prose.SUBJECT,
        "its": prose.ITS,
        "kinds": _kinds_said(rule, code[0]),
        "theme": theme,
        "who": people.text,
    }
    ways = tuple(prose.fill(say, slots, people.number) for say in rule.together)
    items = tuple(item for effect in members for item in effect.coded)
    return Draft(rule.key, "+".join(code[0]) + "/" + code[1], ways, items, rule.label)


def _examples(
    members: list[Effect], effects: list[Effect], told: set[str | None], context: Context
) -> list[Example]:
    """Return the examples of a group that were not told before; the same words of others come with them."""
    keys = {_example_key(effect, context) for effect in members} - told - {None}
    told |= keys
    found = []
    for key in keys:
        same = tuple(effect for effect in effects if _example_key(effect, context) == key)
        speakers = {context.speech.place(effect.sheet.respondent) for effect in same}
        found.append(Example(min(_example_text(effect, speakers, context) or "" for effect in same), same))
    return sorted(
        found, key=lambda example: (_speaker_order(example, context), len(example.text), example.text)
    )


def _speaker_order(example: Example, context: Context) -> list[tuple[str, str]]:
    return [prose.order(context.speech.place(effect.sheet.respondent)) for effect in example.effects]


def _example_key(effect: Effect, context: Context) -> str | None:
    """Return what makes two examples the same: their words, their year, and who did it together."""
    text = _example_text(effect, set(), context)
    if text is None:
        return None
    partners = effect.record.get("with")
    together = {*partners.codes, effect.sheet.respondent} if partners and partners.codes else set()
    bare = context.speech.phrase(effect.record["example"], "noun") or text
    year = effect.record.get("year")
    return "\x1f".join([bare.casefold(), str(year.value) if year else "", *sorted(together)])


def _example_text(effect: Effect, speakers: set[str], context: Context) -> str | None:
    """Return the example with its partners (those who speak left out) and year, if it fits after "contributed
    to".
    """
    item = effect.record.get("example")
    text = context.speech.phrase(item, "noun") if item and effect.sheet.named else None
    if text is None:
        return None
    partners = effect.record.get("with")
    places = [place for place in context.speech.places(partners) if place not in speakers] if partners else []
    missing = [place for place in places if place.removeprefix("the ") not in text]
    if missing:
        text += " with " + prose.listed(missing)
    year = effect.record.get("year")
    return f"{text} ({year.value})" if year and str(year.value) not in text else text


def _cited(effect: Effect) -> tuple[Item, ...]:
    return tuple(
        effect.record[name] for name in ("example", "kinds", "with", "year") if name in effect.record
    )


def _example(rule: GroupRule, code: tuple[tuple[str, ...], str], example: Example, context: Context) -> Draft:
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
    if not effect.sheet.named or _example_text(effect, set(), context) is not None:
        return
    item = effect.record.get("example")
    words = context.quote(item) if item else None
    who = context.speech.place(effect.sheet.respondent)
    slots = {
        "subject": prose.SUBJECT,
        "its": prose.ITS,
        "who": who,
        "speaker": who,
        "kinds": _kinds_said(rule, effect.kinds),
    }
    key = "+".join(effect.kinds) + "/" + effect.sheet.respondent
    if item and words:
        ways = tuple(prose.fill(say, {**slots, "quote": words}) for say in rule.quoted)
        yield Draft(f"{rule.key}.quoted", key, ways, (item, effect.record["kinds"]), rule.label)
        return
    partners = effect.record.get("with")
    places = context.speech.places(partners) if partners else []
    if partners and places:
        ways = tuple(prose.fill(say, {**slots, "with": prose.listed(places)}) for say in rule.bare)
        named = tuple((code, effect.sheet.respondent) for code in partners.codes)
        yield Draft(f"{rule.key}.bare", key, ways, (effect.record["kinds"], partners), rule.label, named)
