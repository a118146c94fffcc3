"""A form to fill in offline, or a paper version, made of one response as its reader sees it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import current_app

from app import clock
from app.definitions.plain import Plain
from app.definitions.questions import BaseQuestion
from app.exports import questionnaire_document, response_document
from app.exports.forms import building, files
from app.exports.forms.archive import LARGEST_FILE
from app.exports.forms.building import Wanted
from app.exports.forms.manifest import About
from app.exports.forms.model import Form, Spot
from app.exports.response_document import Answered, AnswersOf
from app.exports.response_document import Part as PartOfDocument
from app.exports.wording import minute
from app.i18n import _
from app.services import known_facts
from app.web.respond.fields import AnswerField, Slot
from app.web.respond.said import Part, parts
from app.web.respond.sheet import Sheet

WHOLE = "all"
MEDIA_TYPES = {**files.MEDIA_TYPES, "pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a form can be about: its value, and its name."""

    value: str
    label: str


def wanted(found: Sheet, scope: str) -> tuple[Wanted, ...]:
    """The sections and blocks that the scope names, as far as they are shown to the person; none for a scope
    that is not theirs.
    """
    return tuple(each for each in _shown(found) if scope in (WHOLE, _value(each)))


def scopes(found: Sheet) -> list[Scope]:
    """What can be chosen: everything, or one part."""
    each = [Scope(_value(part), part.title) for part in _shown(found)]
    return [Scope(WHOLE, _("The whole questionnaire")), *each] if len(each) > 1 else each


def _value(part: Wanted) -> str:
    return str(part.instance or part.section.key)


def _shown(found: Sheet) -> Iterator[Wanted]:
    for section in found.questionnaire.sections:
        if section.repeat is None:
            if found.pages(section.key, None):
                title = found.words(section.title, None)
                yield Wanted(section, None, title, title)
            continue
        for block in found.stored.blocks:
            if block.group_key == section.key and found.pages(section.key, block.id):
                short = found.subject_short(block.id)
                yield Wanted(section, block.id, found.subject_name(block.id) or short, short)


def form_file(found: Sheet, scope: str, kind: str, *, blank: bool) -> bytes:
    """The form as a file of the kind, ``docx`` or ``xlsx``."""
    now = clock.now()
    made = _("made %(moment)s", moment=minute(now, found.zone, found.locale))
    form = Form(
        title=found.words(found.questionnaire.title, None),
        occasion=found.head.round_title,
        line=f"{_for_whom(found)} · {made}",
        guidance=_guidance(kind),
        language=found.locale,
        parts=building.parts(found.questionnaire, wanted(found, scope), _Answers(found, blank), found.locale),
    )
    about = About(
        response=found.id,
        version=found.head.version_id,
        digest=found.questionnaire.digest(),
        scope=scope,
        locale=found.locale,
        made_at=now,
        blank=blank,
    )
    return files.write(form, about, kind, secret())


def secret() -> str:
    """The key with which forms are signed."""
    return str(current_app.config["SECRET_KEY"])


def _for_whom(found: Sheet) -> str:
    return _("For %(name)s", name=found.respondent)


def _guidance(kind: str) -> tuple[str, ...]:
    write = {
        "docx": _("Write in the boxes. Tracked changes and comments are welcome: what is inserted counts, "
                  "what is deleted does not, comments stay among you."),
        "xlsx": _("Write in the framed cells; the others are locked. "
                  "Choose from the list where there is one."),
    }[kind]  # fmt: skip
    return (
        write,
        _("Nothing is sent by this file. Hand it in on the page where it was downloaded: each difference is "
          "shown there before anything is stored."),
        _("What you leave as it is changes nothing. The file may have at most %(most)s MB.",
          most=LARGEST_FILE // 1_000_000),
    )  # fmt: skip


class _Answers:
    """The response as the form needs it; a blank form shows no answers and no records."""

    def __init__(self, found: Sheet, blank: bool) -> None:
        self._sheet = found
        self._blank = blank

    def words(self, template: str | None, instance: UUID | None) -> str:
        return self._sheet.words(template, instance)

    def shown(self, question: BaseQuestion, spot: Spot, key: str, item: str) -> Mapping[str, Sequence[str]]:
        if self._blank or spot.slot is not None:
            return {}
        kept = self._sheet.kept(spot.instance, key, item)
        slot = Slot("", question, spot.instance, key, item, kept, known(self._sheet, question, spot))
        return AnswerField(slot, self._sheet.register, None).controls

    def known(self, question: BaseQuestion, spot: Spot) -> str | None:
        fact = known(self._sheet, question, spot)
        return self._sheet.say(question, fact) if fact is not None else None

    def revision(self, spot: Spot, key: str, item: str) -> int:
        kept = self._sheet.kept(spot.instance, key, item)
        return kept.revision if kept is not None and spot.slot is None and not self._blank else 0

    def records(self, instance: UUID | None, key: str) -> Sequence[UUID]:
        there = [
            block.id
            for block in self._sheet.stored.blocks
            if (block.group_key, block.parent_id) == (key, instance)
        ]
        return [] if self._blank else there


def known(found: Sheet, question: BaseQuestion, spot: Spot) -> Plain | None:
    """The fact of the register that the question asks to confirm there, None where there is none."""
    return known_facts.known(question, found.known_facts(spot.instance)) if question.known else None


def paper(found: Sheet, scope: str, *, blank: bool) -> bytes:
    """What the scope names as PDF: the questions with space to write, or the answers."""
    chosen = wanted(found, scope)
    if blank:
        keys = None if scope == WHOLE else frozenset(each.section.key for each in chosen)
        return questionnaire_document.render(found.questionnaire, "pdf", found.locale, only=keys)
    places = {(each.instance, each.title) for each in chosen} | {
        (each.instance, each.short) for each in chosen
    }
    said = [part for part in parts(found, changing=False) if (part.instance, part.title) in places]
    answers = AnswersOf(
        respondent=found.respondent,
        round_title=found.head.round_title,
        parts=tuple(_part(part) for part in said),
        zone=found.zone,
        printed_at=clock.now(),
        locale=found.locale,
        submitted=_submitted(found),
    )
    return response_document.render(answers, "pdf")


def _submitted(found: Sheet) -> response_document.Submitted | None:
    if found.sent is None or found.editable:
        return None
    sent = found.sent
    return response_document.Submitted(sent.reference, sent.by, sent.at, sent.statement)


def _part(part: Part) -> PartOfDocument:
    answers = [
        Answered(
            said.label,
            tuple(_sentences(said.text, said.items, said.records)),
            language=said.language,
        )
        for said in part.answers
    ]
    return PartOfDocument(part.title, tuple(answers), ", ".join(part.authors))


def _sentences(
    text: str, items: list[tuple[str, str]], records: list[list[tuple[str, str]]]
) -> Iterator[str]:
    yield from text.split("\n") if text else ()
    yield from (f"{row}: {words}" for row, words in items)
    for record in records:
        yield "; ".join(f"{label}: {words}" for label, words in record)
