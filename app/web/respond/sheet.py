"""One response as its pages see it:
what is asked now, what is answered, in which words, and who may change it.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from flask import abort, g
from sqlalchemy.orm import Session

from app import clock
from app.definitions import routing, text, values
from app.definitions.conditions import Rule
from app.definitions.plain import Plain
from app.definitions.questions import BaseQuestion
from app.definitions.routing import Path, ShownPage
from app.definitions.schema import Questionnaire, Section
from app.i18n import _
from app.models import EDITABLE, Attribution, Via
from app.policy import Act, Actor, ResponseFacts, Share, can, hat_for, in_force, part_of
from app.queries import (
    answer_sheets,
    clearances,
    definitions,
    earlier_answers,
    submitted_sheets,
    taken_out,
)
from app.queries.answer_sheets import Block, Kept, Sent, Stored
from app.queries.clearances import Remark
from app.queries.directory import RegisterDirectory
from app.queries.earlier_answers import Earlier
from app.queries.responses import EVER_SUBMITTED
from app.queries.taken_out import TakenOut
from app.web import access, transactions
from app.web.respond import asked
from app.web.respond.placeholders import Placeholders
from app.web.respond.sharing import Part
from app.window import takes_answers


class Sheet:
    """A response with everything its pages need. Nothing derived is stored: all is computed from the rows."""

    def __init__(
        self,
        session: Session,
        stored: Stored,
        questionnaire: Questionnaire,
        locale: str,
        shares: tuple[Share, ...] | None = None,
    ) -> None:
        """With ``shares`` the sheet holds nothing but what was given; what is asked in it is decided first,
        by every answer.
        """
        self._session = session
        self._whole = stored
        self.part = Part(questionnaire, stored.blocks, shares) if shares is not None else None
        self.stored = self.part.of(stored) if self.part else stored
        self.head = stored.head
        self.questionnaire = questionnaire
        self.register = RegisterDirectory(session, fictional=stored.head.fictional)
        self.locale = locale
        self._subjects: dict[UUID | None, str] = {}
        self._around: dict[UUID | None, Attribution | None] = {}

    @property
    def id(self) -> UUID:
        """The key of the response."""
        return self.head.id

    @property
    def zone(self) -> str:
        """The round's time zone, in which times are told."""
        return self.head.zone

    @cached_property
    def blocks(self) -> Mapping[UUID, Block]:
        """Blocks and records that are not removed, by key."""
        return {block.id: block for block in self.stored.blocks}

    @cached_property
    def _by_key(self) -> Mapping[str, Block]:
        made = {block.idempotency_key: block for block in self.stored.blocks if block.idempotency_key}
        return made | {str(block.id): block for block in self.stored.blocks}

    def record(self, key: str) -> Block | None:
        """The record with that id, or that a page made under that key."""
        return self._by_key.get(key)

    @cached_property
    def sent(self) -> Sent | None:
        """The latest submission that stands."""
        return answer_sheets.sent(self._session, self.id)

    @cached_property
    def before(self) -> Mapping[earlier_answers.Question, Earlier]:
        """What was submitted in the round before, by the question that asks the same today."""
        if not self.head.answered_before:
            return {}
        found = earlier_answers.of_round_before(self._session, self.id, self.questionnaire)
        if self.part is None:
            return found
        return {where: one for where, one in found.items() if self.part.sees_about(*where)}

    def earlier(self, question: BaseQuestion, instance: UUID | None) -> Earlier | None:
        """What was submitted in the round before to what this question asks of the same mechanism."""
        block = self.block_of(instance)
        return self.before.get((block.subject_id if block else None, question.key))

    @cached_property
    def remarks(self) -> Sequence[Remark]:
        """What was said at clearance and nobody has seen to, of the questions that are asked here."""
        if not self.head.remarked or not self.is_own:
            return ()
        found = clearances.open_remarks(self._session, self.id)
        return tuple(remark for remark in found if self.path.on(remark.instance_id, remark.question_key))

    @cached_property
    def people(self) -> tuple[tuple[str, str, str], ...]:
        """Who is appointed for all answers today: name, e-mail address, role; the focal point first."""
        return answer_sheets.people(self._session, self.head.organisation_id, clock.now().date())

    @cached_property
    def _profiles(self) -> Mapping[UUID, Mapping[str, Any]]:
        subjects = [block.subject_id for block in self.stored.blocks if block.subject_id]
        return answer_sheets.profiles(
            self._session, self.head.round_id, [self.head.organisation_id, *subjects]
        )

    def known_facts(self, instance: UUID | None) -> Mapping[str, Any]:
        """What the register knows of a block's mechanism, or of the respondent and its focal point."""
        facts = self.profile(self._subject_id(instance) or self.head.organisation_id)
        if self.block_of(instance) is not None or not self.people:
            return facts
        name, email, _role = self.people[0]
        return {**facts, "focal_point_name": name, "focal_point_email": email}

    @cached_property
    def instances(self) -> list[routing.Instance]:
        """The blocks and records as the rules see them."""
        return asked.instances(self.stored)

    @cached_property
    def path(self) -> Path:
        """What is asked now, of what the person sees."""
        return self._whole_path.part(self.part.sees) if self.part else self._whole_path

    @cached_property
    def _whole_path(self) -> Path:
        return asked.path(self.questionnaire, self._whole)

    @cached_property
    def plain_answers(self) -> Mapping[tuple[UUID | str | None, str, str], Plain]:
        """Every answer that is not empty, on the path or not."""
        return asked.plain(self.stored)

    def decided(self, rule: Rule, instance: UUID | None) -> Rule:
        """The rule without what it says of answers that the person does not see."""
        return self.part.rule(rule, self._whole_path, instance) if self.part else rule

    def kept(self, instance: UUID | None, key: str, item: str = "") -> Kept | None:
        """The stored answer, an emptied one included."""
        return self.stored.answers.get((instance, key, item))

    def profile(self, organisation: UUID | None) -> Mapping[str, Any]:
        """What the round knows of an organisation."""
        return self._profiles.get(organisation, {}) if organisation else {}

    @cached_property
    def organisation(self) -> str:
        """The respondent as in running text: “Georgia”, “the Netherlands”."""
        return f"the {self.head.name}" if self.head.name_article else self.head.name

    @property
    def respondent(self) -> str:
        """Who answers, as in a title: “Georgia”, “the Netherlands”, “the EaP Panel”."""
        return self.subject(None) if self.questionnaire.audience == "iscm" else self.organisation

    def subject(self, instance: UUID | None) -> str:
        """The mechanism of a block as in running text, “the EaP Panel”; without one the respondent."""
        found = self._subjects.get(instance)
        if found is None:
            found = self._subjects[instance] = self._subject(instance)
        return found

    def _subject(self, instance: UUID | None) -> str:
        facts = self.profile(self._subject_id(instance))
        if not facts:
            return self.organisation
        name = self.subject_short(instance)
        return f"the {name}" if facts.get("short_name_article") else name

    def subject_name(self, instance: UUID | None) -> str:
        """The full name of a block's mechanism."""
        return str(self.profile(self._subject_id(instance)).get("name") or "")

    def subject_short(self, instance: UUID | None) -> str:
        """The short name of a block's mechanism, without its article."""
        facts = self.profile(self._subject_id(instance))
        return str(facts.get("short_name") or facts.get("name") or "")

    def block_of(self, instance: UUID | None) -> Block | None:
        """The mechanism's block in which an instance lies; itself, if it is one."""
        return asked.block_of(self.blocks, instance)

    def _subject_id(self, instance: UUID | None) -> UUID | None:
        block = self.block_of(instance)
        if block is not None:
            return block.subject_id
        return self.head.organisation_id if self.questionnaire.audience == "iscm" else None

    def words(self, template: str | None, instance: UUID | None) -> str:
        """A text of the questionnaire in the reader's language, its placeholders filled."""
        if not template:
            return ""
        localized = template.in_locale(self.locale) if isinstance(template, text.LocalizedText) else template
        if "{" not in localized:
            return localized
        known = {"subject": lambda: self.subject(instance), "organisation": lambda: self.organisation}
        filled = text.fill(localized, Placeholders(known, lambda name: self._answered(name, instance)))
        return filled[:1].upper() + filled[1:] if localized.startswith("{") else filled

    def _answered(self, key: str, instance: UUID | None) -> str | None:
        plain = self.path.lookup(instance)(key)
        return None if plain is None else self.say(self.questionnaire.question(key), plain)

    def say(self, question: BaseQuestion, plain: Plain) -> str:
        """An answer in words."""
        return values.say(question, plain, self.register, self.locale)

    def in_force(self, instance: UUID | None, own: Attribution | None) -> Attribution | None:
        """The attribution in force: the answer's own, else its record's or block's, else the response's."""
        if instance not in self._around:
            around = (block.attribution for block in asked.outwards(self.blocks, instance))
            self._around[instance] = in_force([*around, self.head.attribution])
        return own or self._around[instance]

    def facts(self, instance: UUID | None = None, section: str | None = None) -> ResponseFacts:
        """What the policy needs to know of a block or record, of a section outside blocks, or as such."""
        block = self.block_of(instance)
        if instance is not None:
            found = self.blocks.get(instance)
            section = self.questionnaire.section_of_group(found.group_key) if found else None
        response = self.head
        return ResponseFacts(
            organisation_id=response.organisation_id,
            audience=str(response.audience),
            status=str(response.status),
            ever_submitted=response.status in EVER_SUBMITTED,
            round_open=self.round_open,
            iscm_id=block.subject_id if block else None,
            response_id=self.id,
            section_key=section,
            block_id=block.id if block else None,
            entered=response.entered,
        )

    @cached_property
    def actor(self) -> Actor:
        """The person before us."""
        return access.actor()

    @cached_property
    def taken_out(self) -> tuple[TakenOut, ...]:
        """Records and blocks that were taken out with answers in them, the latest first."""
        kept_in = {instance for instance, _key, _item in self.plain_answers if instance is not None}
        if kept_in <= self.blocks.keys():
            return ()
        return tuple(
            one
            for one in taken_out.taken_out(self._session, self.id)
            if one.id in kept_in or one.mechanism is not None
        )

    @cached_property
    def added(self) -> frozenset[UUID]:
        """The blocks that the respondent added and may take out again."""
        return taken_out.added_blocks(self._session, self.id)

    @property
    def is_own(self) -> bool:
        """Whether the person before us belongs to the organisation that answers."""
        return _is_own(self.actor, self.stored)

    @property
    def editable(self) -> bool:
        """Whether answers may be saved now, whoever asks."""
        head = self.head
        return head.status in EDITABLE and head.outcome is None and self.round_open

    @property
    def round_open(self) -> bool:
        """Whether the round takes answers of this respondent: it is open, or late ones still count."""
        return takes_answers(self.head.window, clock.now())

    def may_edit(self, instance: UUID | None = None, section: str | None = None) -> bool:
        """Whether the person before us may save answers in this block, or in this section outside blocks."""
        return self.editable and can(self.actor, Act.EDIT_RESPONSE, self.facts(instance, section))

    def sees(self, section: str | None, instance: UUID | None) -> bool:
        """Whether the person before us sees this section, outside blocks or in this block."""
        return self.part is None or self.part.sees(section, instance)

    @property
    def may_sign(self) -> bool:
        """Whether the person may submit and choose how the whole may be quoted."""
        return can(self.actor, Act.SUBMIT_RESPONSE, self.facts())

    def section(self, key: str, instance: UUID | None) -> Section:
        """The section, if it is one for such an instance and the person sees it. Aborts with 404."""
        if key not in self.questionnaire.section_keys or not self.sees(key, instance):
            abort(404)
        section = self.questionnaire.section(key)
        block = self.blocks.get(instance) if instance else None
        fits = block is not None and block.group_key == key if section.repeat else instance is None
        if not fits:
            abort(404)
        return section

    def pages(self, section: str, instance: UUID | None) -> tuple[ShownPage, ...]:
        """The pages of one section (for one block) that are on the path."""
        return tuple(
            page for page in self.path.pages if (page.section_key, page.instance_id) == (section, instance)
        )


