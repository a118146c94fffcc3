"""A small world for tests: a register of made-up mechanisms and States, questionnaires, an open round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from app.definitions.schema import Questionnaire, from_stored
from app.models import (
    Answer,
    AnswerRevision,
    Audience,
    Base,
    IscmProfile,
    Membership,
    Organisation,
    OrganisationKind,
    RepeatInstance,
    Response,
    Round,
    User,
    Via,
)
from app.policy import SYSTEM, Actor, AppointmentRole, Attribution, StaffRole
from app.queries import people as people_queries
from app.services import answering, attributing, people, publishing, rounds
from app.services.answering import Change, Outcome

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)

YES = {"question": "takes_part", "is": "yes"}
NO = {"question": "takes_part", "is": "no"}

PER_MECHANISM: list[dict[str, Any]] = [
    {"key": "takes_part", "kind": "yes_no", "text": "Does {organisation} take part?", "required": True},
    {
        "key": "why_not",
        "kind": "short_text",
        "text": "Why not?",
        "when": {"question": "takes_part", "is": "no"},
    },
    {
        "key": "reasons",
        "kind": "choices",
        "text": "Why?",
        "when": YES,
        "options": [
            {"key": "exchange", "text": "Exchange"},
            {"key": "training", "text": "Training"},
            {"key": "other", "text": "Other", "specify": True},
        ],
    },
    {"key": "words", "kind": "long_text", "text": "In your words", "max_words": 20, "when": YES},
    {
        "key": "effects",
        "kind": "records",
        "text": "What changed?",
        "item": "effect",
        "none": "Nothing so far",
        "max": 3,
        "when": YES,
        "fields": [
            {"key": "example", "kind": "short_text", "text": "What?"},
            {"key": "year", "kind": "year", "text": "When?"},
            {
                "key": "partners",
                "kind": "reference",
                "to": "states",
                "several": True,
                "other": True,
                "text": "With whom?",
            },
        ],
    },
    {
        "key": "degree",
        "kind": "matrix",
        "text": "How often?",
        "when": YES,
        "rows": [{"key": "states", "text": "States"}, {"key": "igos", "text": "IGOs"}],
        "cell": {
            "kind": "choice",
            "options": [{"key": "often", "text": "Often"}, {"key": "never", "text": "Never"}],
        },
    },
    {"key": "private", "kind": "short_text", "text": "Only here", "reuse": False, "when": YES},
]

ABOUT: list[dict[str, Any]] = [
    {"key": "contact_name", "kind": "short_text", "text": "Your name", "required": True},
    {"key": "outlook", "kind": "long_text", "text": "What next?"},
]


def questionnaire(audience: str = "state", version: int = 1, **changed: Any) -> Questionnaire:
    """A questionnaire of two sections; a mechanism is asked once, about itself."""
    established = {"key": "launched", "kind": "year", "text": "Launched in", "known": "established"}
    themes = {
        "key": "themes",
        "kind": "choices",
        "text": "Themes",
        "known": "thematic_areas",
        "options": [{"key": "borders", "text": "Border management"}, {"key": "asylum", "text": "Asylum"}],
    }
    block = [{"key": "per", "title": "{subject}", "questions": PER_MECHANISM}]
    repeated = {"key": "mechanisms", "title": "{subject}", "repeat": {"over": "memberships"}, "pages": block}
    once = {
        "key": "itself",
        "title": "Itself",
        "pages": [{"key": "facts", "title": "F", "questions": [established, themes]}],
    }
    return from_stored(
        {
            "key": audience,
            "version": version,
            "audience": audience,
            "title": f"To {audience}",
            "sections": [
                {
                    "key": "about",
                    "title": "About",
                    "pages": [{"key": "contact", "title": "C", "questions": ABOUT}],
                },
                once if audience == "iscm" else repeated,
            ],
            **changed,
        }
    )


def organisation(session: Session, kind: str, code: str, name: str, **facts: Any) -> Organisation:
    """One entry of the register; asked as its kind suggests unless said otherwise."""
    asked_as = facts.pop("asked_as", {"state": "state", "igo": "igo", "iscm": "iscm"}.get(kind, "none"))
    made = Organisation(
        id=uuid4(), kind=OrganisationKind(kind), asked_as=Audience(asked_as), code=code, name=name, **facts
    )
    session.add(made)
    session.flush()
    return made


def profile(session: Session, iscm: Organisation, short_name: str, **facts: Any) -> IscmProfile:
    """What is known of a mechanism."""
    made = IscmProfile(
        id=uuid4(),
        organisation_id=iscm.id,
        name=iscm.name,
        short_name=short_name,
        **{"status": "active", **facts},
    )
    session.add(made)
    session.flush()
    return made


def membership(session: Session, iscm: Organisation, member: Organisation, **facts: Any) -> Membership:
    """That the one takes part in the other."""
    made = Membership(id=uuid4(), iscm_id=iscm.id, member_id=member.id, **facts)
    session.add(made)
    session.flush()
    return made


def person(
    session: Session,
    name: str,
    of: Organisation | None = None,
    role: AppointmentRole = AppointmentRole.FOCAL_POINT,
    staff_role: StaffRole | None = None,
    iscm: Organisation | None = None,
) -> Actor:
    """Somebody who can act."""
    user = people.add_user(
        session, f"{name.lower()}@example.org", name, SYSTEM, staff_role=staff_role, now=NOW
    )
    if of is not None:
        people.appoint(session, user, of, role, SYSTEM, iscm=iscm, now=NOW)
    session.flush()
    return people_queries.actor(session, user, NOW)


@dataclass
class World:
    """What ``world`` made."""

    session: Session
    round: Round
    organisations: dict[str, Organisation]
    actors: dict[str, Actor]
    answers_of: dict[str, UUID] = field(default_factory=dict)

    def response(self, code: str) -> UUID:
        """The id of the response of the organisation with this code."""
        if code not in self.answers_of:
            found = self.session.scalars(
                select(Response.id).where(Response.organisation_id == self.organisations[code].id)
            ).one()
            self.answers_of[code] = found
        return self.answers_of[code]

    def block(self, code: str, iscm: str) -> UUID:
        """The block about a mechanism in an organisation's response."""
        return self.session.scalars(
            select(RepeatInstance.id).where(
                RepeatInstance.response_id == self.response(code),
                RepeatInstance.subject_id == self.organisations[iscm].id,
            )
        ).one()

    def save(self, code: str, *changes: Change, by: str | None = None, now: datetime = NOW) -> list[Outcome]:
        """Save as the focal point of that organisation, or as somebody else."""
        actor = self.actors[by or code]
        return answering.save_answers(self.session, self.response(code), changes, actor, Via.PAGE, now)

    def say(self, code: str, instance: UUID | None, /, **values: Any) -> list[Outcome]:
        """Answer several questions of one block, none of them answered before."""
        return self.save(code, *(Change(instance, key, "", value, 0) for key, value in values.items()))

    def complete(self, code: str) -> None:
        """Answer everything that is required, and choose to be named."""
        self.say(code, None, contact_name="A. Person")
        for iscm in ("alpha", "beta"):
            blocks = self.session.scalars(
                select(RepeatInstance.id).where(
                    RepeatInstance.response_id == self.response(code),
                    RepeatInstance.subject_id == self.organisations[iscm].id,
                )
            )
            for block in blocks:
                self.say(code, block, takes_part="yes")
        attributing.choose(self.session, self.response(code), Attribution.BY_NAME, self.actors[code], NOW)

    def answer(self, code: str, key: str, instance: UUID | None = None, item: str = "") -> Answer:
        """The answer as it is stored."""
        same = Answer.instance_id.is_(None) if instance is None else Answer.instance_id == instance
        return self.session.scalars(
            select(Answer)
            .where(
                Answer.response_id == self.response(code),
                Answer.question_key == key,
                Answer.item == item,
                same,
            )
            .execution_options(populate_existing=True)
        ).one()

    def history(self, answer: Answer) -> Sequence[AnswerRevision]:
        """The revisions of an answer, first to last."""
        return self.session.scalars(
            select(AnswerRevision)
            .where(AnswerRevision.answer_id == answer.id)
            .order_by(AnswerRevision.number)
        ).all()


