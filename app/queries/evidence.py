"""What was said about one mechanism in one round, as the compiler wants it."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.definitions.plain import Plain
from app.findings.answers import Wording, item_of, subject_of
from app.findings.evidence import Count, Evidence, Item, Mechanism, Place, Role, Setting, Terms
from app.findings.prose import place
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
    Translation,
    User,
    Via,
)
from app.policy import Attribution, in_force
from app.queries import counting, definitions

LOCALE = "en"
_KNOWN_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_ROLES = {Audience.STATE: Role.STATE, Audience.ISCM: Role.ISCM, Audience.IGO: Role.IGO}
_STATES = frozenset({OrganisationKind.STATE.value})
_BELONG = (MembershipRole.MEMBER, MembershipRole.CHAIR)

Record = aliased(RepeatInstance, name="record")
"""The instance an answer stands in: a record of a list, or the mechanism's block itself."""
Block = aliased(RepeatInstance, name="block")
"""The mechanism's block around a record."""


class _Said(NamedTuple):
    """One answer of a standing submission, with all that decides on its use."""

    question_key: str
    row: str
    instance_id: UUID | None
    by_answer: Attribution | None
    revision_id: UUID
    revision: int
    value: Plain
    language: str
    confirms: str | None
    version_id: UUID
    via: Via
    saved_at: datetime
    source: Mapping[str, Any] | None
    code: str
    audience: Audience
    sent: Attribution
    by_response: Attribution | None
    by_record: Attribution | None
    by_block: Attribution | None
    group_key: str | None
    translated: str | None
    saved_by: str | None


def about(session: Session, round_: Round, iscm: Organisation, locale: str = LOCALE) -> Evidence:
    """Return the evidence on a mechanism: the latest standing submissions, with the attribution in force
    today.

    The answers come in one statement, whatever the size of the round.
    """
    setting = setting_of(session, round_, iscm, locale)
    return Evidence(setting, tuple(_items(session, round_, iscm, setting)))


def setting_of(session: Session, round_: Round, iscm: Organisation, locale: str = LOCALE) -> Setting:
    """Return what is the same for every sentence: the register as the round keeps it, and the counts."""
    profile = session.scalar(
        select(RoundProfile.facts).where(
            RoundProfile.round_id == round_.id, RoundProfile.organisation_id == iscm.id
        )
    )
    facts: Mapping[str, Any] = profile or {}
    asked = _asked(session, round_)
    return Setting(
        round_code=round_.code,
        round_title=round_.title,
        iscm=_mechanism(iscm, facts),
        zone=round_.zone,
        locale=locale,
        year=(round_.opened_at or round_.opens_at).astimezone(ZoneInfo(round_.zone)).year,
        counts=_counts(session, round_, asked),
        names=_names(session, round_),
        members=_members(session, round_, iscm) if facts.get("members_known") else None,
        asked=frozenset(code for code, audience in asked if audience is Audience.STATE),
        igos_asked=frozenset(code for code, audience in asked if audience is Audience.IGO),
    )


def _mechanism(iscm: Organisation, facts: Mapping[str, Any]) -> Mechanism:
    return Mechanism(
        code=iscm.code,
        name=str(facts.get("name") or iscm.name),
        short_name=str(facts.get("short_name") or iscm.name),
        acronym=facts.get("acronym"),
        type=facts.get("type"),
        terms=Terms(facts.get("member_term"), facts.get("focal_point_term"), facts.get("chair_term")),
        short_name_article=facts.get("short_name_article"),
        established=facts.get("established"),
    )


def _asked(session: Session, round_: Round) -> list[tuple[str, Audience]]:
    """Who is asked as of today and eligible: the base of every count."""
    rows = session.execute(
        select(Organisation.code, RoundParticipant.audience)
        .join(Organisation, Organisation.id == RoundParticipant.organisation_id)
        .outerjoin(
            Response,
            and_(
                Response.round_id == RoundParticipant.round_id,
                Response.organisation_id == RoundParticipant.organisation_id,
            ),
        )
        .where(
            RoundParticipant.round_id == round_.id,
            RoundParticipant.withdrawn_at.is_(None),
            or_(Response.outcome.is_(None), Response.outcome.not_in(counting.SET_ASIDE)),
        )
    )
    return [(code, audience) for code, audience in rows]


def _members(session: Session, round_: Round, iscm: Organisation) -> frozenset[str]:
    return frozenset(
        session.scalars(
            select(Organisation.code)
            .join(RoundMembership, RoundMembership.member_id == Organisation.id)
            .where(
                RoundMembership.round_id == round_.id,
                RoundMembership.iscm_id == iscm.id,
                RoundMembership.role.in_(_BELONG),
            )
        )
    )


def _names(session: Session, round_: Round) -> dict[str, Place]:
    """Every organisation of the round as it stands in a sentence, by code."""
    facts = RoundProfile.facts
    rows = session.execute(
        select(
            Organisation.code,
            Organisation.kind,
            Organisation.name,
            facts["short_name"].as_string(),
            facts["organisation_name"].as_string(),
            facts["name_article"].as_boolean(),
            facts["short_name_article"].as_boolean(),
            facts["demonym"].as_string(),
        )
        .join(Organisation, Organisation.id == RoundProfile.organisation_id)
        .where(RoundProfile.round_id == round_.id)
    )
    return {
        code: Place(
            (short if kind is OrganisationKind.ISCM else usual) or name,
            bool(short_article if kind is OrganisationKind.ISCM else article),
            demonym,
            kind.value in _STATES,
        )
        for code, kind, name, short, usual, article, short_article, demonym in rows
    }


