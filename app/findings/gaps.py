"""What nobody answered: left out of the text, listed for staff."""

from collections.abc import Sequence

from app.findings import introduction, prose
from app.findings.drafts import Context, Draft
from app.findings.evidence import Coverage
from app.findings.plan import CategoryRule, SectionPlan


def gaps_of(context: Context, drafted: Sequence[tuple[SectionPlan, list[Draft]]]) -> tuple[str, ...]:
    """Return the gaps in the order of the plan. They tell of no answer that may not be published."""
    found = [*_of_coverage(context)]
    for section, drafts in drafted:
        spoken = {draft.rule.split(".")[0] for draft in drafts}
        labels = {draft.label for draft in drafts}
        for rule in section.rules:
            if rule.gap and rule.key not in spoken and not context.said & set(rule.unless_said):
                found.append(rule.gap)
            if isinstance(rule, CategoryRule):
                found += _of_categories(rule, context)
        found += [text for label, text in section.silent.items() if label not in labels]
    slots = {"subject": prose.with_article(context.speech.setting.iscm.short_name)}
    return tuple(dict.fromkeys(prose.sentence(prose.fill(text, slots)) for text in found))


def _of_coverage(context: Context) -> list[str]:
    setting = context.speech.setting
    found = []
    if not context.ledger.respondents("iscm"):
        found.append("the mechanism itself: no answer to publish")
    known: Coverage = introduction.coverage(context)
    as_of = f" of {setting.year}" if setting.year else ""
    if known.members is None:
        found.append(f"members{as_of}: their list is not known, so coverage cannot be computed")
    elif known.members_answered is not None and known.members_answered < known.members:
        silent = known.members - known.members_answered
        found.append(f"members{as_of}: no answer to publish from {silent} of {known.members}")
    if not context.ledger.respondents("igo"):
        found.append("organizations: no answer to publish about {subject}")
    return found


def _of_categories(rule: CategoryRule, context: Context) -> list[str]:
    sheets = context.ledger.named(rule.role)
    if not sheets:
        return []
    answered: set[str] = set()
    for sheet in sheets:
        answered |= sheet.rows.get(rule.degree, {}).keys()
        for record in sheet.records.get(rule.partners, ()):
            answered |= (
                {choice.key for choice in record["category"].chosen} if "category" in record else set()
            )
    return [
        f"partnerships, {category.label}: no answer to publish"
        for key, category in rule.categories.items()
        if key not in answered and key != "other"
    ]
