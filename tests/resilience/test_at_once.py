"""Two requests at once, a reply that got lost, a link and a cookie used twice: each thing happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app import clock
from app.database import Database
from app.models import (
    Answer,
    AnswerRevision,
    LinkPurpose,
    LoginSession,
    Response,
    ResponseStatus,
    Submission,
    SubmissionAnswer,
    User,
)
from app.policy import SYSTEM
from app.services import submitting
from tests.resilience.clients import Client, Reply, ask_for_link, letter_to, sign_in_by_letter
from tests.resilience.conftest import response_of
from tests.serving import Server

Done = TypeVar("Done")

SUBMIT = {"statement": "yes"}
RACES = 4


def at_once(*works: Callable[[], Done]) -> list[Done]:
    """Run the works in threads that start together."""
    barrier = Barrier(len(works))

    def started(work: Callable[[], Done]) -> Done:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(started, works))


def reopened(database: Database, organisation: str) -> UUID:
    """The submitted response of an organisation, open for an amendment: complete, and ready to be sent."""
    response = response_of(database, organisation)
    with database.begin() as session:
        if session.get_one(Response, response).status is ResponseStatus.SUBMITTED:
            submitting.reopen(session, response, "A test amends it.", SYSTEM, clock.now())
    return response


def numbers(database: Database, response: UUID) -> list[int]:
    """The numbers of the submissions of a response."""
    with database.read() as session:
        found = select(Submission.number).where(Submission.response_id == response)
        return sorted(session.scalars(found))


@pytest.fixture
def anselm(server: Server) -> Client:
    """The focal point of Aldoria."""
    return sign_in_by_letter(server, "anselm.dray@aldoria.example")


def test_two_clicks_on_submit_make_one_submission(beside: Database, anselm: Client) -> None:
    response = reopened(beside, "XAA")
    before = numbers(beside, response)
    address = f"/responses/{response}/submit"
    replies = at_once(*(lambda: anselm.twin().post(address, SUBMIT) for _ in range(2)))
    assert [(each.status, each.location) for each in replies] == [
        (302, f"/responses/{response}/submitted")
    ] * 2
    assert numbers(beside, response) == [*before, len(before) + 1]


def test_a_submission_whose_reply_was_lost_is_sent_again_and_is_one(beside: Database, anselm: Client) -> None:
    response = reopened(beside, "XAA")
    before = numbers(beside, response)
    address = f"/responses/{response}/submit"
    anselm.send_and_leave(address, SUBMIT)
    assert anselm.post(address, SUBMIT).status == 302
    assert numbers(beside, response) == [*before, len(before) + 1]


def frozen_text(database: Database, response: UUID, key: str) -> object:
    """What the latest submission froze of an answer."""
    with database.read() as session:
        return session.scalars(
            select(AnswerRevision.value)
            .join(SubmissionAnswer, SubmissionAnswer.answer_revision_id == AnswerRevision.id)
            .join(Answer, Answer.id == AnswerRevision.answer_id)
            .join(Submission, Submission.id == SubmissionAnswer.submission_id)
            .where(Submission.response_id == response, Answer.question_key == key)
            .order_by(Submission.number.desc())
            .limit(1)
        ).one_or_none()


def texts(database: Database, response: UUID, key: str) -> list[object]:
    """Everything that was ever stored of an answer, oldest first."""
    with database.read() as session:
        return list(
            session.scalars(
                select(AnswerRevision.value)
                .join(Answer, Answer.id == AnswerRevision.answer_id)
                .where(Answer.response_id == response, Answer.question_key == key)
                .order_by(AnswerRevision.number)
            )
        )


def test_a_save_that_races_a_submission_is_in_it_or_is_refused_aloud(
    server: Server, beside: Database
) -> None:
    client = sign_in_by_letter(server, "birte.solan@brenmark.example")
    for race in range(RACES):
        response = reopened(beside, "XAB")
        before = texts(beside, response, "sustainability")
        text = f"Race {race}"
        change = {
            "name": "a.sustainability",
            "values": {"a.sustainability": [text]},
            "seen": len(before),
        }
        body = {"page": "outlook//relevance", "changes": [change]}

        def save(body: object = body, response: UUID = response) -> Reply:
            return client.twin().post_json(f"/responses/{response}/autosave", body)

        def submit(response: UUID = response) -> Reply:
            return client.twin().post(f"/responses/{response}/submit", SUBMIT)

        saved, submitted = at_once(save, submit)
        assert submitted.status == 302
        if saved.status == 200:
            assert saved.json()["outcomes"][0]["state"] == "saved"
            assert texts(beside, response, "sustainability") == [*before, text]
            assert frozen_text(beside, response, "sustainability") == text
        else:
            assert (saved.status, "submitted" in saved.json()["text"]) == (409, True)
            assert texts(beside, response, "sustainability") == before


def sessions_of(database: Database, address: str) -> int:
    """How often somebody was signed in by a letter's link."""
    with database.read() as session:
        return session.scalars(
            select(func.count())
            .select_from(LoginSession)
            .join(User, User.id == LoginSession.user_id)
            .where(User.email == address, LoginSession.purpose == LinkPurpose.SIGN_IN)
        ).one()


def test_a_link_pressed_twice_at_once_signs_in_once(server: Server, beside: Database) -> None:
    address = "cato.merrin@corvenia.example"
    client, link = ask_for_link(server, address)
    client.get(link)
    replies = at_once(*(lambda: client.twin().post(link) for _ in range(2)))
    assert sorted(each.status for each in replies) == [302, 410]
    assert client.post(link).status == 410
    assert sessions_of(beside, address) == 1


def test_a_copied_cookie_is_worth_nothing_after_signing_out(server: Server, beside: Database) -> None:
    client = sign_in_by_letter(server, "ines.mobarak@mobility-statistics.example")
    response = response_of(beside, "IMS")
    thief = client.twin()
    assert thief.get(f"/responses/{response}").status in {200, 308}
    before = texts(beside, response, "sustainability")
    assert client.post("/sign-out").location == "/signed-out"
    for address in (f"/responses/{response}/check", "/", "/hats"):
        reply = thief.get(address)
        assert (reply.status, reply.location) == (302, "/sign-in")
    change = {"name": "a.sustainability", "values": {"a.sustainability": ["stolen"]}, "seen": len(before)}
    body = {"page": "outlook//relevance", "changes": [change]}
    assert thief.post_json(f"/responses/{response}/autosave", body).status in {400, 401}
    assert thief.post(f"/responses/{response}/outlook/relevance", {"a.sustainability": "stolen"}).status in {
        400,
        401,
    }
    assert texts(beside, response, "sustainability") == before


def test_a_forged_host_does_not_get_into_a_letter(server: Server) -> None:
    client = Client(server.url)
    client.says = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    assert letter_to(client, server, "goran.velt@galdria.example").startswith(f"{server.url}/sign-in/")
