"""Whoever was given a part of a response walks every address of it: what was not given does not exist.

Every text in the response says whether it was given, so that a page which shows what it should not is found
whatever it is about.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from app import clock, create_app
from app.database import Database
from app.migrating import upgrade
from app.models import Answer, Attachment, Thread, User, Via
from app.policy import Attribution, DelegatedRight
from app.queries import people
from app.services import (
    answering,
    attaching,
    attributing,
    clearing,
    delegating,
    naming_officers,
    repeating,
    submitting,
)
from app.services.answering import Change
from app.services.attaching import Where
from app.services.delegating import Gift
from app.web.access import access_of
from tests.contract.conftest import ATTACHED_TO, Owned, Settled, actor_of, settings_in
from tests.contract.rows import rows_of
from tests.contract.walking import Call, walk
from tests.journeys import responding

GIVEN, KEPT = "Wordgiven", "Wordkept"
OF_ALPHA = ["writes-alpha", "reads-alpha"]
WRITERS = ["writes-alpha", "writes-about", "writes-every-mechanism", "writes-everything"]
IN_BLOCKS = ("taking_part", "changes", "value", "focus", "participation", "uses")


@dataclass(frozen=True)
class Parts:
    """The response, and what lies in the block that was given, in the other one, and outside."""

    settled: Settled
    owned: Mapping[str, Owned]

    @property
    def response(self) -> UUID:
        return self.owned["about"].response

    def page(self, iscm: str, key: str) -> str:
        """The address of a page about a mechanism."""
        return f"/responses/{self.response}/mechanisms/{self.owned[iscm].block}/{key}"

    def calls(self, where: str) -> list[Call]:
        """Every call of a respondent's page, filled with what lies in one place."""
        return list(walk(self.settled, self.owned[where], "ARC", "respond."))

    def mark(self, call: Call) -> str:
        """The act for which the address asks leave."""
        access = access_of(self.settled.app.view_functions[call.endpoint])
        assert access is not None
        assert access.act is not None
        return access.act.value


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """Arcadia's draft with answers everywhere, and colleagues who were given a part of it."""
    settings = settings_in(tmp_path_factory.mktemp("parts"))
    database = Database(settings.database_url)
    upgrade(database.engine)
    with database.begin() as session:
        responding.settle(session)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    settled = Settled(app, database)
    yield Parts(settled, _answered(database))
    app.extensions["database"].dispose()
    database.dispose()


def _answered(database: Database) -> dict[str, Owned]:
    response = responding.response_of(database, "ARC")
    blocks = {iscm: responding.block_of(database, "ARC", iscm) for iscm in ("alpha", "beta")}
    records = _filled(database, response, blocks)
    member = _given(database, response, blocks["alpha"])
    _reopened(database, response, blocks["beta"])
    with database.read() as session:
        rows = session.execute(
            select(Answer.instance_id, Answer.id).where(
                Answer.response_id == response, Answer.question_key.in_(["contact_name", "would_help"])
            )
        )
        answers = dict(rows.all())
        remarks = dict(session.execute(select(Thread.instance_id, Thread.id)).all())
        links = dict(session.execute(select(Attachment.instance_id, Attachment.id)).all())
    places: dict[str, UUID | None] = {"about": None, **blocks}
    return {
        where: Owned(
            response,
            block,
            answers[block],
            records[where],
            links.get(records[where]),
            member,
            remarks.get(block),
        )
        for where, block in places.items()
    }


