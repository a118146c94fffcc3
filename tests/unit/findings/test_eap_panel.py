"""The Eastern Partnership Panel of 2019: forty facts, and what happens to each when the answers change."""

import random
import re
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.findings.compiler import compile_summary
from app.findings.evidence import Evidence, Mechanism, Place
from app.findings.stable import summary_json
from app.findings.summary import Summary
from tests.unit.findings import building
from tests.unit.findings.building import (
    PLACES,
    Respondent,
    compiled,
    eap_respondents,
    evidence,
    plan,
    setting,
    statements,
    texts,
)
from tests.unit.findings.facts import facts, missing

AT = datetime(2026, 1, 1, tzinfo=UTC)
Step = tuple[str, Any]


def changed(code: str, change: Any) -> list[Respondent]:
    """Return the five with one's answers changed in place by `change(answers)`."""
    respondents = []
    for respondent in eap_respondents():
        answers = deepcopy(dict(respondent.answers))
        if respondent.code == code:
            change(answers)
        respondents.append(replace(respondent, answers=answers))
    return respondents


def drop(*path: Any) -> Any:
    """Return a change that takes one answer away."""

    def change(answers: dict[str, Any]) -> None:
        at: Any = answers
        for step in path[:-1]:
            at = at[step]
        del at[path[-1]]

    return change


def drop_each(key: str, found: Any) -> Any:
    """Return a change that takes away the records for which `found` is true."""

    def change(answers: dict[str, Any]) -> None:
        answers[key] = [record for record in answers[key] if not found(record)]

    return change


def has(text: str) -> Any:
    """Return whether a record contains a text."""
    return lambda record: text in str(record)


def both(*changes: Any) -> Any:
    """Return a change that does several."""

    def change(answers: dict[str, Any]) -> None:
        for one in changes:
            one(answers)

    return change


P, G, U, PL, LT = "eap-panel", "GEO", "UKR", "POL", "LTU"
SHARED = "migration and asylum management"
# Which answer carries which facts: without it those go, and no other.
CARRIED = {
    "merger": (P, drop_each("predecessors", has("merged")), {"e1"}),
    "predecessor": (P, drop_each("predecessors", has("Söderköping")), {"e2", "e3"}),
    "what it was": (P, drop_each("predecessors", has("cross-border")), {"e2", "e3"}),
    "change": (P, drop("change"), {"e4"}),
    "themes": (P, both(drop("themes"), drop("theme_how")), {"e5", "e6"}),
    "theme how": (P, drop("theme_how"), {"e6"}),
    "guiding": (P, drop("guiding_documents"), {"e7"}),
    "work plan": (P, drop("work_plan"), {"e8"}),
    "personality": (P, drop("legal_personality"), {"s1"}),
    "document": (P, drop("governing_document"), {"s2"}),
    "steered": (P, drop("steered_by"), {"s3"}),
    "secretariat": (P, drop("secretariat_by"), {"s4"}),
    "functions": (P, drop("secretariat_functions"), {"s5"}),
    "bodies": (P, drop("bodies"), {"s6"}),
    "financing": (P, drop("financing_how"), {"s7"}),
    "stable": (P, drop("financing_stable"), {"s7"}),
    "secretariat funding": (P, drop("secretariat_funding"), {"s8"}),
    "travel": (P, drop("travel"), {"s9"}),
    "challenges": (P, drop("challenges"), {"s10"}),
    "other ISCMs": (
        P,
        both(drop_each("partners", has("prague-process")), drop("degree", "other_iscms")),
        {"p1"},
    ),
    "IGOs": (P, both(drop_each("partners", has("'igos'")), drop("degree", "igos")), {"p2"}),
    "unions": (
        P,
        both(drop_each("partners", has("regional_unions")), drop("degree", "regional_unions")),
        {"p3"},
    ),
    "civil society": (P, drop_each("partners", has("civil_society")), {"p4"}),
    "academia": (P, drop_each("partners", has("academia")), {"p5"}),
    "diaspora": (P, drop_each("partners", has("diaspora")), {"p6"}),
    "private sector": (P, drop_each("partners", has("private_sector")), {"p7"}),
    "forum": (P, drop_each("offers", has("a forum")), {"a1"}),
    "capacity": (P, drop_each("offers", has("capacity building")), {"a2"}),
    "stronger": (P, drop_each("offers", has("stronger")), {"a3"}),
    "Georgia, shared": (G, drop_each("effects", has(SHARED)), {"c2"}),
    "Ukraine, shared": (U, drop_each("effects", has(SHARED)), {"c2"}),
    "Georgia, policy": (G, drop_each("effects", has("readmission")), {"c3"}),
    "Georgia, law": (G, drop_each("effects", has("economic migrants")), {"c4"}),
    "Ukraine, agreements": (U, drop_each("effects", has("readmission")), {"c5"}),
    "Ukraine, law": (U, drop_each("effects", has("irregular migrants")), {"c6"}),
    "Georgia": (G, drop("effects"), {"c1", "c2", "c3", "c4"}),
    "Ukraine": (U, drop("effects"), {"c1", "c2", "c5", "c6"}),
    "Poland, platform": (PL, drop_each("values", has("stable platform")), {"a5"}),
    "Poland, labour market": (PL, drop_each("values", has("labour market")), {"a6"}),
    "Poland": (PL, drop("values"), {"a4", "a5", "a6"}),
    "Lithuania": (LT, drop("values"), {"a4", "a7"}),
}


