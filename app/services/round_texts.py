"""The texts of a round's letters, written by staff: checked, kept for ever, the newest in force."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import MessagePurpose, MessageTemplate, Round
from app.policy import Act, Actor, can
from app.queries import round_texts
from app.services import auditing, placeholders, standard_words
from app.services.errors import DomainError, NotAllowed, NotFound, NotPossible, translating
from app.services.writing_language import LANGUAGES


class TextRefused(DomainError):
    """A text has faults, each with its field; nothing was written."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(message for _field, message in faults))
        self.faults = faults


def save(
    session: Session,
    round_: Round,
    purpose: MessagePurpose,
    locale: str,
    subject: str,
    body: str,
    seen: int,
    by: Actor,
    now: datetime,
) -> MessageTemplate:
    """Put a text in force; ``seen`` is the number in force when it was begun, 0 for the standard words.

    The same text once more changes nothing. Raises NotAllowed, NotFound for a language that is not offered,
    TextRefused with every fault, NotPossible if somebody saved another one meanwhile.
    """
    if not can(by, Act.SEND_MAIL):
        raise NotAllowed
    if locale not in LANGUAGES:
        raise NotFound
    subject, body = cleaned(subject).strip(), cleaned(body).strip() + "\n"
    faults = placeholders.check(purpose, subject, body)
    if faults:
        raise TextRefused(faults)
    before = next(iter(round_texts.history(session, round_.id, purpose, locale)), None)
    number = before.template.number if before else 0
    if before is not None and (before.template.subject, before.template.body) == (subject, body):
        return before.template
    if number != seen:
        raise _overtaken()
    made = _text(round_, purpose, locale, number + 1, (subject, body), by, now)
    session.add(made)
    with translating({"uq_message_template_round_id_purpose_locale_number": _overtaken()}):
        session.flush()  # of two at once the second is told so
    detail = {"purpose": purpose.value, "locale": locale, "number": made.number}
    auditing.record(session, by, "wrote_text", made, detail, at=now)
    return made


def _text(
    round_: Round,
    purpose: MessagePurpose,
    locale: str,
    number: int,
    words: tuple[str, str],
    by: Actor,
    now: datetime,
) -> MessageTemplate:
    return MessageTemplate(
        id=uuid4(),
        round_id=round_.id,
        purpose=purpose,
        locale=locale,
        number=number,
        subject=words[0],
        body=words[1],
        saved_by_id=by.user_id,
        saved_at=now,
    )


def _overtaken() -> NotPossible:
    return NotPossible(
        _(
            "Somebody saved another text while you wrote. It stands in the history below; yours is still "
            "here. Save again to put yours in force."
        )
    )


def cleaned(text: str) -> str:
    """The text as it is kept: line ends as LF, without control characters."""
    return values.normalise(text)


def restore(
    session: Session,
    round_: Round,
    purpose: MessagePurpose,
    locale: str,
    number: int,
    by: Actor,
    now: datetime,
) -> MessageTemplate:
    """Put an earlier text, or (0) the standard words, in force again under a new number.

    Raises NotAllowed, NotFound, TextRefused where the list of placeholders has changed since.
    """
    if not can(by, Act.SEND_MAIL):
        raise NotAllowed
    kept = [each.template for each in round_texts.history(session, round_.id, purpose, locale)]
    texts = {each.number: (each.subject, each.body) for each in kept} | {0: standard_words.of(purpose)}
    if not kept or number not in texts:
        raise NotFound
    return save(session, round_, purpose, locale, *texts[number], kept[0].number, by, now)


def copy_all(session: Session, from_round: Round, to_round: Round, by: Actor, now: datetime) -> int:
    """Give a round the texts of another, as its own; returns how many. Raises NotAllowed."""
    if not can(by, Act.MANAGE_ROUNDS):
        raise NotAllowed
    taken = round_texts.in_force(session, from_round.id).values()
    there = round_texts.in_force(session, to_round.id)
    for each in taken:
        before = there.get((each.purpose, each.locale))
        number = before.number + 1 if before else 1
        words = (each.subject, each.body)
        session.add(_text(to_round, each.purpose, each.locale, number, words, by, now))
    auditing.record(
        session, by, "copied_texts", to_round, {"from": from_round.code, "texts": len(taken)}, at=now
    )
    return len(taken)
