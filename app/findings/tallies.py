"""Rules that count: `tally`. Respondents are named where they may be, counted and paraphrased where they may
not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.findings import prose
from app.findings.drafts import Context, Draft
from app.findings.evidence import Item, Role
from app.findings.ledger import FEWEST, NONE, Sheet
from app.findings.plan import TallyRule
from app.findings.speech import Who, keys_of, labels
from app.policy import Attribution

_WHOSE = {
    Role.STATE: ("member", "members"),
    Role.IGO: ("organization", "organizations"),
    Role.ISCM: ("mechanism", "mechanisms"),
}


@dataclass
class Option:
    """Who gave one answer."""

    key: str
    words: str
    named: list[Sheet] = field(default_factory=list)
    unnamed: int = 0
    items: list[Item] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many gave it."""
        return len(self.named) + self.unnamed


def tallies(rule: TallyRule, context: Context) -> Iterator[Draft]:
    """One sentence for all options together, or one for each."""
    if rule.also:
        yield from _who_answered(rule, context)
        return
    found = options(rule, context)
    if rule.apart:
        yield from _apart(rule, found, context)
        return
    if not found:
        return
    worth = len(found) > 1 or rule.together is not None
    if (
        rule.same is not None
        and worth
        and len({(*(s.respondent for s in o.named), o.unnamed) for o in found}) == 1
    ):
        yield _same(rule, found, context)
        return
    if rule.together is not None:
        clauses = [f"{option.words} ({who(context, rule.role, option).text})" for option in found]
        slots = {**_common(context), "clauses": _clauses(clauses)}
        ways = tuple(prose.fill(say, slots, len(found)) for say in rule.together)
        items = tuple(item for option in found for item in option.items)
        yield Draft(rule.key, "all", ways, items, rule.label, _named(found))
        return
    for option in found:
        say = rule.options.get(option.key, rule.each or ())
        speakers = who(context, rule.role, option)
        slots = {**_common(context), "who": speakers.text, "option": option.words}
        ways = tuple(prose.fill(sentence, slots, speakers.number) for sentence in say)
        if ways:
            yield Draft(rule.key, option.key, ways, tuple(option.items), rule.label, _named([option]))


def _common(context: Context) -> dict[str, str]:
    own = context.speech.own
    return {"subject": prose.SUBJECT, "its": prose.ITS, "members": own.members, "member": own.member}


def _apart(rule: TallyRule, found: list[Option], context: Context) -> Iterator[Draft]:
    """One sentence for each respondent who is named, then one for each answer of those who are not."""
    for sheet in context.ledger.named(rule.role):
        own = [
            Option(option.key, option.words, [sheet], 0, [sheet.single[rule.of]])
            for option in found
            if sheet in option.named
        ]
        if own:
            yield _same(rule, own, context, sheet.respondent)
    for option in found:
        items = [item for item in option.items if item.attribution is not Attribution.BY_NAME]
        if option.unnamed:
            unnamed = Option(option.key, option.words, [], option.unnamed, items)
            yield _same(rule, [unnamed], context, option.key)


def _same(rule: TallyRule, found: list[Option], context: Context, key: str = "all") -> Draft:
    """One sentence where the same respondents gave every answer."""
    speakers = who(context, rule.role, found[0])
    words = sorted((option.words for option in found), key=prose.order)
    slots = {**_common(context), "who": speakers.text, "options": prose.listed(words)}
    ways = tuple(prose.fill(say, slots, speakers.number) for say in rule.same or ())
    items = tuple(item for option in found for item in option.items)
    return Draft(rule.key, key, ways, items, rule.label, _named(found))


def _who_answered(rule: TallyRule, context: Context) -> Iterator[Draft]:
    """One sentence on who answered any of several questions, with its base."""
    sheets = [
        sheet
        for sheet in context.ledger.named(rule.role)
        if any(item.value != NONE for concept in (rule.of, *rule.also) for item in _under(sheet, concept))
    ]
    unnamed = [
        s for s in context.ledger.unnamed(rule.role) if any(s.answered(c) for c in (rule.of, *rule.also))
    ]
    unnamed = [s for s in unnamed if s.respondent not in {sheet.respondent for sheet in sheets}]
    if len(sheets) < rule.at_least:
        return
    every_one = len(sheets) + len(unnamed) == len(context.ledger.respondents(rule.role))
    part = share(sheets, len(unnamed), context, rule.role)
    base = part.partition(" of ")[2] if part and not every_one else ""
    slots = {
        **_common(context),
        "who": who(context, rule.role, Option("", "", sheets, len(unnamed))).text,
        "among": f"among {base}, " if base else "",
        "share": f", {part}," if part and every_one else "",
    }
    every = (*sheets, *unnamed)
    items = tuple(
        item for sheet in every for concept in (rule.of, *rule.also) for item in _under(sheet, concept)
    )
    ways = tuple(prose.fill(say, slots, len(every)) for say in rule.each or ())
    yield Draft(rule.key, "who", ways, items, rule.label)


