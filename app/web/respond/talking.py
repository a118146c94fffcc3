"""The conversations of a response that the person before us may read, and the questions they are about."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from app.i18n import _
from app.policy import Act, can
from app.queries import threads
from app.queries.threads import Conversation
from app.web import transactions
from app.web.conversations import kind_name, tag_for_respondent
from app.web.respond.sheet import Sheet


@dataclass(frozen=True)
class Talk:
    """One conversation as a line of a list."""

    conversation: Conversation
    url: str
    title: str
    about: str
    tag: tuple[str, str]


def talks(found: Sheet) -> list[Talk]:
    """Every conversation that the person may read, the newest first."""
    every = threads.of_response(transactions.session(), found.id)
    return [_talk(found, each) for each in every if may_read(found, each)]


def may_read(found: Sheet, conversation: Conversation) -> bool:
    """Whether the person may read what the conversation is about."""
    thread = conversation.thread
    return may(found, Act.READ_THREADS, thread.instance_id, thread.question_key)


def may(found: Sheet, act: Act, instance: UUID | None, key: str | None) -> bool:
    """Whether the person may do this about the question, or in general where none is named."""
    section = found.questionnaire.section_of(key) if key else None
    return can(found.actor, act, found.facts(instance, section))


def _talk(found: Sheet, conversation: Conversation) -> Talk:
    thread = conversation.thread
    url = url_for("respond.thread", response_id=found.id, thread_id=thread.id)
    label = question_label(found, thread.instance_id, thread.question_key)
    kind = kind_name(thread.kind)
    tag = tag_for_respondent(conversation)
    return Talk(conversation, url, label or kind, kind if label else "", tag)


def question_label(found: Sheet, instance: UUID | None, key: str | None) -> str:
    """What a question is called, with its mechanism; nothing for a conversation in general."""
    place = found.questionnaire.places.get(key) if key else None
    if place is None:
        return ""
    if instance is not None and instance not in found.blocks:
        return _("A question about a mechanism that was taken out")
    label = found.words(place.question.name, instance)
    subject = found.subject_short(instance) if found.block_of(instance) else ""
    return f"{subject}: {label}" if subject else label


def question_text(found: Sheet, instance: UUID | None, key: str | None) -> str:
    """A question as it is asked, to be quoted; nothing for a conversation in general."""
    place = found.questionnaire.places.get(key) if key else None
    if place is None or (instance is not None and instance not in found.blocks):
        return ""
    return found.words(place.question.text, instance)
