"""LibreOffice opens a form, saves it, and nothing of it is lost: boxes, lists, ticks, manifest."""

import shutil
import subprocess
from pathlib import Path

import pytest

from app.exports.forms.model import MAIN
from app.exports.word_package import element
from tests.filling import Filling, WordForm, run_of
from tests.unit.exports.forms.making import QUESTIONNAIRES, Answered, differences, file_of
from tests.unit.exports.forms.test_round_trip import LONG, small

OFFICE = shutil.which("soffice")
# An office suite weighs more than all else together, so nobody is asked to install one; where there is none,
# the files are still read back by our own readers (``test_round_trip``).
needs_office = pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed: no form is saved by it"
)


def saved_by_office(data: bytes, kind: str, folder: Path) -> bytes:
    """The file as LibreOffice saves it."""
    source, out = folder / f"form.{kind}", folder / "out"
    source.write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", kind, "--outdir", str(out), str(source)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=240)
    if not (out / source.name).exists():
        pytest.skip(f"this LibreOffice does not save {kind}: {done.stderr.decode()[:200]}")
    return (out / source.name).read_bytes()


@needs_office
@pytest.mark.parametrize("kind", ["docx", "xlsx"])
@pytest.mark.parametrize("answered", [True, False])
def test_a_form_saved_by_libreoffice_says_what_it_said(kind: str, answered: bool, tmp_path: Path) -> None:
    data = file_of(QUESTIONNAIRES["real state"], kind, Answered(answered=answered))
    saved = saved_by_office(data, kind, tmp_path)
    assert differences(saved) == []
    filling = (
        Filling(data).answer("contact_name", "Anna").answer("takes_part", "no").answer("themes_matter", [])
    )
    before = {each.number: each.parts for each in differences(filling.saved())}
    after = differences(saved_by_office(filling.saved(), kind, tmp_path))
    assert {each.number: each.parts for each in after} == before
    assert len(before) >= 2


@needs_office
def test_tracked_changes_survive_libreoffice_twice(tmp_path: Path) -> None:
    word = WordForm(file_of(small(LONG), "docx", Answered(text_="We take part")))
    struck = element("del", id="900", author="A", date="2026-11-23T10:00:00Z")
    struck.append(run_of(" never", "delText"))
    added = element("ins", id="901", author="A", date="2026-11-23T10:00:00Z")
    added.append(run_of(" always"))
    paragraph = word.box("answer_0")[-1]
    paragraph.extend([struck, added])
    once = saved_by_office(word.saved(), "docx", tmp_path)
    twice = saved_by_office(once, "docx", tmp_path)
    for data in (word.saved(), once, twice):
        assert [each.parts[MAIN] for each in differences(data)] == [["We take part always"]]
