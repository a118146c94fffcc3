"""The committed register: complete in itself, every string of it read as something."""

import csv
from pathlib import Path
from typing import Any

import pytest

from app.definitions.source import read
from app.services import register_csv, register_yaml

ROOT = Path("questionnaires/register")
LISTS = ("observer_organizations", "partner_organizations", "member_organizations", "associated_with")


def loaded(name: str) -> dict[str, Any]:
    data: dict[str, Any] = read(ROOT / name, ROOT).data
    return data


@pytest.fixture(scope="module")
def mechanisms() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = loaded("iscms.yaml")["iscms"]
    return found


def test_the_files_have_no_fault() -> None:
    words = register_yaml.read((ROOT / "igos.yaml").read_bytes(), "igos.yaml")[0].words
    for name in ("igos.yaml", "iscms.yaml"):
        assert register_yaml.read((ROOT / name).read_bytes(), name, words)[1] == []
    assert register_csv.read((ROOT / "states.csv").read_bytes(), "states.csv")[1] == []


def test_every_string_is_an_organization_a_mechanism_or_said_to_be_free_text(
    mechanisms: list[dict[str, Any]],
) -> None:
    igos = loaded("igos.yaml")
    written = [name for each in igos["organisations"] for name in each["written"]]
    free = [each["text"] for each in igos["free_text"]]
    mapped = [*written, *igos["mechanisms_written"], *free]
    assert len(mapped) == len(set(mapped)), "a string is read in one way only"
    said = {name for each in mechanisms for key in LISTS for name in each.get(key, [])}
    assert said == set(mapped)
    assert set(igos["mechanisms_written"].values()) <= {each["id"] for each in mechanisms}


@pytest.mark.parametrize("words", ["UN agencies", "civil society", "private sector", "Academia", "Youth"])
def test_groups_are_never_organizations(words: str) -> None:
    assert words in {each["text"] for each in loaded("igos.yaml")["free_text"]}


def test_every_code_is_known(mechanisms: list[dict[str, Any]]) -> None:
    with (ROOT / "states.csv").open(encoding="utf-8", newline="") as file:
        states = {row["code"] for row in csv.DictReader(file)}
    bodies = loaded("iscms.yaml")["bodies"]
    named = {code for groups in bodies.values() for group in groups for code in group["codes"]}
    for each in mechanisms:
        named |= {code for key in ("members", "observer_states") for code in each.get(key, [])}
    assert named <= states
    assert set(bodies) <= {each["code"] for each in loaded("igos.yaml")["organisations"]}


def test_every_mechanism_says_since_when_its_members_are_known_and_why(
    mechanisms: list[dict[str, Any]],
) -> None:
    assert len(mechanisms) == 39
    for each in mechanisms:
        assert "members_known_from" in each
        assert each["members_known_why"].endswith(".")
        if not each["members"]:
            assert each["members_known_from"] is None


def test_models_are_terms_of_the_vocabularies(mechanisms: list[dict[str, Any]]) -> None:
    folder = ROOT.parent / "vocabularies"
    for key in ("chair_model", "secretariat_model"):
        terms = {term["key"] for term in read(folder / f"{key}s.yaml", folder).data["terms"]}
        assert {each[key] for each in mechanisms if key in each} <= terms


def test_every_member_state_is_named_in_the_six_official_languages() -> None:
    rows = list(csv.DictReader((ROOT / "states.csv").read_text(encoding="utf-8").splitlines()))
    languages = ("name_ar", "name_es", "name_fr", "name_ru", "name_zh")
    assert [row["code"] for row in rows if not all(row[name] for name in languages)] == ["XKX"]
    assert not [row["code"] for row in rows for name in languages if "_" in row[name]]
    turkey = next(row for row in rows if row["code"] == "TUR")
    assert (turkey["name"], turkey["name_es"], turkey["name_ru"]) == ("Türkiye", "Türkiye", "Турция")
