"""A browser as far as the server can tell: cookies, form tokens, one connection for each request."""

import email
import gzip
import http.client
import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email import policy
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.serving import Server

SECONDS_FOR_A_REPLY = 30
FORM = "application/x-www-form-urlencoded"


class NoReply(Exception):
    """The server was not there, or went away while it was asked."""


@dataclass(frozen=True)
class Reply:
    """What came back, whole."""

    status: int
    location: str
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)

    @property
    def fields(self) -> dict[str, str]:
        """The value of every named text control on the page."""
        return dict(_controls(self.text))

    def every(self, name: str) -> list[str]:
        """The values of all text controls of one name."""
        return [value for each, value in _controls(self.text) if each == name]


class _Fields(HTMLParser):
    """Collects the named inputs and text areas of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name")
        if tag == "input" and name and given.get("type") in {None, "text", "hidden"}:
            self.found.append((name, given.get("value") or ""))
        elif tag == "textarea" and name:
            self.found.append((name, ""))
            self._area = name

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self.found[-1] = (self._area, self.found[-1][1] + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            # A browser leaves the first line break of a text area out.
            self.found[-1] = (self._area, self.found[-1][1].removeprefix("\n"))
            self._area = None


def _controls(html: str) -> list[tuple[str, str]]:
    """Name and value of every text control of a page, in its order."""
    parser = _Fields()
    parser.feed(html)
    parser.close()
    return parser.found


class Client:
    """One browser of one person."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.url = url
        self._host, self._port = parts.hostname or "", parts.port or 80
        self.cookies: dict[str, str] = {}
        self.token = ""
        self.says: dict[str, str] = {}
        self.dropped = ""

    def twin(self) -> "Client":
        """Another browser that holds a copy of this one's cookies."""
        made = Client(self.url)
        made.cookies, made.token = dict(self.cookies), self.token
        return made

    def get(self, address: str) -> Reply:
        """Opens an address without following where it leads. Raises NoReply."""
        reply = self._ask("GET", address)
        self.token = reply.fields.get("csrf_token", self.token)
        return reply

    def post(
        self,
        address: str,
        fields: Mapping[str, str | list[str]] | None = None,
        sent: Callable[[], None] | None = None,
    ) -> Reply:
        """Sends a form with its token; `sent` is called between request and reply. Raises NoReply."""
        body = urlencode({"csrf_token": self.token, **(fields or {})}, doseq=True).encode()
        return self._ask("POST", address, body, {"Content-Type": FORM}, sent)

    def upload(self, address: str, name: str, content: bytes) -> Reply:
        """Sends a form that holds a file. Raises NoReply."""
        boundary = uuid.uuid4().hex
        parts = [
            (f'name="{name}"; filename="{name}.bin"', content),
            ('name="csrf_token"', self.token.encode()),
        ]
        body = (
            b"".join(_part(boundary, about, each) for about, each in parts) + f"--{boundary}--\r\n".encode()
        )
        return self._ask("POST", address, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def send_and_leave(self, address: str, fields: Mapping[str, str]) -> None:
        """Sends a form and goes away before there is a reply."""
        connection = self._connection()
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        connection.request("POST", address, body, {"Content-Type": FORM, **self._cookie()})
        connection.close()

    def post_json(self, address: str, body: object, sent: Callable[[], None] | None = None) -> Reply:
        """Sends JSON as the page does; `sent` is called between request and reply. Raises NoReply."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": self.token}
        return self._ask("POST", address, json.dumps(body).encode(), headers, sent)

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self._host, self._port, timeout=SECONDS_FOR_A_REPLY)

    def _cookie(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _ask(
        self,
        method: str,
        address: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        sent: Callable[[], None] | None = None,
    ) -> Reply:
        connection = self._connection()
        try:
            connection.request(method, address, body, {**(headers or {}), **self._cookie(), **self.says})
            if sent is not None:
                sent()
            answer, content = self._received(connection)
        except (OSError, http.client.HTTPException) as gone:
            raise NoReply from gone
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        packed = answer.headers.get("Content-Encoding") == "gzip"
        location = urlsplit(answer.headers.get("Location", "")).path
        return Reply(answer.status, location, gzip.decompress(content) if packed else content)

    def _received(self, connection: http.client.HTTPConnection) -> tuple[http.client.HTTPResponse, bytes]:
        answer = connection.getresponse()
        return answer, answer.read()


def _part(boundary: str, about: str, content: bytes) -> bytes:
    """One field of a form that holds a file."""
    return f"--{boundary}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode() + content + b"\r\n"


def sign_in_as(server: Server, persona: str) -> Client:
    """A browser in which a persona of the demonstration is signed in by its link."""
    client = Client(server.url)
    address = urlsplit(server.links[persona]).path
    assert client.get(address).status == 200
    assert client.post(address).status == 302
    client.get("/hats")
    return client


def ask_for_link(server: Server, address: str) -> tuple[Client, str]:
    """A browser that asked for a letter, and the address that the letter names."""
    client = Client(server.url)
    return client, urlsplit(letter_to(client, server, address)).path


def letter_to(client: Client, server: Server, address: str) -> str:
    """The link in the letter that comes when this browser asks for one."""
    already = set(_letters(server.folder))
    client.get("/sign-in")
    assert client.post("/sign-in", {"email": address}).location == "/sign-in/sent"
    server.deliver()
    for path in set(_letters(server.folder)) - already:
        letter = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        found = re.search(r"\S+/sign-in/[\w-]+", letter.get_content())
        if found and address in str(letter["To"]):
            return found.group()
    raise AssertionError(f"no letter to {address} was sent")


def _letters(folder: Path) -> list[Path]:
    return list((folder / "mail").glob("*.eml"))


def sign_in_by_letter(server: Server, address: str) -> Client:
    """A browser in which somebody is signed in by the link of their letter."""
    client, link = ask_for_link(server, address)
    assert client.get(link).status == 200
    assert client.post(link).status == 302
    client.get("/hats")
    return client
