"""Trying a version of a questionnaire on the real pages: a round that never counts, its respondent made up.

What is tried is kept under a key of its own (``state-pilot``), so that publishing the same file later finds
nothing of it, and no round that counts can be given it. Its respondents belong to no register: they are
withdrawn from it before any day, and only the pilot's round knows them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.definitions.schema import Questionnaire
from app.i18n import _
from app.models import (
    PILOT,
    Appointment,
    Audience,
    ClearanceRule,
    MembershipRole,
    Organisation,
    OrganisationKind,
    QuestionnaireVersion,
    Round,
    RoundMembership,
    RoundProfile,
    User,
)
from app.policy import Act, Actor, AppointmentRole, can
from app.queries import pilots
from app.services import assigning, auditing, people
from app.services.errors import AlreadyThere, DomainError, NotAllowed, NotPossible, translating

ZONE = "Europe/Zurich"
LONGEST = timedelta(days=90)
MOST_TESTERS = 30
NEVER_THERE = datetime(2000, 1, 1, tzinfo=UTC)
"""Since when its respondents are withdrawn: the register of no day has them, whichever is asked for."""
ROLES = (AppointmentRole.FOCAL_POINT, AppointmentRole.CLEARING_OFFICER)


@dataclass(frozen=True)
class Wanted:
    """Who tries it, each as what, until when."""

    until: date | None
    testers: Sequence[tuple[UUID, AppointmentRole]] = field(default_factory=tuple)


class PilotRefused(DomainError):
    """A pilot cannot be made so; ``problems`` are (field, what to do), all at once."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(words for _field, words in problems))
        self.problems = tuple(problems)


def start(session: Session, questionnaire: Questionnaire, wanted: Wanted, by: Actor, now: datetime) -> Round:
    """Make the pilot: its version, its round, its respondents, and the appointments of who tries it.

    Raises NotAllowed, PilotRefused with everything that is missing or wrong.
    """
    if not can(by, Act.PILOT_QUESTIONNAIRE):
        raise NotAllowed
    known = {user.id: user for user in pilots.staff(session)}
    problems = list(_problems(wanted, known, now.astimezone(ZoneInfo(ZONE)).date()))
    if problems or wanted.until is None:
        raise PilotRefused(problems)
    version = _version(session, questionnaire, by, now)
    round_ = _round(session, questionnaire, version, wanted.until, now)
    session.flush()  # respondents and their profiles point to it
    respondent, mechanisms = _respondents(session, round_, Audience(questionnaire.audience))
    assigning.assign(session, round_, respondent, mechanisms, by, "pilot", now, version=version)
    for user_id, role in dict.fromkeys(wanted.testers):
        appointment = people.appoint(session, known[user_id], respondent, role, by, now=now)
        appointment.valid_until = wanted.until
    if any(role is AppointmentRole.CLEARING_OFFICER for _user, role in wanted.testers):
        session.add(
            ClearanceRule(
                organisation_id=respondent.id,
                wanted=True,
                four_eyes=False,
                set_by_id=by.user_id,
                set_at=now,
            )
        )
    detail = {"version": questionnaire.version, "digest": version.digest, "until": wanted.until.isoformat()}
    auditing.record(session, by, "started_pilot", round_, detail, at=now)
    return round_


def _problems(wanted: Wanted, known: dict[UUID, User], today: date) -> Iterable[tuple[str, str]]:
    if wanted.until is None or wanted.until <= today:
        yield "until", _("Give the last day: a day after today")
    elif wanted.until > today + LONGEST:
        yield "until", _("Give a last day within %(days)s days", days=LONGEST.days)
    if not any(role is AppointmentRole.FOCAL_POINT for _user, role in wanted.testers):
        yield "testers", _("Choose at least one colleague who answers")
    if len(wanted.testers) > MOST_TESTERS:
        yield "testers", _("Choose at most %(most)s", most=MOST_TESTERS)
    if any(user not in known or role not in ROLES for user, role in wanted.testers):
        yield "testers", _("Choose colleagues of the list")


def _version(
    session: Session, questionnaire: Questionnaire, by: Actor, now: datetime
) -> QuestionnaireVersion:
    """The row under the pilots' key; that of an earlier pilot of the same content."""
    key, digest = f"{questionnaire.audience}{PILOT}", questionnaire.digest()
    same = select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_key == key)
    found = session.scalar(same.where(QuestionnaireVersion.digest == digest))
    if found is not None:
        return found
    last = session.scalar(
        select(func.max(QuestionnaireVersion.number)).where(QuestionnaireVersion.questionnaire_key == key)
    )
    made = QuestionnaireVersion(
        id=uuid4(),
        questionnaire_key=key,
        number=(last or 0) + 1,
        audience=Audience(questionnaire.audience),
        definition=questionnaire.stored(),
        digest=digest,
        published_at=now,
        published_by_id=by.user_id,
    )
    session.add(made)
    faster = AlreadyThere(_("Somebody else has just made a pilot. Look at the list of pilots first."))
    once = (
        "uq_questionnaire_version_questionnaire_key_number",
        "uq_questionnaire_version_questionnaire_key_digest",
    )
    with translating(dict.fromkeys(once, faster)):
        session.flush()  # a second one is refused here, where it can be said why
    auditing.record(session, by, "kept_for_pilot", made, {"digest": digest}, at=now)
    return made


