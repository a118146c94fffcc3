"""Every page a persona can reach by links: axe finds nothing, it fits 320 px, the console stays silent."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urldefrag, urlsplit

import pytest
from playwright.sync_api import Page

from tests.serving import Server

PERSONAS = ("secretariat", "georgia", "training", "analyst", "coordinator", "viewer", "administrator")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


def _shape(url: str) -> str:
    """One page of each shape is enough: ids do not make another page."""
    parts = urlsplit(url)
    return UUID.sub("*", parts.path) + ("?" + re.sub(r"=[^&]*", "", parts.query) if parts.query else "")


def _pages(page: Page, server: Server) -> Iterator[str]:
    seen: set[str] = set()
    waiting = [page.url]
    while waiting:
        url = urldefrag(waiting.pop(0)).url
        if _shape(url) in seen:
            continue
        seen.add(_shape(url))
        page.goto(url)
        yield url
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        waiting += [link for link in links if link.startswith(server.url)]


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
