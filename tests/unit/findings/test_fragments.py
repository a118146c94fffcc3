"""What may stand inside a sentence, and in which place."""

import pytest

from app.findings import fragments
from app.findings.fragments import Shape

NAMES = frozenset({"Georgia", "Georgian", "Prague"})


@pytest.mark.parametrize(
    ("typed", "ready"),
    [
        ("readmission policies.", "readmission policies"),
        ("  readmission   policies ;", "readmission policies"),
        ("- readmission policies", "readmission policies"),
        ("1. readmission policies", "readmission policies"),
        ("support (e.g. training) for No. 5 units", "support (e.g. training) for No. 5 units"),
        ("first line\nsecond line", None),
        ("our readmission policies", None),
        ("what we need", None),
        ("I think of it", None),
        ("Phase I of the plan", "Phase I of the plan"),
        ("links with the US authorities", "links with the US authorities"),
        ("A new law. It was adopted in May.", None),
        ("really?", None),
        ("policies (new", None),
        ("see https://example.org", None),
        (" ".join(["word"] * 41), None),
        (" ".join(["word"] * 40), " ".join(["word"] * 40)),
        ("...", None),
        ("", None),
    ],
)
def test_what_fits(typed: str, ready: str | None) -> None:
    assert fragments.bare(typed) == ready


@pytest.mark.parametrize(
    ("typed", "inside"),
    [
        ("New legislation on visas", "new legislation on visas"),
        ("New Georgian rules", "new Georgian rules"),
        ("Migration Law of 2011", "Migration Law of 2011"),
        ("Migration law of 2011", "migration law of 2011"),
        ("A Committee of Ministers", "a Committee of Ministers"),
        ("Georgia's rules", "Georgia's rules"),
        ("EU rules", "EU rules"),
        ("Prague Process meetings", "Prague Process meetings"),
        ("Ministry of Interior reforms", "Ministry of Interior reforms"),
        ("A new law", "a new law"),
        ("Vessels in distress", "vessels in distress"),
        ("European standards", "European standards"),
        ("Harmonization of rules", "harmonization of rules"),
        ("e-visas", "e-visas"),
    ],
)
def test_the_first_letter_is_lowered_unless_it_belongs_to_a_name(typed: str, inside: str) -> None:
    assert fragments.inside(typed, NAMES) == inside


@pytest.mark.parametrize(
    ("fragment", "shape"),
    [
        ("a network of national focal points", Shape.NOUN),
        ("improved border controls", Shape.NOUN),
        ("networking with experts", Shape.GERUND),
        ("through its secretariat", Shape.MANNER),
        ("entirely through the secretariat", Shape.MANNER),
        ("invited to speak at events", Shape.PARTICIPLE),
        ("sometimes invited to events", Shape.PARTICIPLE),
        ("adopted a new law", Shape.VERB),
        ("has a new law", Shape.VERB),
        ("to exchange views", Shape.INFINITIVE),
        ("they take part in the secretariat", Shape.CLAUSE),
        ("the coast guard now reports each rescue", Shape.CLAUSE),
        ("IOM takes part in the secretariat", Shape.CLAUSE),
        ("the panel is useful", Shape.CLAUSE),
        ("a forum that is open to all", Shape.NOUN),
        ("solutions provided by the panel to facilitate access", Shape.NOUN),
        ("Parliament adopted a new law", Shape.CLAUSE),
    ],
)
def test_the_shape_of_a_fragment(fragment: str, shape: Shape) -> None:
    assert fragments.shape(fragment) is shape


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Through the merger the panel was restructured.", True),
        ("through the merger the panel was restructured.", False),
        ("Through the merger the panel was restructured", False),
        ("We restructured the panel in 2017.", False),
        ("A new focus on visas.", False),
        ("It changed. It was then renamed.", False),
    ],
)
def test_what_is_a_sentence_of_its_own(typed: str, sentence: bool) -> None:
    assert fragments.is_sentence(typed) is sentence
