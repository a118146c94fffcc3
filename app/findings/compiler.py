"""`compile_summary`: from the plan and the evidence of one mechanism to its summary. Pure.

Rules make drafts; the voice says them one after the other; what was not said, and why, is kept for staff.
"""

from collections.abc import Iterator, Sequence

from app.findings import introduction
from app.findings.categories import categories
from app.findings.differing import differences
from app.findings.drafts import Context, Draft, digest, numbered, opaque
from app.findings.evidence import FREE, Evidence, Item, Role
from app.findings.facts import facts, lists, quotes
from app.findings.gaps import gaps_of
from app.findings.groups import groups
from app.findings.ledger import Ledger, content
from app.findings.plan import (
    AnyRule,
    CategoryRule,
    FactRule,
    GroupRule,
    ListRule,
    Plan,
    QuoteRule,
    SectionPlan,
    SettingRule,
    TallyRule,
)
from app.findings.speech import Speech
from app.findings.summary import Citation, LeftOut, NamedByAnother, Section, Statement, Summary
from app.findings.tallies import tallies
from app.findings.voice import Voice
from app.policy import Attribution

_ROLES = list(Role)
_TAKES_PART = "participation.takes_part"


def compile_summary(plan: Plan, evidence: Evidence) -> Summary:
    """Return the summary of the evidence by the plan.

    The same evidence in any order gives the same summary. Every statement is one sentence with at least one
    citation.
    """
    setting = evidence.setting
    speech = Speech(setting)
    context = Context(plan, Ledger(evidence, speech.states, plan.called), speech)
    drafted = [(section, _drafts(section, context)) for section in plan.sections]
    voice = Voice(speech)
    sections = tuple(_section(section, drafts, voice, context) for section, drafts in drafted)
    used = {id(item) for _, drafts in drafted for draft in drafts for item in draft.items}
    awaiting = sorted(speech.awaiting.values(), key=_item_order)
    return Summary(
        round_code=setting.round_code,
        iscm=setting.iscm.code,
        locale=setting.locale,
        counts=setting.counts,
        coverage=introduction.coverage(context),
        sections=sections,
        gaps=gaps_of(context, drafted),
        unused=_unused(context, used),
        awaiting_translation=tuple(awaiting),
        differ=differences(context),
        named_by_another=_named_by_another(drafted, speech),
        shortened=tuple(sorted({id(i): i for i in context.shortened}.values(), key=_item_order)),
    )


def _drafts(section: SectionPlan, context: Context) -> list[Draft]:
    drafts: list[Draft] = []
    for rule in section.rules:
        if context.said & set(rule.unless_said):
            continue
        made = list(_of_rule(rule, context))
        if made:
            context.said.add(rule.key)
        drafts += made
    return numbered(drafts)


def _of_rule(rule: AnyRule, context: Context) -> Iterator[Draft]:
    match rule:
        case FactRule():
            return facts(rule, context)
        case ListRule():
            return lists(rule, context)
        case QuoteRule():
            return quotes(rule, context)
        case TallyRule():
            return tallies(rule, context)
        case GroupRule():
            return groups(rule, context)
        case CategoryRule():
            return categories(rule, context)
        case SettingRule():
            return introduction.settings(rule, context)
        case _:
            return iter(())


def _section(section: SectionPlan, drafts: Sequence[Draft], voice: Voice, context: Context) -> Section:
    voice.new_section()
    return Section(section.key, section.title, tuple(_statement(draft, voice, context) for draft in drafts))


def _statement(draft: Draft, voice: Voice, context: Context) -> Statement:
    text, label = voice.say(draft)
    return Statement(
        key=_key(draft),
        text=text,
        label=label,
        citations=citations(draft, context),
        rule=draft.rule,
        digest=digest(draft.items, draft.sources),
    )


def _key(draft: Draft) -> str:
    """Return the statement's key. Item keys name respondents only in drafts of one who is named."""
    return opaque(draft.rule, draft.item_key)


def citations(draft: Draft, context: Context) -> tuple[Citation, ...]:
    """Return the sources of a draft: named answers first, in the order of names; unnamed ones united by
    question.
    """
    items = {id(item): item for item in draft.items}.values()
    named = [item for item in items if item.attribution is Attribution.BY_NAME]
    unnamed = [item for item in items if item.attribution is not Attribution.BY_NAME]
    named.sort(
        key=lambda item: (_ROLES.index(item.role), context.speech.order(item.respondent), *_item_order(item))
    )
    by_question: dict[tuple[Role, str, str, str], list[str]] = {}
    for item in unnamed:
        question = (item.role, item.concept, item.question_unnamed or item.label, item.label)
        by_question.setdefault(question, []).append(item.revision_id or "")
    found = [_named_citation(item) for item in named]
    found += [
        Citation(role, None, concept, question, label, behind=tuple(sorted(ids)))
        for (role, concept, question, label), ids in sorted(by_question.items())
    ]
    return (*found, *draft.sources)


def _named_citation(item: Item) -> Citation:
    return Citation(
        role=item.role,
        respondent=item.respondent,
        concept=item.concept,
        question=item.question,
        label=item.label,
        said=item.said,
        translated=item.translated,
        revision=item.revision,
        revision_id=item.revision_id,
        answered_on=item.answered_on or None,
        by=item.by,
        confirmed=item.confirmed,
        behind=(item.revision_id,) if item.revision_id else (),
    )


def _item_order(item: Item) -> tuple[str, ...]:
    return (item.concept, item.question_key, item.field, item.item, content(item), item.respondent or "")


def _unused(context: Context, used: set[int]) -> tuple[LeftOut, ...]:
    """Return the answers that stand in no statement, each with why."""
    awaiting = context.speech.awaiting
    left = [LeftOut(item, why) for item, why in context.ledger.hidden]
    told = {
        (item.respondent, item.instance) for item in context.ledger.open if id(item) in used and item.instance
    }
    for item in context.ledger.open:
        if id(item) in used or id(item) in awaiting or _only_counted(item):
            continue
        if item.kind not in FREE and (item.respondent, item.instance) in told:
            continue
        own_words = item.kind in FREE or bool(item.words)
        unnamed = item.attribution is not Attribution.BY_NAME
        left.append(
            LeftOut(item, "unnamed: to be paraphrased by hand" if unnamed and own_words else "in no sentence")
        )
    return tuple(sorted(left, key=lambda out: (_ROLES.index(out.item.role), *_item_order(out.item))))


def _only_counted(item: Item) -> bool:
    """That somebody takes part stands in the counts."""
    return item.concept == _TAKES_PART and item.value == "yes"


def _named_by_another(
    drafted: Sequence[tuple[SectionPlan, list[Draft]]], speech: Speech
) -> tuple[NamedByAnother, ...]:
    found = set()
    for _, drafts in drafted:
        for draft in drafts:
            cited = {item.respondent for item in draft.items}
            by_whom = dict(draft.named)
            by_whom |= {
                code: next(iter(sorted(filter(None, cited))), "") for code in speech.states_in(draft.ways[0])
            }
            for code, by in by_whom.items():
                known = speech.setting.names.get(code)
                if code not in cited and (known is None or known.state):
                    found.add((code, dict(draft.named).get(code, by), _key(draft)))
    return tuple(NamedByAnother(code, by, key) for code, by, key in sorted(found))
