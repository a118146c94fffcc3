"""Writing what a list of people changes, once its plan has nothing wrong: all of it in one transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.models import Appointment, Nomination, User
from app.policy import Actor, AppointmentRole
from app.queries import contact_lists
from app.services import auditing, contacts
from app.services.people_import import FIELDS, Plan, Planned


def take(session: Session, planned: Plan, actor: Actor, now: datetime) -> dict[str, int]:
    """Write it, and say how many people and appointments were added and changed.

    The rows of people stand before those that point to them, and each change leaves its event.
    """
    taking = _Taking(session, actor, now)
    rows = [each for each in planned.rows if each.differences]
    taking.people(rows)
    session.flush()  # appointments point to people
    taking.notes(rows)
    session.flush()  # and to the notes verbales
    for each in rows:
        taking.appointment(each)
    session.flush()
    return taking.counts


class _Taking:
    """The rows that are being written."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self._session = session
        self._actor = actor
        self._now = now
        self._users: dict[str, User] = {}
        self._notes = {
            (each.organisation_id, each.number, each.dated): each
            for each in contact_lists.nominations(session).values()
        }
        self.counts = {"people added": 0, "people changed": 0, "appointments added": 0}
        self.counts["appointments changed"] = 0

    def _record(self, act: str, subject: User | Appointment | Nomination, detail: dict[str, Any]) -> None:
        auditing.record(self._session, self._actor, act, subject, detail, at=self._now)

    def people(self, rows: Sequence[Planned]) -> None:
        """Add and change the people themselves."""
        for each in rows:
            email = each.row.values["email"]
            values = {column: each.row.values[column] for column in FIELDS if column in each.row.values}
            user = each.user or self._users.get(email)
            if user is None:
                self._users[email] = self._added(email, values)
                continue
            if contacts.set_columns(self._session, user, values, self._actor, self._now):
                self.counts["people changed"] += 1

    def _added(self, email: str, values: dict[str, Any]) -> User:
        user = User(id=uuid4(), email=email, created_at=self._now, **{"locale": "en", **values})
        self._session.add(user)
        self._record("added_user", user, {"staff_role": None})
        self.counts["people added"] += 1
        return user

    def notes(self, rows: Sequence[Planned]) -> None:
        """Record the notes verbales that the rows name, each once."""
        for each in rows:
            values, organisation = each.row.values, each.organisation
            if organisation is None or "note_number" not in values:
                continue
            key = (organisation.id, values["note_number"], values["note_dated"])
            if key in self._notes:
                continue
            made = Nomination(
                id=uuid4(),
                organisation_id=organisation.id,
                number=values["note_number"],
                dated=values["note_dated"],
                recorded_by_id=self._actor.user_id,
                recorded_at=self._now,
            )
            self._session.add(made)
            self._record("recorded_nomination", made, {"number": made.number})
            self._notes[key] = made

    def appointment(self, each: Planned) -> None:
        """Add or change what the row appoints the person to."""
        if each.organisation is None:
            return
        values = each.row.values
        note = self._notes.get((each.organisation.id, values.get("note_number", ""), self._dated(each)))
        if each.appointment is None:
            self._appoint(each, each.user or self._users[values["email"]], note.id if note else None)
            return
        after: dict[str, Any] = {}
        if "from" in values:
            after["valid_from"] = values["from"]
        if note is not None:
            after["nomination_id"] = note.id
        if contacts.set_columns(self._session, each.appointment, after, self._actor, self._now):
            self.counts["appointments changed"] += 1

    def _dated(self, each: Planned) -> date:
        dated: date = each.row.values.get("note_dated", date.min)
        return dated

    def _appoint(self, each: Planned, user: User, nomination_id: UUID | None) -> None:
        if each.organisation is None:
            return
        role: AppointmentRole = each.role
        made = Appointment(
            id=uuid4(),
            user_id=user.id,
            organisation_id=each.organisation.id,
            iscm_id=each.iscm.id if each.iscm else None,
            role=role,
            valid_from=each.row.values.get("from", self._now.date()),
            nomination_id=nomination_id,
        )
        self._session.add(made)
        detail = {"organisation": each.organisation.code, "role": role}
        self._record("appointed", made, {**detail, "iscm": each.iscm.code if each.iscm else None})
        self.counts["appointments added"] += 1
