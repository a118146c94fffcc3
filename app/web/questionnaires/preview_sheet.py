"""A response that exists in the page alone: what was typed in a preview, read again at every request.

Nothing of it touches the database: the sheet has no session at all, its respondent, mechanisms and register
are samples made here.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from app.definitions.questions import BaseQuestion
from app.definitions.schema import Page, Questionnaire, Section
from app.i18n import _
from app.models import Attribution, Audience, OrganisationKind, ResponseStatus, Via
from app.queries.answer_sheets import Address, Block, Head, Kept, Listed, Sent, Stored
from app.queries.directory import RegisterDirectory
from app.queries.earlier_answers import Earlier
from app.web.respond.page_form import page_form, posted_keys
from app.web.respond.sheet import Sheet

MOST_PAGES = 500
MOST_CONTROLS = 5_000
NOBODY = UUID(int=0)
SAMPLES = tuple(uuid5(NAMESPACE_URL, f"urn:rapporteur:sample:{name}") for name in ("one", "two"))
"""The sample mechanisms, which are their own blocks."""
_NOW = datetime(2000, 1, 1, tzinfo=UTC)
_FAR = datetime(9999, 1, 1, tzinfo=UTC)

Controls = dict[str, list[str]]
Typed = dict[str, Controls]
"""What stood in the controls, by page: ``section/block/page``."""


class NoSession:
    """Stands where a response has its database session: a preview has none."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a preview asked the database for {name}")


_NO_SESSION = cast("Session", NoSession())


class SampleRegister(RegisterDirectory):
    """The names that can be chosen in a preview."""

    def __init__(self) -> None:
        super().__init__(_NO_SESSION, fictional=True)

    @cached_property
    def listed(self) -> tuple[Listed, ...]:
        """A few samples of each kind."""
        return tuple(
            Listed(uuid5(NAMESPACE_URL, code), kind, code, name, name, name, None, (), audience)
            for code, name, kind, audience in _samples()
        )


def _samples() -> Iterator[tuple[str, str, OrganisationKind, Audience]]:
    for number in (1, 2, 3):
        name = _("Sample State %(number)s", number=number)
        yield f"SAMPLE-{number}", name, OrganisationKind.STATE, Audience.STATE
    yield "sample-one", _("Sample Process"), OrganisationKind.ISCM, Audience.ISCM
    yield "sample-two", _("Sample Dialogue"), OrganisationKind.ISCM, Audience.ISCM
    yield "sample-igo", _("Sample Organization"), OrganisationKind.IGO, Audience.IGO


