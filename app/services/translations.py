"""Answers in another language than the document: what awaits a translation, and taking one in.

A translation belongs to one revision of an answer. When the respondent answers anew, that answer awaits a
translation of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions.faults import shown, suggestion
from app.definitions.values import normalise
from app.findings.evidence import FREE, Item
from app.i18n import _
from app.models import AnswerRevision, Round, Submission, SubmissionAnswer, Translation
from app.policy import Act, Actor, can
from app.queries import counting, round_overview
from app.queries.evidence import LOCALE
from app.services import auditing, summarising
from app.services.errors import ImportRefused, NotAllowed, NotFound, NotPossible

FORMAT = "rapporteur-translations/1"
KEYS = ("revision", "respondent", "about", "question", "language", "text", "translation")
LONGEST = 100_000


@dataclass(frozen=True)
class Awaiting:
    """One answer that stays out of a summary until somebody has translated it."""

    revision_id: UUID
    respondent: str
    about: str
    """The mechanism whose summary it awaits."""
    question: str
    language: str
    text: str


def awaiting(session: Session, round_: Round, by: Actor) -> list[Awaiting]:
    """What the summaries of the round would say if it were translated, by mechanism. Raises NotAllowed."""
    if not can(by, Act.TRANSLATE_ANSWERS):
        raise NotAllowed
    found: list[Awaiting] = []
    for row in round_overview.mechanisms(session, round_):
        iscm = round_overview.mechanism_of(session, round_, row.code) if row.has_answers else None
        if iscm is not None:
            summary, _setting = summarising.current(session, round_, iscm)
            found += [_waits(item, row.code) for item in summary.awaiting_translation if item.revision_id]
    return found


def _waits(item: Item, about: str) -> Awaiting:
    return Awaiting(
        revision_id=UUID(item.revision_id),
        respondent=item.respondent or "",
        about=about,
        question=item.question,
        language=item.language,
        text=str(item.value) if item.kind in FREE else item.words,
    )


def approve(
    session: Session, revision_id: UUID, text: str, by: Actor, now: datetime, locale: str = LOCALE
) -> Translation:
    """Let a translation of this revision into the documents; one that was there gives way to it.

    Raises NotFound if the revision was not submitted, NotAllowed, NotPossible if nobody answers for the
    translation, if it is empty or too long, if the answer is in that language, or has been given anew.
    """
    if not can(by, Act.TRANSLATE_ANSWERS):
        raise NotAllowed
    if by.user_id is None:
        raise NotPossible(_("A person approves a translation: say who."))
    words = normalise(text).strip()
    if not words or len(words) > LONGEST:
        raise NotPossible(_("Give a translation of at most %(most)s characters.", most=LONGEST))
    revision = _submitted(session, revision_id)
    if revision.language.split("-")[0].lower() == locale:
        raise NotPossible(_("This answer is in the language of the document already."))
    kept = session.scalar(
        select(Translation).where(Translation.answer_revision_id == revision_id, Translation.locale == locale)
    )
    if kept is None:
        kept = Translation(id=uuid4(), answer_revision_id=revision_id, locale=locale)
        session.add(kept)
    kept.text, kept.by_id, kept.at = words, by.user_id, now
    kept.approved_by_id, kept.approved_at = by.user_id, now
    session.flush()  # the event points to it
    detail = {"revision": str(revision_id), "locale": locale}
    auditing.record(session, by, "approved_translation", kept, detail, at=now)
    return kept


def _submitted(session: Session, revision_id: UUID) -> AnswerRevision:
    """The revision if it stands submitted. Raises NotFound if it never was, NotPossible if another does."""
    frozen = (
        select(AnswerRevision)
        .join(SubmissionAnswer, SubmissionAnswer.answer_revision_id == AnswerRevision.id)
        .join(Submission, Submission.id == SubmissionAnswer.submission_id)
        .where(AnswerRevision.id == revision_id, counting.counts())
    )
    standing = session.scalars(frozen.where(~counting.replaced())).first()
    if standing is None and session.scalars(frozen).first() is not None:
        raise NotPossible(_("This answer has been given anew since; translate the new one."))
    if standing is None:
        raise NotFound
    return standing


def as_file(round_: Round, found: Sequence[Awaiting]) -> dict[str, object]:
    """The form in which translations are asked for: the same with each ``translation`` filled in is given to
    ``approve_file``.
    """
    answers = [
        {
            "revision": str(each.revision_id),
            "respondent": each.respondent,
            "about": each.about,
            "question": each.question,
            "language": each.language,
            "text": each.text,
            "translation": "",
        }
        for each in found
    ]
    return {"format": FORMAT, "round": round_.code, "into": LOCALE, "answers": answers}


def approve_file(session: Session, data: object, by: Actor, now: datetime) -> int:
    """Approve every translation that the file gives and say how many; empty ones wait on.

    Raises ImportRefused with every fault, each with its place, and NotAllowed; the caller rolls back.
    """
    if not can(by, Act.TRANSLATE_ANSWERS):
        raise NotAllowed
    entries = data.get("answers") if isinstance(data, Mapping) else None
    if not isinstance(data, Mapping) or data.get("format", FORMAT) != FORMAT or not isinstance(entries, list):
        raise ImportRefused([_("this is no file of translations (%(form)s)", form=FORMAT)])
    if data.get("into", LOCALE) != LOCALE:
        raise ImportRefused([_("into: documents are written in “%(locale)s” only", locale=LOCALE)])
    faults, approved = [], 0
    for place, entry in enumerate(entries):
        try:
            approved += _approve_entry(session, entry, by, now)
        except (NotFound, NotPossible, ValueError) as refused:
            faults.append(f"answers[{place}]: {refused}")
    if faults:
        raise ImportRefused(faults)
    return approved


def _approve_entry(session: Session, entry: object, by: Actor, now: datetime) -> int:
    if not isinstance(entry, Mapping):
        raise ValueError(_("is not a mapping of keys to values"))
    for key in entry:
        if key not in KEYS:
            raise ValueError(_("unknown key %(key)s", key=shown(str(key))) + suggestion(str(key), KEYS))
    text = entry.get("translation")
    if text is None or (isinstance(text, str) and not text.strip()):
        return 0
    if not isinstance(text, str):
        raise ValueError(_("translation: is not text"))
    try:
        revision_id = UUID(str(entry.get("revision")))
    except ValueError:
        raise ValueError(_("revision: %(value)s is none", value=shown(str(entry.get("revision"))))) from None
    approve(session, revision_id, text, by, now)
    return 1