def _filled(database: Database, response: UUID, blocks: Mapping[str, UUID]) -> dict[str, UUID]:
    """Answers everywhere, and a record outside and in each block."""
    focal, now = actor_of(database, "ARC"), clock.now()
    with database.begin() as session:
        outside = repeating.add_record(session, response, "recommendations", None, focal, now).id
        records = {"about": outside}
        changes = [
            Change(None, "contact_name", "", f"{KEPT} contact", 0),
            Change(None, "relevance_why", "", f"{KEPT} relevance", 0),
            Change(outside, "recommendation", "", f"{KEPT} recommendation", 0),
        ]
        for iscm, block in blocks.items():
            word = GIVEN if iscm == "alpha" else KEPT
            records[iscm] = repeating.add_record(session, response, "effects", block, focal, now).id
            changes += [
                Change(block, "takes_part", "", "yes", 0),
                Change(block, "would_help", "", f"{word} help", 0),
                Change(records[iscm], "example", "", f"{word} example", 0),
            ]
        answering.save_answers(session, response, changes, focal, Via.PAGE, now)
        for iscm in blocks:
            word = GIVEN if iscm == "alpha" else KEPT
            address = attaching.link(f"https://{iscm}.example/", f"{word} link")
            attaching.attach(session, Where(response, records[iscm], ATTACHED_TO["ARC"]), address, focal, now)
    return records


def _given(database: Database, response: UUID, alpha: UUID) -> UUID:
    """A colleague for each kind of part; returns the appointment of one of them."""
    focal, now = actor_of(database, "ARC"), clock.now()
    gifts = {
        "writes-alpha": Gift(instance_id=alpha),
        "reads-alpha": Gift(instance_id=alpha, right=DelegatedRight.READ),
        "writes-about": Gift(section_key="about"),
        "writes-every-mechanism": Gift(section_key="mechanisms"),
        "writes-everything": Gift(),
    }
    with database.begin() as session:
        for name, gift in gifts.items():
            address = f"{name}@example.org"
            member = delegating.invite(session, response, address, name, [gift], focal, now)
        return member.id


def _reopened(database: Database, response: UUID, beta: UUID) -> None:
    """Submit it all, reopen it, change what was not given, and have it sent back with remarks."""
    focal, now = actor_of(database, "ARC"), clock.now()
    with database.begin() as session:
        attributing.choose(session, response, Attribution.BY_NAME, focal, now)
        submitting.submit(session, response, "Cleared.", focal, now)
        submitting.reopen(session, response, "Something changed.", focal, now)
    changed = [
        Change(None, "contact_name", "", f"{KEPT} contact anew", 1),
        Change(beta, "would_help", "", f"{KEPT} help anew", 1),
    ]
    with database.begin() as session:
        answering.save_answers(session, response, changed, focal, Via.PAGE, now)
        naming_officers.name_officer(session, response, "officer@example.org", "Officer", focal, now)
        clearing.ask(session, response, f"{KEPT} note", focal, now)
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == "officer@example.org")).one()
        remarks = [
            clearing.Remark(None, "contact_name", f"{KEPT} remark"),
            clearing.Remark(beta, "would_help", f"{KEPT} remark"),
        ]
        officer = people.actor(session, user, now)
        clearing.send_back(session, response, f"{KEPT} reason", remarks, officer, now)


@pytest.mark.parametrize("person", OF_ALPHA)
def test_nothing_that_was_not_given_stands_on_any_page(parts: Parts, person: str) -> None:
    browser, read = parts.settled.browser(person), ""
    pages = [call.address for call in parts.calls("alpha") if call.method == "GET"]
    for address in [*pages, *(parts.page("alpha", key) for key in IN_BLOCKS), "/", "/hats"]:
        answer = browser.get(address, follow_redirects=True)
        assert KEPT not in answer.text, f"{person}: {address}"
        for name in (str(parts.owned["beta"].block), "/about/contact", "/outlook/"):
            assert name not in answer.text, f"{person}: {address} speaks of {name}"
        read += answer.text
    assert f"{GIVEN} help" in read
    assert f"{GIVEN} example" in read
    assert f"{GIVEN} link" in read


@pytest.mark.parametrize("person", OF_ALPHA)
@pytest.mark.parametrize("where", ["beta", "about"])
def test_what_was_not_given_does_not_exist(parts: Parts, person: str, where: str) -> None:
    browser, own = parts.settled.browser(person), parts.owned[where]
    things = (own.block, own.answer, own.record, own.attachment, own.remark)
    named = [f"/{each}" for each in things if each]
    named.append("/about/contact")
    before, tried = rows_of(parts.settled), set()
    for call in parts.calls(where):
        if any(name in call.address for name in named):
            tried.add(call.endpoint)
            assert call.send(browser).status_code == 404, f"{person}: {call}"
    assert {"respond.show", "respond.save", "respond.history", "respond.remove", "respond.restore"} <= tried
    assert rows_of(parts.settled) == before


