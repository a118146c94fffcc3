"""The focal point's team: who is given which part of a response, changed and taken back.

Whoever is given a part gets an appointment that is limited to it. Everything happens under the response's
row, so that a save lands before a part is taken back or is refused after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Appointment, Delegation, Organisation, Response, User
from app.policy import Act, Actor, AppointmentRole, DelegatedRight, can
from app.queries import definitions, responses, teams
from app.queries import people as people_of
from app.services import auditing, locking, outbox, people
from app.services.errors import AlreadyThere, NotAllowed, NotFound, NotPossible
from app.services.outbox import Wanted

LETTER = "team_invitation"
LONGEST_NAME = 200


@dataclass(frozen=True)
class Gift:
    """A part to be given: a section by its key, the block of a mechanism, or without either the whole."""

    section_key: str | None = None
    instance_id: UUID | None = None
    right: DelegatedRight = DelegatedRight.WRITE

    @property
    def part(self) -> tuple[str | None, UUID | None]:
        """What is given, whatever the right."""
        return self.section_key, self.instance_id


def invite(
    session: Session,
    response_id: UUID,
    email: str,
    name: str,
    gifts: Sequence[Gift],
    actor: Actor,
    now: datetime,
) -> Appointment:
    """Give parts of the response to whoever has this address, and have a letter sent that says so.

    Somebody unknown becomes a person who can sign in. Raises NotFound, NotAllowed, NotPossible for somebody
    who cannot be invited or without anything to give, AlreadyThere for whoever has a part already.
    """
    response = _taken(session, response_id, actor)
    people.refuse_in_pilot(session, response_id)
    wanted = _wanted(session, response, gifts)
    organisation = session.get_one(Organisation, response.organisation_id)
    user = people_of.by_email(session, email)
    if user is None:
        address = email.strip().lower()
        user = people.add_user(session, address, people.one_line(name) or address, actor, now=now)
    appointment = _limited_appointment(session, response_id, user, organisation)
    if appointment is None:
        appointment = people.appoint(session, user, organisation, _role(wanted), actor, now=now)
    _give(session, response, appointment, wanted, actor, now)
    _write_to(session, response, appointment, user, actor, now)
    return appointment


def change(
    session: Session,
    response_id: UUID,
    appointment_id: UUID,
    gifts: Sequence[Gift],
    actor: Actor,
    now: datetime,
) -> None:
    """Let somebody of the team have these parts instead; a letter goes out if there is a new one.

    Raises NotFound, NotAllowed, NotPossible without anything to give.
    """
    response = _taken(session, response_id, actor)
    appointment = _member(session, response_id, appointment_id)
    wanted = _wanted(session, response, gifts)
    if _give(session, response, appointment, wanted, actor, now):
        user = session.get_one(User, appointment.user_id)
        _write_to(session, response, appointment, user, actor, now)


def take_back(session: Session, response_id: UUID, appointment_id: UUID, actor: Actor, now: datetime) -> None:
    """Take everything back that somebody was given of the response; what they wrote stays under their name.

    With nothing left anywhere the appointment ends. Raises NotFound, NotAllowed.
    """
    response = _taken(session, response_id, actor)
    appointment = _member(session, response_id, appointment_id)
    _give(session, response, appointment, [], actor, now)


def _taken(session: Session, response_id: UUID, actor: Actor) -> Response:
    """The response with its row taken, for whoever may manage its team."""
    response = locking.take(session, response_id)
    facts = responses.facts(session, response_id)
    if facts is None or not can(actor, Act.MANAGE_TEAM, facts):
        raise NotAllowed
    return response


def _member(session: Session, response_id: UUID, appointment_id: UUID) -> Appointment:
    appointment = session.get(Appointment, appointment_id)
    if appointment is None or not teams.standing(session, response_id, appointment_id):
        raise NotFound
    return appointment


def _wanted(session: Session, response: Response, gifts: Sequence[Gift]) -> list[Gift]:
    """The gifts without those that another contains. Raises NotPossible for none, NotFound for no part."""
    if not gifts:
        raise NotPossible(_("Choose what you give"))
    sections = definitions.of(session, response.questionnaire_version_id).section_keys
    blocks = {
        block.id: block.group_key
        for block in responses.blocks(session, response.id)
        if block.active and block.subject_id is not None
    }
    for gift in gifts:
        if gift.section_key is not None and gift.section_key not in sections:
            raise NotFound
        if gift.instance_id is not None and gift.instance_id not in blocks:
            raise NotFound
    once = {gift.part: gift for gift in gifts}

    def contained(gift: Gift) -> bool:
        section = blocks[gift.instance_id] if gift.instance_id is not None else None
        around = [once.get((None, None)), once.get((section, None))]
        return any(
            other is not None and other is not gift and other.right in (gift.right, DelegatedRight.WRITE)
            for other in around
        )

    return [gift for gift in once.values() if not contained(gift)]


def _role(gifts: Iterable[Gift]) -> AppointmentRole:
    writes = any(gift.right is DelegatedRight.WRITE for gift in gifts)
    return AppointmentRole.CONTRIBUTOR if writes else AppointmentRole.OBSERVER


def _limited_appointment(
    session: Session, response_id: UUID, user: User, organisation: Organisation
) -> Appointment | None:
    """The person's limited appointment there, None if there is none. Raises for who cannot be invited."""
    if user.staff_role is not None:
        raise NotPossible(_("This is the address of a member of IOM’s staff, who cannot take part"))
    if user.deactivated_at is not None:
        raise NotPossible(_("Nobody can sign in with this address any more. Give another, or ask IOM"))
    there = people_of.open_appointments(session, user, organisation)
    limited = teams.limited(session, [each.id for each in there])
    if any(each.id not in limited for each in there):
        raise AlreadyThere(
            _(
                "%(name)s takes part already, and sees all answers of %(organisation)s",
                name=user.name,
                organisation=organisation.name,
            )
        )
    appointment = there[0] if there else None
    if appointment is not None and teams.standing(session, response_id, appointment.id):
        raise AlreadyThere(_("%(name)s is in the team already. Change what was given there", name=user.name))
    return appointment


