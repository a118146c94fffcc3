"""One settled world for the tests that walk every address: who owns what, and people of every kind."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock, create_app
from app.database import Database
from app.exports import edition_document
from app.migrating import upgrade
from app.models import (
    Answer,
    Appointment,
    ImportKind,
    IscmProfile,
    LinkPurpose,
    Membership,
    Organisation,
    OutboxMessage,
    RegisterProposal,
    ReminderAnchor,
    RepeatInstance,
    User,
    Via,
)
from app.policy import SYSTEM, Actor, Attribution, StaffRole
from app.queries import people, round_overview
from app.services import (
    answering,
    attaching,
    attributing,
    delegating,
    discussing,
    editions,
    filing,
    proposing_mechanisms,
    receipt_letters,
    reminding,
    repeating,
    signing_in,
    staging,
    submitting,
    summarising,
)
from app.services.answering import Change
from app.services.attaching import Where
from app.services.conversing import About
from app.services.delegating import Gift
from app.services.reminding import Rule
from app.storage import Store
from config import Settings
from tests import factories
from tests.journeys import responding
from tests.storing import PDF

ANONYMOUS = ""
LISTS = {"ARC": "effects", "BOR": "effects", "IOX": "igo_examples", "alpha": "predecessors"}
ATTACHED_TO = {"ARC": "evidence", "BOR": "evidence", "IOX": "what", "alpha": "governing_document_title"}


@dataclass(frozen=True)
class Owned:
    """What belongs to one respondent: every kind of thing that an address can name."""

    response: UUID
    block: UUID | None = None
    answer: UUID | None = None
    record: UUID | None = None
    attachment: UUID | None = None
    appointment: UUID | None = None
    remark: UUID | None = None
    thread: UUID | None = None
    edition: UUID | None = None


@dataclass
class Settled:
    """The application, and what its database holds."""

    app: Flask
    database: Database
    owned: dict[str, Owned] = field(default_factory=dict)
    proposal: UUID | None = None
    rule: UUID | None = None
    kept: dict[str, UUID] = field(default_factory=dict)
    """What staff keep: an entry of the register with its parts, a person, files that wait."""
    letter: UUID | None = None

    def browser(self, person: str) -> FlaskClient:
        """A browser in which the person (the part of the address before the @) is signed in, or nobody."""
        client = self.app.test_client()
        if person == ANONYMOUS:
            return client
        with self.database.begin() as session:
            user = session.scalars(select(User).where(User.email == f"{person}@example.org")).one()
            key = signing_in.start(session, user, LinkPurpose.SIGN_IN, clock.now()).id
        with client.session_transaction() as cookie:
            cookie["_user_id"] = str(key)
        return client


def settings_in(folder: Path, environment: str = "test") -> Settings:
    """Settings of a service in a folder of its own."""
    return Settings(
        environment=environment,  # type: ignore[arg-type]  # one of the four names, as the tests give it
        secret_key="a key that only the tests know, and nobody else",
        instance=folder,
        database_url=f"sqlite:///{folder / 'contract.sqlite'}",
        public_url="http://127.0.0.1:8000",
        mail_url="",
        mail_folder=folder / "mail",
    )


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settled]:
    """Arcadia and the organisation in draft, Borduria and alpha submitted; a correction of alpha's waits."""
    settings = settings_in(tmp_path_factory.mktemp("contract"))
    database = Database(settings.database_url)
    upgrade(database.engine)
    with database.begin() as session:
        responding.settle(session)
        for role in set(StaffRole) - {StaffRole.ANALYST}:
            factories.person(session, role.value, staff_role=role)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    made = Settled(app, database)
    for code in LISTS:
        made.owned[code] = _answered(database, code, app.extensions["store"])
    for code in ("BOR", "alpha"):
        _submit(database, code, made.owned[code])
    edition = _publish(database)
    for code in ("BOR", "alpha"):
        made.owned[code] = replace(made.owned[code], edition=edition)
    with database.read() as session:
        correction = select(RegisterProposal.id).where(RegisterProposal.fact != "mechanism")
        made.proposal = session.scalars(correction).one()
        receipts = select(OutboxMessage.id).where(OutboxMessage.kind == receipt_letters.LETTER)
        made.letter = session.scalars(receipts.order_by(OutboxMessage.id)).first()
    made.rule = _plan(database)
    made.kept = _kept(database, app.extensions["store"])
    yield made
    app.extensions["database"].dispose()
    database.dispose()


