"""A round's tracking as of one moment, in a constant number of statements however many are asked in it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.definitions.regions import Division
from app.models import (
    Answer,
    AnswerRevision,
    Audience,
    MembershipRole,
    Organisation,
    OrganisationKind,
    RepeatInstance,
    Response,
    Round,
    RoundMembership,
    RoundParticipant,
    RoundProfile,
    RoundTally,
    Submission,
    SubmissionAnswer,
)
from app.queries import register, round_history, trails
from app.queries.round_history import Ends
from app.standing import Trail
from app.tracking.model import Base, Mechanism, Respondent, RoundFacts, Tally, Tracking

_FACTS = RoundProfile.facts
_ORDER = {"state": 0, "iscm": 1, "igo": 2}


class _Row(NamedTuple):
    """A respondent as the database knows it; ``kept_…`` is what the round kept when it was opened."""

    response_id: UUID
    organisation_id: UUID
    audience: Audience
    language: str
    due_at: datetime | None
    basis: str
    added_at: datetime
    withdrawn_at: datetime | None
    why: str | None
    kind: OrganisationKind
    code: str
    name: str
    names: Mapping[str, str] | None
    iso3: str | None
    region_m49: str | None
    subregion_m49: str | None
    region_iom: str | None
    latitude: float | None
    longitude: float | None
    short_name: str | None
    kept_name: str | None
    type: str | None
    kept_region: str | None
    kept_part: str | None
    kept_iom: str | None


_ROWS = (
    select(
        Response.id,
        Response.organisation_id,
        Response.audience,
        Response.language,
        Response.due_at,
        RoundParticipant.basis,
        RoundParticipant.added_at,
        RoundParticipant.withdrawn_at,
        RoundParticipant.why,
        Organisation.kind,
        Organisation.code,
        Organisation.name,
        Organisation.names,
        Organisation.iso3,
        Organisation.region_m49,
        Organisation.subregion_m49,
        Organisation.region_iom,
        Organisation.latitude,
        Organisation.longitude,
        _FACTS["short_name"].as_string(),
        _FACTS["organisation_name"].as_string(),
        _FACTS["type"].as_string(),
        _FACTS["region_m49"].as_string(),
        _FACTS["subregion_m49"].as_string(),
        _FACTS["region_iom"].as_string(),
    )
    .join(
        RoundParticipant,
        and_(
            RoundParticipant.round_id == Response.round_id,
            RoundParticipant.organisation_id == Response.organisation_id,
        ),
    )
    .join(Organisation, Organisation.id == Response.organisation_id)
    .outerjoin(
        RoundProfile,
        and_(
            RoundProfile.round_id == Response.round_id,
            RoundProfile.organisation_id == Response.organisation_id,
        ),
    )
    .where(Response.round_id == bindparam("round_id"))
)


def newest(session: Session) -> Round | None:
    """The round that staff most probably want: the newest that is open, else the newest that was, never one
    that tries a questionnaire.
    """
    return session.scalar(
        select(Round)
        .where(Round.pilots_version_id.is_(None))
        .order_by(Round.opened_at.is_(None), Round.closed_at.is_not(None), Round.opens_at.desc(), Round.code)
        .limit(1)
    )


def before(session: Session, round_: Round) -> Round | None:
    """The last round that was opened before this one and asked organisations of the same kind: that exist, or
    made-up ones.
    """
    if round_.opened_at is None:
        return None
    asked = (
        select(RoundParticipant.id)
        .join(Organisation, Organisation.id == RoundParticipant.organisation_id)
        .where(
            RoundParticipant.round_id == Round.id,
            Organisation.fictional.is_(bool(register.asks_fictional(session, round_))),
        )
        .correlate(Round)
        .exists()
    )
    return session.scalar(
        select(Round)
        .where(Round.pilots_version_id.is_(None), Round.opened_at < round_.opened_at, asked)
        .order_by(Round.opened_at.desc(), Round.code)
        .limit(1)
    )


def by_code(session: Session, code: str) -> Round | None:
    """The round with this code, unless it tries a questionnaire: that never counts."""
    return session.scalar(select(Round).where(Round.code == code, Round.pilots_version_id.is_(None)))


def read(
    session: Session,
    round_: Round,
    at: datetime,
    division: Division,
    *,
    base: Base = Base.INVITED,
    live: bool = True,
    locale: str = "en",
) -> Tracking:
    """The round as it was at the moment; ``live`` says that this is now."""
    ends = round_history.ends(session, round_, at)
    everybody = _everybody(session, round_, at, ends, locale, live=live)
    return Tracking(
        round=_round(round_, ends, fictional=bool(register.asks_fictional(session, round_))),
        at=at,
        live=live,
        base=base,
        division=division,
        everybody=everybody,
        mechanisms=_mechanisms(session, round_, everybody),
        about=_about(session, round_, at, ends.cut_off_at),
        tallies=_tallies(session, round_),
    )


def _round(round_: Round, ends: Ends, *, fictional: bool) -> RoundFacts:
    return RoundFacts(
        id=round_.id,
        code=round_.code,
        title=round_.title,
        zone=round_.zone,
        opened_at=round_.opened_at,
        closes_at=ends.closes_at,
        closed_at=ends.closed_at,
        cut_off_at=ends.cut_off_at,
        fictional=fictional,
    )


def _everybody(
    session: Session,
    round_: Round,
    at: datetime,
    ends: Ends,
    locale: str,
    *,
    live: bool,
) -> tuple[Respondent, ...]:
    trail_of = trails.of_round(session, round_)
    rows = [_Row._make(row) for row in session.execute(_ROWS, {"round_id": round_.id})]
    due = {row.response_id: row.due_at or round_.closes_at for row in rows}
    if not live:
        asked = [(row.response_id, row.added_at, due[row.response_id]) for row in rows]
        due.update(round_history.deadlines(session, asked, ends.moves, at))
    found = [_respondent(row, due[row.response_id], ends, trail_of, locale) for row in rows]
    return tuple(sorted(found, key=lambda each: (_ORDER[each.audience], each.name.casefold(), each.code)))


def _respondent(
    row: _Row, due_at: datetime, ends: Ends, trail_of: Mapping[UUID, Trail], locale: str
) -> Respondent:
    return Respondent(
        response_id=row.response_id,
        organisation_id=row.organisation_id,
        code=row.code,
        name=_name(row, locale),
        audience=row.audience.value,
        kind=row.kind.value,
        language=row.language,
        basis=row.basis,
        added_at=row.added_at,
        due_at=due_at,
        trail=ends.trail(trail_of[row.response_id], due_at),
        withdrawn_at=row.withdrawn_at,
        why=row.why,
        type=row.type,
        region_m49=row.kept_region or row.region_m49,
        subregion_m49=row.kept_part or row.subregion_m49,
        region_iom=row.kept_iom or row.region_iom,
        iso3=row.iso3,
        latitude=row.latitude,
        longitude=row.longitude,
    )


def _name(row: _Row, locale: str) -> str:
    """A mechanism's short name; of others the name of the round, in the language of the page if known."""
    if row.kind is OrganisationKind.ISCM:
        return row.short_name or row.name
    return (row.names or {}).get(locale) or row.kept_name or row.name