def _round(
    session: Session, questionnaire: Questionnaire, version: QuestionnaireVersion, until: date, now: datetime
) -> Round:
    stem = f"pilot-{questionnaire.key}-v{questionnaire.version}"
    taken = set(session.scalars(select(Round.code).where(Round.code.startswith(stem, autoescape=True))))
    number = next(number for number in range(1, len(taken) + 2) if f"{stem}-{number}" not in taken)
    title = _(
        "Pilot: this never counts. %(title)s, version %(number)s",
        title=questionnaire.title,
        number=questionnaire.version,
    )
    made = Round(
        id=uuid4(),
        code=f"{stem}-{number}",
        title=title,
        opens_at=now,
        closes_at=datetime.combine(until, time(23, 59), ZoneInfo(ZONE)),
        zone=ZONE,
        opened_at=now,
        pilots_version_id=version.id,
    )
    session.add(made)
    return made


def _respondents(session: Session, round_: Round, audience: Audience) -> tuple[Organisation, list[UUID]]:
    """Who answers, and the mechanisms that are asked about."""
    names = {
        Audience.STATE: (OrganisationKind.STATE, _("Pilot State")),
        Audience.IGO: (OrganisationKind.IGO, _("Pilot Organization")),
        Audience.ISCM: (OrganisationKind.ISCM, _("Pilot Process")),
    }
    kind, name = names[audience]
    respondent = _organisation(session, round_, kind, name)
    session.add(_profile(round_, respondent))
    if audience is Audience.ISCM:
        return respondent, []
    mechanisms = [
        _organisation(session, round_, OrganisationKind.ISCM, name)
        for name in (_("Pilot Process on Mobility"), _("Pilot Dialogue"))
    ]
    session.add_all(_profile(round_, each) for each in mechanisms)
    role = MembershipRole.MEMBER if audience is Audience.STATE else MembershipRole.OBSERVER
    session.add_all(
        RoundMembership(id=uuid4(), round_id=round_.id, iscm_id=each.id, member_id=respondent.id, role=role)
        for each in mechanisms
    )
    session.flush()  # the blocks point to them
    return respondent, [each.id for each in mechanisms]


def _organisation(session: Session, round_: Round, kind: OrganisationKind, name: str) -> Organisation:
    """One that is in no register: fictional, and withdrawn before any day that is asked for."""
    made = Organisation(
        id=uuid4(),
        kind=kind,
        asked_as=Audience(kind.value),
        code=f"{round_.code}-{name.rpartition(' ')[2].lower()}",
        name=name,
        name_article=True,
        fictional=True,
        withdrawn_at=NEVER_THERE,
        names={},
        also=[],
    )
    session.add(made)
    session.flush()  # what the round keeps of it points to it
    return made


def _profile(round_: Round, each: Organisation) -> RoundProfile:
    facts = {
        "name": each.name,
        "short_name": each.name,
        "short_name_article": True,
        "kind": each.kind.value,
        "asked_as": each.asked_as.value,
        "code": each.code,
        "organisation_name": each.name,
        "name_article": True,
        "formal_name": None,
        "demonym": None,
        "names": {},
        "iso3": None,
        "region_m49": None,
        "footnote": None,
        "fictional": True,
    }
    if each.kind is OrganisationKind.ISCM:
        facts |= {
            "established": 2001,
            "status": "active",
            "thematic_areas": [_("Border management")],
            "members_known": False,
        }
    return RoundProfile(id=uuid4(), round_id=round_.id, organisation_id=each.id, facts=facts)


def end(session: Session, round_: Round, by: Actor, now: datetime) -> int:
    """End the pilot: nobody writes in it any more, and today is the last day of each appointment.

    What was tried is kept. Returns how many appointments ended. Raises NotAllowed, NotPossible if it is no
    pilot or has ended.
    """
    if not can(by, Act.PILOT_QUESTIONNAIRE):
        raise NotAllowed
    if round_.pilots_version_id is None or round_.closed_at is not None:
        raise NotPossible(_("This pilot has ended already."))
    round_.closed_at = now
    yesterday = now.date() - timedelta(days=1)
    standing: list[Appointment] = [
        each.appointment
        for each in pilots.testers(session, round_.id)
        if each.until is None or each.until >= now.date()
    ]
    for appointment in standing:
        people.end_appointment(session, appointment, yesterday, by)
    auditing.record(session, by, "ended_pilot", round_, {"appointments": len(standing)}, at=now)
    return len(standing)
