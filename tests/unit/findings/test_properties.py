"""Laws that hold for every mechanism, whatever anybody answered."""

import random
import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from app.findings.compiler import compile_summary
from app.findings.evidence import Evidence, Item, Setting
from app.findings.naming import StateNames
from app.findings.stable import summary_json
from app.findings.summary import Statement, Summary
from app.policy import Attribution
from tests.unit.findings.building import plan
from tests.unit.findings.mechanisms import STATES, Maker

AT = datetime(2026, 1, 1, tzinfo=UTC)
MADE = settings(max_examples=150, deadline=None)
NAMES = StateNames(STATES)
SEEDS = st.integers(0, 2**32)


def body(statement: Statement) -> str:
    """Return a sentence without its label."""
    return statement.text.removeprefix(f"{statement.label}: ") if statement.label else statement.text


def own_words(text: str) -> str:
    """Return what is ours of a sentence: what stands in quotation marks is somebody else's."""
    return re.sub("“[^”]*”", "“”", text)


def named(statement: Statement, found: Evidence) -> set[str]:
    """Return the codes of those whom a statement may name: who is cited, and whom they named."""
    codes = {citation.respondent for citation in statement.citations if citation.respondent}
    behind = {revision for citation in statement.citations for revision in citation.behind}
    for item in found.items:
        if item.revision_id in behind and item.attribution is Attribution.BY_NAME:
            codes |= set(item.codes)
            codes |= NAMES.found(str(item.value))
    return codes


def cited(statement: Statement) -> set[str]:
    """Return the codes of those whose answers a statement cites."""
    return {citation.respondent for citation in statement.citations if citation.respondent}


def check(summary: Summary, found: Evidence) -> None:
    """Assert every law of a sentence on every sentence."""
    before = ""
    for statement in summary.statements:
        text, ours = statement.text, own_words(body(statement))
        assert statement.citations, text
        assert text[0].isupper() or text.startswith("(Inter)regional: "), text
        assert body(statement)[0].isupper() or body(statement)[0] in "(5", text
        assert re.search(r"[^.?!…;,:]\.$", text), text
        assert not re.search(r" {2}|\n", text), text
        assert not re.search(r" [,.;:]|\.\.|,,|;;|\( | \)", ours), text
        assert not re.search("[\ue000-\uf8ff]", text), text
        assert not re.search(r"\b(?i:a|an|the) (?:a|an|the) ", ours), text
        assert start(ours) != before, text
        once = 2 if statement.rule == "about" else 1
        assert ours.count(found.setting.iscm.short_name) <= once, text
        before = start(ours)
        for code, place in STATES.items():
            if place.name in text:
                assert code in named(statement, found), (code, text)
        assert not re.search(r"(?:^|[\s“])(?:n/a|see above)(?:[\s”.]|$)|“none”", text.casefold()), text
        for words in ("signed a protocol", "According to Aurelia, it"):
            assert words not in text or {"AAB", "AAE"} & cited(statement), text
    unnamed = {
        s.key for s in summary.statements if any(c.role == "state" and not c.respondent for c in s.citations)
    }
    assert len({s.key for s in summary.statements}) == len(list(summary.statements)), unnamed


def start(text: str) -> str:
    """Return the first two words, by which neighbours are compared."""
    return " ".join(re.findall(r"[\w'’+-]+", text.casefold())[:2])


@MADE
@given(SEEDS)
def test_every_sentence_is_whole_cited_and_names_nobody_unheard(seed: int) -> None:
    found = Maker(seed).evidence()
    check(compile_summary(plan(), found), found)


@MADE
@given(SEEDS)
def test_the_order_of_the_evidence_does_not_matter(seed: int) -> None:
    found = Maker(seed).evidence()
    items = list(found.items)
    random.Random(seed).shuffle(items)
    first, second = (
        compile_summary(plan(), found),
        compile_summary(plan(), Evidence(found.setting, tuple(items))),
    )
    assert summary_json(first, AT) == summary_json(second, AT)


@MADE
@given(SEEDS, st.sampled_from(sorted(STATES)))
def test_hidden_answers_leave_no_trace(seed: int, code: str) -> None:
    found = Maker(seed).evidence()

    def hidden(item: Item) -> Item:
        return replace(item, attribution=Attribution.BACKGROUND) if item.respondent == code else item

    without = tuple(item for item in found.items if item.respondent != code)
    concealed = tuple(map(hidden, found.items))
    assert summary_json(compile_summary(plan(), Evidence(found.setting, concealed)), AT) == summary_json(
        compile_summary(plan(), Evidence(found.setting, without)), AT
    )


@MADE
@given(SEEDS, st.permutations(sorted(STATES)))
def test_unnamed_states_can_be_exchanged(seed: int, others: list[str]) -> None:
    found = Maker(seed).evidence()
    given_by = {
        item.respondent for item in found.items if item.role == "state" and item.attribution == "by_name"
    }
    free = [code for code in sorted(STATES) if code not in given_by]
    exchanged = dict(zip(free, [code for code in others if code in free], strict=True))
    about: Setting = replace(found.setting, members=frozenset(STATES))

    def other(item: Item) -> Item:
        if item.role == "state" and item.attribution is Attribution.UNNAMED:
            return replace(item, respondent=exchanged[item.respondent or ""])
        return item

    first = compile_summary(plan(), Evidence(about, found.items))
    second = compile_summary(plan(), Evidence(about, tuple(map(other, found.items))))
    assert summary_json(first, AT) == summary_json(second, AT)
