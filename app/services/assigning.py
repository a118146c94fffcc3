"""Giving an organisation its questionnaire: the response, pinned to a version, with a block for each
mechanism.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.definitions.schema import Questionnaire
from app.i18n import _
from app.models import (
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
from app.services.errors import AlreadyThere, NothingPublished, translating


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
    version = version or definitions.latest(session, organisation.asked_as)
    if version is None:
        message = _("No questionnaire has been published for %(name)s.", name=organisation.name)
        raise NothingPublished(message, organisation.asked_as.value)
    response = _response(round_, organisation, version, now)
    participant = RoundParticipant(
        id=uuid4(),
        round_id=round_.id,
        organisation_id=organisation.id,
        audience=organisation.asked_as,
        basis=basis,
        added_at=now,
    )
    session.add_all([participant, response])
    asked = AlreadyThere(_("%(name)s is asked in this round already.", name=organisation.name))
    once = (
        "uq_round_participant_round_id_organisation_id",
        "uq_response_round_id_organisation_id_questionnaire_key",
    )
    with translating(dict.fromkeys(once, asked)):
        session.flush()  # the blocks need the response's row
    section = repeated_section(definitions.of(session, version.id))
    if section is not None:
        for position, iscm_id in enumerate(mechanisms, 1):
            add_block(session, response.id, section, iscm_id, position, by, now)
    auditing.record(session, by, "asked", response, {"basis": basis, "code": organisation.code}, at=now)
    return response


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
    instance = RepeatInstance(
        id=uuid4(),
        response_id=response_id,
        group_key=section,
        subject_id=iscm_id,
        position=position,
        created_at=now,
    )
    session.add(instance)
    session.flush()  # the event points to it
    session.add(event(instance.id, 1, InstanceAct.ADDED, by, appointment_id, now))
    return instance


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
