"""Rules for staff: answers that contradict each other (`differ`). They never become a sentence."""

from collections.abc import Iterator

from app.findings.categories import contradictory
from app.findings.drafts import Context
from app.findings.evidence import Item
from app.findings.ledger import NONE, Sheet, content
from app.findings.plan import CategoryRule, DifferRule
from app.findings.speech import keys_of
from app.findings.summary import Difference

_COMPARED = frozenset({"yes_no", "choice", "year", "number"})
_NOT_THE_SAME = frozenset({"participation.takes_part", "participation.inactive_reason"})
"""Concepts under which each speaks of itself."""


def differences(context: Context) -> tuple[Difference, ...]:
    """Return every contradiction: of the plan's rules, under one concept, and within one answer about
    partners.
    """
    found = [*_by_rules(context), *_by_concept(context), *_of_partners(context)]
    return tuple(sorted(found, key=lambda d: (d.concept, d.what, [content(side) for side in d.sides])))


def _by_rules(context: Context) -> Iterator[Difference]:
    for rule in context.plan.rules:
        if isinstance(rule, DifferRule):
            for sheet in (*context.ledger.named(rule.role), *context.ledger.unnamed(rule.role)):
                yield from _against(rule, sheet, context)


def _against(rule: DifferRule, sheet: Sheet, context: Context) -> Iterator[Difference]:
    theirs = _answer(sheet, rule.other)
    if theirs is None or (rule.other_says and not _says(theirs, rule.other_says)):
        return
    if rule.compare == "member":
        members = context.speech.setting.members
        if members is not None and sheet.respondent in members:
            yield Difference(rule.other, rule.what, (theirs,))
        return
    for own in context.ledger.named("iscm"):
        item = _answer(own, rule.iscm) if rule.iscm else next(iter(own.items), None)
        if item is None or (rule.iscm_says and not _says(item, rule.iscm_says)):
            continue
        shared = set(keys_of(theirs)) & set(keys_of(item))
        extra = set(keys_of(theirs)) - set(keys_of(item))
        if (
            rule.compare == "said"
            or (rule.compare == "same" and shared)
            or (rule.compare == "outside" and extra)
        ):
            yield Difference(rule.other, rule.what, (item, theirs) if rule.iscm else (theirs,))


def _answer(sheet: Sheet, concept: str | None) -> Item | None:
    """Return the answer to a question, or the first of a list of records."""
    if concept is None:
        return None
    if concept in sheet.single:
        return sheet.single[concept]
    records = sheet.records.get(concept)
    return next(iter(records[0].values())) if records else None


def _says(item: Item, wanted: tuple[str, ...]) -> bool:
    if "given" in wanted:
        return bool(item.value != NONE)
    return any(key in wanted for key in keys_of(item))


def _by_concept(context: Context) -> Iterator[Difference]:
    """Closed answers of the mechanism and of another under the same concept that are not the same."""
    for own in context.ledger.named("iscm"):
        for concept, item in own.single.items():
            if item.kind not in _COMPARED or concept in _NOT_THE_SAME:
                continue
            for role in ("state", "igo"):
                for sheet in (*context.ledger.named(role), *context.ledger.unnamed(role)):
                    theirs = sheet.single.get(concept)
                    if theirs and theirs.kind == item.kind and content(theirs) != content(item):
                        yield Difference(concept, item.label or concept, (item, theirs))


def _of_partners(context: Context) -> Iterator[Difference]:
    for rule in context.plan.rules:
        if isinstance(rule, CategoryRule):
            for sheet in context.ledger.named(rule.role):
                for degree, record in contradictory(rule, sheet):
                    yield Difference(
                        rule.degree, "no cooperation, and partners named", (degree, *record.values())
                    )