def eap() -> Summary:
    """Return the summary of the case."""
    return compiled(*eap_respondents())


def test_there_are_forty_facts_and_the_summary_carries_all() -> None:
    assert len(facts()) == 40
    assert missing(eap()) == set()


@pytest.mark.parametrize("name", CARRIED)
def test_a_fact_goes_with_its_answer_and_no_other(name: str) -> None:
    code, change, goes = CARRIED[name]
    assert missing(compiled(*changed(code, change))) == goes


def test_every_fact_but_the_introduction_has_an_answer_that_carries_it() -> None:
    carried = set().union(*(goes for _, _, goes in CARRIED.values()))
    assert carried == {fact.id for fact in facts()} - {"i1", "i2"}


def free_texts() -> list[tuple[str, str, int | None, str]]:
    """Return where each free text stands: respondent, question, record, field."""
    found: list[tuple[str, str, int | None, str]] = []
    for respondent in eap_respondents():
        for key, value in respondent.answers.items():
            question = building.questionnaires()[respondent.role].question(key)
            if question.kind in ("short_text", "long_text"):
                found.append((respondent.code, key, None, ""))
            if question.kind == "matrix":
                found += [
                    (respondent.code, key, None, row) for row, cell in value.items() if " " in str(cell)
                ]
            if question.kind == "records":
                kinds = {field.key: field.kind for field in question.fields}
                for place, record in enumerate(value):
                    found += [
                        (respondent.code, key, place, name)
                        for name in record
                        if kinds[name] in ("short_text", "long_text")
                    ]
    return found


@pytest.mark.parametrize(
    "where", free_texts(), ids=lambda where: "-".join(str(part) for part in where if part)
)
@pytest.mark.parametrize(
    "marker", ["zarquon marker", "Zarquon Marker", "we zarquon marker", "They zarquon marker."]
)
def test_what_was_written_is_what_is_said(where: tuple[str, str, int | None, str], marker: str) -> None:
    code, key, place, name = where

    def change(answers: dict[str, Any]) -> None:
        if place is not None:
            answers[key][place][name] = marker
        elif name:
            answers[key][name] = marker
        else:
            answers[key] = marker

    said = " ".join(texts(compiled(*changed(code, change))))
    assert "zarquon marker" in said.casefold()


FLIPPED = {
    ("legal_personality", "yes"): (
        {"s1"},
        "The EaP Panel has legal personality but no formal governing document.",
    ),
    ("governing_document", "yes"): (
        {"s2"},
        "The EaP Panel has a formal governing document but no legal personality.",
    ),
    ("work_plan", "none"): ({"e8"}, "The EaP Panel has no work plan."),
    ("financing_stable", "no"): (
        {"s7"},
        "The panel is financed entirely through the secretariat; it described its financing as not stable.",
    ),
}


@pytest.mark.parametrize("answer", FLIPPED, ids=lambda answer: answer[0])
def test_a_closed_answer_turns_its_sentence(answer: tuple[str, str]) -> None:
    goes, sentence = FLIPPED[answer]
    summary = compiled(*changed(P, lambda answers: answers.update([answer])))
    assert missing(summary) == goes
    assert sentence in texts(summary)


@pytest.mark.parametrize("key", ["legal_personality", "governing_document", "financing_stable", "work_plan"])
def test_no_answer_is_not_no(key: str) -> None:
    summary = compiled(*changed(P, drop(key)))
    said = " ".join(texts(summary))
    negative = {
        "legal_personality": r"\b(?:no|neither)\b[^.]*legal personality",
        "governing_document": r"\b(?:no|nor)\b[^.]*governing document",
        "financing_stable": "stable\\.",
        "work_plan": "work plan",
    }
    assert not re.search(negative[key], said)


