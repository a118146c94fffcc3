"""Requests that no browser of ours sends: refused with a page of ours, never a fault of ours."""

import logging
import time

import pytest
from flask import Flask, render_template
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.database import Database
from app.services import signing_in
from app.web.respond.said import Said
from app.web.setup import MOST_FIELDS
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, response_of

NOBODY_S = "/responses/00000000-0000-0000-0000-000000000000/submit"
URLENCODED = "application/x-www-form-urlencoded"


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture(autouse=True)
def faults_become_pages(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False


def parts(number: int) -> bytes:
    """A form of so many fields."""
    each = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n' % place for place in range(number)
    )
    return each + b"--x--\r\n"


@pytest.mark.parametrize("address", ["/nowhere", NOBODY_S, "/sign-in"])
@pytest.mark.parametrize(
    ("body", "media"),
    [
        (parts(MOST_FIELDS + 1), "multipart/form-data; boundary=x"),
        (b"a=&" * (MOST_FIELDS + 1), URLENCODED),
        (b"a=" + b"x" * 17_000_000, URLENCODED),
        (b"x" * 17_000_000, "multipart/form-data; boundary=x"),
        (b"nothing", "multipart/form-data"),
        (b"\xff\x00=\xed\xa0\x80", URLENCODED),
    ],
    ids=["parts", "fields", "long field", "long", "no boundary", "no text"],
)
def test_a_form_that_cannot_be_read_is_refused(
    visitor: Visitor, address: str, body: bytes, media: str
) -> None:
    answer = visitor.client.post(address, data=body, content_type=media)
    assert answer.status_code in {400, 401, 404, 413}
    assert "Content-Security-Policy" in answer.headers


def test_a_stranger_does_not_keep_the_service_busy_with_a_million_fields(visitor: Visitor) -> None:
    begun = time.perf_counter()
    answer = visitor.client.post(NOBODY_S, data=b"a=b&" * 1_000_000, content_type=URLENCODED)
    assert answer.status_code in {401, 413}
    assert len(answer.data) < 100_000
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"page":' * 100_000, b"[" * 100_000 + b"]" * 100_000])
def test_json_that_is_nested_too_deep_is_refused(
    app: Flask, database: Database, sign_in: SignIn, body: bytes
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    visitor = sign_in("focal-arc@example.org")
    address = f"/responses/{response_of(database, 'ARC')}/autosave"
    assert visitor.client.post(address, data=body, content_type="application/json").status_code == 400


@pytest.mark.parametrize(
    "address", ["/findings/%00", "/findings/2026/%00", "/findings/%ED%A0%80", "/sign-in/%00", "/findings/'--"]
)
def test_an_address_with_bytes_that_no_database_takes_is_not_found(sign_in: SignIn, address: str) -> None:
    answer = sign_in("analyst@example.org").client.get(address)
    assert answer.status_code in {404, 410}


def test_a_fault_s_line_in_the_log_has_no_token(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(signing_in, "look_at", broken)
    with caplog.at_level(logging.ERROR):
        answer = visitor.client.get("/sign-in/a-very-secret-token%0d%0aforged")
    assert answer.status_code == 500
    assert "failed, reference" in caplog.text
    assert "a-very-secret-token" not in "".join(record.getMessage() for record in caplog.records)


def test_what_a_database_refuses_is_not_written_into_the_log(database: Database) -> None:
    with pytest.raises(DBAPIError) as refused, database.begin() as session:
        session.execute(text("SELECT a FROM nowhere WHERE a = :said"), {"said": "a State's own words"})
    assert "own words" not in str(refused.value)


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "//evil.example", "x' onclick"],
)
def test_an_address_that_is_no_web_page_is_never_a_link(app: Flask, typed: str) -> None:
    with app.test_request_context():
        page = render_template(
            "answers/link.html", said=Said("link", "Evidence", 1, "a", "evidence", None, typed)
        )
        assert "href" not in page
        said = Said("link", "Evidence", 1, "a", "evidence", None, "https://example.org/" + typed)
        assert "href" in render_template("answers/link.html", said=said)


def test_a_block_of_another_response_is_no_place_to_save(database: Database, sign_in: SignIn) -> None:
    visitor = sign_in("focal-bor@example.org")
    visitor.open(f"/responses/{response_of(database, 'BOR')}")
    theirs = block_of(database, "ARC", "alpha")
    address = f"/responses/{response_of(database, 'BOR')}"
    body = {
        "page": f"mechanisms/{theirs}/taking_part",
        "changes": [{"name": "a.takes_part", "seen": 0, "values": {"a.takes_part": ["yes"]}}],
    }
    visitor.open(f"{address}/about/contact")
    assert visitor.post_json(f"{address}/autosave", body).status_code == 404
    assert visitor.client.get(f"{address}/mechanisms/{theirs}/taking_part").status_code == 404
