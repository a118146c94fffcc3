"""The texts that rounds have of their own: those in force, and every one that was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import MessagePurpose, MessageTemplate, User

FALLBACK = "en"


@dataclass(frozen=True)
class Saved:
    """One text that was in force, with who saved it."""

    template: MessageTemplate
    by: str | None


def in_force(session: Session, round_id: UUID) -> Mapping[tuple[MessagePurpose, str], MessageTemplate]:
    """The text in force of each purpose and language of which the round has one."""
    newest = (
        select(
            MessageTemplate.purpose, MessageTemplate.locale, func.max(MessageTemplate.number).label("number")
        )
        .where(MessageTemplate.round_id == round_id)
        .group_by(MessageTemplate.purpose, MessageTemplate.locale)
        .subquery()
    )
    found = session.scalars(
        select(MessageTemplate)
        .join(
            newest,
            (MessageTemplate.purpose == newest.c.purpose)
            & (MessageTemplate.locale == newest.c.locale)
            & (MessageTemplate.number == newest.c.number),
        )
        .where(MessageTemplate.round_id == round_id)
        .order_by(MessageTemplate.purpose, MessageTemplate.locale)
    )
    return {(each.purpose, each.locale): each for each in found}


def for_reader(
    session: Session, round_id: UUID, purpose: MessagePurpose, locale: str
) -> MessageTemplate | None:
    """The round's own text for a reader of this language: in it, else in English; None if it has neither."""
    wanted = [locale, locale.replace("_", "-").partition("-")[0], FALLBACK]
    found = session.scalars(
        select(MessageTemplate)
        .where(
            MessageTemplate.round_id == round_id,
            MessageTemplate.purpose == purpose,
            MessageTemplate.locale.in_(wanted),
        )
        .order_by(MessageTemplate.number)
    )
    newest = {each.locale: each for each in found}
    return next((newest[each] for each in wanted if each in newest), None)


def history(session: Session, round_id: UUID, purpose: MessagePurpose, locale: str) -> Sequence[Saved]:
    """Every text of a purpose in a language, the one in force first."""
    rows = session.execute(
        select(MessageTemplate, User.name)
        .outerjoin(User, User.id == MessageTemplate.saved_by_id)
        .where(
            MessageTemplate.round_id == round_id,
            MessageTemplate.purpose == purpose,
            MessageTemplate.locale == locale,
        )
        .order_by(MessageTemplate.number.desc())
    )
    return [Saved(template, by) for template, by in rows]