def test_order_does_not_matter() -> None:
    whole = evidence(list(eap_respondents()), setting())
    expected = summary_json(compile_summary(plan(), whole), AT)
    for seed in range(8):
        items = list(whole.items)
        random.Random(seed).shuffle(items)
        assert summary_json(compile_summary(plan(), Evidence(whole.setting, tuple(items))), AT) == expected


def test_the_order_in_which_records_were_typed_does_not_matter() -> None:
    expected = summary_json(eap(), AT)
    for seed in range(4):
        shuffled = []
        for respondent in random.Random(seed).sample(eap_respondents(), 5):
            answers = deepcopy(dict(respondent.answers))
            for value in answers.values():
                if isinstance(value, list) and value and isinstance(value[0], dict):
                    random.Random(seed).shuffle(value)
            shuffled.append(replace(respondent, answers=answers))
        assert summary_json(compiled(*shuffled), AT) == expected


def test_only_names_change_with_the_names() -> None:
    renamed = {
        code: replace(place, name=f"{place.name}ia") if code != "IOM" else place
        for code, place in PLACES.items()
    }
    other = Mechanism(
        "eap-panel", "Moonlit Panel on Tides", "MoonP", type="regional", short_name_article=True
    )
    after = texts(compiled(*eap_respondents(), about=setting(names=renamed, iscm=other)))
    before = texts(eap())
    named = (
        ("Georgia", "Georgiaia"),
        ("Ukraine", "Ukraineia"),
        ("Poland", "Polandia"),
        ("Lithuania", "Lithuaniaia"),
    )
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        expected = old.replace(building.EAP_PANEL.name, "Moonlit Panel on Tides").replace(
            "EaP Panel", "MoonP"
        )
        for name, longer in named:
            expected = expected.replace(name, longer)
        for name in (
            "Switzerland",
            "Republic of Moldova",
            "Prague Process",
            "European External Action Service",
        ):
            expected = expected.replace(name, f"{name}ia")
        assert new.replace("European Commissionia", "European Commission") == expected


def test_levels_nobody_answered_are_gaps_and_not_headings() -> None:
    summary = eap()
    assert [s.label for s in statements(summary, "contribution") if s.label] == ["National"]
    assert "(Inter)regional level: no answer to publish; left out of the text." in summary.gaps
    assert "Global level: no answer to publish; left out of the text." in summary.gaps


def test_states_named_by_another_are_listed() -> None:
    assert {(named.code, named.by) for named in eap().named_by_another} == {
        ("CHE", "UKR"),
        ("MDA", "UKR"),
        ("POL", "UKR"),
    }


def test_every_statement_cites_and_nothing_is_left_over() -> None:
    summary = eap()
    assert all(statement.citations for statement in summary.statements)
    assert summary.unused == ()
    assert summary.differ == ()


def test_the_stable_form_is_as_documented() -> None:
    data = summary_json(eap(), AT)
    assert list(data) == ["round", "iscm", "compiled_at", "counts", "coverage", "sections", "gaps"]
    assert data["counts"] == {
        "state": {"invited": None, "answered": 46},
        "iscm": {"invited": 31, "answered": 22},
        "igo": {"invited": None, "answered": 3},
    }
    assert data["coverage"] == {"members": 34, "members_answered": 4}
    assert [section["key"] for section in data["sections"]] == [
        "intro", "evolution", "contribution", "structures", "partnerships", "added_value",
    ]  # fmt: skip
    statement = data["sections"][1]["statements"][0]
    assert list(statement) == ["key", "text", "citations"]
    assert list(statement["citations"][0]) == ["role", "respondent", "concept", "question", "revision"]
    assert "number invited not recorded" in data["sections"][0]["statements"][-1]["text"]


def test_an_unknown_list_of_members_is_said() -> None:
    about = setting(members=None)
    summary = compiled(*eap_respondents(), about=about)
    assert summary_json(summary, AT)["coverage"] == {"members": None, "members_answered": 4}
    assert texts(summary, "intro")[1] == (
        "In all, 4 States answered about it, 2 of them on what membership brings; "
        "how many members it had is not recorded."
    )


def test_places_take_their_article() -> None:
    names = {**PLACES, "UKR": Place("Netherlands", article=True)}
    said = " ".join(texts(compiled(*eap_respondents(), about=setting(names=names))))
    assert "The Netherlands reported" in said
    assert "of Georgia and the Netherlands," in said
