"""A definition from file to frozen value, its stored form, its languages, its words."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.definitions import addresses, loader, text, values
from app.definitions.json_schema import json_schema
from app.definitions.questions import Choice, Choices, Records
from app.definitions.schema import Questionnaire, from_stored
from app.definitions.text import LocalizedText
from tests.unit.definitions.features import FEATURES, REGISTER, ROOT, feature

PROJECT = Path(__file__).parents[3]


@pytest.mark.parametrize("key", sorted(FEATURES))
def test_the_stored_form_reads_back_to_the_same_definition(key: str) -> None:
    stored = json.loads(json.dumps(feature(key).stored()))
    again = from_stored(stored)
    assert again == feature(key)
    assert again.stored() == stored
    assert again.digest() == feature(key).digest()


def test_the_digest_tells_definitions_apart() -> None:
    digests = {questionnaire.digest() for questionnaire in FEATURES.values()}
    assert len(digests) == len(FEATURES)
    changed = feature("yes_no").stored() | {"title": "Other"}
    assert from_stored(changed).digest() not in digests
    assert len(from_stored(changed).digest()) == 64


def test_a_definition_is_frozen_and_refuses_extra_keys() -> None:
    with pytest.raises(ValidationError):
        feature("yes_no").__setattr__("title", LocalizedText("x"))
    with pytest.raises(ValidationError):
        from_stored(feature("yes_no").stored() | {"extra": 1})


def test_questions_are_found_by_key_and_fields_by_their_list() -> None:
    records = feature("records")
    assert records.question("agreements").parent is None
    assert records.question("agreements.name").parent == "agreements"
    assert records.field("bodies", "name").parent == "bodies"
    assert records.question("since").parent == "agreements"
    assert records.find("bodies", "name").parent == "bodies"
    assert records.find("per_iscm", "launched").key == "launched"
    assert records.place("agreements.name").page.key == "page"
    for unknown in ("name", "nothing", "agreements.nothing"):
        with pytest.raises(KeyError):
            records.question(unknown)
    assert [question.key for question in records.questions()][:4] == [
        "launched",
        "agreements",
        "name",
        "binding",
    ]


def test_sections_and_pages_are_found_by_key() -> None:
    memberships = feature("memberships")
    assert memberships.section("per_iscm").repeat is not None
    assert memberships.page("per_iscm", "depth").more
    for wrong in (("per_iscm", "nothing"), ("nothing", "depth")):
        with pytest.raises(KeyError):
            memberships.page(*wrong)


def test_a_vocabulary_is_put_in_whole_or_in_part() -> None:
    choosing = feature("choosing")
    keys = {q.key: [option.key for option in q.listed()] for q in choosing.questions()}
    assert keys["one"] == ["red", "eu_blue", "no", "other"]
    assert keys["few"] == ["red", "eu_blue"]
    assert keys["rest"] == ["red", "eu_blue", "no"]
    one = choosing.question("one")
    assert isinstance(one, Choice)
    assert one.vocabulary == "colours"
    assert [option.said_inside for option in one.options] == ["red", "EU blue", "no colour at all", "other"]
    assert one.option("pink") is None
    other = one.other_option()
    assert other is not None
    assert other.key == "other"


def test_a_vocabulary_says_what_is_to_be_confirmed() -> None:
    colours = loader.library(ROOT).vocabularies["colours"]
    assert colours.to_be_confirmed
    assert colours.why == "Nobody has counted them yet."
    red = colours.term("red")
    assert red is not None
    assert (red.gcm, red.aka) == ((2, 5), ("Crimson",))
    assert colours.term("pink") is None


def test_a_long_list_is_shown_in_the_order_of_its_words() -> None:
    liked = feature("alphabetical").question("liked")
    assert isinstance(liked, Choices)
    assert [option.key for option in liked.listed()] == ["apple", "other", "sloe", "date"]
    assert [option.key for option in liked.offered("en")] == ["apple", "date", "sloe", "other"]
    assert [option.text.in_locale("fr") for option in liked.offered("fr")][:3] == [
        "Datte",
        "Épine noire",
        "Pomme",
    ]
    said = {"options": ["sloe", "date", "other"], "other": "Pears"}
    assert values.say(liked, said, REGISTER) == "Date; Sloe; Other (specify): Pears"


def test_other_languages_are_merged_by_address() -> None:
    languages = feature("languages")
    assert languages.locales == ("fr",)
    assert languages.title.in_locale("fr") == "Langues"
    assert languages.title.in_locale("fr-CH") == "Langues"
    assert languages.title.in_locale("es") == "Languages"
    colour = languages.question("colour")
    assert colour.text.in_locale("fr") == "Quelle couleur {organisation} préfère-t-elle ?"
    assert colour.text.stale == frozenset()
    assert colour.hint is not None
    assert colour.hint.stale == {"fr"}
    red = colour.option("red")
    assert red is not None
    assert red.text.in_locale("fr") == "Rouge"


def test_what_translations_lack_is_noted_not_refused() -> None:
    notes = [
        (note.path, note.message.partition(":")[0]) for note in loader.notes(ROOT / "languages/v1.yaml", ROOT)
    ]
    assert notes == [
        ("sections.all.title", "not translated"),
        ("pages.all.page.title", "not translated"),
        ("questions.colour.hint", "stale"),
    ]
    lacking = loader.library(ROOT).notes
    assert {note.path for note in lacking} >= {"title", "terms.eu_blue.text", "terms.no.inline"}


def test_every_text_has_an_address_of_its_own() -> None:
    for questionnaire in FEATURES.values():
        spoken = list(addresses.of_questionnaire(questionnaire))
        names = [one.address for one in spoken]
        assert len(names) == len(set(names))
        stored = questionnaire.stored()
        for one in spoken:
            found: Any = stored
            for step in one.steps:
                found = found[step]
            assert found == one.text.stored()


@pytest.mark.parametrize(
    ("key", "address"),
    [
        ("choosing", "questions.own.options.large.hint"),
        ("memberships", "questions.effects.example.stem"),
        ("warnings", "questions.members.warn.0.text"),
        ("matrix", "questions.degree.rows.global.text"),
        ("matrix", "questions.degree.cell.options.often.text"),
    ],
)
def test_addresses_are_keys_not_positions(key: str, address: str) -> None:
    assert address in {one.address for one in addresses.of_questionnaire(feature(key))}


def test_filling_words_in() -> None:
    template = "Who chairs {subject}? {{braces}} stay, {chair} too."
    filled = text.fill(template, {"subject": "the {chair} Panel", "chair": "<b>"})
    assert filled == "Who chairs the {chair} Panel? {braces} stay, <b> too."
    assert text.fill("{chair}", {}) == "…"
    assert text.placeholders("{a} {{b}} { {c_1}") == {"a", "{", "c_1"}


def test_words_inside_a_sentence() -> None:
    assert text.inside("Border management") == "border management"
    assert text.inside("EU blue") == "EU blue"
    assert text.inside("A") == "A"
    assert text.inside("") == ""


def test_a_list_knows_its_word_and_its_none() -> None:
    agreements = feature("records").question("agreements")
    assert isinstance(agreements, Records)
    assert (str(agreements.item), str(agreements.none)) == ("agreement", "Nothing so far")
    assert str(agreements.name) == "Which agreements?"


def test_loading_all_takes_the_newest_version(tmp_path: Path) -> None:
    folder = tmp_path / "yes_no"
    folder.mkdir()
    words = (ROOT / "yes_no/v1.yaml").read_text(encoding="utf-8")
    for number in (2, 10, 9):
        written = words.replace("version: 1", f"version: {number}")
        (folder / f"v{number}.yaml").write_text(written, encoding="utf-8")
    assert loader.load_all(tmp_path)["yes_no"].version == 10


def test_the_committed_schema_is_true() -> None:
    committed = json.loads((PROJECT / "questionnaires/schema.json").read_text(encoding="utf-8"))
    assert committed == json_schema()


def test_the_questionnaires_of_the_project_are_in_order() -> None:
    known = loader.load_all(PROJECT / "questionnaires")
    assert set(known) == {"state", "iscm", "igo"}
    for questionnaire in known.values():
        assert isinstance(questionnaire, Questionnaire)
        assert from_stored(questionnaire.stored()) == questionnaire
