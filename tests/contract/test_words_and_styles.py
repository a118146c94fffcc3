"""Every word of a page can be translated, every style turns round, nothing is fetched from afar."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.definitions.json_schema import json_schema
from app.definitions.questions import kinds
from app.web.static import FOLDER, StaticFiles
from tests.contract.sources import ROOT, python_files, short

TEMPLATES = sorted((ROOT / "app/templates").rglob("*.html"))
STYLES = [*sorted((ROOT / "app/static").rglob("*.css")), ROOT / "app/exports/document.css"]
SCRIPTS = sorted((ROOT / "app/static").rglob("*.js"))
NAMES = {"Rapporteur", "IOM", "DOCX", "PDF", "JSON", "HTML"}
SPOKEN = {"alt", "aria-label", "aria-description", "placeholder", "title"}
CLASS_NAME = re.compile(r"\{% block kind %\}\w*\{% endblock %\}")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
WORD = re.compile(r"[^\W\d_]{3,}")


class _Words(HTMLParser):
    """Collects the text and the spoken attributes that a template holds outside Jinja's expressions."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_every_word_of_a_template_goes_through_gettext(template: Path) -> None:
    reader = _Words()
    reader.feed(JINJA.sub("", CLASS_NAME.sub("", template.read_text(encoding="utf-8"))))
    bare = {word for text in reader.found for word in WORD.findall(text)} - NAMES
    assert bare == set()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_asks_for_what_the_policy_forbids(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    found = re.findall(
        r"<[^>]*\s(?:style|on[a-z]+)=|<style\b|\| *safe\b(?! *~| *,| *\))|javascript:|https?://", text
    )
    assert found == []


DIRECTED = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)\b[\w-]*"
    r"|border-(?:top|bottom)-(?:left|right)-radius|(?:left|right|top|bottom)\s*:"
    r"|(?:min-|max-)?(?:width|height)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right))"
)
FOUR_SIDES = re.compile(r"(?<![\w-])(?:margin|padding|inset)\s*:\s*" + r"\s+".join([r"([^\s;{}]+)"] * 4))
CONDITION = re.compile(r"@(?:media|container)[^{]*\{|/\*.*?\*/", re.DOTALL)


@pytest.mark.parametrize("sheet", STYLES, ids=lambda path: path.name)
def test_styles_know_start_and_end_and_neither_left_nor_right(sheet: Path) -> None:
    css = CONDITION.sub("", sheet.read_text(encoding="utf-8"))
    directed = [match.group() for match in DIRECTED.finditer(css)]
    directed += [match.group() for match in FOUR_SIDES.finditer(css) if match[2] != match[4]]
    assert directed == []


@pytest.mark.parametrize("path", [*STYLES, *SCRIPTS], ids=lambda path: path.name)
def test_nothing_is_fetched_from_elsewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"https?://(?!www\.w3\.org/)|@import|//[a-z0-9-]+\.[a-z]{2,}/", text) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_put_text_as_text(path: Path) -> None:
    risky = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert re.findall(risky, path.read_text(encoding="utf-8")) == []


PAGES_WITH_SCRIPTS = sorted(
    {
        tuple(sorted(set(re.findall(r"static_url\('js/([\w-]+\.js)'\)", path.read_text(encoding="utf-8")))))
        for path in (ROOT / "app/templates").rglob("*.html")
    }
    - {()}
)


@pytest.mark.parametrize("names", PAGES_WITH_SCRIPTS, ids="+".join)
def test_the_scripts_of_a_page_stay_light(names: tuple[str, ...]) -> None:
    """30 kB a page before compression, with all that the scripts import (promises, “Everyone can use it”)."""
    served = StaticFiles(FOLDER).contents
    assert sum(len(served[f"js/{name}"]) for name in names) <= 30_000


def test_each_kind_of_question_is_known_wherever_kinds_are_told_apart() -> None:
    """Adding a kind is this list: its partial on the page, and its space on paper."""
    names = {kind.model_fields["kind"].annotation.__args__[0] for kind in kinds()}  # type: ignore[union-attr] # a Literal
    partials = {path.stem for path in (ROOT / "app/templates/questions").glob("*.html")}
    assert names <= partials
    paper = (ROOT / "app/exports/answer_space.py").read_text(encoding="utf-8")
    classes = {kind.__name__ for kind in kinds()}
    assert {name for name in classes if not re.search(rf"\b{name}\b", paper)} == set()


def test_the_committed_schema_is_the_one_of_the_code() -> None:
    assert json.loads((ROOT / "questionnaires/schema.json").read_text(encoding="utf-8")) == json_schema()


def _literals() -> Iterator[tuple[str, str]]:
    for path in python_files("app"):
        if "templates" not in path.parts:
            yield short(path), path.read_text(encoding="utf-8")


def test_gettext_never_gets_a_text_made_on_the_spot() -> None:
    """An f-string or a sum has no entry in any catalogue."""
    made = [
        f"{name}: {match}"
        for name, text in _literals()
        for match in re.findall(r"""\b_\(\s*f["'][^"']*""", text)
    ]
    assert made == []