REGISTER: Mapping[str, tuple[str, str]] = {
    "alpha": ("iscm", "Alpha Process on Mobility"),
    "beta": ("iscm", "Beta Dialogue"),
    "gamma": ("iscm", "Gamma Forum"),
    "AAA": ("state", "Arcadia"),
    "BBB": ("state", "Borduria"),
    "CCC": ("state", "Costaguana"),
    "IGO": ("igo", "Organisation of Everything"),
}


def world(session: Session) -> World:
    """A register, questionnaires, an open round with everybody asked, a focal point each, and four of staff.

    Arcadia and Borduria are members of alpha and beta, Costaguana of alpha; the organisation observes alpha.
    """
    made = {code: organisation(session, kind, code, name) for code, (kind, name) in REGISTER.items()}
    for code in ("alpha", "beta", "gamma"):
        profile(session, made[code], code.title(), established=2001, thematic_areas=["Border management"])
    pairs = [("alpha", "AAA"), ("alpha", "BBB"), ("alpha", "CCC"), ("beta", "AAA"), ("beta", "BBB")]
    for iscm, member in pairs:
        membership(session, made[iscm], made[member])
    membership(session, made["alpha"], made["IGO"], role="observer")
    for audience in ("state", "iscm", "igo"):
        publishing.publish_version(session, questionnaire(audience), SYSTEM, now=NOW)
    staff = {role.value: person(session, role.value, staff_role=role) for role in StaffRole}
    focal = {code: person(session, f"{code}-fp", made[code]) for code in made}
    opened = rounds.create(
        session,
        "r1",
        "Round one",
        NOW,
        NOW + timedelta(days=60),
        NOW + timedelta(days=70),
        "Europe/Zurich",
        SYSTEM,
    )
    asked = {
        Audience.STATE: ["AAA", "BBB", "CCC"],
        Audience.ISCM: ["alpha", "beta"],
        Audience.IGO: ["IGO"],
    }
    rounds.open_round(session, opened, asked, SYSTEM, date(2026, 11, 16), now=NOW)
    session.flush()
    return World(session, opened, made, {**staff, **focal})


def user_of(session: Session, actor: Actor) -> User:
    """The person behind an actor."""
    return session.scalars(select(User).where(User.id == actor.user_id)).one()


def rows_of(model: type[Base]) -> Table:
    """The table of a model, for statements that go round the services."""
    return Base.metadata.tables[model.__tablename__]
