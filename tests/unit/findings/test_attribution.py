"""Attribution, to the letter: who is named, what is paraphrased, what appears nowhere."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from app.findings.compiler import compile_summary
from app.findings.evidence import Evidence, Item, Place
from app.findings.stable import summary_json
from app.findings.summary import Summary
from app.policy import Attribution
from tests.unit.findings.building import (
    EAP_MEMBERS,
    PLACES,
    Respondent,
    compiled,
    eap_respondents,
    evidence,
    plan,
    setting,
    texts,
    training_respondents,
    training_setting,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = {
    "takes_part": "yes",
    "effects": [
        {
            "kinds": ["law"],
            "example": "the Tbilisi zyxian act",
            "with": ["CHE"],
            "year": 2011,
            "theme": "border",
        },
        {"kinds": ["institution"], "example": "an office known to all"},
    ],
    "reasons": {"options": ["trust", "other"], "other": "zyxian words"},
    "values": [{"value": "a zyxian value"}],
    "would_help": "a zyxian wish",
    "level": "senior",
    "contributes": ["money"],
}


def anonymous(code: str, attribution: Attribution = Attribution.UNNAMED) -> Respondent:
    """Return a State that answers all the same, whichever State it is."""
    return Respondent("state", code, SECRET, attribution)


def exported(summary: Summary) -> str:
    """Return all that leaves the house as data."""
    return json.dumps(summary_json(summary, AT), ensure_ascii=False)


def test_two_different_unnamed_states_give_the_same_bytes() -> None:
    files = {exported(compiled(*eap_respondents(), anonymous(code))) for code in ("ARM", "NLD", "CZE", "BEL")}
    assert len(files) == 1


def test_what_staff_see_of_an_unnamed_answer_does_not_leave() -> None:
    summary = compiled(*eap_respondents(), anonymous("ARM"))
    unnamed = [
        c for s in summary.statements for c in s.citations if c.role == "state" and c.respondent is None
    ]
    assert unnamed
    assert all((c.said, c.revision, c.revision_id, c.answered_on, c.by) == (None,) * 5 for c in unnamed)
    assert all(c.behind for c in unnamed)
    assert "ARM" not in exported(summary)
    assert "Armenia" not in exported(summary)
    assert "zyxian" not in exported(summary)
    assert "2011" not in re.sub("2011–2017", "", exported(summary))


def test_an_unnamed_answer_is_paraphrased_and_counted() -> None:
    said = " ".join(texts(compiled(*eap_respondents(), anonymous("ARM"))))
    assert "the national focal points of Georgia, Ukraine and another Member State." in said
    assert "A Member State reported effects on institutions." in said
    assert "A Member State usually takes part at the level of senior officials." in said


def test_two_unnamed_answers_are_some_and_three_are_three() -> None:
    two = " ".join(texts(compiled(*eap_respondents(), anonymous("ARM"), anonymous("NLD"))))
    assert "Some Member States usually take part" in two
    assert "Georgia, Ukraine and some other Member States" in two
    three = " ".join(
        texts(compiled(*eap_respondents(), *(anonymous(code) for code in ("ARM", "NLD", "BEL"))))
    )
    assert "3 Member States usually take part" in three


def test_citations_do_not_count_the_unnamed() -> None:
    one = compiled(*eap_respondents(), anonymous("ARM"))
    for summary in (one, compiled(*eap_respondents(), anonymous("ARM"), anonymous("NLD"))):
        for statement in summary.statements:
            questions = [
                c.question for c in statement.citations if c.role == "state" and c.respondent is None
            ]
            assert len(questions) == len(set(questions))


@pytest.mark.parametrize("attribution", [Attribution.BACKGROUND, Attribution.NOT_FOR_PUBLICATION])
def test_background_and_not_for_publication_appear_nowhere(attribution: Attribution) -> None:
    without = exported(compiled(*eap_respondents()))
    assert exported(compiled(*eap_respondents(), anonymous("ARM", attribution))) == without


def test_hidden_answers_are_listed_for_staff_with_the_reason() -> None:
    summary = compiled(*eap_respondents(), anonymous("ARM", Attribution.BACKGROUND))
    assert {left.why for left in summary.unused if left.item.respondent == "ARM"} == {"background"}


@pytest.mark.parametrize(("members", "printed"), [(3, True), (2, False)])
def test_an_unnamed_answer_needs_three_who_could_have_given_it(members: int, printed: bool) -> None:
    about = setting(members=frozenset(sorted(EAP_MEMBERS)[: members - 1]) | {"NLD"})
    summary = compiled(anonymous("NLD"), about=about)
    assert ("a member state" in " ".join(texts(summary)).casefold()) is printed
    if not printed:
        assert {left.why for left in summary.unused} == {"unnamed, and fewer than three could have given it"}


def test_those_who_answered_by_name_cannot_be_the_unnamed_one() -> None:
    about = setting(members=frozenset({"GEO", "UKR", "ARM", "NLD"}))
    named = [respondent for respondent in eap_respondents() if respondent.code in ("GEO", "UKR")]
    summary = compiled(*named, anonymous("ARM"), about=about)
    assert "another Member State" not in " ".join(texts(summary, "contribution"))


@pytest.mark.parametrize("codes", [("ARM",), ("ARM", "NLD")])
def test_no_number_below_three_stands_for_unnamed_answers(codes: tuple[str, ...]) -> None:
    summary = compiled(*(anonymous(code) for code in codes))
    data = summary_json(summary, AT)
    assert data["coverage"] == {"members": 34, "members_answered": None}
    assert "In all, fewer than 3 of the 34 members of 2019 answered about it." in texts(summary)
    assert not re.search(r"\b[12] of the\b", " ".join(texts(summary)))
    assert not any(re.search(r"\b3[234]\b of 34", gap) for gap in summary.gaps)


def test_keys_do_not_depend_on_an_unnamed_respondent() -> None:
    keys = {
        tuple(s.key for s in compiled(*eap_respondents(), anonymous(code)).statements)
        for code in ("ARM", "NLD")
    }
    assert len(keys) == 1


def test_one_answer_may_be_tighter_than_the_rest() -> None:
    whole = evidence(list(eap_respondents()), setting())

    def tightened(item: Item) -> Item:
        hidden = item.respondent == "GEO" and "economic migrants" in str(item.value)
        return replace(item, attribution=Attribution.NOT_FOR_PUBLICATION) if hidden else item

    summary = compile_summary(plan(), Evidence(whole.setting, tuple(map(tightened, whole.items))))
    assert "economic migrants" not in exported(summary)
    assert "Georgia also reported effects on legislation." in texts(summary)


def test_another_language_enters_only_through_an_approved_translation() -> None:
    about = training_setting()
    plain = compiled(*training_respondents(), about=about)
    assert "ports" not in " ".join(s for s in texts(plain) if s.startswith("Falkara values"))
    assert {item.respondent for item in plain.awaiting_translation} == {"XAF"}
    assert "fishermen's pension rights" in " ".join(texts(plain))
    french = {
        "la confiance qui s'est établie entre les administrations portuaires": "trust between the ports"
    }
    respondents = [replace(r, translated=french) if r.code == "XAF" else r for r in training_respondents()]
    summary = compiled(*respondents, about=about)
    assert any(text.endswith("for trust between the ports.") for text in texts(summary))
    assert "added_value.words" not in {item.concept for item in summary.awaiting_translation}


def test_the_coded_part_of_an_answer_in_another_language_counts() -> None:
    said = " ".join(texts(compiled(*training_respondents(), about=training_setting())))
    assert "Falkara reported effects on policy and practice in the area of labour migration." in said


def test_an_unnamed_organization_is_an_organization() -> None:
    about = setting(
        names={**PLACES, **{code: Place(code) for code in ("AAA1", "BBB1", "CCC1")}},
        igos_asked=frozenset({"AAA1", "BBB1", "CCC1"}),
    )
    answers: dict[str, Any] = {"takes_part": "yes", "role": ["donor"], "form": "through grants"}
    summary = compiled(Respondent("igo", "AAA1", answers, Attribution.UNNAMED), about=about)
    assert any("an organization" in text.casefold() and "donor" in text for text in texts(summary))
    assert "grants" not in " ".join(texts(summary))
    assert "AAA1" not in exported(summary)