class PreviewSheet(Sheet):
    """A sample respondent with what was typed, as its pages need it."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        blocks: tuple[Block, ...],
        answers: Mapping[Address, Kept],
        locale: str,
    ) -> None:
        super().__init__(_NO_SESSION, Stored(_head(questionnaire), blocks, answers), questionnaire, locale)
        self.register = SampleRegister()
        self.own_people = ((_("Sample Person"), "sample@example.org", "focal_point"),)

    def kept(self, instance: UUID | None, key: str, item: str = "") -> Kept | None:  # noqa: ARG002 - as in Sheet
        """Nothing is stored; what was typed comes with the page."""
        return None

    def profile(self, organisation: UUID | None) -> Mapping[str, Any]:
        """What a register would know of a sample."""
        names = {SAMPLES[0]: _("Sample Process"), SAMPLES[1]: _("Sample Dialogue")}
        name = names.get(organisation or NOBODY, _("Sample Process") if self._is_mechanism else "")
        if not name:
            return {"organisation_name": self.head.name}
        return {
            "name": name,
            "short_name": name,
            "short_name_article": True,
            "established": 2001,
            "thematic_areas": [_("Border management")],
            "secretariat": _("Sample Organization"),
        }

    @property
    def _is_mechanism(self) -> bool:
        return self.questionnaire.audience == "iscm"

    @property
    def people(self) -> tuple[tuple[str, str, str], ...]:
        """Who would answer."""
        return self.own_people

    @property
    def before(self) -> Mapping[Any, Earlier]:
        """There is no round before."""
        return {}

    @property
    def sent(self) -> Sent | None:
        """Nothing was submitted."""
        return None

    @property
    def taken_out(self) -> tuple[()]:
        """Nothing can be brought back."""
        return ()

    def earlier(self, question: BaseQuestion, instance: UUID | None) -> Earlier | None:  # noqa: ARG002 - as in Sheet
        """There is no round before."""
        return None

    @property
    def is_own(self) -> bool:
        """The pages are drawn as for the respondent."""
        return True

    @property
    def editable(self) -> bool:
        """Everything can be typed."""
        return True

    def may_edit(self, instance: UUID | None = None, section: str | None = None) -> bool:  # noqa: ARG002 - as in Sheet
        """Everything can be typed."""
        return True

    @property
    def may_sign(self) -> bool:
        """The pages are drawn as for the focal point."""
        return True


def _head(questionnaire: Questionnaire) -> Head:
    names = {"state": _("Sample State"), "iscm": _("Sample Process"), "igo": _("Sample Organization")}
    return Head(
        id=NOBODY,
        round_id=NOBODY,
        organisation_id=NOBODY,
        audience=Audience(questionnaire.audience),
        version_id=NOBODY,
        status=ResponseStatus.IN_PROGRESS,
        outcome=None,
        attribution=Attribution.BY_NAME,
        language=questionnaire.locale,
        reference=None,
        due_at=None,
        name=names[questionnaire.audience],
        name_article=True,
        code="SAMPLE",
        fictional=True,
        round_code="preview",
        round_title=_("Preview"),
        closes_at=_FAR,
        closed_at=None,
        zone="Europe/Zurich",
        answered_before=False,
        remarked=False,
        talked=False,
        pilot=False,
        sent_version_id=None,
        contact=None,
        cutoff_at=None,
        cut_off_at=None,
        withdrawn_at=None,
        entered=False,
    )


def sheet_of(questionnaire: Questionnaire, typed: Typed, locale: str) -> PreviewSheet:
    """The sample respondent with what was typed on all pages, read page by page in their order."""
    blocks, answers = _blocks(questionnaire, typed), dict[Address, Kept]()
    for section, page, instance in places(questionnaire):
        controls = typed.get(place_key(section.key, instance, page.key))
        for _reading in range(2 if controls else 0):  # rows of a table may hang on a choice of the same page
            sheet = PreviewSheet(questionnaire, blocks, answers, locale)
            form = page_form(sheet, section, page, instance, formdata(controls or {}))
            for one in form.fields():
                where = one.slot.instance
                address = (where if isinstance(where, UUID) else None, one.slot.key, one.slot.item)
                answers.pop(address, None)
                if one.posted and one.data is not None and not one.unreadable:
                    answers[address] = Kept(
                        NOBODY, one.data, 1, None, None, questionnaire.locale, "", _NOW, Via.PAGE
                    )
    return PreviewSheet(questionnaire, blocks, answers, locale)


def places(questionnaire: Questionnaire) -> Iterator[tuple[Section, Page, UUID | None]]:
    """Every page there can be, with the sample mechanism it is about."""
    for section in questionnaire.sections:
        for instance in SAMPLES if section.repeat is not None else (None,):
            for page in section.pages:
                yield section, page, instance


def place_key(section: str, instance: UUID | None, page: str) -> str:
    """How a page is named in what was typed."""
    return f"{section}/{instance or ''}/{page}"


def formdata(controls: Controls) -> MultiDict[str, str]:
    """The controls as a form would have posted them."""
    return MultiDict([(name, text) for name, texts in controls.items() for text in texts])


def _blocks(questionnaire: Questionnaire, typed: Typed) -> tuple[Block, ...]:
    """The sample mechanisms, and the entries of lists that were typed."""
    found: list[Block] = []
    for section in questionnaire.sections:
        if section.repeat is not None:
            found += [Block(each, section.key, None, each, None, None) for each in SAMPLES]
    seen = {block.id for block in found}
    for section, page, instance in places(questionnaire):
        controls = typed.get(place_key(section.key, instance, page.key))
        for question in page.questions if controls else ():
            for key in posted_keys(formdata(controls or {}), question.key):
                if UUID(key) not in seen:
                    seen.add(UUID(key))
                    found.append(Block(UUID(key), question.key, instance, None, None, None))
    return tuple(found)


def from_json(questionnaire: Questionnaire, text: str) -> Typed:
    """What the page carries of the others; what has not the form that a page writes is left out."""
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    known = {place_key(section.key, instance, page.key) for section, page, instance in places(questionnaire)}
    typed: Typed = {}
    count = 0
    for key, controls in data.items() if isinstance(data, dict) else ():
        if key not in known or not isinstance(controls, dict) or len(typed) >= MOST_PAGES:
            continue
        kept: Controls = {}
        for name, texts in controls.items():
            fits = (
                name.startswith("a.") and isinstance(texts, list) and all(isinstance(t, str) for t in texts)
            )
            count += len(texts) if fits else 0
            if fits and count <= MOST_CONTROLS:
                kept[name] = texts
        typed[key] = kept
    return typed


def with_page(typed: Typed, key: str, posted: MultiDict[str, str], lists: list[str]) -> Typed:
    """The same with what one page posted; entries that stood closed on it, and so were not posted, stay."""
    now = {name: posted.getlist(name) for name in posted if name.startswith("a.")}
    before = typed.get(key, {})
    for records in lists:
        opened = posted_keys(posted, records)
        for name, texts in before.items():
            entry = name.removeprefix(f"a.{records}.").partition(".")[0]
            if name.startswith(f"a.{records}.") and len(entry) == 36 and entry not in opened:
                now.setdefault(name, texts)
    return {**typed, key: now}


def without_entry(typed: Typed, key: str, entry: str) -> Typed:
    """The same without one entry of a list."""
    left = {name: texts for name, texts in typed.get(key, {}).items() if f".{entry}." not in name}
    return {**typed, key: left}
