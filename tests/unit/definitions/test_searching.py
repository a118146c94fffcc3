"""Names are found the way people type them."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definitions.searching import Findable, Rank, likeness, normalise, rank, same, search

STATES = Path("questionnaires/register/states.csv")


def states() -> list[Findable[str]]:
    with STATES.open(encoding="utf-8", newline="") as source:
        return [
            Findable(
                row["code"],
                (row["code"], row["iso2"], row["m49"]),
                (row["name"], row["formal_name"], row["name_fr"], row["name_ar"], *row["also"].split("|")),
            )
            for row in csv.DictReader(source)
        ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Côte d’Ivoire", "cote d'ivoire"),
        ("Côte d'Ivoire", "COTE D IVOIRE"),
        ("the Gambia", "Gambia"),
        ("Türkiye", "TURKIYE"),
        ("İstanbul", "ıstanbul"),
        ("Weiß", "WEISS"),
        ("Guinea-Bissau", "guinea bissau"),
        ("St. Lucia", "Saint Lucia"),
        ("Bosnia & Herzegovina", "bosnia and herzegovina"),
        ("Łódź", "Lodz"),
        ("الأردن", "أردن"),
        ("São Tomé", "Sao  Tome"),
        ("ﬁnland", "Finland"),
    ],
)
def test_spellings_of_one_name_are_the_same(first: str, second: str) -> None:
    assert same(first, second)


@pytest.mark.parametrize(
    ("first", "second"), [("Niger", "Nigeria"), ("", ""), ("!!", "??"), ("Mali", "Malawi")]
)
def test_other_names_are_not(first: str, second: str) -> None:
    assert not same(first, second)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Swaziland", "SWZ"),
        ("czech republic", "CZE"),
        ("Turkey", "TUR"),
        ("turkiye", "TUR"),
        ("Nauru", "NRU"),
        ("naoero", "NRU"),
        ("burma", "MMR"),
        ("Zaire", "COD"),
        ("Upper Volta", "BFA"),
        ("Ceylon", "LKA"),
        ("ivory coast", "CIV"),
        ("Cote dIvoire", "CIV"),
        ("geo", "GEO"),
        ("GE", "GEO"),
        ("268", "GEO"),
        ("la france", "FRA"),
        ("Géorgie", "GEO"),
        ("فرنسا", "FRA"),
        ("Kazakstan", "KAZ"),
        ("Philipines", "PHL"),
    ],
)
def test_a_state_is_found_first_by_code_and_by_old_new_or_misspelt_name(typed: str, code: str) -> None:
    assert search(typed, states())[0].thing == code


def test_the_better_a_name_fits_the_earlier_it_stands() -> None:
    names = ["Alpha of Guinea", "Guinea", "Guinea-Bissau", "Papua New Guinea", "Equatorialguinea"]
    things = [Findable(name, ("GIN",) if name == "Guinea" else (), (name,)) for name in names]
    hits = search("guinea", things)
    assert [(hit.thing, hit.rank) for hit in hits] == [
        ("Guinea", Rank.NAME),
        ("Guinea-Bissau", Rank.BEGINS),
        ("Alpha of Guinea", Rank.WORDS),
        ("Papua New Guinea", Rank.WORDS),
        ("Equatorialguinea", Rank.CONTAINS),
    ]
    assert search("gin", things)[0].rank is Rank.CODE


def test_what_is_only_near_is_marked_and_only_shown_if_nothing_fits() -> None:
    things = [Findable("Georgia", (), ("Georgia",)), Findable("Jordan", (), ("Jordan",))]
    near = search("Goergia", things)
    assert [(hit.thing, hit.near) for hit in near] == [("Georgia", True)]
    assert not search("geor", things)[0].near
    assert search("xy", things) == []
    assert [hit.thing for hit in search("  ", things)] == ["Georgia", "Jordan"]


@given(st.text(max_size=60))
def test_whatever_is_typed_finds_itself_and_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    if once.replace(" ", ""):
        found = rank(text, (), (text,))
        assert found is not None
        assert found[0] is Rank.NAME
        assert likeness(text, text) == 100
    assert search(text, [Findable(1, (text,), (text,))]) or not once
