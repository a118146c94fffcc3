"""A visitor who reads pages as a browser would, and an inspector who reads them as a careful reviewer would.

The visitor keeps cookies and the form token, follows redirects, presses buttons by their words and
fills fields by their labels. Every page it fetches is inspected.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from html5lib.html5parser import ParseError
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

CONTROLS = ("input", "select", "textarea")
UNLABELLED = ("hidden", "submit", "button", "image", "reset")


def words(element: Element) -> str:
    """The text of an element with its white space folded."""
    return " ".join("".join(element.itertext()).split())


class Page:
    """One parsed page. Raises AssertionError, listing every fault, unless it is sound."""

    def __init__(self, html: str, url: str = "") -> None:
        self.html, self.url = html, url
        parser = html5lib.HTMLParser(
            html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False
        )
        try:
            self.root = cast(Element, parser.parse(html))
        except ParseError as error:
            position, code, _values = parser.errors[-1]
            raise AssertionError(f"{url}: not strict HTML at {position}: {code} {error}") from error
        self.parents = {child: parent for parent in self.root.iter() for child in parent}
        faults = list(faults_of(self))
        assert not faults, f"{url}:\n" + "\n".join(faults)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Every element with this tag and these attributes, in the order of the page."""
        return [
            element
            for element in self.root.iter(tag)
            if all(
                element.get(name.rstrip("_").replace("_", "-")) == value for name, value in attributes.items()
            )
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{self.url}: {len(found)} of <{tag} {attributes}>"
        return found[0]

    def by_id(self, id_: str) -> Element:
        """The element with this id."""
        return next(element for element in self.root.iter() if element.get("id") == id_)

    @property
    def heading(self) -> str:
        """The words of the page's h1."""
        return words(self.one("h1"))

    @property
    def text(self) -> str:
        """All words of the page's body."""
        return words(self.one("body"))

    def link(self, text: str) -> str:
        """The address of the first link with these words."""
        found = [link for link in self.all("a") if text == words(link)] or [
            link for link in self.all("a") if text in words(link)
        ]
        assert found, f"{self.url}: no link {text!r} among {[words(link) for link in self.all('a')]}"
        return found[0].get("href", "")

    def inside(self, element: Element, *tags: str) -> Element | None:
        """The nearest element around this one with one of the tags."""
        around = self.parents.get(element)
        while around is not None and around.tag not in tags:
            around = self.parents.get(around)
        return around

    def button(self, text: str) -> Element:
        """The first button with these words."""
        found = [each for each in self.all("button") if text in words(each)]
        assert found, f"{self.url}: no button {text!r} among {[words(each) for each in self.all('button')]}"
        return found[0]

    def form_of(self, button: Element) -> Element:
        """The form that a button sends."""
        named = button.get("form")
        form = self.by_id(named) if named else self.inside(button, "form")
        assert form is not None, f"{self.url}: the button {words(button)!r} sends no form"
        return form

    def control(self, label: str) -> Element:
        """The control whose label has these words."""
        labels = [each for each in self.all("label") if label == words(each)] or [
            each for each in self.all("label") if label in words(each)
        ]
        assert labels, f"{self.url}: no label {label!r} among {[words(each) for each in self.all('label')]}"
        return self.by_id(labels[0].get("for", ""))


def faults_of(page: Page) -> Iterator[str]:
    """What is wrong with a page, a sentence each."""
    yield from _language_and_heading(page)
    yield from _ids(page)
    yield from _controls(page)
    yield from _groups(page)
    yield from _forms(page)
    yield from _policy(page)


def _language_and_heading(page: Page) -> Iterator[str]:
    html = page.one("html")
    if not html.get("lang") or html.get("dir") not in {"ltr", "rtl"}:
        yield "the page does not say its language and direction"
    headings = [words(each) for each in page.all("h1")]
    if len(headings) != 1:
        yield f"{len(headings)} headings of the first level: {headings}"
    title = words(page.one("title")).removeprefix("Error: ")
    if headings and not title.startswith(headings[0]):
        yield f"the title {title!r} does not begin with the heading {headings[0]!r}"
    if len(page.all("main")) != 1:
        yield "there is not exactly one main part"


def _ids(page: Page) -> Iterator[str]:
    ids = Counter(element.get("id") for element in page.root.iter() if element.get("id"))
    yield from (f"the id {id_!r} stands {count} times" for id_, count in ids.items() if count > 1)
    for element in page.root.iter():
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for", "list", "form"):
            for target in (element.get(attribute) or "").split():
                if target not in ids:
                    yield f"{attribute} of <{element.tag}> points to {target!r}, which is not there"
        address = element.get("href") or ""
        if element.tag == "a" and len(address) > 1 and address[0] == "#" and address[1:] not in ids:
            yield f"the link {words(element)!r} points to {address!r}, which is not there"


def _controls(page: Page) -> Iterator[str]:
    labelled = {label.get("for") for label in page.all("label") if words(label)}
    for tag in CONTROLS:
        for control in page.all(tag):
            if control.get("type") in UNLABELLED:
                continue
            named = control.get("aria-label") or control.get("aria-labelledby")
            if not named and control.get("id") not in labelled and page.inside(control, "label") is None:
                yield f"the control {control.get('name')!r} has no label"
    for tag in ("a", "button", "summary", "legend", "h1", "h2", "h3"):
        yield from (
            f"a <{tag}> has no words"
            for each in page.all(tag)
            if not words(each) and not each.get("aria-label")
        )
    yield from (
        f"an image has no alt text: {each.get('src')}" for each in page.all("img") if each.get("alt") is None
    )


def _groups(page: Page) -> Iterator[str]:
    """Radio buttons that belong together are announced together."""
    radios: dict[str, list[Element]] = {}
    for radio in page.all("input", type="radio"):
        radios.setdefault(radio.get("name", ""), []).append(radio)
    for name, group in radios.items():
        around = page.inside(group[0], "fieldset")
        if around is None or not any(child.tag == "legend" for child in around):
            yield f"the choices {name!r} stand in no fieldset with a legend"


def _forms(page: Page) -> Iterator[str]:
    for form in page.all("form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        if not any(field.get("name") == "csrf_token" for field in form.iter("input")):
            yield f"the form to {form.get('action')!r} carries no token"


def _policy(page: Page) -> Iterator[str]:
    """What the content security policy would forbid in a browser."""
    for element in page.root.iter():
        handlers = [name for name in element.keys() if name.startswith("on")]  # noqa: SIM118 - Element is no mapping
        if handlers or element.get("style"):
            yield f"<{element.tag}> has an inline style or handler: {handlers or element.get('style')}"
    for script in page.all("script"):
        if not script.get("src") and script.get("type") != "application/json":
            yield "a script stands in the page"
    if len(page.all("script")) > 1:
        yield "the page loads several scripts; let one import the others, so that they come in one request"
    if page.all("style"):
        yield "a style sheet stands in the page"


class Visitor:
    """A person with a browser, before the WSGI application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()
        self.response: TestResponse | None = None
        self._page: Page | None = None
        self.url = "/"

    @property
    def page(self) -> Page:
        """The page last fetched."""
        assert self._page is not None, "no page has been opened"
        return self._page

    @property
    def status(self) -> int:
        """The status of the last answer."""
        assert self.response is not None
        return self.response.status_code

    def open(self, address: str, status: int = 200) -> Page:
        """Fetches a page, follows redirects, and expects the status."""
        return self._read(self.client.get(address, follow_redirects=True), status)

    def follow(self, text: str, status: int = 200) -> Page:
        """Follows the link with these words."""
        return self.open(self._absolute(self.page.link(text)), status)

    def press(self, text: str, fields: Mapping[str, Any] | None = None, status: int = 200) -> Page:
        """Presses the button with these words; fields by name change the form (None: leave out)."""
        return self._read(self.send(text, fields), status)

    def send(self, text: str, fields: Mapping[str, Any] | None = None) -> TestResponse:
        """Presses the button and hands back the raw answer, for files and refusals."""
        button = self.page.button(text)
        form = self.page.form_of(button)
        data = self.values(form)
        if button.get("name"):
            data.add(button.get("name", ""), button.get("value", ""))
        for name, value in (fields or {}).items():
            data.poplist(name)
            several = value if isinstance(value, (list, tuple)) else [value]
            data.setlist(name, [str(each) for each in several if each is not None])
        address = self._absolute(button.get("formaction") or form.get("action") or self.url)
        if (form.get("method") or "get").lower() == "post":
            return self.client.post(address, data=data, follow_redirects=True)
        return self.client.get(address, query_string=data, follow_redirects=True)

    def fill(self, label: str, value: str) -> dict[str, str]:
        """The field behind a label with a value, for `press(fields=…)`."""
        return {self.page.control(label).get("name", ""): value}

    def post_json(self, address: str, data: Any) -> TestResponse:
        """Sends JSON as a script of our page would, with the page's token."""
        token = next(field.get("value", "") for field in self.page.all("input", name="csrf_token"))
        self.response = self.client.post(
            address, data=json.dumps(data), content_type="application/json", headers={"X-CSRFToken": token}
        )
        return self.response

    def values(self, form: Element) -> MultiDict[str, str]:
        """What a browser would send of a form without a button."""
        found: MultiDict[str, str] = MultiDict()
        for control in self._controls(form):
            name = control.get("name")
            if name and control.get("disabled") is None:
                for value in _values_of(control):
                    found.add(name, value)
        return found

    def _controls(self, form: Element) -> Sequence[Element]:
        id_ = form.get("id")
        inside = [
            element
            for element in form.iter()
            if element.tag in CONTROLS and element.get("form") in {None, id_}
        ]
        outside = [
            element
            for element in self.page.root.iter()
            if element.tag in CONTROLS and id_ and element.get("form") == id_
        ]
        return inside + [element for element in outside if element not in inside]

    def _absolute(self, address: str) -> str:
        if address.startswith("#") or address == "":
            return self.url
        return address if address.startswith(("/", "http")) else self.url.rpartition("/")[0] + "/" + address

    def _read(self, response: TestResponse, status: int) -> Page:
        self.response = response
        parts = urlsplit(response.request.url)
        self.url = parts.path + (f"?{parts.query}" if parts.query else "")
        assert response.status_code == status, f"{self.url}: {response.status_code}\n{response.text[:3000]}"
        self._page = Page(response.text, self.url)
        return self._page


def _values_of(control: Element) -> Iterator[str]:
    kind = control.get("type") or "text"
    if control.tag == "textarea":
        text = "".join(control.itertext())
        yield text.replace("\r\n", "\n").replace("\n", "\r\n")
    elif control.tag == "select":
        options = list(control.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        yield from (option.get("value", words(option)) for option in chosen)
    elif kind in {"checkbox", "radio"}:
        if control.get("checked") is not None:
            yield control.get("value", "on")
    elif kind not in {"submit", "button", "image", "reset", "file"}:
        yield control.get("value", "")