@pytest.mark.parametrize("page", ["about//contact", "outlook//relevance", "mechanisms/{beta}/value"])
def test_no_script_saves_or_tells_its_presence_where_nothing_was_given(parts: Parts, page: str) -> None:
    browser = parts.settled.browser("writes-alpha")
    place = page.format(beta=parts.owned["beta"].block)
    for endpoint in ("autosave", "presence"):
        body = {"page": place, "changes": []}
        assert browser.post(f"/responses/{parts.response}/{endpoint}", json=body).status_code == 404


@pytest.mark.parametrize("name", ["a.contact_name", "a.would_help"])
def test_a_page_of_one_s_own_saves_no_answer_of_another(parts: Parts, name: str) -> None:
    """The names on a page are looked up in that page: another place cannot be named."""
    browser = parts.settled.browser("writes-alpha")
    before = rows_of(parts.settled)["answer"]
    changes = [{"name": f"{name}@{parts.owned['beta'].block}", "seen": 1, "values": {}}]
    body = {"page": f"mechanisms/{parts.owned['alpha'].block}/value", "changes": changes}
    assert browser.post(f"/responses/{parts.response}/autosave", json=body).status_code == 200
    assert rows_of(parts.settled)["answer"] == before


def test_the_same_as_for_another_mechanism_copies_nothing_that_was_not_given(parts: Parts) -> None:
    browser = parts.settled.browser("writes-alpha")
    assert "Copy into the empty answers" not in browser.get(parts.page("alpha", "value")).text
    form = {"action": "same_as", "same_as": str(parts.owned["beta"].block)}
    before = rows_of(parts.settled)["answer"]
    assert browser.post(parts.page("alpha", "value"), data=form).status_code == 302
    assert rows_of(parts.settled)["answer"] == before


@pytest.mark.parametrize("person", [*OF_ALPHA, *WRITERS[1:]])
def test_nothing_is_done_with_the_whole_even_by_who_was_given_all_answers(parts: Parts, person: str) -> None:
    browser, tried = parts.settled.browser(person), 0
    for call in parts.calls("alpha"):
        if parts.mark(call) in {"choose_attribution", "submit_response", "manage_team"}:
            tried += 1
            assert call.send(browser).status_code == 404, f"{person}: {call}"
    assert tried > 8


def test_who_reads_writes_nothing(parts: Parts) -> None:
    browser = parts.settled.browser("reads-alpha")
    for call in parts.calls("alpha"):
        if parts.mark(call) in {"edit_response", "mark_ready"}:
            assert call.send(browser).status_code == 404, call


@pytest.mark.parametrize(
    ("person", "own", "foreign"),
    [
        ("writes-about", "/about/contact", "mechanisms"),
        ("writes-every-mechanism", "beta", "/about/contact"),
        ("writes-everything", "beta", None),
    ],
)
def test_each_writes_where_it_was_given(parts: Parts, person: str, own: str, foreign: str | None) -> None:
    browser, base = parts.settled.browser(person), f"/responses/{parts.response}"
    address = parts.page(own, "value") if own in parts.owned else base + own
    assert browser.get(address).status_code == 200
    assert browser.post(address, data={"action": "leave"}).status_code == 302
    if foreign is not None:
        address = parts.page("alpha", "value") if foreign == "mechanisms" else base + foreign
        assert browser.get(address).status_code == 404
        assert browser.post(address, data={"action": "leave"}).status_code == 404


@pytest.mark.parametrize(
    ("person", "allowed"),
    [("writes-alpha", False), ("writes-about", False), ("writes-every-mechanism", True)],
)
def test_who_was_given_every_mechanism_adds_one(parts: Parts, person: str, allowed: bool) -> None:
    answer = parts.settled.browser(person).get(f"/responses/{parts.response}/mechanisms/add")
    assert answer.status_code == (200 if allowed else 404)
