"""The rule `category`: with whom the mechanism works, one sentence for each category and partner."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.findings import prose
from app.findings.drafts import Context, Draft
from app.findings.evidence import Item
from app.findings.facts import common
from app.findings.ledger import Record, Sheet
from app.findings.plan import Case, Category, CategoryRule
from app.findings.speech import keys_of

NEVER = "no"


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner, or several of whom the same is said."""

    records: tuple[Record, ...]
    whom: str
    plural: bool
    how: str
    items: tuple[Item, ...]
    unsaid: Item | None = None
    """The form of cooperation, where it has to be quoted."""


def categories(rule: CategoryRule, context: Context) -> Iterator[Draft]:
    """Each category in the order of the plan; those with whom it never works are joined in one sentence."""
    for sheet in context.ledger.named(rule.role):
        degrees = sheet.rows.get(rule.degree, {})
        never: list[tuple[str, Item]] = []
        for key, category in rule.categories.items():
            degree = degrees.get(key)
            records = tuple(r for r in sheet.records.get(rule.partners, ()) if _is_of(r, key))
            if degree and keys_of(degree) == (NEVER,):
                if not records:
                    never.append((category.whom, degree))
                continue
            yield from _category(rule, key, category, degree, records, sheet, context)
        if never:
            whom = [whom for whom, _ in never]
            several = len(whom) == 2
            said = prose.neither(whom) if several else prose.listed(whom, "or")
            slots = {**common(context, sheet), "never": said}
            ways = tuple(prose.fill(sentence, slots, 2 if several else 1) for sentence in rule.never)
            yield Draft(rule.key, f"{sheet.respondent}/never", ways, tuple(item for _, item in never))


def contradictory(rule: CategoryRule, sheet: Sheet) -> list[tuple[Item, Record]]:
    """Return the categories answered "no" in which partners are named all the same."""
    degrees = sheet.rows.get(rule.degree, {})
    return [
        (degree, record)
        for key, degree in degrees.items()
        if keys_of(degree) == (NEVER,)
        for record in sheet.records.get(rule.partners, ())
        if _is_of(record, key)
    ]


def _is_of(record: Record, key: str) -> bool:
    item = record.get("category")
    return item is not None and keys_of(item) == (key,)


def _category(
    rule: CategoryRule,
    key: str,
    category: Category,
    degree: Item | None,
    records: tuple[Record, ...],
    sheet: Sheet,
    context: Context,
) -> Iterator[Draft]:
    partners = _partners(category, records, context)
    if not partners and degree:
        partners = [Partner((), category.whom, category.plural, "", ())]
    for place, partner in enumerate(partners):
        slots = {**common(context, sheet), "whom": partner.whom, "how": partner.how}
        often = degree if place == 0 else None
        words = context.speech.phrase(often) if often else None
        if words:
            slots["degree"] = words
        if place:
            slots["also"] = "also"
        case = next((c for c in rule.cases if _holds(c, often if words else None, slots)), None)
        items = (*((often,) if often and words else ()), *partner.items)
        if case and items:
            ways = tuple(prose.fill(say, slots) for say in case.say)
            named = tuple((code, sheet.respondent) for item in partner.items for code in item.codes)
            yield Draft(rule.key, f"{sheet.respondent}/{key}", ways, items, category.label, named)
        yield from _quoted(rule, key, category, partner, sheet, context)


def _holds(case: Case, degree: Item | None, slots: Mapping[str, str]) -> bool:
    wanted = case.when.get("degree")
    keys = keys_of(degree) if degree else ()
    if wanted is not None and not any(key == wanted or key in wanted for key in keys):
        return False
    return all(prose.slots_of(say) <= slots.keys() for say in case.say)


def _partners(category: Category, records: tuple[Record, ...], context: Context) -> list[Partner]:
    """Return the partners of a category; those of whom only the name is known stand together."""
    names: dict[str, Record] = {}
    found = []
    for record in records:
        who, how = record.get("who"), record.get("how")
        places = context.speech.places(who) if who else []
        typed = context.speech.own_words(how) if how else None
        if typed is None and places:
            names.update(dict.fromkeys(places, record))
            continue
        if how is None or typed is None:
            continue
        plural = (len(places) > 1 or prose.plural(places[0])) if places else category.plural
        whom = prose.listed(places) if places else category.whom
        said = context.speech.how(typed, plural, whom)
        items = (record["category"], *((who,) if who and places else ()), *((how,) if said else ()))
        found.append(Partner((record,), whom, plural, said or "", items, None if said else how))
    if names:
        places = sorted(names, key=prose.order)
        items = tuple(r[f] for r in names.values() for f in ("category", "who"))
        found.append(Partner(tuple(names.values()), prose.listed(places), len(places) > 1, "", items))
    return sorted(found, key=lambda partner: (prose.order(partner.whom), partner.how))


def _quoted(
    rule: CategoryRule, key: str, category: Category, partner: Partner, sheet: Sheet, context: Context
) -> Iterator[Draft]:
    words = context.quote(partner.unsaid) if partner.unsaid else None
    if partner.unsaid and words:
        slots = {**common(context, sheet), "whom": partner.whom, "quote": words}
        ways = tuple(prose.fill(say, slots) for say in rule.quoted)
        items = (partner.unsaid, *partner.items)
        yield Draft(f"{rule.key}.quoted", f"{sheet.respondent}/{key}", ways, items, category.label)
