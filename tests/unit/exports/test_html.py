"""The HTML file: strict, self-contained, its notes reachable both ways."""

import re
from collections import Counter

import html5lib
import pytest

from app.exports import html
from tests.unit.exports.samples import HOSTILE, sample


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_strict_html_with_one_main_heading_and_unique_ids(language: str) -> None:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html.write(sample(language)))
    assert tree.get("lang") == language
    assert tree.get("dir") == ("rtl" if language == "ar" else "ltr")
    assert [heading.text for heading in tree.iter("h1")] == ["Dialogue on Mobility of the Northern Valleys"]
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    assert ids
    assert max(ids.values()) == 1
    targets = {str(link.get("href"))[1:] for link in tree.iter("a")}
    assert targets == set(ids)


def test_it_asks_for_nothing_from_outside_and_runs_nothing() -> None:
    written = html.write(sample()).decode()
    assert "<script" not in written
    assert not re.search(r"(src|href)=\"(?!#|data:image/svg)", written)
    assert "url(" not in written
    assert "@import" not in written


def test_text_is_never_markup() -> None:
    written = html.write(sample()).decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(written)
    assert HOSTILE in "".join(tree.itertext())


def test_the_style_has_only_logical_directions() -> None:
    physical = re.findall(
        r"(?:margin|padding|border)-(?:left|right|top|bottom)|text-align: (?:left|right)", html.stylesheet()
    )
    assert physical == []


def test_the_style_source_is_the_digest_that_a_browser_computes() -> None:
    assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", html.style_source())


def test_equal_documents_are_equal_bytes() -> None:
    assert html.write(sample()) == html.write(sample())
