"""Rounds: making one, opening it on the register as it stands, recording counts, closing it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.i18n import _
from app.models import (
    Audience,
    IscmProfile,
    Membership,
    MembershipRole,
    Organisation,
    OrganisationKind,
    Response,
    Round,
    RoundMembership,
    RoundParticipant,
    RoundProfile,
    RoundTally,
)
from app.policy import Actor
from app.queries import register
from app.queries.invitees import BELONG, DORMANT
from app.queries.register import RegisterSnapshot
from app.queries.trails import ADDED, OPENING
from app.services import assigning, auditing
from app.services.errors import AlreadyThere, NotPossible, translating

ASKED_ABOUT = {
    Audience.STATE: BELONG,
    Audience.IGO: frozenset(MembershipRole),
}
"""Which memberships make a mechanism's block in the questionnaire of that audience."""


def taken(session: Session, round_: Round) -> Round:
    """The round as it stands now, its row held, so that what two of staff do comes one after the other."""
    session.flush()  # reading it anew drops what was changed and not written
    session.refresh(round_, with_for_update=True)
    return round_


def create(
    session: Session,
    code: str,
    title: str,
    opens_at: datetime,
    closes_at: datetime,
    cutoff_at: datetime | None,
    zone: str,
    by: Actor,
    *,
    copied_from: Round | None = None,
) -> Round:
    """A new round, not yet open. Raises NotPossible for dates in the wrong order, AlreadyThere for a code in
    use.
    """
    if closes_at <= opens_at or (cutoff_at is not None and cutoff_at < closes_at):
        raise NotPossible(_("A round closes after it opens, and its cut-off is not before it closes."))
    round_ = Round(
        id=uuid4(),
        code=code,
        title=title,
        opens_at=opens_at,
        closes_at=closes_at,
        cutoff_at=cutoff_at,
        zone=zone,
        copied_from_id=copied_from.id if copied_from else None,
    )
    session.add(round_)
    with translating({"uq_round_code": AlreadyThere(_("There is a round “%(code)s” already.", code=code))}):
        session.flush()  # the code is refused here, where it can be said which
    auditing.record(session, by, "created_round", round_, {"code": code})
    return round_


def open_round(
    session: Session,
    round_: Round,
    asked: Mapping[Audience, Sequence[str]],
    by: Actor,
    as_of: date,
    *,
    about: Sequence[str] | None = None,
    now: datetime | None = None,
) -> None:
    """Open the round: keep the register as it stood on that day, and give everybody asked their
    questionnaire.

    ``asked`` lists codes by audience; ``about`` limits the blocks to these mechanisms (codes), None takes all
    that are not dormant. Raises NotPossible for a round opened before, for codes that are not in the register
    or are not asked that questionnaire, for organisations that exist beside made-up ones (the round keeps the
    register of one kind), and NothingPublished for an audience without a published questionnaire.
    """
    at = now or clock.now()
    taken(session, round_)
    if round_.opened_at is not None:
        raise NotPossible(_("The round has been opened already."))
    snapshot = register.snapshot(session, as_of)
    participants = _participants(snapshot, asked)
    snapshot = _of_one_kind(snapshot, participants)
    mechanisms = _mechanisms(snapshot, about)
    round_.opened_at = at
    session.add_all(
        RoundProfile(id=uuid4(), round_id=round_.id, organisation_id=each.id, facts=facts_of(snapshot, each))
        for each in snapshot.participants.values()
    )
    session.add_all(_membership(round_, each) for each in snapshot.memberships)
    session.flush()  # blocks and responses point to what was just copied
    belongs: defaultdict[UUID, list[Membership]] = defaultdict(list)
    for each in snapshot.memberships:
        belongs[each.member_id].append(each)
    given = [(each, _blocks(belongs[each.id], each, mechanisms)) for each in participants]
    assigning.assign_all(session, round_, given, by, OPENING, at)
    detail = {"as_of": as_of.isoformat(), "participants": len(participants)}
    auditing.record(session, by, "opened_round", round_, detail, at=at)


def add_participant(
    session: Session,
    round_: Round,
    organisation: Organisation,
    by: Actor,
    *,
    reason: str = "",
    now: datetime | None = None,
) -> Response:
    """Ask one more organisation in an open round, about the mechanisms that the round's register gives it.

    Raises NotPossible if the round is not open or its organisations are fictional and this one is not (or the
    other way round), AlreadyThere if the organisation is asked already.
    """
    taken(session, round_)
    _refuse_asking(session, round_, organisation)
    kept = session.scalars(select(RoundMembership).where(RoundMembership.round_id == round_.id)).all()
    rows = session.execute(
        select(RoundProfile.organisation_id, RoundProfile.facts).where(RoundProfile.round_id == round_.id)
    )
    known = {row[0]: row[1] for row in rows}
    mechanisms = {iscm_id for iscm_id, facts in known.items() if facts.get("status") not in DORMANT}
    blocks = _blocks(kept, organisation, mechanisms)
    at = now or clock.now()
    if organisation.id not in known:
        _keep_of_today(session, round_, organisation, at)
    response = assigning.assign(session, round_, organisation, blocks, by, ADDED, at)
    session.execute(
        update(RoundParticipant)
        .where(RoundParticipant.round_id == round_.id, RoundParticipant.organisation_id == organisation.id)
        .values(why=reason or None)
    )
    detail = {"code": organisation.code, "reason": reason}
    auditing.record(session, by, "added_participant", round_, detail, at=at)
    return response


