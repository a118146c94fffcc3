"""Two texts for one answer: both are shown in full, nothing is chosen for anybody, and none is lost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app import clock
from app.definitions.plain import Plain
from app.definitions.questions import BaseQuestion, ShortText, TextQuestion
from app.i18n import _
from app.models import Via
from app.policy import Act
from app.queries import answer_history
from app.services import answering
from app.services.answering import Change, Conflict, Refused
from app.web import access, transactions
from app.web.respond import device, merging, moving
from app.web.respond.blueprint import blueprint
from app.web.respond.combining import combination
from app.web.respond.differing import combined, only_in
from app.web.respond.drawn import Drawn, PageForm
from app.web.respond.fields import AnswerField
from app.web.respond.page_form import page_form
from app.web.respond.refusals import facts_to_write
from app.web.respond.saving import Outcome
from app.web.respond.sheet import Sheet, fresh
from app.web.respond.versions import sheet_as_drawn

STATUS = 409


@dataclass(frozen=True)
class Clash:
    """One answer that two people wrote."""

    name: str
    number: int | None
    text: str
    stem: str
    mine: Markup
    theirs: Markup
    by: str
    at: datetime
    seen: int
    before: "Before | None"
    controls: tuple[tuple[str, str], ...]
    combination: str | None
    language: str
    problem: str = ""
    """Why what was chosen could not be stored."""


@dataclass(frozen=True)
class Before:
    """What both texts were made of: which revision, since when, in words ('' for an emptied answer)."""

    number: int
    at: datetime
    said: str


def draw(form: PageForm, outcome: Outcome, then: str) -> ResponseReturnValue:
    """The page with both texts of every answer in conflict; what could be saved is saved already."""
    fields = [(drawn, one) for drawn, one in _drawn_fields(form) if one.slot.name in outcome.conflicts]
    bases = {one.slot.name: one.seen for _drawn, one in fields}
    before = _before(form, bases)
    clashes = [
        _clash(form, drawn, one, outcome.conflicts[one.slot.name], before.get(one.slot.name))
        for drawn, one in fields
    ]
    return _page(form, clashes, then, merging.of_outcome(form, outcome)), STATUS


def _page(
    form: PageForm, clashes: list[Clash], then: str, together: list[merging.Together] | None = None
) -> str:
    found, section, page, instance = form.sheet, form.section.key, form.page.key, form.instance
    carried = {"from": "check"} if request.values.get("from") == "check" else {}
    dropping = {device.DROPPED: device.mark()} if device.mark() else {}
    return render_template(
        "respond/conflict.html",
        tab=device.mark(),
        sheet=found,
        zone=found.zone,
        clashes=clashes,
        together=together or [],
        then=then,
        section=section,
        page=page,
        instance=instance,
        page_title=found.words(form.page.title, instance),
        page_address=moving.page_url(found, section, page, instance, **carried, **dropping),
        about=found.subject_short(instance) if found.block_of(instance) else "",
        returns=request.values.get("from") == "check",
    )


def _drawn_fields(form: PageForm) -> Iterator[tuple[Drawn, AnswerField]]:
    for drawn in form.drawn:
        for one in drawn.fields():
            yield drawn, one


def _before(form: PageForm, bases: Mapping[str, int]) -> dict[str, Before]:
    """What stood at the revisions that the page was drawn with, in one statement."""
    fields = {one.slot.name: one for _drawn, one in _drawn_fields(form)}
    wanted = {
        name: (one.slot.kept.id, number)
        for name, number in bases.items()
        if number and (one := fields[name]).slot.kept is not None
    }
    found = answer_history.states(transactions.session(), wanted.values())
    before = {}
    for name, state in wanted.items():
        if state in found:
            value, at = found[state]
            question = fields[name].slot.question
            before[name] = Before(state[1], at, form.sheet.say(question, value) if value is not None else "")
    return before


def _clash(
    form: PageForm, drawn: Drawn, one: AnswerField, conflict: Conflict, before: Before | None
) -> Clash:
    question = one.slot.question
    said = form.sheet.say(question, one.data) if one.data is not None else ""
    theirs = conflict.theirs_said
    where = "" if drawn.field is one else f": {form.sheet.words(question.name, form.instance)}"
    return Clash(
        name=one.slot.name,
        number=drawn.number,
        text=drawn.text + where,
        stem=form.sheet.words(getattr(question, "stem", None), form.instance),
        mine=_marked(said, theirs),
        theirs=_marked(theirs, said),
        by=conflict.by,
        at=conflict.at,
        seen=conflict.revision,
        before=before,
        controls=tuple((name, text) for name, texts in one.controls.items() for text in texts),
        combination=_combined(question, said, theirs, before.said if before else ""),
        language=one.slot.kept.language if one.slot.kept else form.sheet.head.language,
    )


def _marked(text: str, other: str) -> Markup:
    if not text:
        return Markup('<span class="muted">{}</span>').format(_("Empty"))
    return only_in(text, other)


def _combined(question: BaseQuestion, mine: str, theirs: str, before: str) -> str | None:
    if not isinstance(question, TextQuestion) or not (mine and theirs):
        return None
    if isinstance(question, ShortText):
        return combined(mine, theirs, " ")
    return combination(before, mine, theirs)


@blueprint.post("/conflict/<section>/<page>")
@blueprint.post("/conflict/<section>/<uuid:instance_id>/<page>")
@access.requires(Act.EDIT_RESPONSE, facts_to_write)
def resolve(
    response_id: UUID, section: str, page: str, instance_id: UUID | None = None
) -> ResponseReturnValue:
    """Take the choice for one answer; the others stay on the page until they are decided too."""
    found = sheet_as_drawn(response_id, request.form.get("version", ""))
    place = found.section(section, instance_id)
    shown = next((one for one in place.pages if one.key == page), None)
    if shown is None:
        abort(404)
    form = page_form(found, place, shown, instance_id, request.form)
    outcome = Outcome()
    name, _colon, choice = request.form.get("keep", "").rpartition(":")
    for one in form.fields():
        if one.slot.name == name:
            _decide(found, one, choice, outcome)
    transactions.commit()
    left = _left(form, outcome, decided=name)
    now = fresh(response_id)
    if left:
        again = sheet_as_drawn(response_id, request.form.get("version", ""))
        return _page(page_form(again, place, shown, instance_id, request.form), left, _then()), STATUS
    device.note_received()
    if not now.path.find(section, page, instance_id):
        return redirect(url_for("respond.overview", response_id=response_id))
    return redirect(_target(now, section, page, instance_id))


def _decide(found: Sheet, one: AnswerField, choice: str, outcome: Outcome) -> None:
    """Save what was chosen. “Theirs” goes on top of mine, so that mine stays in the history."""
    values: list[Plain | None] = [one.data]
    if choice == "combined":
        values = [request.form.get(f"{one.slot.name}.combined", "")]
    elif choice == "theirs":
        seen = (one.slot.kept.id, one.seen) if one.slot.kept else None
        theirs = answer_history.states(transactions.session(), [seen] if seen else [])
        values = [one.data, theirs[seen][0] if seen in theirs else None]
    elif choice != "mine":
        return
    revision = one.seen
    for value in values:
        confirms = one.confirms if value == one.data else None
        change = Change(_instance(one), one.slot.key, one.slot.item, value, revision, confirms)
        done = answering.save_answers(
            transactions.session(),
            found.id,
            [change],
            access.actor(),
            Via.PAGE,
            clock.now(),
            drawn_with=found.head.version_id,
        )[0]
        if isinstance(done, Conflict):
            outcome.conflicts[one.slot.name] = done
            return
        if isinstance(done, Refused):
            outcome.refused[one.slot.name] = done.why
            return
        revision = getattr(done, "revision", revision)


def _instance(one: AnswerField) -> UUID | None:
    return one.slot.instance if isinstance(one.slot.instance, UUID) else None


def _left(form: PageForm, outcome: Outcome, decided: str) -> list[Clash]:
    """The conflicts that are still to be decided:
    those not touched now, and one that a third person moved.
    """
    left = []
    bases = {one.slot.name: _base(one, outcome) for _drawn, one in _drawn_fields(form) if one.posted}
    before = _before(form, bases)
    for drawn, one in _drawn_fields(form):
        name = one.slot.name
        if name in outcome.conflicts:
            left.append(_clash(form, drawn, one, outcome.conflicts[name], before.get(name)))
        elif one.posted and (name != decided or name in outcome.refused) and one.slot.kept is not None:
            kept = one.slot.kept
            said = form.sheet.say(one.slot.question, kept.value) if kept.value is not None else ""
            change = Change(_instance(one), one.slot.key, one.slot.item, one.data, one.seen)
            theirs = Conflict(change, kept.value, said, one.seen, kept.by, kept.at)
            clash = _clash(form, drawn, one, theirs, before.get(name))
            left.append(_with_problem(clash, outcome.refused.get(name, "")))
    return left


def _base(one: AnswerField, outcome: Outcome) -> int:
    """The revision that both texts were made of: for one that a third person moved, the one just decided
    on.
    """
    if one.slot.name in outcome.conflicts:
        return one.seen
    typed = request.form.get(f"{one.slot.name}.base", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _with_problem(clash: Clash, problem: str) -> Clash:
    """The same, with what was typed into the combination, if that could not be stored."""
    if not problem:
        return clash
    typed = request.form.get(f"{clash.name}.combined") or clash.combination
    return replace(clash, problem=problem, combination=typed)


def _then() -> str:
    return request.form.get("then", "continue")


def _target(now: Sheet, section: str, page: str, instance: UUID | None) -> str:
    """On to where the page's own button would have led."""
    then = _then()
    if then == "leave":
        return url_for("respond.overview", response_id=now.id)
    if then == "continue" and request.form.get("from") == "check":
        return url_for("respond.check", response_id=now.id)
    following = moving.following(now, section, page, instance) if then == "continue" else None
    return moving.address(now, following) if following else moving.page_url(now, section, page, instance)