def _give(
    session: Session,
    response: Response,
    appointment: Appointment,
    wanted: Sequence[Gift],
    actor: Actor,
    now: datetime,
) -> bool:
    """Let the appointment have these parts of the response and no others; whether there is a new one."""
    there = {
        (row.section_key, row.instance_id, row.right): row
        for row in teams.standing(session, response.id, appointment.id)
    }
    new = [gift for gift in wanted if (*gift.part, gift.right) not in there]
    kept = {(*gift.part, gift.right) for gift in wanted}
    ended = [row for key, row in there.items() if key not in kept]
    for row in ended:
        row.ended_at, row.ended_by_id = now, actor.user_id
    session.flush()  # one part stands once: what ends makes room for what begins
    session.add_all(_delegation(response, appointment, gift, actor, now) for gift in new)
    session.flush()  # what follows reads what stands now
    if new:
        detail = {"response": str(response.id), "parts": [_said(gift) for gift in new]}
        auditing.record(session, actor, "gave_part", appointment, detail, at=now)
    if ended:
        gone = [Gift(row.section_key, row.instance_id, row.right) for row in ended]
        detail = {"response": str(response.id), "parts": [_said(gift) for gift in gone]}
        auditing.record(session, actor, "took_part_back", appointment, detail, at=now)
    _fit(session, appointment, actor, now)
    return bool(new)


def _delegation(
    response: Response, appointment: Appointment, gift: Gift, actor: Actor, now: datetime
) -> Delegation:
    return Delegation(
        id=uuid4(),
        response_id=response.id,
        appointment_id=appointment.id,
        section_key=gift.section_key,
        instance_id=gift.instance_id,
        right=gift.right,
        given_by_id=actor.user_id,
        given_at=now,
    )


def _said(gift: Gift) -> dict[str, str]:
    part = gift.section_key or (str(gift.instance_id) if gift.instance_id else "all")
    return {"part": part, "right": gift.right.value}


def _fit(session: Session, appointment: Appointment, actor: Actor, now: datetime) -> None:
    """Let the appointment be what its parts make it: one that writes, one that reads, or none."""
    left = teams.rights_left(session, appointment.id)
    if not left:
        people.end_appointment(session, appointment, now.date(), actor)
        return
    role = _role(Gift(right=right) for right in left)
    if appointment.role is not role:
        detail = {"before": appointment.role, "after": role}
        appointment.role = role
        auditing.record(session, actor, "changed_role", appointment, detail, at=now)


def _write_to(
    session: Session,
    response: Response,
    appointment: Appointment,
    user: User,
    actor: Actor,
    now: datetime,
) -> None:
    key = f"{LETTER}:{appointment.id}:{uuid4()}"
    payload = {"response": str(response.id), "appointment": str(appointment.id), "by": actor.name}
    outbox.put(session, [Wanted(LETTER, key, user.id, response.round_id, response.id, payload)], now)
