"""Taking over a list of people: compared with who is there, shown row by row, then all of it or nothing.

A row changes what it gives and leaves the rest: an empty cell changes nothing. The same file a second time
changes nothing. Whoever is not in the file stays as they are.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.definitions import searching
from app.definitions.faults import shown
from app.i18n import _
from app.models import Appointment, AppointmentRole, Nomination, Organisation, User
from app.policy import Act, Actor, can
from app.queries import contact_lists
from app.services.contacts import plain
from app.services.people_rows import PeopleFile, PersonRow

LIKE = 88
"""From what likeness of names on two people may be one."""
MOST_COMPARED = 300
FIELDS = ("name", "function", "phone", "locale")


class State(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True)
class Difference:
    """What was and what will be; `was` is None for what is new."""

    column: str
    was: Any
    now: Any


@dataclass(frozen=True)
class Planned:
    """One row: whom it is about, what it would do, what is wrong with it, and who may be the same person."""

    row: PersonRow
    state: State
    organisation: Organisation | None = None
    iscm: Organisation | None = None
    user: User | None = None
    appointment: Appointment | None = None
    differences: tuple[Difference, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    like: tuple[str, ...] = ()

    @property
    def role(self) -> AppointmentRole:
        """As what the person is appointed; a focal point where the row does not say."""
        return AppointmentRole(self.row.values.get("role", AppointmentRole.FOCAL_POINT))


@dataclass(frozen=True)
class Plan:
    """Everything that a file would do."""

    file: PeopleFile
    rows: tuple[Planned, ...]
    counts: Mapping[State, int]
    like: int = 0

    @property
    def possible(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.counts[State.ERROR]

    @property
    def empty(self) -> bool:
        """Whether it would change nothing."""
        return not self.counts[State.NEW] and not self.counts[State.CHANGED]


def plan(session: Session, file: PeopleFile, actor: Actor, today: date) -> Plan:
    """Compare the rows with who is there now, in a constant number of statements."""
    comparing = _Comparing(session, file, actor, today)
    rows = tuple(comparing.planned(row) for row in file.rows)
    counts = {state: sum(each.state is state for each in rows) for state in State}
    return Plan(file, rows, counts, sum(bool(each.like) for each in rows))


@dataclass
class _Seen:
    """What a file has said so far of one address."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)


