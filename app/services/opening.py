"""Opening a round on those whom its rule means by the register of the day, as whoever opens it saw them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.definitions import asking
from app.i18n import _
from app.models import Round
from app.policy import Actor
from app.queries import invitees
from app.queries.invitees import Invitees
from app.services import rounds
from app.services.errors import NotPossible, Overtaken


def today_in(round_: Round, now: datetime) -> date:
    """The day that it is in the round's zone."""
    return now.astimezone(ZoneInfo(round_.zone)).date()


def day_of_opening(round_: Round, now: datetime) -> date:
    """The day of whose register it is decided who is asked: today, or the planned day if that is to come."""
    return max(now, round_.opens_at).astimezone(ZoneInfo(round_.zone)).date()


def open_by_rule(
    session: Session, round_: Round, by: Actor, now: datetime, *, seen: str | None = None
) -> Invitees:
    """Open the round now and freeze who is asked; ``seen`` is the digest of those who were shown before.

    Raises NotPossible for a round that was opened, a rule that means nobody, codes that mean nothing and a
    deadline that has passed; Overtaken if the register means others than were shown; and what
    ``rounds.open_round`` raises.
    """
    rounds.taken(session, round_)
    if round_.opened_at is not None:
        raise NotPossible(_("The round has been opened already."))
    if round_.closes_at <= now:
        raise NotPossible(_("The deadline has passed. Change the dates of the round first."))
    today = today_in(round_, now)
    found = invitees.by_rule(session, asking.read(round_.asked), today)
    if found.faults:
        codes = ", ".join(code for part in found.faults.values() for code in part)
        raise NotPossible(_("Not in the register of that day: %(codes)s", codes=codes))
    if not found.everybody:
        raise NotPossible(_("The rule means nobody. Say first who is asked."))
    if seen is not None and seen != found.digest:
        raise Overtaken(
            _("The register has changed since you looked: it means others now. Look again, then open.")
        )
    rounds.open_round(session, round_, found.codes, by, today, about=found.about, now=now)
    return found
