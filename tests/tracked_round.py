"""A generated round in which everything happened that decides where a response stands.

What its rows say is worked out anew by ``tests/recount.py``.
"""

import random
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from app.models import (
    Audience,
    InstanceAct,
    InstanceEvent,
    MembershipRole,
    Organisation,
    OrganisationKind,
    RepeatInstance,
    Response,
    Round,
    RoundMembership,
    RoundParticipant,
    RoundProfile,
    RoundTally,
)
from app.policy import SYSTEM
from app.services import publishing
from tests import factories
from tests.tracked_plays import PLAYS
from tests.tracked_rows import CLOSED, CLOSES, CUT_OFF, LANGUAGES, OPENED, REGIONS, TYPES, Made, day

MOST_BLOCKS = 8


def make(
    session: Session,
    seed: int = 1,
    states: int = 40,
    mechanisms: int = 6,
    igos: int = 4,
    belong: float = 0.45,
) -> Made:
    """The round; every scenario is played at least once if there are enough to play them. ``belong`` is how
    probably somebody takes part in a mechanism.
    """
    made = _empty(session, seed)
    iscms = [_organisation(made, "iscm", f"mech-{n}", f"Mechanism {n}") for n in range(mechanisms)]
    for n in range(states):
        _organisation(made, "state", f"S{n:03}", f"Statia {n:03}", REGIONS[n % len(REGIONS)])
    for n in range(igos):
        _organisation(made, "igo", f"IGO{n}", f"Organisation {n}")
    _belonging(made, iscms, belong)
    plays = PLAYS
    for number, organisation in enumerate(made.organisations):
        if organisation.asked_as is Audience.ISCM and number % 5 == 4:
            continue  # known to the round, and not asked
        _asked(made, organisation, number, iscms)
        plays[number % len(plays)](made, made.responses[organisation.code])
    made.add(_tally(made, Audience.IGO))
    session.flush()
    return made


def grow(made: Made, states: int) -> None:
    """More States in a round that was made before, until there are so many."""
    iscms = [each for each in made.organisations if each.kind is OrganisationKind.ISCM]
    for number in range(len(made.responses), states):
        state = _organisation(made, "state", f"S{number:03}", f"Statia {number:03}")
        _asked(made, state, number, iscms)
        PLAYS[number % len(PLAYS)](made, made.responses[state.code])


def _tally(made: Made, audience: Audience) -> RoundTally:
    return RoundTally(
        round_id=made.round.id, audience=audience, answered=2, invited=None, source="Desk", recorded_at=day(3)
    )


def _empty(session: Session, seed: int) -> Made:
    versions = {}
    for audience in ("state", "iscm", "igo"):
        published = publishing.publish_version(session, factories.questionnaire(audience), SYSTEM, now=OPENED)
        session.flush()
        versions[Audience(audience)] = published.id
    round_ = Round(
        id=uuid4(),
        code="made",
        title="Made-up round",
        opens_at=OPENED,
        closes_at=CLOSES,
        cutoff_at=CUT_OFF,
        zone="Europe/Zurich",
        opened_at=OPENED,
        closed_at=CLOSED,
    )
    session.add(round_)
    session.flush()
    return Made(session, round_, versions, random.Random(seed))


def _organisation(
    made: Made, kind: str, code: str, name: str, places: tuple[str | None, ...] = (None, None, None)
) -> Organisation:
    region, part, iom = places
    organisation = made.add(
        Organisation(
            id=uuid4(),
            kind=OrganisationKind(kind),
            asked_as=Audience(kind),
            code=code,
            name=name,
            fictional=True,
            region_m49=region,
            subregion_m49=part,
            region_iom=iom,
        )
    )
    facts: dict[str, Any] = {"name": name, "short_name": name, "organisation_name": name, "kind": kind}
    if kind == "iscm":
        number = len(made.organisations)
        facts |= {"type": TYPES[number % len(TYPES)], "members_known": number % 2 == 0}
    made.add(RoundProfile(round_id=made.round.id, organisation_id=organisation.id, facts=facts))
    made.organisations.append(organisation)
    return organisation


def _belonging(made: Made, iscms: list[Organisation], belong: float) -> None:
    for iscm in iscms:
        for other in made.organisations:
            if other.kind is OrganisationKind.ISCM or made.random.random() > belong:
                continue
            role = made.random.choice(
                [MembershipRole.MEMBER, MembershipRole.MEMBER, MembershipRole.OBSERVER, MembershipRole.CHAIR]
            )
            made.session.add(
                RoundMembership(round_id=made.round.id, iscm_id=iscm.id, member_id=other.id, role=role)
            )
    made.session.flush()


def _asked(made: Made, organisation: Organisation, number: int, iscms: list[Organisation]) -> None:
    """Asked at the opening, or (every seventh) later; every ninth is withdrawn again."""
    later, withdrawn = number % 7 == 6, number % 9 == 8
    added = day(made.random.randint(2, 40)) if later else OPENED
    made.add(
        RoundParticipant(
            round_id=made.round.id,
            organisation_id=organisation.id,
            audience=organisation.asked_as,
            basis="added" if later else "opening",
            added_at=added,
            withdrawn_at=day(made.random.randint(45, 90)) if withdrawn else None,
            why="Asked to be left out" if withdrawn else None,
        )
    )
    response = made.add(
        Response(
            id=uuid4(),
            round_id=made.round.id,
            organisation_id=organisation.id,
            audience=organisation.asked_as,
            questionnaire_version_id=made.versions[organisation.asked_as],
            questionnaire_key=organisation.asked_as.value,
            due_at=CLOSES,
            language=LANGUAGES[number % len(LANGUAGES)],
            created_at=added,
        )
    )
    made.responses[organisation.code] = response
    if organisation.asked_as is not Audience.ISCM:
        _blocks(made, organisation, response, iscms)


def _blocks(made: Made, organisation: Organisation, response: Response, iscms: list[Organisation]) -> None:
    for position, iscm in enumerate(iscms[:MOST_BLOCKS], 1):
        block = made.add(
            RepeatInstance(
                response_id=response.id,
                group_key="mechanisms",
                subject_id=iscm.id,
                position=position,
                created_at=response.created_at,
            )
        )
        made.add(InstanceEvent(instance_id=block.id, number=1, act=InstanceAct.ADDED, at=block.created_at))
        made.blocks[organisation.code, iscm.code] = block.id