class _Comparing:
    """The people and organisations that there are, and what the rows so far have said."""

    def __init__(self, session: Session, file: PeopleFile, actor: Actor, today: date) -> None:
        self._file = file
        self._actor = actor
        self._today = today
        emails = {row.values["email"] for row in file.rows if "email" in row.values}
        self._users = contact_lists.users_by_email(session, emails)
        self._open = contact_lists.open_appointments(session, today)
        self._names = contact_lists.names_by_organisation(session, self._open)
        self._alike_names: dict[UUID, dict[str, str]] = {}
        self._nominations = contact_lists.nominations(session)
        self._register = contact_lists.Register(session)
        self._said: dict[str, _Seen] = {}
        self._appointed: dict[tuple[Any, ...], int] = {}

    def planned(self, row: PersonRow) -> Planned:
        """What the row would do."""
        faults = list(row.faults)
        organisation = self._organisation(row, "organisation", faults)
        iscm = self._organisation(row, "mechanism", faults)
        user = self._users.get(row.values.get("email", ""))
        faults += self._of_user(row, user)
        faults += self._of_appointment(row, organisation, iscm)
        if faults:
            return Planned(row, State.ERROR, organisation, iscm, user, faults=tuple(faults))
        differences = list(self._of_facts(row, user))
        appointment = None
        if organisation is not None:
            appointment = self._appointment(row, user, organisation, iscm)
            differences += self._of_role(row, appointment, organisation, iscm)
        state = State.UNCHANGED if not differences else State.NEW if user is None else State.CHANGED
        like = self._alike(row, organisation) if user is None else ()
        return Planned(row, state, organisation, iscm, user, appointment, tuple(differences), (), like)

    def _organisation(
        self, row: PersonRow, column: str, faults: list[tuple[str, str]]
    ) -> Organisation | None:
        written = row.values.get(column)
        if not written:
            return None
        found = self._register.called(written, mechanisms=column == "mechanism")
        if len(found) == 1:
            return found[0]
        label = self._file.label(column)
        if found:
            candidates = ", ".join(f"{each.name} ({each.kind} {each.code})" for each in found[:6])
            message = _(
                "%(value)s may be several; write the code of one: %(candidates)s",
                value=shown(written),
                candidates=candidates,
            )
        else:
            near = self._register.near(written, mechanisms=column == "mechanism")
            message = _("%(value)s is not in the register", value=shown(written))
            if near:
                message += _("; did you mean %(name)s?", name=f"{near.name} ({near.code})")
        faults.append((label, message))
        return None

    def _of_user(self, row: PersonRow, user: User | None) -> Iterator[tuple[str, str]]:
        email, label = row.values.get("email"), self._file.label("email")
        if email is None:
            return
        if user is not None and user.deactivated_at is not None:
            yield label, _("%(name)s cannot sign in any more; let them in again first", name=user.name)
        elif user is not None and user.staff_role is not None and not can(self._actor, Act.MANAGE_PEOPLE):
            yield label, _("%(name)s is of IOM’s staff; an administrator changes that", name=user.name)
        seen = self._said.setdefault(email, _Seen(row.number))
        for column in FIELDS:
            value = row.values.get(column)
            if value is None:
                continue
            before = seen.values.setdefault(column, (value, row.number))
            if before[0] != value:
                yield (
                    self._file.label(column),
                    _(
                        "row %(row)s says %(value)s for the same address; make them equal",
                        row=before[1],
                        value=shown(before[0]),
                    ),
                )

    def _of_appointment(
        self, row: PersonRow, organisation: Organisation | None, iscm: Organisation | None
    ) -> Iterator[tuple[str, str]]:
        values, label = row.values, self._file.label
        if "organisation" not in values:
            for column in ("role", "mechanism", "from", "note_number", "note_dated"):
                if column in values:
                    yield (
                        label("organisation"),
                        _("is empty, but there is something under %(column)s", column=label(column)),
                    )
                    break
            return
        if ("note_number" in values) != ("note_dated" in values):
            missing = "note_dated" if "note_number" in values else "note_number"
            yield label(missing), _("a note verbale needs its number and its date; write both or neither")
        if values.get("note_dated", self._today) > self._today:
            yield label("note_dated"), _("is later than today")
        if organisation is None or "email" not in values:
            return
        key = (values["email"], organisation.id, values.get("role", "focal_point"), iscm and iscm.id)
        first = self._appointed.setdefault(key, row.number)
        if first != row.number:
            yield (
                label("email"),
                _("stands in row %(row)s for the same; take one of the two out", row=first),
            )

    def _of_facts(self, row: PersonRow, user: User | None) -> Iterator[Difference]:
        first = self._said[row.values["email"]].line == row.number
        if user is None and not first:
            return
        for column in FIELDS:
            value = row.values.get(column)
            was = getattr(user, column) if user is not None else None
            if value is not None and value != was:
                yield Difference(column, was, value)

    def _appointment(
        self, row: PersonRow, user: User | None, organisation: Organisation, iscm: Organisation | None
    ) -> Appointment | None:
        role = row.values.get("role", AppointmentRole.FOCAL_POINT)
        if user is None:
            return None
        return self._open.get((user.id, organisation.id, role, iscm.id if iscm else None))

    def _of_role(
        self,
        row: PersonRow,
        appointment: Appointment | None,
        organisation: Organisation,
        iscm: Organisation | None,
    ) -> Iterator[Difference]:
        values = row.values
        role = values.get("role", AppointmentRole.FOCAL_POINT)
        if appointment is None:
            yield Difference("organisation", None, organisation.name)
            yield Difference("role", None, str(role))
            if iscm is not None:
                yield Difference("mechanism", None, iscm.name)
            yield Difference("from", None, plain(values.get("from", self._today)))
        elif "from" in values and values["from"] != appointment.valid_from:
            yield Difference("from", plain(appointment.valid_from), plain(values["from"]))
        if "note_number" in values:
            noted_id = appointment.nomination_id if appointment else None
            noted = self._nominations.get(noted_id) if noted_id else None
            was = _note(noted) if noted else None
            now = f"{values['note_number']}, {values['note_dated'].isoformat()}"
            if was != now:
                yield Difference("note_number", was, now)

    def _alike(self, row: PersonRow, organisation: Organisation | None) -> tuple[str, ...]:
        """Who of the same organisation has nearly this name under another address; a suggestion, of the first
        few hundred people there.
        """
        if organisation is None:
            return ()
        there = self._alike_names.setdefault(organisation.id, {})
        if not there:
            for email, name in self._names.get(organisation.id, {}).items():
                there[email] = searching.comparable(name)
        email, name = row.values["email"], row.values["name"]
        wanted = searching.comparable(name)
        others = [each for each in searching.nearest(wanted, there, LIKE, 4) if each != email]
        if len(there) < MOST_COMPARED:
            there[email] = wanted
            self._names.setdefault(organisation.id, {}).setdefault(email, name)
        named = self._names[organisation.id] if others else {}
        return tuple(f"{named[each]} ({each})" for each in others[:3])


def _note(nomination: Nomination) -> str:
    return f"{nomination.number}, {nomination.dated.isoformat()}"