def _kept(database: Database, store: Store) -> dict[str, UUID]:
    """What staff keep, by the name that it has in addresses."""
    found: dict[str, UUID] = {}
    with database.begin() as session:
        staff = session.scalars(select(User).where(User.email == "administrator@example.org")).one()
        actor, now = people.actor(session, staff, clock.now()), clock.now()
        alpha = session.scalars(select(Organisation).where(Organisation.code == "alpha")).one()
        state = session.scalars(select(Organisation).where(Organisation.code == "BOR")).one()
        profile = session.scalars(select(IscmProfile).where(IscmProfile.organisation_id == alpha.id)).one()
        member = session.scalars(select(Membership).where(Membership.member_id == state.id)).one()
        held = session.scalars(select(Appointment).where(Appointment.organisation_id == state.id)).first()
        missing = select(RegisterProposal.id).where(RegisterProposal.fact == "mechanism")
        assert held is not None
        found |= {"organisation_id": alpha.id, "state": state.id, "profile_id": profile.id}
        found |= {"membership_id": member.id, "held_id": held.id, "user_id": held.user_id}
        found["mechanism"] = session.scalars(missing).one()
        for kind, text in ((ImportKind.PEOPLE, b"name,email\n"), (ImportKind.REGISTER, b"code,name\n")):
            received = staging.receive(store, io.BytesIO(text + b"A,a@x.example\n"), "a.csv")
            found[kind] = staging.stage(session, kind, received, actor, now).id
    return found


def actor_of(database: Database, code: str) -> Actor:
    """The focal point of the organisation with this code."""
    with database.read() as session:
        email = f"focal-{code.lower()}@example.org"
        user = session.scalars(select(User).where(User.email == email)).one()
        return people.actor(session, user, clock.now())


def _answered(database: Database, code: str, store: Store) -> Owned:
    """Some answers, a record where the questionnaire has a list of them, and a file beside one of them."""
    response = responding.response_of(database, code)
    actor, now = actor_of(database, code), clock.now()
    with database.begin() as session:
        block = session.scalars(
            select(RepeatInstance.id).where(
                RepeatInstance.response_id == response, RepeatInstance.subject_id.is_not(None)
            )
        ).first()
        changes = [Change(None, "contact_name", "", f"Contact of {code}", 0)]
        if block is not None:
            changes.append(Change(block, "takes_part", "", "yes", 0))
        if code == "alpha":
            changes.append(Change(None, "launched", "", 2017, 0))
            changes.append(Change(None, "governing_document", "", "yes", 0))
        answering.save_answers(session, response, changes, actor, Via.PAGE, now)
        record = repeating.add_record(session, response, LISTS[code], block, actor, now).id
        where = Where(response, None if code == "alpha" else record, ATTACHED_TO[code])
        file = filing.receive(store, io.BytesIO(PDF), "law.pdf")
        attachment = attaching.attach(session, where, file, actor, now).id
        gift = Gift(section_key=responding.FIRST_SECTION)
        address = f"helper-{code.lower()}@example.org"
        helper = delegating.invite(session, response, address, "", [gift], actor, now).id
        if code == "BOR":
            proposing_mechanisms.propose_mechanism(session, response, "Delta Talks", "", actor, now)
        thread = discussing.ask(session, response, About(), f"{code} asks", actor, now, "").id
    with database.read() as session:
        answer = session.scalars(select(Answer.id).where(Answer.response_id == response)).first()
    return Owned(response, block, answer, record, attachment, helper, thread=thread)


def _plan(database: Database) -> UUID:
    """Add a rule to the plan of reminders."""
    with database.begin() as session:
        round_ = round_overview.round_by_code(session, "2026")
        assert round_ is not None
        return reminding.add(session, round_, Rule(ReminderAnchor.DEADLINE, -7), SYSTEM, clock.now()).id


def _publish(database: Database) -> UUID:
    """Publish the summary of alpha."""
    now = clock.now()
    with database.begin() as session:
        round_ = round_overview.round_by_code(session, "2026")
        iscm = round_overview.mechanism_of(session, round_, "alpha") if round_ else None
        assert round_ is not None
        assert iscm is not None
        compiled, setting = summarising.current(session, round_, iscm)
        content = edition_document.content_of(compiled, setting, now)
        return editions.publish(session, round_, iscm, content, SYSTEM, now).id


def _submit(database: Database, code: str, owned: Owned) -> None:
    actor, now = actor_of(database, code), clock.now()
    with database.begin() as session:
        attributing.choose(session, owned.response, Attribution.BY_NAME, actor, now)
        submitting.submit(session, owned.response, "Cleared.", actor, now)


__all__ = ["ANONYMOUS", "ATTACHED_TO", "LISTS", "Owned", "Settled", "actor_of", "settings_in"]