def author(kept: Kept) -> str:
    """Who saved an answer: the person, or staff with what they entered it from."""
    if kept.via is Via.STAFF and kept.source and kept.source.get("what"):
        return _("entered by IOM from %(what)s", what=kept.source["what"])
    return kept.by or _("IOM staff")


def _is_own(actor: Actor, stored: Stored) -> bool:
    return hat_for(actor, stored.head.organisation_id, stored.head.audience.value) is not None


def load(session: Session, response_id: UUID) -> Sheet | None:
    """The response from the database, in a constant number of statements; None if there is none.

    Whoever is not of the organisation gets what stands submitted, and nothing of what is being written, but
    for staff who enter what they received; who was given a part gets that part.
    """
    stored = answer_sheets.stored(session, response_id)
    if stored is None:
        return None
    person, head = access.person(), stored.head
    if person is not None and head.entered and can(person.actor, Act.ENTER_ANSWERS):
        return Sheet(session, stored, definitions.of(session, head.version_id), person.locale)
    if person is None or not _is_own(person.actor, stored):
        stored = submitted_sheets.submitted(session, stored)
        questionnaire = definitions.of(session, head.sent_version_id or head.version_id)
        return Sheet(session, stored, questionnaire, person.locale if person else "en")
    questionnaire = definitions.of(session, head.version_id)
    shares = part_of(person.actor, head.organisation_id, head.audience.value, head.id)
    return Sheet(session, stored, questionnaire, person.locale, shares)


def sheet(response_id: UUID) -> Sheet:
    """The response of this request, read once. Aborts with 404 if there is none."""
    found = g.get("sheet")
    if found is None or found.id != response_id:
        found = load(transactions.session(), response_id)
        if found is None:
            abort(404)
        g.sheet = found
    return _sheet(found)


def fresh(response_id: UUID) -> Sheet:
    """The response as it stands after this request's changes."""
    g.pop("sheet", None)
    transactions.session().expire_all()
    return sheet(response_id)


def _sheet(found: Any) -> Sheet:
    assert isinstance(found, Sheet)  # noqa: S101 - narrows what Flask keeps as Any
    return found


def facts(
    response_id: UUID,
    instance_id: UUID | None = None,
    section: str | None = None,
    question_key: str | None = None,
    **_others: object,
) -> ResponseFacts | None:
    """What the policy must know of a view’s response, or of a place in it; None if there is none."""
    found = g.get("sheet") or load(transactions.session(), response_id)
    if found is None:
        return None
    g.sheet = found
    if question_key is not None:
        section = _sheet(found).questionnaire.section_of(question_key)
    return _sheet(found).facts(instance_id, section)