def _under(sheet: Sheet, concept: str) -> list[Item]:
    """Return the answers of one respondent under a concept."""
    found = [sheet.single[concept]] if concept in sheet.single else []
    return found + [item for record in sheet.records.get(concept, ()) for item in record.values()]


def options(rule: TallyRule, context: Context) -> list[Option]:
    """Return the options that were chosen, the most chosen first, each with who chose it."""
    found: dict[str, Option] = {}
    for sheet in (*context.ledger.named(rule.role), *context.ledger.unnamed(rule.role)):
        item = sheet.single.get(rule.of)
        if item is None or (rule.unless and sheet.answered(rule.unless)):
            continue
        for key, words in _answers(item, context):
            if key in rule.leave_out or (rule.only and key not in rule.only):
                continue
            option = found.setdefault(key, Option(key, words))
            option.items.append(item)
            if sheet.named:
                option.named.append(sheet)
            else:
                option.unnamed += 1
    return sorted(found.values(), key=lambda option: (-option.count, prose.order(option.words), option.key))


def _answers(item: Item, context: Context) -> list[tuple[str, str]]:
    """Return what one answer chose: keys and words. Own words of "other" are a key of their own."""
    if item.kind == "reference":
        return [(code, context.speech.place(code)) for code in item.codes] + _own_reference(item, context)
    if item.kind in ("choice", "choices"):
        known = labels([item])
        said = []
        for choice in item.chosen:
            words = context.speech.option(item, choice) if item.attribution == "by_name" else _coded(choice)
            if words:
                said.append(
                    (
                        f"other:{words.casefold()}" if choice.other else choice.key,
                        words if choice.other else known[choice.key],
                    )
                )
        return said
    return [(key, key) for key in keys_of(item)]


def _coded(choice: object) -> str | None:
    """An unnamed answer's own words are never printed."""
    return None if getattr(choice, "other", False) else getattr(choice, "inline", None)


def _own_reference(item: Item, context: Context) -> list[tuple[str, str]]:
    known = {context.speech.place(code) for code in item.codes}
    return [
        (f"other:{words.casefold()}", words) for words in context.speech.places(item) if words not in known
    ]


def who(context: Context, role: str, option: Option) -> Who:
    """Return who gave an answer, in words."""
    if Role(role) is Role.IGO:
        return context.speech.organisations(option.named, option.unnamed)
    return context.speech.who(option.named, option.unnamed)


def share(named: Sequence[Sheet], unnamed: int, context: Context, role: str = "state") -> str | None:
    """Return "2 of the 4 members that answered about it", or None where a number may not be printed."""
    base = context.ledger.respondents(role)
    total, count = len(base), len(named) + unnamed
    if 0 < unnamed < FEWEST or total == 0 or count > total:
        return None
    if total < FEWEST and context.ledger.is_unnamed(role, base):
        return None
    members = context.speech.setting.members
    one, many = ("respondent", "respondents")
    if Role(role) is not Role.STATE or (members is not None and base <= members):
        one, many = _WHOSE[Role(role)]
    if Role(role) is Role.STATE and one == "member":
        one, many = context.speech.own.member, context.speech.own.members
    if count == total:
        if total == 1:
            return f"the only {one} that answered about it"
        return f"{'the two' if total == 2 else f'all {total}'} {many} that answered about it"
    return f"{count} of the {total} {many} that answered about it"


def _clauses(clauses: list[str]) -> str:
    if len(clauses) < 3:
        return " and ".join(clauses)
    return "; ".join(clauses[:-1]) + f"; and {clauses[-1]}"


def _named(found: Sequence[Option]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (option.key, sheet.respondent)
        for option in found
        for sheet in option.named
        for item in option.items
        if item.kind == "reference" and item.respondent == sheet.respondent and option.key in item.codes
    )


def nothing(item: Item | None) -> bool:
    """Whether a list of records was answered with "none"."""
    return item is not None and item.value == NONE