def _refuse_asking(session: Session, round_: Round, organisation: Organisation) -> None:
    if round_.opened_at is None or round_.closed_at is not None:
        raise NotPossible(_("The round is not open."))
    if organisation.asked_as is Audience.NONE:
        raise NotPossible(_("The register gives %(name)s no questionnaire.", name=organisation.name))
    if register.asks_fictional(session, round_) is not organisation.fictional:
        raise NotPossible(_("A round asks organisations that exist or fictional ones, never both."))


def _keep_of_today(session: Session, round_: Round, organisation: Organisation, at: datetime) -> None:
    """Keep what the register says today of an organisation that joined it after the opening."""
    today = register.snapshot(session, at.astimezone(ZoneInfo(round_.zone)).date())
    facts = facts_of(today, organisation)
    session.add(RoundProfile(id=uuid4(), round_id=round_.id, organisation_id=organisation.id, facts=facts))


def _participants(snapshot: RegisterSnapshot, asked: Mapping[Audience, Sequence[str]]) -> list[Organisation]:
    known = {(each.asked_as, each.code): each for each in snapshot.participants.values()}
    wanted = [(Audience(audience), code) for audience, codes in asked.items() for code in codes]
    missing = [f"{code} ({audience})" for audience, code in wanted if (audience, code) not in known]
    if missing:
        raise NotPossible(_("Not in the register of that day: %(codes)s", codes=", ".join(missing)))
    return [known[each] for each in dict.fromkeys(wanted)]


def _of_one_kind(snapshot: RegisterSnapshot, participants: Sequence[Organisation]) -> RegisterSnapshot:
    """The register without what is fictional, or only that if the participants are. Raises NotPossible."""
    kinds = {each.fictional for each in participants}
    if len(kinds) > 1:
        raise NotPossible(_("A round asks organisations that exist or fictional ones, never both."))
    return snapshot.of_kind(fictional=True in kinds)


def _mechanisms(snapshot: RegisterSnapshot, about: Sequence[str] | None) -> set[UUID]:
    mechanisms = {
        each.code: each.id for each in snapshot.participants.values() if each.kind is OrganisationKind.ISCM
    }
    if about is None:
        return {
            id_
            for id_ in mechanisms.values()
            if (profile := snapshot.profiles.get(id_)) is None or profile.status not in DORMANT
        }
    missing = [code for code in about if code not in mechanisms]
    if missing:
        raise NotPossible(_("Not in the register of that day: %(codes)s", codes=", ".join(missing)))
    return {mechanisms[code] for code in about}


def _blocks(
    memberships: Iterable[Membership | RoundMembership], organisation: Organisation, mechanisms: set[UUID]
) -> list[UUID]:
    roles = ASKED_ABOUT.get(organisation.asked_as, frozenset())
    return list(
        dict.fromkeys(
            each.iscm_id
            for each in memberships
            if each.member_id == organisation.id and each.role in roles and each.iscm_id in mechanisms
        )
    )


def _membership(round_: Round, each: Membership) -> RoundMembership:
    return RoundMembership(
        id=uuid4(),
        round_id=round_.id,
        iscm_id=each.iscm_id,
        member_id=each.member_id,
        role=each.role,
        via_id=each.via_id,
    )


def facts_of(snapshot: RegisterSnapshot, organisation: Organisation) -> dict[str, Any]:
    """What a round keeps of an organisation, as the register stood on the day of the snapshot."""
    profile: IscmProfile | None = snapshot.profiles.get(organisation.id)
    facts: dict[str, Any] = {} if profile is None else profile.facts()
    if organisation.kind is OrganisationKind.ISCM:
        facts["members_known"] = snapshot.members_known.get(organisation.id, False)
    return {
        "name": organisation.name,
        "short_name": organisation.name,
        **facts,
        "kind": organisation.kind.value,
        "asked_as": organisation.asked_as.value,
        "code": organisation.code,
        "organisation_name": organisation.name,
        "name_article": organisation.name_article,
        "formal_name": organisation.formal_name,
        "demonym": organisation.demonym,
        "names": organisation.names,
        "iso3": organisation.iso3,
        "region_m49": organisation.region_m49,
        "subregion_m49": organisation.subregion_m49,
        "region_iom": organisation.region_iom,
        "footnote": organisation.footnote,
        "fictional": organisation.fictional,
    }


def close(session: Session, round_: Round, by: Actor, *, now: datetime | None = None) -> None:
    """Close the round: drafts are not submitted from now on, and what still comes until the cut-off is
    late. Raises NotPossible if it is not open.
    """
    taken(session, round_)
    if round_.opened_at is None or round_.closed_at is not None:
        raise NotPossible(_("The round is not open."))
    round_.closed_at = now or clock.now()
    auditing.record(session, by, "closed_round", round_, at=round_.closed_at)


def record_tally(
    session: Session,
    round_: Round,
    audience: Audience,
    answered: int,
    invited: int | None,
    source: str,
    by: Actor,
    *,
    now: datetime | None = None,
) -> RoundTally:
    """Record how many answered outside the service, and how many were invited (None: not recorded), and who
    says so.

    A second record for the same audience replaces the first. Raises NotPossible for numbers that cannot be.
    """
    if answered < 0 or (invited is not None and invited < answered):
        raise NotPossible(_("No more can have answered than were invited."))
    at = now or clock.now()
    tally = session.scalar(
        select(RoundTally).where(RoundTally.round_id == round_.id, RoundTally.audience == audience)
    )
    if tally is None:
        tally = RoundTally(id=uuid4(), round_id=round_.id, audience=audience)
        session.add(tally)
    tally.answered, tally.invited, tally.source = answered, invited, source
    tally.recorded_by_id, tally.recorded_at = by.user_id, at
    auditing.record(session, by, "recorded_tally", tally, {"audience": audience, "answered": answered}, at=at)
    return tally
