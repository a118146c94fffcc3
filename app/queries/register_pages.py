"""What the pages of the register show: lists to search, one organisation with what hangs on it, its log."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.definitions import searching
from app.models import (
    AuditEvent,
    IscmProfile,
    Membership,
    MembershipRole,
    Organisation,
    OrganisationKind,
    RegisterProposal,
    Round,
    RoundProfile,
)
from app.queries.register import in_force, list_is_known

_VIA = aliased(Organisation)
LOGGED = ("organisation", "iscm_profile", "membership", "register", "register_proposal")


@dataclass(frozen=True)
class Mechanism:
    """A mechanism with its profile of a day; `members` is None where the list is not known."""

    organisation: Organisation
    profile: IscmProfile | None
    members: int | None
    near: bool = False


@dataclass(frozen=True)
class Belonging:
    """One membership with the other side of it and the body it derives from."""

    membership: Membership
    other: Organisation
    via: Organisation | None

    def is_over(self, on: date) -> bool:
        """Whether it ended before the day."""
        return self.membership.until is not None and self.membership.until < on


@dataclass(frozen=True)
class Found:
    """An organisation that was searched for."""

    organisation: Organisation
    near: bool = False


def mechanisms(session: Session, on: date, search: str) -> list[Mechanism]:
    """Every mechanism that fits, by name or by how well it fits, in two statements."""
    counts = {
        row[0]: row[1]
        for row in session.execute(
            select(Membership.iscm_id, func.count())
            .where(Membership.role == MembershipRole.MEMBER, in_force(Membership.from_, Membership.until, on))
            .group_by(Membership.iscm_id)
        )
    }
    rows = session.execute(
        select(Organisation, IscmProfile)
        .outerjoin(IscmProfile, IscmProfile.organisation_id == Organisation.id)
        .where(Organisation.kind == OrganisationKind.ISCM)
        .order_by(Organisation.name, Organisation.code, IscmProfile.valid_from)
    ).all()
    current: dict[UUID, IscmProfile | None] = {}
    words: dict[UUID, list[str]] = {}
    things: dict[UUID, Organisation] = {}
    for organisation, profile in rows:
        things[organisation.id] = organisation
        current.setdefault(organisation.id, None)
        words.setdefault(organisation.id, _words(organisation)).extend(_profile_words(profile))
        if profile is not None and _holds(profile, on):
            current[organisation.id] = profile
    among = (searching.Findable(each, (each.code,), tuple(words[each.id])) for each in things.values())
    found = []
    for hit in searching.search(search, among):
        facts = current[hit.thing.id]
        known = facts is not None and list_is_known(facts, on)
        found.append(Mechanism(hit.thing, facts, counts.get(hit.thing.id, 0) if known else None, hit.near))
    return found


def _holds(profile: IscmProfile, on: date) -> bool:
    return (profile.valid_from or date.min) <= on <= (profile.valid_until or date.max)


def _words(organisation: Organisation) -> list[str]:
    names = [organisation.name, organisation.formal_name or "", *(organisation.names or {}).values()]
    return [each for each in (*names, *(organisation.also or [])) if each]


def _profile_words(profile: IscmProfile | None) -> list[str]:
    if profile is None:
        return []
    others = [each for each in profile.other_names or [] if isinstance(each, str)]
    return [each for each in (profile.short_name, profile.acronym or "", profile.name, *others) if each]


def organisations(session: Session, search: str, kind: str, withdrawn: bool) -> list[Found]:
    """Every organisation but mechanisms that fits, by name or by how well it fits, in one statement."""
    wanted = select(Organisation).where(Organisation.kind != OrganisationKind.ISCM)
    if kind in set(OrganisationKind):
        wanted = wanted.where(Organisation.kind == kind)
    if not withdrawn:
        wanted = wanted.where(Organisation.withdrawn_at.is_(None))
    rows = session.scalars(wanted.order_by(Organisation.name, Organisation.code))
    among = (
        searching.Findable(
            each,
            tuple(code for code in (each.code, each.iso3, each.iso2, each.m49) if code),
            tuple(_words(each)),
        )
        for each in rows
    )
    return [Found(hit.thing, hit.near) for hit in searching.search(search, among)]


def with_code(session: Session, code: str) -> Organisation | None:
    """Whatever has this code, withdrawn or not; the first by kind where several kinds have it."""
    return session.scalars(
        select(Organisation).where(Organisation.code == code).order_by(Organisation.kind)
    ).first()


def periods(session: Session, organisation_id: UUID) -> Sequence[IscmProfile]:
    """The profiles of a mechanism, the latest first."""
    found = session.scalars(select(IscmProfile).where(IscmProfile.organisation_id == organisation_id))
    return sorted(found, key=lambda each: each.valid_from or date.min, reverse=True)


def members(session: Session, iscm_id: UUID) -> list[Belonging]:
    """Who takes or took part in a mechanism, by role and name."""
    return _belonging(session, Membership.iscm_id == iscm_id, Membership.member_id)


def taking_part_in(session: Session, member_id: UUID) -> list[Belonging]:
    """In what an organisation takes or took part, by name."""
    return _belonging(session, Membership.member_id == member_id, Membership.iscm_id)


def _belonging(
    session: Session, which: ColumnElement[bool], other: InstrumentedAttribute[UUID]
) -> list[Belonging]:
    rows = session.execute(
        select(Membership, Organisation, _VIA)
        .join(Organisation, Organisation.id == other)
        .outerjoin(_VIA, _VIA.id == Membership.via_id)
        .where(which)
        .order_by(Organisation.name, Membership.from_, Membership.id)
    )
    found = [Belonging(*row) for row in rows]
    places = list(MembershipRole)
    return sorted(found, key=lambda each: places.index(each.membership.role))


def same_memberships(session: Session, record: Membership) -> Sequence[Membership]:
    """The other periods of the same organisation in the same role in the same mechanism."""
    return session.scalars(
        select(Membership)
        .where(
            Membership.iscm_id == record.iscm_id,
            Membership.member_id == record.member_id,
            Membership.role == record.role,
            Membership.id != record.id,
        )
        .order_by(Membership.id)
    ).all()


def rounds_that_keep(session: Session, organisation_id: UUID) -> Sequence[Round]:
    """The rounds that keep what the register said of the organisation, the latest first."""
    return session.scalars(
        select(Round)
        .join(RoundProfile, RoundProfile.round_id == Round.id)
        .where(RoundProfile.organisation_id == organisation_id)
        .order_by(Round.opens_at.desc(), Round.code)
    ).all()


def log(
    session: Session, about: Iterable[UUID] | None, start: int, most: int
) -> tuple[Sequence[AuditEvent], int]:
    """The changes of these things, or of the whole register, the latest first; and how many there are."""
    which: ColumnElement[bool] = AuditEvent.subject_kind.in_(LOGGED)
    if about is not None:
        which = and_(which, AuditEvent.subject_id.in_([str(each) for each in about]))
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(which)) or 0
    events = session.scalars(
        select(AuditEvent).where(which).order_by(AuditEvent.number.desc()).offset(start).limit(most)
    ).all()
    return events, total


def things_of(session: Session, organisation_id: UUID) -> list[UUID]:
    """The organisation, its profiles, its memberships and what was proposed about it, by id."""
    ids = [organisation_id]
    ids += session.scalars(select(IscmProfile.id).where(IscmProfile.organisation_id == organisation_id))
    ids += session.scalars(
        select(Membership.id).where(
            or_(Membership.iscm_id == organisation_id, Membership.member_id == organisation_id)
        )
    )
    ids += session.scalars(
        select(RegisterProposal.id).where(RegisterProposal.organisation_id == organisation_id)
    )
    return ids


def names_of(session: Session, events: Sequence[AuditEvent]) -> Mapping[str, str]:
    """What the things that the events are about, and those that they name, are called; by id as text."""
    ids = {UUID(each.subject_id) for each in events if each.subject_id and len(each.subject_id) == 36}
    member, iscm = aliased(Organisation), aliased(Organisation)
    found = {
        str(id_): f"{member_name}, {iscm_name}"
        for id_, member_name, iscm_name in session.execute(
            select(Membership.id, member.name, iscm.name)
            .join(member, member.id == Membership.member_id)
            .join(iscm, iscm.id == Membership.iscm_id)
            .where(Membership.id.in_(ids))
        )
    }
    for owned in (IscmProfile, RegisterProposal):
        rows = session.execute(
            select(owned.id, Organisation.name)
            .join(Organisation, Organisation.id == owned.organisation_id)
            .where(owned.id.in_(ids))
        )
        found |= {str(id_): name for id_, name in rows}
    everybody = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids | _named(events)))
    )
    return found | {str(id_): name for id_, name in everybody}


def _named(events: Sequence[AuditEvent]) -> set[UUID]:
    """The organisations that the events name in what was and what is."""
    found = set()
    for event in events:
        columns = (event.detail or {}).get("columns") or {}
        for column in ("via_id", "represents_id"):
            for value in columns.get(column) or ():
                if isinstance(value, str) and len(value) == 36:
                    found.add(UUID(value))
    return found