def _mechanisms(session: Session, round_: Round, everybody: Sequence[Respondent]) -> tuple[Mechanism, ...]:
    asked = {each.organisation_id: each for each in everybody}
    roles, known = _taking_part(session, round_)
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.code,
            func.coalesce(_FACTS["short_name"].as_string(), Organisation.name),
            _FACTS["type"].as_string(),
            _FACTS["members_known"].as_boolean(),
        )
        .join(RoundProfile, RoundProfile.organisation_id == Organisation.id)
        .where(RoundProfile.round_id == round_.id, Organisation.kind == OrganisationKind.ISCM)
    )
    found = []
    for id_, code, name, type_, members_known in rows:
        belong = {member: asked[member] for member, _role in roles[id_] if member in asked}
        members = {member for member, role in roles[id_] if role is MembershipRole.MEMBER}
        found.append(
            Mechanism(
                code=code,
                name=name,
                type=type_,
                own=asked[id_].response_id if id_ in asked else None,
                members=frozenset(
                    each.response_id
                    for member, each in belong.items()
                    if member in members and each.audience != Audience.IGO
                ),
                igos=frozenset(each.response_id for each in belong.values() if each.audience == Audience.IGO),
                members_known=known[id_] if members_known else None,
            )
        )
    return tuple(sorted(found, key=lambda each: (each.name.casefold(), each.code)))


