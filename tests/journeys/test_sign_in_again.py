"""What is typed survives a session that ended, and nobody else can send it."""

from datetime import timedelta

import pytest
from flask import Blueprint, Flask, render_template_string, request
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import LoginSession, User
from app.policy import StaffRole
from app.web.access import signed_in
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn

TYPED = "improved its readmission policy,\r\nand more"
FORM = """{% extends "base.html" %}{% block title %}Write{% endblock %}{% block main %}
<form method="post">{{ csrf_field() }}<label for="t">Text</label><textarea id="t" name="a.example"></textarea>
<input type="hidden" name="a.example.seen" value="3"><button>Save</button></form>{% endblock %}"""
received: list[dict[str, str]] = []


@pytest.fixture(autouse=True)
def people(app: Flask, database: Database) -> None:
    page = Blueprint("writing", __name__)

    @page.route("/write", methods=["GET", "POST"])
    @signed_in
    def write() -> str:
        received.append(request.form.to_dict())
        return render_template_string(FORM)

    app.register_blueprint(page)
    received.clear()
    with database.begin() as session:
        for name in ("nino", "giorgi"):
            session.add(
                User(
                    email=f"{name}@mfa.example",
                    name=name.title(),
                    created_at=clock.now(),
                    staff_role=StaffRole.VIEWER,
                )
            )


def end_every_session(database: Database) -> None:
    with database.begin() as session:
        for each in session.scalars(select(LoginSession)):
            each.last_seen_at -= timedelta(days=1)
            each.created_at -= timedelta(days=1)


def start_again(visitor: Visitor, other: Visitor) -> None:
    """Puts the other browser's session into this one, as signing in again in a second tab does."""
    with other.client.session_transaction() as cookie:
        key = cookie["_user_id"]
    with visitor.client.session_transaction() as cookie:
        cookie["_user_id"] = key


def test_the_text_is_shown_kept_and_saved_after_signing_in_again(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in("nino@mfa.example")
    visitor.open("/write")
    end_every_session(database)
    page = visitor.press("Save", {"a.example": TYPED}, status=401)
    assert page.heading == "Sign in again to go on"
    assert "improved its readmission policy," in page.text
    start_again(visitor, sign_in("nino@mfa.example"))
    visitor.press("Save what I had typed")
    sent = received[-1]
    assert sent["a.example"] == TYPED.replace("\r\n", "\n")
    assert sent["a.example.seen"] == "3"


def test_a_script_is_told_in_its_own_language(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in("nino@mfa.example")
    visitor.open("/write")
    end_every_session(database)
    answer = visitor.post_json("/write", {"changes": []})
    assert answer.status_code == 401
    assert answer.get_json()["error"] == "Sign in again to go on"


def test_a_page_left_open_by_another_person_cannot_be_sent(sign_in: SignIn, app: Flask) -> None:
    visitor = sign_in("nino@mfa.example")
    visitor.open("/write")
    with visitor.client.session_transaction() as cookie:
        cookie["csrf_token"] = "the token of another session"
    page = visitor.press("Save", {"a.example": TYPED}, status=400)
    assert page.heading == "This page is out of date"
    assert "improved its readmission policy," in page.text


def test_another_site_cannot_put_its_words_on_our_page(app: Flask) -> None:
    visitor = Visitor(app)
    answer = visitor.client.post(
        "/write", data={"a.example": "send your password here"}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 401
    assert "send your password here" not in answer.text
