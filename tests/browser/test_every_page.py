"""Every page a persona can reach by links: axe finds nothing, it fits 320 px, the console stays silent."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import Page

from tests.serving import Server

PERSONAS = ("secretariat", "georgia", "training", "analyst", "coordinator", "viewer", "administrator")
EACH = 2
"""So many pages of each kind: sixty States have pages that differ only in their words."""
CODES = re.compile(r"/(answered|findings|pilots|respondents|rounds)/(?!new$)[^/]+")
NAMED = re.compile(r"(^/findings/\*|/texts|/tracking/questions|/about|/attachments/to|/editions)(/[^/]+)+")
FILES = re.compile(r"\.(csv|docx|json|pdf|svg|xlsx|yaml|zip)$|/source$|/attachments/[0-9a-f-]+$")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def _kind(url: str) -> str:
    """What kind of page it is: ids, codes and queries do not make another one, a page of questions does."""
    path = UUID.sub("*", urlsplit(url).path)
    return NAMED.sub(r"\1/*", CODES.sub(r"/\1/*", path))


def _pages(page: Page, server: Server) -> Iterator[str]:
    seen: set[str] = set()
    kinds: Counter[str] = Counter()
    waiting = [page.url]
    while waiting:
        url = urldefrag(waiting.pop(0)).url
        kind = _kind(url)
        if url in seen or kinds[kind] == EACH:
            continue
        seen.add(url)
        kinds[kind] += 1
        page.goto(url)
        yield url
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [
            link for link in links if link.startswith(server.url) and not FILES.search(urlsplit(link).path)
        ]


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_page_of_a_persona(
    persona: str,
    server: Server,
    page: Page,
    sign_in: Callable[[Page, str], Page],
    axe: Callable[[Page], None],
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, persona)
    wide: list[str] = []
    visited = 0
    for url in _pages(page, server):
        visited += 1
        axe(page)
        page.set_viewport_size({"width": 320, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(url)
        page.set_viewport_size({"width": 1280, "height": 900})
    assert visited > 2
    assert wide == []
    assert complaints == []
