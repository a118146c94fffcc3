"""What the register says on a given day: a mechanism's members, and all that a round copies when it opens."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.models import Audience, IscmProfile, Membership, MembershipRole, Organisation, Round, RoundProfile


@dataclass(frozen=True)
class MembersKnown:
    """The complete list of members of one day; ``uncertain`` where it is to be confirmed with the
    secretariat."""

    members: tuple[Organisation, ...]
    uncertain: bool


@dataclass(frozen=True)
class RegisterSnapshot:
    """The register as it stood on one day.

    ``participants`` are all organisations that were not withdrawn, by id; ``memberships`` those in force, of
    every role, in the order of mechanism and member; ``profiles`` the one in force per mechanism;
    ``members_known`` says for each mechanism whether the list of its members is complete on that day.
    """

    on: date
    participants: dict[UUID, Organisation]
    memberships: tuple[Membership, ...]
    profiles: dict[UUID, IscmProfile]
    members_known: dict[UUID, bool]

    def of_kind(self, *, fictional: bool) -> "RegisterSnapshot":
        """Only the organisations that exist, or only those made up for training."""
        kept = {id_: each for id_, each in self.participants.items() if each.fictional is fictional}
        return replace(
            self,
            participants=kept,
            memberships=tuple(
                each for each in self.memberships if {each.iscm_id, each.member_id} <= kept.keys()
            ),
            profiles={id_: each for id_, each in self.profiles.items() if id_ in kept},
            members_known={id_: each for id_, each in self.members_known.items() if id_ in kept},
        )


def in_force(
    start: InstrumentedAttribute[date | None], end: InstrumentedAttribute[date | None], on: date
) -> ColumnElement[bool]:
    """The condition that a period contains the day; no start means not recorded, `end` is the last day."""
    return and_(or_(start.is_(None), start <= on), or_(end.is_(None), end >= on))


def with_code(session: Session, code: str, audience: Audience | None = None) -> Sequence[Organisation]:
    """The organisations with this code that are not withdrawn: a code is unique among those of one kind."""
    wanted = select(Organisation).where(Organisation.code == code, Organisation.withdrawn_at.is_(None))
    if audience is not None:
        wanted = wanted.where(Organisation.asked_as == audience)
    return session.scalars(wanted.order_by(Organisation.kind)).all()


def profile(session: Session, iscm: Organisation, on: date) -> IscmProfile | None:
    """The profile of the mechanism in force on the day."""
    return session.scalars(
        select(IscmProfile).where(
            IscmProfile.organisation_id == iscm.id,
            in_force(IscmProfile.valid_from, IscmProfile.valid_until, on),
        )
    ).one_or_none()


def members(session: Session, iscm: Organisation, on: date) -> MembersKnown | None:
    """The members of the mechanism on the day that answer as States do, in the order of their names.

    None where the list of that day is not known: today's list is never given for another day.
    """
    facts = profile(session, iscm, on)
    if facts is None or not list_is_known(facts, on):
        return None
    belong = select(Membership.member_id).where(
        Membership.iscm_id == iscm.id,
        Membership.role == MembershipRole.MEMBER,
        in_force(Membership.from_, Membership.until, on),
    )
    found = session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(belong), Organisation.asked_as == Audience.STATE)
        .order_by(Organisation.name, Organisation.code)
    )
    return MembersKnown(tuple(found), uncertain="members" in facts.uncertain_fields)


def list_is_known(facts: IscmProfile, on: date) -> bool:
    """Whether the list of members of that day is complete, according to the profile."""
    return facts.members_known_from is not None and facts.members_known_from <= on


def snapshot(session: Session, on: date) -> RegisterSnapshot:
    """Everything the register says about the day, in three statements."""
    organisations = session.scalars(select(Organisation).order_by(Organisation.kind, Organisation.code)).all()
    standing = {
        each.id: each for each in organisations if each.withdrawn_at is None or each.withdrawn_at.date() > on
    }
    profiles = session.scalars(
        select(IscmProfile).where(in_force(IscmProfile.valid_from, IscmProfile.valid_until, on))
    )
    memberships = session.scalars(
        select(Membership).where(in_force(Membership.from_, Membership.until, on)).order_by(Membership.id)
    )
    facts = {each.organisation_id: each for each in profiles if each.organisation_id in standing}
    order = {each.id: place for place, each in enumerate(organisations)}
    kept = [each for each in memberships if {each.iscm_id, each.member_id} <= standing.keys()]
    kept.sort(key=lambda each: (order[each.iscm_id], order[each.member_id], each.role))
    return RegisterSnapshot(
        on=on,
        participants=standing,
        memberships=tuple(kept),
        profiles=facts,
        members_known={iscm_id: list_is_known(each, on) for iscm_id, each in facts.items()},
    )


@dataclass(frozen=True)
class Uncertain:
    """A fact that is to be confirmed with the secretariat: of which mechanism, which field, and what is
    noted."""

    iscm: Organisation
    field: str
    note: str | None


def uncertain(session: Session, on: date) -> list[Uncertain]:
    """Every field of a mechanism's profile in force that is to be confirmed, in the order of names and
    fields."""
    rows = session.execute(
        select(Organisation, IscmProfile)
        .join(IscmProfile, IscmProfile.organisation_id == Organisation.id)
        .where(in_force(IscmProfile.valid_from, IscmProfile.valid_until, on))
        .order_by(Organisation.name)
    )
    return [
        Uncertain(organisation, field, (facts.notes or {}).get(field))
        for organisation, facts in rows
        for field in sorted(facts.uncertain_fields)
    ]


def asks_fictional(session: Session, round_: Round) -> bool | None:
    """Whether the round keeps the register of made-up organisations; None before it keeps any."""
    return session.scalar(
        select(Organisation.fictional)
        .join(RoundProfile, RoundProfile.organisation_id == Organisation.id)
        .where(RoundProfile.round_id == round_.id)
        .limit(1)
    )