def _counts(session: Session, round_: Round, asked: list[tuple[str, Audience]]) -> dict[str, Count]:
    """How many answered by audience: here, and elsewhere as recorded. A missing number stays missing."""
    answered = (
        select(Response.audience, func.count(Response.id.distinct()))
        .join(Submission, Submission.response_id == Response.id)
        .where(Response.round_id == round_.id, counting.counts())
        .group_by(Response.audience)
    )
    here: dict[Audience, int] = {row[0]: row[1] for row in session.execute(answered)}
    tallies = {
        t.audience: t for t in session.scalars(select(RoundTally).where(RoundTally.round_id == round_.id))
    }
    found = {}
    for audience in _ROLES:
        tally = tallies.get(audience)
        if tally is not None:
            count = Count(here.get(audience, 0) + tally.answered, tally.invited, tally.source)
        else:
            invited = sum(1 for _, other in asked if other is audience)
            count = Count(here.get(audience, 0), invited)
        found[audience.value] = count
    return found


def _items(session: Session, round_: Round, iscm: Organisation, setting: Setting) -> Iterator[Item]:
    subject = subject_of(setting.iscm.short_name, setting.iscm.short_name_article)
    asked_for = {"round_id": round_.id, "iscm_id": iscm.id, "locale": setting.locale}
    for row in session.execute(_SAID, asked_for):
        said = _Said(*row)
        questionnaire = definitions.of(session, said.version_id)
        role = _ROLES[said.audience]
        known = setting.names.get(said.code, Place(said.code))
        speaker = subject if role is Role.ISCM else place(known)
        wording = Wording(role, speaker, subject, setting.names, setting.locale)
        item = item_of(
            questionnaire,
            said.group_key,
            said.question_key,
            said.row,
            said.value,
            wording,
            respondent=said.code,
            instance=str(said.instance_id) if said.instance_id else None,
            attribution=_attribution(said),
            language=said.language,
            translated=said.translated,
            revision=said.revision,
            revision_id=str(said.revision_id),
            answered_on=answered_on(said.via, said.saved_at, said.source or {}, setting.zone),
            by=said.saved_by,
            confirmed=said.confirms is not None,
        )
        if item is not None:
            yield item


def answered_on(via: Via, saved_at: datetime, source: Mapping[str, Any], zone: str) -> str:
    """Return when an answer was given, as far as it is known.

    What staff entered was given when their source says, be it only a year; never on the day of entering.
    """
    if via is not Via.STAFF:
        return saved_at.astimezone(ZoneInfo(zone)).date().isoformat()
    dated = str(source.get("dated", "")).strip()
    return dated if _KNOWN_DATE.fullmatch(dated) else ""


def _attribution(said: _Said) -> Attribution:
    """Return the attribution in force; where nobody chose one, nothing is published."""
    chosen = [said.by_answer, said.by_record, said.by_block, said.by_response]
    return in_force(chosen, said.sent) or Attribution.NOT_FOR_PUBLICATION


_ROUND: BindParameter[UUID] = bindparam("round_id")
_ISCM: BindParameter[UUID] = bindparam("iscm_id")
_LOCALE: BindParameter[str] = bindparam("locale")

_SAID = (
    select(
        Answer.question_key,
        Answer.item,
        Answer.instance_id,
        Answer.attribution,
        AnswerRevision.id,
        AnswerRevision.number,
        AnswerRevision.value,
        AnswerRevision.language,
        AnswerRevision.confirms,
        AnswerRevision.questionnaire_version_id,
        AnswerRevision.via,
        AnswerRevision.saved_at,
        AnswerRevision.source,
        Organisation.code,
        Response.audience,
        SubmissionAnswer.attribution,
        Response.attribution,
        Record.attribution,
        Block.attribution,
        Record.group_key,
        Translation.text,
        User.name,
    )
    .select_from(Submission)
    .join(Response, Response.id == Submission.response_id)
    .join(Organisation, Organisation.id == Response.organisation_id)
    .join(SubmissionAnswer, SubmissionAnswer.submission_id == Submission.id)
    .join(AnswerRevision, AnswerRevision.id == SubmissionAnswer.answer_revision_id)
    .join(Answer, Answer.id == SubmissionAnswer.answer_id)
    .outerjoin(Record, Record.id == Answer.instance_id)
    .outerjoin(Block, Block.id == Record.parent_id)
    .outerjoin(
        Translation,
        and_(
            Translation.answer_revision_id == AnswerRevision.id,
            Translation.locale == _LOCALE,
            Translation.approved_at.is_not(None),
        ),
    )
    .outerjoin(User, User.id == AnswerRevision.saved_by_id)
    .where(
        Response.round_id == _ROUND,
        counting.counts(),
        ~counting.replaced(),
        or_(
            and_(Response.audience == Audience.ISCM, Response.organisation_id == _ISCM),
            Record.subject_id == _ISCM,
            Block.subject_id == _ISCM,
        ),
    )
    .order_by(Response.id, Answer.id)
)
"""The answers of the latest standing submissions that speak of the mechanism, as `_Said` has them.

Built once, because building it costs as much as running it.
"""
