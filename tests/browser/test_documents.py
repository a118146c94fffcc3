"""The HTML files as a browser shows them: axe, narrow and wide, notes beside or below, and on paper."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from app.definitions import loader
from app.exports import html, questionnaire_document, summary_document
from tests.unit.exports.samples import sample
from tests.unit.exports.summaries import COMPILED, SETTING, summary

ROOT = Path(__file__).parents[2] / "questionnaires"
WIDTHS = (320, 1000, 1400)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """One file of each kind."""
    return {
        "sample": html.write(sample()),
        "sample in Arabic": html.write(sample("ar")),
        "summary": summary_document.render(summary(), SETTING, "html", COMPILED),
        "questionnaire": questionnaire_document.render(loader.load_all(ROOT)["iscm"], "html"),
    }


def _open(page: Page, content: bytes, folder: Path) -> None:
    path = folder / "document.html"
    path.write_bytes(content)
    page.goto(path.as_uri())


@pytest.mark.parametrize("name", ["sample", "sample in Arabic", "summary", "questionnaire"])
def test_axe_finds_nothing_at_any_width(
    page: Page, axe: Callable[[Page], None], files: dict[str, bytes], name: str, tmp_path: Path
) -> None:
    _open(page, files[name], tmp_path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        axe(page)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{name} scrolls sideways at {width}"


def test_notes_stand_beside_the_text_where_there_is_room_and_below_it_elsewhere(
    page: Page, files: dict[str, bytes], tmp_path: Path
) -> None:
    _open(page, files["summary"], tmp_path)
    beside = "([text, notes]) => notes.left >= text.right"
    found = "[...document.querySelectorAll('section.part.noted > :is(.text, .notes)')].slice(0, 2)"
    boxes = f"{found}.map(box => box.getBoundingClientRect())"
    page.set_viewport_size({"width": 1400, "height": 900})
    assert page.evaluate(f"({beside})({boxes})")
    page.set_viewport_size({"width": 600, "height": 900})
    assert not page.evaluate(f"({beside})({boxes})")


def test_a_numeral_leads_to_its_note_and_the_note_back(
    page: Page, files: dict[str, bytes], tmp_path: Path
) -> None:
    _open(page, files["summary"], tmp_path)
    page.get_by_role("link", name="Note 3", exact=True).first.press("Enter")
    assert page.url.endswith("#note-3")
    page.get_by_role("link", name="Note 3: back to the text").press("Enter")
    assert page.url.endswith("#cite-3")


def test_on_paper_tables_repeat_their_heads_and_nothing_scrolls(
    page: Page, files: dict[str, bytes], tmp_path: Path
) -> None:
    _open(page, files["sample"], tmp_path)
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == "table-header-group"
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX") == "visible"
    assert page.pdf(format="A4").startswith(b"%PDF")
