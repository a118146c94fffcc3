"""The letter to whoever was given a part of a response."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Delegation, Organisation, OutboxMessage, RepeatInstance, Response, Round, User
from app.policy import DelegatedRight
from app.queries import definitions, teams
from app.services.letter_writing import Links


def invitation(
    session: Session, message: OutboxMessage, user: User, links: Links, _now: datetime
) -> tuple[str, str]:
    """Who invites, to which answers, what was given as it stands when the letter is sent, and the way in."""
    response = session.get_one(Response, UUID(message.payload["response"]))
    organisation = session.get_one(Organisation, response.organisation_id)
    round_ = session.get_one(Round, response.round_id)
    parts = teams.standing(session, response.id, UUID(message.payload["appointment"]))
    lines = "\n".join(f"  - {_said(session, response, part)}" for part in parts)
    text = _(
        "Dear %(name)s,\n\n"
        "%(by)s invites you to take part in the answers of %(organisation)s to “%(round)s”, which the "
        "International Organization for Migration asks for.\n\n"
        "What you were given:\n%(parts)s\n\n"
        "Sign in with the address to which this letter went; there is no password:\n\n%(link)s\n\n"
        "You see what was given to you, and nothing else of these answers. If you did not expect this "
        "letter, ask %(by)s.\n",
        name=user.name,
        by=message.payload["by"],
        organisation=organisation.name,
        round=round_.title,
        parts=lines or "  - " + _("nothing any more: it was taken back"),
        link=links.page("/sign-in"),
    )
    return _("Answers of %(organisation)s: your part", organisation=organisation.name), text


def _said(session: Session, response: Response, part: Delegation) -> str:
    what = _("all answers")
    if part.section_key is not None:
        section = definitions.of(session, response.questionnaire_version_id).section(part.section_key)
        what = _("every mechanism") if section.repeat is not None else str(section.title)
    elif part.instance_id is not None:
        block = session.get_one(RepeatInstance, part.instance_id)
        what = session.get_one(Organisation, block.subject_id).name
    if part.right is DelegatedRight.READ:
        return _("%(part)s, to read", part=what)
    return _("%(part)s, to write", part=what)
