"""Giving an organisation its questionnaire: the response, pinned to a version, with a block for each
mechanism.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.definitions.schema import Questionnaire
from app.i18n import _
from app.models import (
    Audience,
    InstanceAct,
    InstanceEvent,
    Organisation,
    QuestionnaireVersion,
    RepeatInstance,
    Response,
    ResponseStatus,
    Round,
    RoundParticipant,
)
from app.policy import Actor
from app.queries import definitions
from app.services import auditing
from app.services.errors import AlreadyThere, DomainError, NothingPublished, translating


def assign(
    session: Session,
    round_: Round,
    organisation: Organisation,
    mechanisms: Sequence[UUID],
    by: Actor,
    basis: str,
    now: datetime,
    *,
    version: QuestionnaireVersion | None = None,
) -> Response:
    """Ask the organisation in this round, about these mechanisms; another ``version`` than the newest is only
    tried.

    Raises NothingPublished if no questionnaire was published for it, AlreadyThere if it is asked already.
    """
    known = {organisation.asked_as: version} if version else None
    return assign_all(session, round_, [(organisation, mechanisms)], by, basis, now, known)[0]


def assign_all(
    session: Session,
    round_: Round,
    asked: Sequence[tuple[Organisation, Sequence[UUID]]],
    by: Actor,
    basis: str,
    now: datetime,
    versions: Mapping[Audience, QuestionnaireVersion] | None = None,
) -> list[Response]:
    """Ask each organisation about its mechanisms, in a few statements however many there are.

    Without ``versions`` each gets the newest questionnaire. Raises what ``assign`` does, for the first that
    cannot be asked.
    """
    versions = versions or _versions(session, [organisation for organisation, _mechanisms in asked])
    every = [organisation for organisation, _mechanisms in asked]
    made = [_response(round_, each, versions[each.asked_as], now) for each in every]
    session.add_all(_participant(round_, each, basis, now) for each in every)
    session.add_all(made)
    with translating(_once(every)):
        session.flush()  # the blocks need the responses' rows
    sections = {
        audience: repeated_section(definitions.of(session, version.id))
        for audience, version in versions.items()
    }
    blocks = [
        _block(response.id, section, iscm_id, position, now)
        for response, (_organisation, mechanisms) in zip(made, asked, strict=True)
        if (section := sections[response.audience]) is not None
        for position, iscm_id in enumerate(mechanisms, 1)
    ]
    session.add_all(blocks)
    session.flush()  # the events point to them
    session.add_all(event(block.id, 1, InstanceAct.ADDED, by, None, now) for block in blocks)
    told = [
        (response, {"basis": basis, "code": organisation.code})
        for response, (organisation, _mechanisms) in zip(made, asked, strict=True)
    ]
    auditing.record_all(session, by, "asked", told, now)
    return made


def _versions(
    session: Session, organisations: Sequence[Organisation]
) -> dict[Audience, QuestionnaireVersion]:
    """The newest questionnaire of each audience among them. Raises NothingPublished."""
    found: dict[Audience, QuestionnaireVersion] = {}
    for each in organisations:
        if each.asked_as in found:
            continue
        version = definitions.latest(session, each.asked_as)
        if version is None:
            message = _("No questionnaire has been published for %(name)s.", name=each.name)
            raise NothingPublished(message, each.asked_as.value)
        found[each.asked_as] = version
    return found


def _once(organisations: Sequence[Organisation]) -> dict[str, DomainError]:
    """What is said where somebody is asked already: who, if only one was to be asked."""
    said = _("Somebody of these is asked in this round already.")
    if len(organisations) == 1:
        said = _("%(name)s is asked in this round already.", name=organisations[0].name)
    once = (
        "uq_round_participant_round_id_organisation_id",
        "uq_response_round_id_organisation_id_questionnaire_key",
    )
    return dict.fromkeys(once, AlreadyThere(said))


def _participant(round_: Round, organisation: Organisation, basis: str, now: datetime) -> RoundParticipant:
    return RoundParticipant(
        id=uuid4(),
        round_id=round_.id,
        organisation_id=organisation.id,
        audience=organisation.asked_as,
        basis=basis,
        added_at=now,
    )


def _response(
    round_: Round, organisation: Organisation, version: QuestionnaireVersion, now: datetime
) -> Response:
    return Response(
        id=uuid4(),
        round_id=round_.id,
        organisation_id=organisation.id,
        audience=organisation.asked_as,
        questionnaire_version_id=version.id,
        questionnaire_key=version.questionnaire_key,
        status=ResponseStatus.INVITED,
        due_at=round_.closes_at,
        created_at=now,
    )


def repeated_section(questionnaire: Questionnaire) -> str | None:
    """The key of the section that is asked once for each mechanism, None if there is none."""
    return next((section.key for section in questionnaire.sections if section.repeat is not None), None)


def add_block(
    session: Session,
    response_id: UUID,
    section: str,
    iscm_id: UUID,
    position: int,
    by: Actor,
    now: datetime,
    appointment_id: UUID | None = None,
) -> RepeatInstance:
    """A block about one mechanism, and the event that says who added it."""
    instance = _block(response_id, section, iscm_id, position, now)
    session.add(instance)
    session.flush()  # the event points to it
    session.add(event(instance.id, 1, InstanceAct.ADDED, by, appointment_id, now))
    return instance


def _block(response_id: UUID, section: str, iscm_id: UUID, position: int, now: datetime) -> RepeatInstance:
    return RepeatInstance(
        id=uuid4(),
        response_id=response_id,
        group_key=section,
        subject_id=iscm_id,
        position=position,
        created_at=now,
    )


def event(
    instance_id: UUID, number: int, act: InstanceAct, by: Actor, appointment_id: UUID | None, now: datetime
) -> InstanceEvent:
    """What happened to a block or record, by whom and when."""
    return InstanceEvent(
        id=uuid4(),
        instance_id=instance_id,
        number=number,
        act=act,
        by_id=by.user_id,
        appointment_id=appointment_id,
        at=now,
    )
