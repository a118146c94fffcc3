"""Inviting: everybody in one act, whoever is added later one by one, and nobody twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import Response, Round
from app.policy import Act, Actor, can
from app.queries import invitations
from app.queries.invitations import Invitee, State
from app.services import auditing, outbox
from app.services.being_asked import takes_answers
from app.services.errors import NotAllowed, NotFound, NotPossible
from app.services.invitation_letters import ACTIVATION, INVITATION
from app.services.outbox import Wanted

LONGEST_KEY = 80


@dataclass(frozen=True)
class Invited:
    """What came of inviting: how many letters were put into the outbox, for how many respondents."""

    letters: int
    respondents: int


def invite(
    session: Session, round_: Round, by: Actor, now: datetime, *, only: Sequence[UUID] | None = None
) -> Invited:
    """Write to every focal point in force who has not been invited yet, or to those of some respondents.

    Raises NotAllowed, NotPossible if the round takes no answers.
    """
    _check(round_, by, now)
    wanted = [
        (each, person)
        for each in invitations.of_round(session, round_, now, only=only)
        if each.state is State.TO_INVITE
        for person in each.to_invite
    ]
    letters = [
        Wanted(
            kind=INVITATION,
            dedupe_key=f"{INVITATION}:{each.respondent.response_id}:{person.user_id}",
            user_id=person.user_id,
            round_id=round_.id,
            response_id=each.respondent.response_id,
        )
        for each, person in wanted
    ]
    put = outbox.put(session, letters, now)
    respondents = len({each.respondent.response_id for each, _person in wanted})
    if put:
        detail = {"letters": put, "respondents": respondents, "all": only is None}
        auditing.record(session, by, "invited", round_, detail, at=now)
    return Invited(put, respondents)


def send_fresh_link(
    session: Session, round_: Round, response_id: UUID, key: str, by: Actor, now: datetime
) -> int:
    """Send a fresh link to the focal points of a respondent who were invited before; one page sends one.

    Raises NotAllowed, NotFound, NotPossible if nobody can be written to, or nothing is taken any more.
    """
    _check(round_, by, now)
    found: Invitee | None = next(iter(invitations.of_round(session, round_, now, only=[response_id])), None)
    if found is None:
        raise NotFound
    if found.state in {State.WITHDRAWN, State.FINISHED}:
        raise NotPossible(_("This respondent has finished or is not asked any more."))
    if not found.reachable:
        raise NotPossible(_("There is nobody whose letters arrive."))
    short = values.normalise(key)[:LONGEST_KEY]
    letters = [
        Wanted(
            kind=ACTIVATION,
            dedupe_key=f"{ACTIVATION}:{short}:{response_id}:{person.user_id}",
            user_id=person.user_id,
            round_id=round_.id,
            response_id=response_id,
        )
        for person in found.reachable
    ]
    put = outbox.put(session, letters, now)
    if put:
        response = session.get_one(Response, response_id)
        auditing.record(session, by, "sent_fresh_link", response, {"letters": put}, at=now)
    return put


def _check(round_: Round, by: Actor, now: datetime) -> None:
    if not can(by, Act.SEND_MAIL):
        raise NotAllowed
    if round_.pilots_version_id is not None:
        raise NotPossible(_("This round tries a questionnaire: nobody is written to."))
    if not takes_answers(round_, round_.closes_at, now):
        raise NotPossible(_("The round is not open: nobody is invited to what cannot be answered."))
