"""What every answer carries, whatever it answers."""

import gzip

import pytest
from flask import Flask

from app import create_app
from app.web.access import open_to_all
from app.web.headers import ALWAYS
from config import Settings
from tests.browsing import Visitor

ADDRESSES = [
    ("/sign-in", 200),
    ("/sign-in/no-such-link", 410),
    ("/nothing-here", 404),
    ("/overview", 302),
    ("/accessibility", 200),
    ("/health", 200),
]


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_headers_stand_on_every_answer(app: Flask, address: str, status: int) -> None:
    answer = app.test_client().get(address)
    assert answer.status_code == status
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value
    assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in answer.headers


def test_headers_stand_on_our_own_failures(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False

    @app.get("/broken")
    @open_to_all
    def broken() -> str:
        raise RuntimeError("our fault")

    page = Visitor(app).open("/broken", status=500)
    assert page.heading == "This did not work, and it is our fault"
    assert "quote R-" in page.text
    answer = app.test_client().get("/broken")
    assert answer.headers["Content-Security-Policy"] == ALWAYS["Content-Security-Policy"]


def test_a_view_without_a_mark_is_closed(app: Flask) -> None:
    app.add_url_rule("/unmarked", "unmarked", lambda: "secret")
    assert app.test_client().get("/unmarked").status_code == 404


def test_over_tls_the_cookie_and_the_transport_are_bound_to_the_host(settings: Settings) -> None:
    fields = {**settings.__dict__, "public_url": "https://rapporteur.example.org"}
    app = create_app(Settings(**fields))
    answer = app.test_client().get("/sign-in", base_url="https://rapporteur.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-rapporteur=")
    assert "Domain" not in cookie
    for word in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert word in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    app.extensions["database"].dispose()


def test_pages_and_style_sheets_are_compressed(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/sign-in", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert page.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(page.data).decode()
    address = html.partition('rel="stylesheet" href="')[2].partition('"')[0]
    sheet = client.get(address, headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert sheet.headers["Content-Encoding"] == "gzip"
    assert "immutable" in sheet.headers["Cache-Control"]
    for name, value in ALWAYS.items():
        assert sheet.headers[name] == value
    assert len(sheet.data) < 8_000
    plain = client.get(address, headers={"Accept-Encoding": "identity"}, buffered=True)
    assert plain.data == gzip.decompress(sheet.data)


@pytest.mark.parametrize("environment", ["production", "development", "test"])
def test_the_demonstration_s_links_exist_in_the_demonstration_only(
    settings: Settings, environment: str
) -> None:
    app = create_app(Settings(**{**settings.__dict__, "environment": environment}))
    assert not [rule for rule in app.url_map.iter_rules() if "demo" in rule.rule]
    app.extensions["database"].dispose()
