"""A browser as far as the benchmark needs one: a connection, a cookie, and bytes as they cross the wire."""

import gzip
import http.client
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin

_ASSET = re.compile(r"""<(?:script|link|img)\b[^>]*?\b(?:src|href)="([^"#]+)\"""")
_ICON_OR_STYLE = re.compile(r"""<link\b(?![^>]*\brel="(?:stylesheet|icon|preload|modulepreload)")[^>]*>""")
_IMPORT = re.compile(r"""(?:import|from)\s*\(?["'](\.{1,2}/[^"']+|/[^"']+)["']""")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    wire_bytes: int
    statements: int

    @property
    def text(self) -> str:
        """The body as text, unpacked."""
        body = gzip.decompress(self.body) if self.body[:2] == b"\x1f\x8b" else self.body
        return body.decode("utf-8")


@dataclass
class Visitor:
    """Keeps the connection and the cookie."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path: str) -> Answer:
        """Fetch a page."""
        return self._ask("GET", path, None, {})

    def post_form(self, path: str, fields: Mapping[str, list[str]]) -> Answer:
        """Send a form."""
        body = urlencode([(name, value) for name, values in fields.items() for value in values])
        return self._ask("POST", path, body.encode(), {"Content-Type": "application/x-www-form-urlencoded"})

    def post_json(self, path: str, data: object, token: str) -> Answer:
        """Send JSON with the form token in a header, as the page's own script does."""
        headers = {"Content-Type": "application/json", "X-CSRFToken": token}
        return self._ask("POST", path, json.dumps(data).encode(), headers)

    def weight(self, path: str) -> tuple[int, int, Answer]:
        """Bytes over the wire and requests for a page and everything it loads, with an empty cache."""
        page = self.get(path)
        html = _ICON_OR_STYLE.sub("", page.text)
        waiting = [urljoin(path, address) for address in _ASSET.findall(html)]
        seen: dict[str, Answer] = {}
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            seen[address] = self.get(address)
            if address.split("?")[0].endswith(".js"):
                waiting += [urljoin(address, module) for module in _IMPORT.findall(seen[address].text)]
        return page.wire_bytes + sum(answer.wire_bytes for answer in seen.values()), 1 + len(seen), page

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        common = {"Accept-Encoding": "gzip", **({"Cookie": cookie} if cookie else {})}
        self._connection.request(method, path, body, {**common, **headers})
        response = self._connection.getresponse()
        content = response.read()
        for header in response.headers.get_all("Set-Cookie") or []:
            name, _equals, rest = header.partition("=")
            self.cookies[name] = rest.split(";")[0]
        head = sum(len(name) + len(value) + 4 for name, value in response.headers.items()) + 19
        return Answer(
            response.status, content, head + len(content), int(response.headers.get("X-Statements", "0"))
        )
