"""No State acts in the words of another: what is withheld, and what may be named."""

import pytest

from app.findings.evidence import Place
from app.findings.naming import StateNames
from tests.unit.findings.building import Respondent, compiled, texts

STATES = StateNames(
    {
        "GEO": Place("Georgia", state=True),
        "UKR": Place("Ukraine", state=True),
        "POL": Place("Poland", state=True),
        "MDA": Place("Republic of Moldova", article=True, state=True),
        "GBR": Place("United Kingdom of Great Britain and Northern Ireland", article=True, state=True),
        "TUR": Place("Türkiye", state=True),
        "FRA": Place("France", state=True),
        "EU": Place("European Union", article=True),
    }
)


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("readmission agreements with Poland, the Republic of Moldova and Ukraine", None),
        ("agreements between Ukraine and Poland, Ukraine and Moldova", "UKR"),
        ("one-stop offices in Georgia and Ukraine since 2019", None),
        ("In Georgia the parliament adopted a law", None),
        ("a protocol with Georgia on data", None),
        ("recruitment of workers from Ukraine", None),
        ("the EU–Georgia readmission agreement", None),
        ("an agreement with the UK", None),
        ("access to the Polish labour market", None),
        ("the Georgian authorities adopted a law", "GEO"),
        ("the French authorities trained officials", "FRA"),
        ("Georgia adopted a law", "GEO"),
        ("the European Union adopted a law", None),
        ("it helps us", None),
    ],
)
def test_partners_and_places_may_be_named(text: str, own: str | None) -> None:
    assert STATES.acting(text, own) == frozenset()


@pytest.mark.parametrize(
    ("text", "own", "acting"),
    [
        ("Georgia adopted a law", None, {"GEO"}),
        ("georgia adopted a law", None, {"GEO"}),
        ("In 2024 the liaison officers of Georgia and Ukraine settled a dispute.", None, {"GEO", "UKR"}),
        ("In Georgia, Ukraine adopted a law", None, {"UKR"}),
        ("a protocol with Georgia, which adopted it", None, {"GEO"}),
        ("with Georgia adopting a law", None, {"GEO"}),
        ("According to Georgia, it works", None, {"GEO"}),
        ("in Georgia's view it works", None, {"GEO"}),
        ("thanks to Georgia", None, {"GEO"}),
        ("officials from Ukraine trained others", None, {"UKR"}),
        ("the frankness of Georgia", None, {"GEO"}),
        ("the Georgian authorities adopted a law", "UKR", {"GEO"}),
        ("Poland and Georgia signed a protocol", "GEO", {"POL"}),
        ("Moldova joined later", None, {"MDA"}),
        ("TURKEY joined later", None, {"TUR"}),
        ("the UK joined later", None, {"GBR"}),
        ("Same as Georgia.", "UKR", {"GEO"}),
    ],
)
def test_whoever_else_acts_or_speaks_is_found(text: str, own: str | None, acting: set[str]) -> None:
    assert STATES.acting(text, own) == acting


@pytest.mark.parametrize(
    ("text", "acts"),
    [("Georgia and Ukraine, until 2027", False), ("GEORGIA", False), ("Georgia decides", True)],
)
def test_an_office_may_be_held_by_a_state(text: str, acts: bool) -> None:
    assert bool(STATES.acting(text, None, called=True)) is acts


def test_every_name_of_a_state_is_found() -> None:
    assert STATES.found("Turkey, the UK, Moldova and GEORGIA") == {"TUR", "GBR", "MDA", "GEO"}
    assert STATES.found("support for us in Georgetown") == frozenset()


def test_what_has_another_state_act_is_withheld_and_staff_are_told() -> None:
    answers = {"added_examples": [{"example": "Georgia and Poland settled a dispute in May."}]}
    summary = compiled(Respondent("iscm", "eap-panel", answers))
    assert "settled" not in " ".join(texts(summary))
    [left] = summary.unused
    assert left.why == (
        "names Georgia and Poland as saying or doing something: only that State's own answer can"
    )


def test_what_is_coded_beside_it_is_still_said() -> None:
    effects = [{"kinds": ["bilateral"], "example": "Poland signed a protocol with us.", "with": ["POL"]}]
    summary = compiled(
        Respondent("state", "GEO", {"takes_part": "yes", "effects": [*effects, {"kinds": ["law"]}]})
    )
    assert "Georgia reported effects on bilateral agreements with Poland." in texts(summary)
    assert "protocol" not in " ".join(texts(summary))
    assert [(named.code, named.by) for named in summary.named_by_another] == [("POL", "GEO")]


def test_a_translation_is_judged_and_not_the_original() -> None:
    answers = {"change": "La Géorgie a fondé le forum."}
    named = Respondent(
        "iscm",
        "eap-panel",
        answers,
        language="fr",
        translated={answers["change"]: "Georgia founded the panel in its present form."},
    )
    assert "founded" not in " ".join(texts(compiled(named)))
