"""Threads in words, for both sides: what they are, how they stand, and the question that they are about."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import request

from app.definitions import text, values
from app.definitions.schema import Questionnaire
from app.i18n import _
from app.models import ThreadKind
from app.queries.threads import Asked, Conversation
from app.services.errors import NotPossible

FIRST_YEAR, LAST_YEAR = 2000, 2999
END_OF_DAY = "23:59"


def kind_name(kind: ThreadKind) -> str:
    """What a conversation is."""
    return {
        ThreadKind.QUESTION: _("Question to IOM"),
        ThreadKind.CLARIFICATION: _("IOM asks for clarification"),
        ThreadKind.EXTENSION: _("Request for more time"),
        ThreadKind.REOPENING: _("Request to amend"),
        ThreadKind.CLEARANCE: _("Remark at clearance"),
    }[kind]


def tag_for_respondent(conversation: Conversation) -> tuple[str, str]:
    """How a conversation stands, as the respondent sees it: the kind of tag and its words."""
    asked_by_iom = conversation.thread.kind is ThreadKind.CLARIFICATION
    return {
        "granted": ("done", _("Granted")),
        "refused": ("neutral", _("Refused")),
        "closed": ("neutral", _("Closed")),
        "answered": ("under-way", _("You answered")) if asked_by_iom else ("done", _("IOM answered")),
        "open": ("look", _("IOM waits for you")) if asked_by_iom else ("open", _("Waits for IOM")),
    }[conversation.state]


def tag_for_staff(conversation: Conversation) -> tuple[str, str]:
    """How a conversation stands, as staff see it."""
    decided = {
        "granted": ("done", _("Granted")),
        "refused": ("neutral", _("Refused")),
        "closed": ("neutral", _("Closed")),
    }
    if conversation.state in decided:
        return decided[conversation.state]
    if conversation.waits_for_staff:
        return ("look", _("Waits for IOM"))
    if conversation.state == "answered":
        return ("done", _("Answered"))
    return ("open", _("Waits for the respondent"))


def question_for_staff(asked: Asked, questionnaire: Questionnaire, locale: str) -> str:
    """The question in its wording and nothing else: what an answer would fill in stays “…”."""
    thread = asked.conversation.thread
    place = questionnaire.places.get(thread.question_key) if thread.question_key else None
    if place is None:
        return ""
    asked_text = place.question.text
    worded = asked_text.in_locale(locale) if isinstance(asked_text, text.LocalizedText) else str(asked_text)
    subject = _subject(asked.subject) if asked.subject else asked.organisation
    filled = text.fill(worded, {"organisation": asked.organisation, "subject": subject})
    return filled[:1].upper() + filled[1:]


def _subject(facts: Mapping[str, object]) -> str:
    name = str(facts.get("short_name") or facts.get("name") or "")
    return f"the {name}" if facts.get("short_name_article") else name


def typed(name: str) -> str:
    """What was typed into a field of the form that is drawn again, as it would be stored."""
    return values.normalise(request.form.get(name, ""))


def new_key() -> str:
    """The key under which a page sends what it sends, once however often it is sent."""
    return str(uuid.uuid4())


def moment_of(day: str, clock: str, zone: str) -> datetime:
    """The instant that a day and a time name in a zone. Raises NotPossible with what to type."""
    try:
        found = date.fromisoformat(day.strip())
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise NotPossible(_("Give the day as year, month and day, such as 2027-02-05"))
    try:
        at = time.fromisoformat(clock.strip() or END_OF_DAY)
    except ValueError:
        raise NotPossible(_("Give the time as hours and minutes, such as 23:59")) from None
    return datetime.combine(found, at.replace(second=0, microsecond=0, tzinfo=None), ZoneInfo(zone))
