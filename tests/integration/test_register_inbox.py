"""The inbox of corrections and additions: in words, and not before they were submitted."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, ProposalDecision
from app.policy import SYSTEM, Attribution
from app.queries import register_inbox
from app.services import attributing, proposing, proposing_mechanisms, submitting
from app.services.errors import NotFound
from tests.factories import NOW, World, world


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def send(made: World, code: str) -> None:
    submitting.submit(made.session, made.response(code), "Cleared.", made.actors[code], NOW)


def test_a_correction_is_said_in_the_words_of_the_question(made: World) -> None:
    made.say("alpha", None, contact_name="A. Person", launched=2002, themes={"options": ["asylum"]})
    attributing.choose(made.session, made.response("alpha"), Attribution.BY_NAME, made.actors["alpha"], NOW)
    assert register_inbox.open_proposals(made.session) == []
    send(made, "alpha")
    found = {each.fact: (each.known, each.proposed) for each in register_inbox.open_proposals(made.session)}
    assert found == {"established": ("2001", "2002"), "thematic_areas": ("Border management", "Asylum")}


def test_a_mechanism_that_the_register_lacks_comes_with_the_answers_never_with_a_draft(made: World) -> None:
    proposal = proposing_mechanisms.propose_mechanism(
        made.session, made.response("AAA"), "Zeta Talks", "Since 2024", made.actors["AAA"], NOW
    )
    assert register_inbox.open_proposals(made.session) == []
    with pytest.raises(NotFound):
        proposing.decide(made.session, proposal.id, ProposalDecision.ACCEPTED, "", SYSTEM, NOW)
    events = made.session.scalars(select(AuditEvent.detail).where(AuditEvent.act == "proposed_mechanism"))
    assert "Zeta" not in str(events.all())
    made.complete("AAA")
    send(made, "AAA")
    (shown,) = register_inbox.open_proposals(made.session)
    assert (shown.fact, shown.known, shown.proposed, shown.note) == (
        "mechanism",
        None,
        "Zeta Talks",
        "Since 2024",
    )
    assert shown.about == shown.by == "Arcadia"
    proposing.decide(made.session, proposal.id, ProposalDecision.ACCEPTED, "", SYSTEM, NOW)
    assert register_inbox.open_proposals(made.session) == []
