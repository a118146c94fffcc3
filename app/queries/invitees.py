"""Whom a round's rule means on a day, and what is to be known of them before the round is opened."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.definitions import asking
from app.definitions.asking import Part, Rule, Who
from app.models import (
    Appointment,
    AppointmentRole,
    Audience,
    MembershipRole,
    Organisation,
    OrganisationKind,
    QuestionnaireVersion,
    Round,
    RoundParticipant,
    User,
)
from app.queries import definitions, register
from app.queries.register import RegisterSnapshot

ASKED = (Audience.STATE, Audience.ISCM, Audience.IGO)
DORMANT = frozenset({"dormant", "ended", "merged"})
"""States of a mechanism in which nobody is asked about it unless the round says so."""
BELONG = frozenset({MembershipRole.MEMBER, MembershipRole.CHAIR})


@dataclass(frozen=True)
class Invitees:
    """Whom the rule means: by audience, in the order of their names, and about which mechanisms (codes).

    ``faults`` are codes that mean nobody, by part of the rule.
    """

    on: date
    by_audience: Mapping[Audience, tuple[Organisation, ...]]
    about: tuple[str, ...]
    faults: Mapping[str, tuple[str, ...]]

    @property
    def everybody(self) -> list[Organisation]:
        """All of them."""
        return [each for audience in ASKED for each in self.by_audience[audience]]

    @property
    def codes(self) -> dict[Audience, list[str]]:
        """Their codes, as opening a round wants them."""
        return {audience: [each.code for each in found] for audience, found in self.by_audience.items()}

    @property
    def digest(self) -> str:
        """What tells whether the register means the same still: of everybody's code, and what about."""
        lines = [f"{each.asked_as.value} {each.code}" for each in self.everybody]
        return hashlib.sha256("\n".join([*lines, *self.about]).encode()).hexdigest()


@dataclass(frozen=True)
class Preview:
    """What is to be known before opening: by region, without a focal point, and against the last round."""

    invitees: Invitees
    regions: Mapping[str, Counter[Audience]]
    unreachable: tuple[Organisation, ...]
    last: Round | None
    new: tuple[Organisation, ...]
    gone: tuple[Organisation, ...]


def by_rule(session: Session, rule: Rule, on: date) -> Invitees:
    """Whom the rule means on that day, in three statements."""
    snapshot = register.snapshot(session, on).of_kind(fictional=rule.fictional)
    return meant(snapshot, rule)


def meant(snapshot: RegisterSnapshot, rule: Rule) -> Invitees:
    """Whom the rule means in this register."""
    known = {
        audience: {each.code: each for each in snapshot.participants.values() if each.asked_as is audience}
        for audience in ASKED
    }
    every = {each.code for each in snapshot.participants.values() if each.kind is OrganisationKind.ISCM}
    active = active_mechanisms(snapshot)
    faults: dict[str, tuple[str, ...]] = {}
    for name, part in rule.parts.items():
        needed = every if name == asking.ABOUT or part.who is Who.MEMBERS_OF else known[Audience(name)]
        if part.who in asking.NEEDS_CODES:
            faults[name] = tuple(code for code in part.codes if code not in needed)
    found = {
        audience: _in_order(_of(snapshot, rule.parts[audience.value], known[audience], active))
        for audience in ASKED
    }
    about = rule.parts[asking.ABOUT]
    wanted = set(about.codes) & every if about.who is Who.CHOSEN else active
    return Invitees(
        snapshot.on, found, tuple(sorted(wanted)), {name: codes for name, codes in faults.items() if codes}
    )


def active_mechanisms(snapshot: RegisterSnapshot) -> set[str]:
    """The codes of the mechanisms that are at work on that day, as far as the register knows."""
    return {
        each.code
        for each in snapshot.participants.values()
        if each.kind is OrganisationKind.ISCM
        and ((profile := snapshot.profiles.get(each.id)) is None or profile.status not in DORMANT)
    }


def _of(
    snapshot: RegisterSnapshot, part: Part, known: Mapping[str, Organisation], active: set[str]
) -> Iterable[Organisation]:
    if part.who is Who.CHOSEN:
        return [known[code] for code in dict.fromkeys(part.codes) if code in known]
    if part.who is Who.NONE:
        return []
    if part.who is Who.ALL:
        # every UN Member State, and of other audiences everybody
        return [each for each in known.values() if each.kind in _WHOLE]
    if part.who is Who.ACTIVE:
        return [each for code, each in known.items() if code in active]
    mechanisms = set(part.codes) if part.who is Who.MEMBERS_OF else active
    roles = frozenset(MembershipRole) if part.who is Who.TAKING_PART else BELONG
    within = _members(snapshot, mechanisms, roles)
    return [each for each in known.values() if each.id in within]


_WHOLE = frozenset({OrganisationKind.STATE, OrganisationKind.IGO})


def _members(snapshot: RegisterSnapshot, mechanisms: set[str], roles: frozenset[MembershipRole]) -> set[UUID]:
    return {
        each.member_id
        for each in snapshot.memberships
        if each.role in roles and snapshot.participants[each.iscm_id].code in mechanisms
    }


def _in_order(found: Iterable[Organisation]) -> tuple[Organisation, ...]:
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.code)))


def preview(session: Session, round_: Round, rule: Rule, on: date) -> Preview:
    """Everything about whom the rule means on that day, in a constant number of statements."""
    invitees = by_rule(session, rule, on)
    everybody = invitees.everybody
    last = round_before(session, round_)
    before = _participants(session, last) if last else ()
    asked, then = {each.id for each in everybody}, {each.id for each in before}
    reachable = _with_focal_point(session, on)
    regions: dict[str, Counter[Audience]] = {}
    for each in everybody:
        regions.setdefault(each.region_m49 or "", Counter())[each.asked_as] += 1
    return Preview(
        invitees=invitees,
        regions=dict(sorted(regions.items())),
        unreachable=tuple(each for each in everybody if each.id not in reachable),
        last=last,
        new=tuple(each for each in everybody if each.id not in then) if last else (),
        gone=tuple(each for each in before if each.id not in asked),
    )


def round_before(session: Session, round_: Round) -> Round | None:
    """The latest round that was opened before this one opens and tried nothing out."""
    return session.scalar(
        select(Round)
        .where(
            Round.id != round_.id,
            Round.opened_at.is_not(None),
            Round.opens_at <= round_.opens_at,
            Round.pilots_version_id.is_(None),
        )
        .order_by(Round.opens_at.desc(), Round.code)
        .limit(1)
    )


def versions(session: Session, found: Invitees) -> dict[Audience, QuestionnaireVersion | None]:
    """The questionnaire that each audience among them would get, None where none is published."""
    return {
        audience: definitions.latest(session, audience) for audience in ASKED if found.by_audience[audience]
    }


def _participants(session: Session, round_: Round) -> Sequence[Organisation]:
    return session.scalars(
        select(Organisation)
        .join(RoundParticipant, RoundParticipant.organisation_id == Organisation.id)
        .where(RoundParticipant.round_id == round_.id, RoundParticipant.withdrawn_at.is_(None))
        .order_by(Organisation.name, Organisation.code)
    ).all()


def _with_focal_point(session: Session, on: date) -> set[UUID]:
    return set(
        session.scalars(
            select(Appointment.organisation_id)
            .join(User, User.id == Appointment.user_id)
            .where(
                Appointment.role == AppointmentRole.FOCAL_POINT,
                Appointment.valid_from <= on,
                or_(Appointment.valid_until.is_(None), Appointment.valid_until >= on),
                User.deactivated_at.is_(None),
            )
        )
    )
