"""Letters about clearance: that it is asked for, what came of it, that somebody was named to give it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Appointment, Clearance, ClearanceDecision, Organisation, OutboxMessage, Response, User
from app.policy import Act, can
from app.queries import people, responses
from app.services.letter_writing import Links


def asked(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> tuple[str, str] | None:
    """To whoever clears, if they still do when it is sent: that the answers wait for it."""
    clearance, by, organisation = _about(session, message)
    if not _may(session, Act.CLEAR_RESPONSE, clearance, user, now):
        return None
    text = _(
        "Dear %(name)s,\n\n"
        "%(by)s asks you to clear the answers of %(organisation)s before they are submitted to IOM. "
        "You can read them, clear them, or send them back with a reason:\n\n%(link)s\n\n%(note)s",
        name=user.name,
        by=by,
        organisation=organisation,
        link=_page(links, clearance),
        note=_("%(name)s writes:\n%(note)s\n", name=by, note=clearance.note) if clearance.note else "",
    )
    return _("For clearance: the answers of %(organisation)s", organisation=organisation), text


def decided(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> tuple[str, str] | None:
    """To whoever asked, or came after them: cleared, or sent back and why; nothing to who has left since."""
    clearance, _by, organisation = _about(session, message)
    if not _may(session, Act.ASK_CLEARANCE, clearance, user, now):
        return None
    officer = session.get_one(User, clearance.decided_by_id).name
    if clearance.decision is ClearanceDecision.APPROVED:
        text = _(
            "Dear %(name)s,\n\n"
            "%(officer)s has cleared the answers of %(organisation)s as they stood. "
            "You can submit them now; once one is changed, they have to be cleared again:\n\n%(link)s\n",
            name=user.name,
            officer=officer,
            organisation=organisation,
            link=_page(links, clearance),
        )
        return _("Cleared: the answers of %(organisation)s", organisation=organisation), text
    text = _(
        "Dear %(name)s,\n\n"
        "%(officer)s sends the answers of %(organisation)s back:\n\n%(reason)s\n\n"
        "What is said of single questions stands beside them:\n\n%(link)s\n",
        name=user.name,
        officer=officer,
        organisation=organisation,
        reason=clearance.reason or "",
        link=_page(links, clearance),
    )
    return _("Sent back: the answers of %(organisation)s", organisation=organisation), text


def named(
    session: Session, message: OutboxMessage, user: User, links: Links, _now: datetime
) -> tuple[str, str]:
    """To a new clearing officer: for whom, by whom, and how to sign in."""
    appointment = session.get_one(Appointment, UUID(message.payload["appointment_id"]))
    organisation = session.get_one(Organisation, appointment.organisation_id).name
    text = _(
        "Dear %(name)s,\n\n"
        "%(by)s has named you to clear the answers of %(organisation)s to IOM’s questionnaire before they "
        "are submitted. You get a letter when there is something to clear. Sign in with this address:"
        "\n\n%(link)s\n",
        name=user.name,
        by=message.payload["by"],
        organisation=organisation,
        link=links.page("/sign-in"),
    )
    return _("You clear the answers of %(organisation)s", organisation=organisation), text


def _may(session: Session, act: Act, clearance: Clearance, user: User, now: datetime) -> bool:
    """Whether the person may do this to the answers when the letter is sent."""
    facts = responses.facts(session, clearance.response_id, now=now)
    return facts is not None and can(people.actor(session, user, now), act, facts)


def _about(session: Session, message: OutboxMessage) -> tuple[Clearance, str, str]:
    """The clearance, who asked for it, and the name of the organisation."""
    row = session.execute(
        select(Clearance, User.name, Organisation.name)
        .join(User, User.id == Clearance.asked_by_id)
        .join(Response, Response.id == Clearance.response_id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .where(Clearance.id == UUID(message.payload["clearance_id"]))
    ).one()
    clearance, by, organisation = row
    return clearance, by, organisation


def _page(links: Links, clearance: Clearance) -> str:
    return links.page(f"/responses/{clearance.response_id}/clearance")
