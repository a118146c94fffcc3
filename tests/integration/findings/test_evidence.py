"""Evidence from rows: what stands submitted, under the attribution of today, in one statement."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.cli import demo_content
from app.database import Database
from app.findings.stable import summary_json
from app.models import (
    Answer,
    AuditEvent,
    CompiledSummary,
    Organisation,
    RepeatInstance,
    Response,
    Round,
    Translation,
    User,
    Via,
)
from app.policy import SYSTEM, Actor, Attribution, StaffRole
from app.queries import evidence
from app.services import submitting, summarising
from app.services.errors import NotAllowed
from tests.databases import type_of_copy
from tests.unit.findings import building
from tests.unit.findings.facts import missing

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANALYST = Actor(user_id=None, name="Leila Haddad", staff_role=StaffRole.ANALYST)


@pytest.fixture(scope="module")
def demonstration(copy_of_template: type_of_copy) -> Iterator[Database]:
    """A database with the register and the two committed rounds, loaded by the services."""
    made = Database(copy_of_template(demo_content.load))
    yield made
    made.dispose()


@pytest.fixture
def session(demonstration: Database) -> Iterator[Session]:
    """A writing session that is rolled back after the test."""
    with demonstration.session(write=True) as opened:
        yield opened
        opened.rollback()


def subject(session: Session, round_code: str, iscm: str) -> tuple[Round, Organisation]:
    return (
        session.scalars(select(Round).where(Round.code == round_code)).one(),
        session.scalars(select(Organisation).where(Organisation.code == iscm)).one(),
    )


def said(session: Session, round_code: str = "2019", iscm: str = "eap-panel") -> list[str]:
    summary, _ = summarising.current(session, *subject(session, round_code, iscm))
    return [statement.text for statement in summary.statements]


def response(session: Session, round_code: str, code: str) -> Response:
    return session.scalars(
        select(Response)
        .join(Round, Round.id == Response.round_id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .where(Round.code == round_code, Organisation.code == code)
    ).one()


def test_the_case_gives_the_same_summary_from_rows_as_from_files(session: Session) -> None:
    summary, _ = summarising.current(session, *subject(session, "2019", "eap-panel"))
    assert missing(summary) == set()
    assert [s.text for s in summary.statements] == building.texts(
        building.compiled(*building.eap_respondents())
    )
    data = summary_json(summary, AT)
    assert data["counts"]["iscm"] == {"invited": 31, "answered": 22}
    assert data["counts"]["state"] == {"invited": None, "answered": 46}
    assert data["coverage"] == {"members": 34, "members_answered": 4}
    cited = [c for section in data["sections"][1:] for s in section["statements"] for c in s["citations"]]
    assert all(citation["revision"] >= 1 for citation in cited)


def test_the_training_round_gives_the_golden_text(session: Session) -> None:
    golden = (building.ROOT / "tests/cases/training/sable-dialogue.txt").read_text(encoding="utf-8")
    assert said(session, "training", "sable-dialogue") == [
        line for line in golden.split("\n## Gaps")[0].splitlines() if line and not line.startswith("## ")
    ]


def test_the_answers_are_read_in_one_statement(session: Session) -> None:
    about = subject(session, "training", "sable-dialogue")
    setting = evidence.setting_of(session, *about)
    evidence.about(session, *about)
    seen: list[str] = []
    connection = session.connection()

    @event.listens_for(connection, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    found = list(evidence._items(session, *about, setting))
    assert len(found) > 100
    assert len(seen) == 1


def test_an_answer_in_a_draft_is_no_evidence(session: Session) -> None:
    found = evidence.about(session, *subject(session, "training", "upland-forum"))
    assert "upland-forum" not in {item.respondent for item in found.items}


def test_what_is_said_of_one_mechanism_does_not_reach_another(session: Session) -> None:
    found = evidence.about(session, *subject(session, "training", "upland-forum"))
    assert "inspections of seasonal work that two States carry out together" in [i.value for i in found.items]
    about_dialogue = evidence.about(session, *subject(session, "training", "sable-dialogue"))
    assert not any("inspections" in str(item.value) for item in about_dialogue.items)


def test_a_block_may_have_an_attribution_of_its_own(session: Session) -> None:
    found = evidence.about(session, *subject(session, "training", "upland-forum"))
    assert {i.attribution for i in found.items if i.respondent == "XAB"} == {Attribution.BACKGROUND}


@pytest.mark.parametrize("where", ["response", "block", "answer"])
def test_an_attribution_that_was_tightened_counts_at_once(session: Session, where: str) -> None:
    georgia = response(session, "2019", "GEO")
    if where == "response":
        georgia.attribution = Attribution.BACKGROUND
    elif where == "block":
        block = session.scalars(
            select(RepeatInstance).where(
                RepeatInstance.response_id == georgia.id, RepeatInstance.subject_id.is_not(None)
            )
        ).one()
        block.attribution = Attribution.NOT_FOR_PUBLICATION
    else:
        for answer in session.scalars(select(Answer).where(Answer.response_id == georgia.id)):
            answer.attribution = Attribution.BACKGROUND
    session.flush()
    assert "Georgia" not in " ".join(said(session))


def test_an_attribution_that_was_loosened_waits_for_the_amendment(session: Session) -> None:
    response(session, "training", "XAD").attribution = Attribution.BY_NAME
    session.flush()
    assert "Delmora" not in " ".join(said(session, "training", "sable-dialogue"))


def test_a_reopened_response_counts_as_it_was_submitted(session: Session) -> None:
    before = said(session, "training", "sable-dialogue")
    aldoria = response(session, "training", "XAA")
    submitting.reopen(session, aldoria.id, "An agreement is to be added.", SYSTEM, AT)
    answer = session.scalars(
        select(Answer).where(Answer.response_id == aldoria.id, Answer.question_key == "home_example")
    ).one()
    answer.value = "did something else"
    session.flush()
    assert said(session, "training", "sable-dialogue") == before


def test_an_approved_translation_lets_an_answer_in(session: Session) -> None:
    about = subject(session, "training", "sable-dialogue")
    summary, _ = summarising.current(session, *about)
    waiting = next(i for i in summary.awaiting_translation if i.concept == "added_value.words")
    someone = session.scalars(select(User).limit(1)).one()
    text = Translation(
        id=uuid4(),
        answer_revision_id=UUID(str(waiting.revision_id)),
        locale="en",
        text="the trust that has grown between port authorities",
        by_id=someone.id,
        at=AT,
    )
    session.add(text)
    session.flush()
    assert not any(
        "the trust that has grown" in sentence for sentence in said(session, "training", "sable-dialogue")
    )
    text.approved_at, text.approved_by_id = AT, someone.id
    session.flush()
    assert any(
        sentence.startswith("Falkara values") and sentence.endswith("grown between port authorities.")
        for sentence in said(session, "training", "sable-dialogue")
    )


def test_compiling_keeps_one_summary_and_leaves_an_event(session: Session) -> None:
    about = subject(session, "2019", "eap-panel")
    first = summarising.compile(session, *about, ANALYST, AT)
    again = summarising.compile(session, *about, ANALYST, AT)
    session.flush()
    assert first is again
    kept = session.scalars(select(CompiledSummary).where(CompiledSummary.iscm_id == about[1].id)).one()
    assert kept.content["iscm"] == "eap-panel"
    assert kept.digest == summarising.digest(kept.content)
    assert session.scalars(select(AuditEvent.act).where(AuditEvent.act == "compiled_summary")).all()


def test_a_viewer_may_not_compile(session: Session) -> None:
    viewer = Actor(user_id=None, name="Viewer", staff_role=StaffRole.VIEWER)
    with pytest.raises(NotAllowed):
        summarising.compile(session, *subject(session, "2019", "eap-panel"), viewer, AT)


def test_of_what_staff_entered_only_the_known_date_is_cited(session: Session) -> None:
    found = evidence.about(session, *subject(session, "2019", "eap-panel"))
    assert {item.answered_on for item in found.items} == {"2019"}
    found = evidence.about(session, *subject(session, "training", "sable-dialogue"))
    assert {item.answered_on for item in found.items if item.respondent == "XAA"} == {"2026-10-26"}


@pytest.mark.parametrize(
    ("via", "source", "known"),
    [
        (Via.STAFF, {"what": "a letter", "dated": "2026-11"}, "2026-11"),
        (Via.STAFF, {"what": "a letter", "dated": "spring"}, ""),
        (Via.PAGE, None, "2026-11-24"),
        (Via.IMPORT, None, "2026-11-24"),
    ],
)
def test_the_date_of_an_answer_is_never_the_day_of_entering_it(
    session: Session, via: Via, source: dict[str, str] | None, known: str
) -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert evidence.answered_on(via, late, source or {}, "Europe/Zurich") == known