def _taking_part(
    session: Session, round_: Round
) -> tuple[Mapping[UUID, list[tuple[UUID, MembershipRole]]], Mapping[UUID, int]]:
    """By mechanism: who takes part in it as what, and how many members it has that are no organizations."""
    roles: defaultdict[UUID, list[tuple[UUID, MembershipRole]]] = defaultdict(list)
    members: defaultdict[UUID, set[UUID]] = defaultdict(set)
    rows = session.execute(
        select(
            RoundMembership.iscm_id, RoundMembership.member_id, RoundMembership.role, Organisation.asked_as
        )
        .join(Organisation, Organisation.id == RoundMembership.member_id)
        .where(RoundMembership.round_id == round_.id)
    )
    for iscm_id, member_id, role, asked_as in rows:
        roles[iscm_id].append((member_id, role))
        if role is MembershipRole.MEMBER and asked_as is not Audience.IGO:
            members[iscm_id].add(member_id)
    return roles, defaultdict(int, {iscm_id: len(each) for iscm_id, each in members.items()})


def _about(
    session: Session, round_: Round, at: datetime, cut_off: datetime | None
) -> Mapping[str, frozenset[UUID]]:
    """By mechanism: whose submission that stood at the moment said something in its block, or in a record of
    it.
    """
    until = at if cut_off is None else min(at, cut_off)
    later = aliased(Submission)
    record, block = aliased(RepeatInstance), aliased(RepeatInstance)
    rows = session.execute(
        select(Organisation.code, Submission.response_id)
        .distinct()
        .select_from(Submission)
        .join(Response, Response.id == Submission.response_id)
        .join(SubmissionAnswer, SubmissionAnswer.submission_id == Submission.id)
        .join(AnswerRevision, AnswerRevision.id == SubmissionAnswer.answer_revision_id)
        .join(Answer, Answer.id == SubmissionAnswer.answer_id)
        .join(record, record.id == Answer.instance_id)
        .outerjoin(block, block.id == record.parent_id)
        .join(Organisation, Organisation.id == func.coalesce(record.subject_id, block.subject_id))
        .where(
            Response.round_id == round_.id,
            AnswerRevision.value.is_not(None),
            *_stood(Submission, at, until),
            ~select(later.id)
            .where(
                later.response_id == Submission.response_id,
                later.number > Submission.number,
                *_stood(later, at, until),
            )
            .exists(),
        )
    )
    found: defaultdict[str, set[UUID]] = defaultdict(set)
    for code, response_id in rows:
        found[code].add(response_id)
    return {code: frozenset(each) for code, each in found.items()}


def _stood(
    submission: type[Submission], at: datetime, until: datetime
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (
        submission.at <= until,
        or_(submission.withdrawn_at.is_(None), submission.withdrawn_at > at),
    )


def _tallies(session: Session, round_: Round) -> tuple[Tally, ...]:
    rows = session.scalars(select(RoundTally).where(RoundTally.round_id == round_.id))
    return tuple(Tally(each.audience.value, each.answered, each.invited, each.source) for each in rows)
