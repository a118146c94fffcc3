"""A form knows whose it is, and nobody else can say so for it."""

import io
import re
import zipfile

import pytest

from app.exports.forms import files
from app.exports.forms.manifest import FormRefused, canonical, digest_of
from tests.filling import SECRET, Filling, repacked
from tests.unit.exports.forms.making import HERE, QUESTIONNAIRES, Answered, differences, file_of

STATE = QUESTIONNAIRES["real state"]


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_form_says_whose_it_is_and_of_which_questionnaire(kind: str) -> None:
    manifest, _written = files.read(file_of(STATE, kind), SECRET)
    assert (manifest.about.response, manifest.about.digest) == (HERE, STATE.digest())
    assert manifest.about.made_at.isoformat() == "2026-11-23T14:05:00+00:00"
    assert len(manifest.shipped) > 40


@pytest.mark.parametrize("kind", ["docx", "xlsx"])
def test_a_form_signed_with_another_key_is_refused(kind: str) -> None:
    with pytest.raises(FormRefused, match="was changed, or it was not made here"):
        files.read(file_of(STATE, kind), "another key")


def test_the_custom_property_stands_in_where_a_program_dropped_the_part() -> None:
    data = repacked(file_of(STATE, "docx"), {"customXml/item1.xml": None})
    assert differences(data) == []


def test_what_was_written_for_one_form_says_nothing_in_another() -> None:
    data = file_of(STATE, "docx", Answered(answered=False))
    other = Filling(file_of(STATE, "docx", Answered(answered=False))).answer("contact_name", "A").saved()
    assert differences(data) == []
    assert len(differences(other)) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("a\r\nb", "a\nb", True),
        ("a \nb", "a\nb\n", True),
        ("a\n\nb", "a\nb", False),
        (" a", "a", False),
        ("", "\n", True),
    ],
)
def test_only_what_programs_do_to_line_ends_is_no_change(one: str, other: str, same: bool) -> None:
    assert (digest_of({"": [one]}) == digest_of({"": [other]})) is same
    assert (canonical(one) == canonical(other)) is same


def test_no_answer_stands_in_the_manifest() -> None:
    data = file_of(STATE, "docx", Answered(text_="a secret of ours"))
    token = re.search(rb"urn:rapporteur:form\">([^<]+)<", _part(data, "customXml/item1.xml"))
    assert token is not None
    manifest, _written = files.read(data, SECRET)
    assert "a secret of ours" not in repr(manifest)


def _part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name)
