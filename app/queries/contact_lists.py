"""What a list of people is compared with, read at once: a constant number of statements for any list."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.definitions import searching
from app.models import (
    Appointment,
    AppointmentRole,
    IscmProfile,
    Nomination,
    Organisation,
    OrganisationKind,
    User,
)

Key = tuple[UUID, UUID, AppointmentRole, UUID | None]
ASKED_ONE_BY_ONE = 500
MOST_SUGGESTED = 200


def users_by_email(session: Session, emails: Collection[str]) -> dict[str, User]:
    """The people with these addresses; of a long list, everybody."""
    statement = select(User)
    if len(emails) <= ASKED_ONE_BY_ONE:
        statement = statement.where(User.email.in_(emails))
    return {each.email: each for each in session.scalars(statement)}


def open_appointments(session: Session, today: date) -> dict[Key, Appointment]:
    """What everybody is appointed to on that day or later."""
    rows = session.scalars(
        select(Appointment)
        .where(or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today))
        .order_by(Appointment.valid_from, Appointment.id)
    )
    return {(each.user_id, each.organisation_id, each.role, each.iscm_id): each for each in rows}


def names_by_organisation(
    session: Session, appointments: Mapping[Key, Appointment]
) -> dict[UUID, dict[str, str]]:
    """Who is appointed to each organisation: names by address."""
    people = {
        row[0]: (row[1], row[2])
        for row in session.execute(
            select(User.id, User.email, User.name).where(User.deactivated_at.is_(None))
        )
    }
    found: dict[UUID, dict[str, str]] = {}
    for user_id, organisation_id, _role, _iscm in appointments:
        if user_id in people:
            email, name = people[user_id]
            found.setdefault(organisation_id, {})[email] = name
    return found


def nominations(session: Session) -> dict[UUID, Nomination]:
    """Every note verbale that was recorded, by id."""
    return {each.id: each for each in session.scalars(select(Nomination))}


class Register:
    """Finds the organisation that somebody wrote by code or by any of its names."""

    def __init__(self, session: Session) -> None:
        rows = session.execute(
            select(Organisation, IscmProfile)
            .outerjoin(IscmProfile, IscmProfile.organisation_id == Organisation.id)
            .where(Organisation.withdrawn_at.is_(None))
            .order_by(Organisation.kind, Organisation.code, IscmProfile.valid_from)
        ).all()
        self._tiers: tuple[dict[str, dict[UUID, Organisation]], ...] = ({}, {}, {})
        self._findable: dict[UUID, searching.Findable[Organisation]] = {}
        self._suggested: dict[str, Organisation | None] = {}
        for organisation, profile in rows:
            self._take(organisation, profile)

    def _take(self, organisation: Organisation, profile: IscmProfile | None) -> None:
        tiers: tuple[Sequence[str | None], ...] = (
            _codes(organisation),
            list(_names(organisation, profile)),
            list(_others(organisation, profile)),
        )
        for index, words in zip(self._tiers, tiers, strict=True):
            for word in words:
                if word and (key := searching.key(word)):
                    index.setdefault(key, {})[organisation.id] = organisation
        every = tuple(word for tier in tiers[1:] for word in tier if word)
        self._findable[organisation.id] = searching.Findable(organisation, tuple(_codes(organisation)), every)

    def called(self, written: str, *, mechanisms: bool = False) -> list[Organisation]:
        """Whoever is called so: by code, else by name, else by another spelling or an acronym."""
        key = searching.key(written)
        for index in self._tiers:
            found = [
                each
                for each in index.get(key, {}).values()
                if not mechanisms or each.kind is OrganisationKind.ISCM
            ]
            if found:
                return found
        return []

    def near(self, written: str, *, mechanisms: bool = False) -> Organisation | None:
        """Who is called nearly so, for a suggestion; only the first few hundred words are looked up."""
        if written not in self._suggested:
            if len(self._suggested) >= MOST_SUGGESTED:
                return None
            among = [
                each
                for each in self._findable.values()
                if not mechanisms or each.thing.kind is OrganisationKind.ISCM
            ]
            hits = searching.search(written, among)
            self._suggested[written] = hits[0].thing if hits else None
        return self._suggested[written]


def _codes(organisation: Organisation) -> list[str]:
    return [each for each in (organisation.code, organisation.iso3) if each]


def _names(organisation: Organisation, profile: IscmProfile | None) -> Iterator[str | None]:
    yield organisation.name
    yield organisation.formal_name
    yield from (organisation.names or {}).values()
    if profile is not None:
        yield from (profile.name, profile.short_name)


def _others(organisation: Organisation, profile: IscmProfile | None) -> Iterator[str | None]:
    yield from (organisation.iso2, organisation.m49)
    yield from organisation.also or []
    if profile is not None:
        yield profile.acronym
        yield from (each for each in profile.other_names or [] if isinstance(each, str))
