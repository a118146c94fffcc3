"""Writing what a list of people changes, once its plan has nothing wrong: all of it in one transaction.

What is added is written table by table, however long the list is; each change leaves its event.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.models import Appointment, AuditEvent, Base, Nomination, User
from app.policy import Actor
from app.queries import contact_lists
from app.services import contacts
from app.services.people_import import FIELDS, Plan, Planned

NoteKey = tuple[UUID, str, date]


def take(session: Session, planned: Plan, actor: Actor, now: datetime) -> dict[str, int]:
    """Write it, and say how many people and appointments were added and changed."""
    taking = _Taking(session, actor, now)
    for each in planned.rows:
        if each.differences:
            taking.row(each)
    taking.write()
    return taking.counts


class _Taking:
    """The rows that are being written, by table: people first, since appointments point to them."""

    def __init__(self, session: Session, actor: Actor, now: datetime) -> None:
        self._session = session
        self._actor = actor
        self._now = now
        self._added: dict[str, UUID] = {}
        self._notes: dict[NoteKey, UUID] = {
            (each.organisation_id, each.number, each.dated): each.id
            for each in contact_lists.nominations(session).values()
        }
        self._rows: dict[type[Base], list[dict[str, Any]]] = {User: [], Nomination: [], Appointment: []}
        self._events: list[dict[str, Any]] = []
        self._changed: list[tuple[Appointment, dict[str, Any]]] = []
        self.counts = dict.fromkeys(
            ("people added", "people changed", "appointments added", "appointments changed"), 0
        )

    def row(self, each: Planned) -> None:
        """Note what one row adds, and change what is there already."""
        user_id = each.user.id if each.user else self._added.get(each.row.values["email"])
        if user_id is None:
            user_id = self._add_person(each)
        elif each.user is not None:
            values = {column: each.row.values[column] for column in FIELDS if column in each.row.values}
            if contacts.set_columns(self._session, each.user, values, self._actor, self._now):
                self.counts["people changed"] += 1
        if each.organisation is not None:
            self._appoint(each, each.organisation.id, user_id)

    def write(self) -> None:
        """Write everything that was noted."""
        for model, rows in self._rows.items():
            if rows:
                self._session.execute(insert(model), rows)
        for appointment, after in self._changed:
            if contacts.set_columns(self._session, appointment, after, self._actor, self._now):
                self.counts["appointments changed"] += 1
        if self._events:
            self._session.execute(insert(AuditEvent), self._events)
        self._session.flush()  # what was changed is refused here, while it can still be said

    def _add_person(self, each: Planned) -> UUID:
        values = {column: each.row.values.get(column) for column in FIELDS}
        id_, email = uuid4(), each.row.values["email"]
        self._rows[User].append(
            {**values, "id": id_, "email": email, "created_at": self._now, "locale": values["locale"] or "en"}
        )
        self._added[email] = id_
        self._note("added_user", "user", id_, {"staff_role": None})
        self.counts["people added"] += 1
        return id_

    def _appoint(self, each: Planned, organisation_id: UUID, user_id: UUID) -> None:
        values = each.row.values
        note_id = self._note_verbale(each, organisation_id)
        if each.appointment is not None:
            after: dict[str, Any] = {"valid_from": values["from"]} if "from" in values else {}
            self._changed.append((each.appointment, after | ({"nomination_id": note_id} if note_id else {})))
            return
        made = {
            "id": uuid4(),
            "user_id": user_id,
            "organisation_id": organisation_id,
            "iscm_id": each.iscm.id if each.iscm else None,
            "role": each.role,
            "valid_from": values.get("from", self._now.date()),
            "nomination_id": note_id,
        }
        self._rows[Appointment].append(made)
        code = each.organisation.code if each.organisation else None
        detail = {"organisation": code, "role": each.role, "iscm": each.iscm.code if each.iscm else None}
        self._note("appointed", "appointment", made["id"], detail)
        self.counts["appointments added"] += 1

    def _note_verbale(self, each: Planned, organisation_id: UUID) -> UUID | None:
        """The note verbale that the row names: the one that was recorded, or a new one."""
        values = each.row.values
        if "note_number" not in values:
            return None
        key = (organisation_id, values["note_number"], values["note_dated"])
        if key not in self._notes:
            self._notes[key] = uuid4()
            self._rows[Nomination].append(
                {
                    "id": self._notes[key],
                    "organisation_id": organisation_id,
                    "number": values["note_number"],
                    "dated": values["note_dated"],
                    "recorded_by_id": self._actor.user_id,
                    "recorded_at": self._now,
                }
            )
            detail = {"number": values["note_number"]}
            self._note("recorded_nomination", "nomination", self._notes[key], detail)
        return self._notes[key]

    def _note(self, act: str, kind: str, subject_id: UUID, detail: dict[str, Any]) -> None:
        self._events.append(
            {
                "at": self._now,
                "actor_id": self._actor.user_id,
                "actor_name": self._actor.name,
                "act": act,
                "subject_kind": kind,
                "subject_id": str(subject_id),
                "detail": detail,
            }
        )
