"""The language in which a respondent writes, which need not be that of the form.

It matters to the reader of a summary: an answer in another language than the document's enters only through
a translation that a person has approved.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Answer, Base, Response, Via
from app.policy import Act, Actor, can
from app.services import auditing
from app.services.answering import Change, Conflict, save_answers
from app.services.errors import NotAllowed, NotPossible, Overtaken
from app.services.locking import lock_for_edit

LANGUAGES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ar": "العربية",
    "zh": "中文",
    "pt": "Português",
    "ru": "Русский",
}
"""The languages offered, each in its own name: the UN's six, and Portuguese."""

_RESPONSE = Base.metadata.tables["response"]


def choose_language(session: Session, response_id: UUID, language: str, actor: Actor, now: datetime) -> None:
    """Take the language for every answer of the response that was in the language chosen before.

    Each of them gets a revision that says so; what is written from now on is in the new language. Raises
    NotFound, NotAllowed for whoever may not sign for the respondent, ResponseLocked, NotPossible for a
    language that is not offered, Overtaken if somebody saved at the same moment.
    """
    if language not in LANGUAGES:
        raise NotPossible(_("This language is not offered."))
    locked = lock_for_edit(session, response_id, actor, now)
    if not (can(actor, Act.CHOOSE_ATTRIBUTION, locked.facts()) or can(actor, Act.ENTER_ANSWERS)):
        raise NotAllowed
    before = locked.language
    if before == language:
        return
    session.execute(update(_RESPONSE).where(_RESPONSE.c.id == response_id).values(language=language))
    written = session.execute(
        select(Answer.instance_id, Answer.question_key, Answer.item, Answer.value, Answer.revision)
        .where(Answer.response_id == response_id, Answer.language == before)
        .order_by(Answer.id)
    )
    changes = [
        Change(row.instance_id, row.question_key, row.item, row.value, row.revision, language=language)
        for row in written
        if row.value is not None
    ]
    outcomes = save_answers(session, response_id, changes, actor, Via.PAGE, now)
    if any(isinstance(outcome, Conflict) for outcome in outcomes):
        raise Overtaken
    detail = {"before": before, "after": language}
    auditing.record(session, actor, "chose_language", session.get_one(Response, response_id), detail, at=now)
