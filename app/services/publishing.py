"""Publishing a questionnaire: a frozen value becomes a frozen row."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.definitions.schema import Questionnaire
from app.i18n import _
from app.models import Audience, QuestionnaireVersion
from app.policy import Actor
from app.services import auditing
from app.services.errors import VersionMismatch


def publish_version(
    session: Session, questionnaire: Questionnaire, by: Actor, *, now: datetime | None = None
) -> QuestionnaireVersion:
    """The published row of this questionnaire, a new one if its number is new.

    Raises VersionMismatch if the number was published with other content, or the content under another
    number.
    """
    digest = questionnaire.digest()
    published = session.scalars(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.questionnaire_key == questionnaire.key)
        .order_by(QuestionnaireVersion.number)
    ).all()
    for version in published:
        same_number, same_content = version.number == questionnaire.version, version.digest == digest
        if same_number and same_content:
            return version
        if same_number or same_content:
            raise VersionMismatch(_refusal(questionnaire, version))
    row = QuestionnaireVersion(
        id=uuid4(),
        questionnaire_key=questionnaire.key,
        number=questionnaire.version,
        audience=Audience(questionnaire.audience),
        definition=questionnaire.stored(),
        digest=digest,
        published_at=now or clock.now(),
        published_by_id=by.user_id,
    )
    session.add(row)
    auditing.record(session, by, "published_questionnaire", row, {"digest": digest}, at=row.published_at)
    return row


def _refusal(questionnaire: Questionnaire, version: QuestionnaireVersion) -> str:
    if version.number == questionnaire.version:
        return _(
            "Version %(number)s of “%(key)s” was published with other content. Give this one a new number.",
            number=version.number,
            key=version.questionnaire_key,
        )
    return _(
        "This content of “%(key)s” has been published already, as version %(number)s.",
        number=version.number,
        key=version.questionnaire_key,
    )
