"""One page of questions at a time: shown, saved in one post, and on to where the button says."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app import clock
from app.definitions.questions import Records
from app.definitions.routing import ShownPage
from app.definitions.schema import Page, Section
from app.i18n import _
from app.models import Via
from app.policy import Act
from app.services import repeating
from app.services.carrying_over import Said, Wanted, carry_over
from app.web import access, glossary, transactions
from app.web.addresses import address
from app.web.respond import attachments, conflict, device, merging, moving, said, saving
from app.web.respond.blueprint import blueprint
from app.web.respond.drawn import PageForm
from app.web.respond.page_form import NEW, errors_of, how_many, page_form
from app.web.respond.pen import QUESTIONS, Pen
from app.web.respond.refusals import facts_to_write
from app.web.respond.saving import Outcome
from app.web.respond.sheet import Sheet, facts, fresh, sheet
from app.web.respond.tasks import answered
from app.web.respond.versions import is_older, sheet_as_drawn

SHOW = "/<section>/<page>"
SHOW_IN_BLOCK = "/<section>/<uuid:instance_id>/<page>"
WITH_PROBLEMS = 422


@dataclass(frozen=True)
class Place:
    """Which page of which response a request is about."""

    section: Section
    page: Page
    instance: UUID | None

    def url(self, sheet: Sheet, anchor: str | None = None, **more: str) -> str:
        """The page's own address."""
        carried = {"from": "check"} if request.values.get("from") == "check" else {}
        address = moving.page_url(sheet, self.section.key, self.page.key, self.instance, **carried, **more)
        return f"{address}#{anchor}" if anchor else address


def find(sheet: Sheet, section: str, page: str, instance: UUID | None) -> Place:
    """The page of the questionnaire with these keys, on the path or not. Aborts with 404."""
    found = sheet.section(section, instance)
    shown = next((one for one in found.pages if one.key == page), None)
    return Place(found, shown, instance) if shown else abort(404)


@blueprint.get(SHOW)
@blueprint.get(SHOW_IN_BLOCK)
@access.requires(Act.READ_RESPONSE, facts)
def show(response_id: UUID, section: str, page: str, instance_id: UUID | None = None) -> ResponseReturnValue:
    """A page of questions; who may not write here is led to what is answered."""
    found = sheet(response_id)
    place = find(found, section, page, instance_id)
    if not found.may_edit(instance_id, section):
        return redirect(url_for("respond.check", response_id=response_id))
    if found.path.find(section, page, instance_id) is None:
        return redirect(url_for("respond.overview", response_id=response_id))
    form = page_form(
        found,
        place.section,
        place.page,
        instance_id,
        opened=request.args.get("open"),
        changed=request.args.get("changed"),
    )
    errors = errors_of(form) if "look" in request.args else []
    return _draw(place, form, errors)


@blueprint.post(SHOW)
@blueprint.post(SHOW_IN_BLOCK)
@access.requires(Act.EDIT_RESPONSE, facts_to_write)
def save(response_id: UUID, section: str, page: str, instance_id: UUID | None = None) -> ResponseReturnValue:
    """Save the page, then do what the button says. What is wrong is shown; what could be saved is saved."""
    found = sheet_as_drawn(response_id, request.form.get("version", ""))
    place = find(found, section, page, instance_id)
    form = page_form(found, place.section, place.page, instance_id, request.form)
    outcome = saving.save(form, access.actor(), Via.PAGE)
    moved = is_older(found)
    if not moved:
        _copy_from_another(found, place)
        _take_up_again(found, place)
        _bring_back(form)
    transactions.commit()
    if outcome.conflicts:
        return conflict.draw(form, outcome, then=request.form.get("action", "continue"))
    return _after_moving(place, form, outcome) if moved else _go_on(place, fresh(response_id), outcome)


def _after_moving(place: Place, form: PageForm, outcome: Outcome) -> ResponseReturnValue:
    """The page as it is asked now, or the overview if it is asked no more; what was typed is saved."""
    if outcome.unreadable or outcome.refused:
        for one in form.fields():
            one.problems += [outcome.refused[one.slot.name]] if one.slot.name in outcome.refused else []
        return _draw(place, form, errors_of(form), outcome), WITH_PROBLEMS
    device.note_received()
    now = fresh(form.sheet.id)
    if now.path.find(place.section.key, place.page.key, place.instance):
        return redirect(place.url(now, moved="1"))
    return redirect(url_for("respond.overview", response_id=now.id, moved="1"))


def _copy_from_another(found: Sheet, place: Place) -> None:
    """“Same as for …”: fill what is still empty in this block from another."""
    if request.form.get("action") != "same_as" or place.instance is None:
        return
    source = found.record(request.form.get("same_as", ""))
    if source is not None:
        repeating.same_as(
            transactions.session(), found.id, source.id, place.instance, access.actor(), clock.now()
        )


def _take_up_again(found: Sheet, place: Place) -> None:
    """“Still true”, “No longer”, and “Changed” for a list: say it of the answer of the round before."""
    verb, _colon, key = request.form.get("action", "").partition(":")
    asked = {question.key: question for question in place.page.questions}
    if verb not in set(Said) or key not in asked:
        return
    if verb == Said.CHANGED and not isinstance(asked[key], Records):
        return
    wanted = [Wanted(place.instance, key, Said(verb))]
    carry_over(transactions.session(), found.id, wanted, access.actor(), clock.now())


def _bring_back(form: PageForm) -> None:
    """“Bring it back”: one of the records that the page lists as removed."""
    verb, _colon, key = request.form.get("action", "").partition(":")
    record = next((gone.id for drawn in form.drawn for gone in drawn.gone if str(gone.id) == key), None)
    if verb == "restore" and record is not None:
        repeating.restore_instance(transactions.session(), form.sheet.id, record, access.actor(), clock.now())


def _go_on(place: Place, now: Sheet, outcome: Outcome) -> ResponseReturnValue:
    action = request.form.get("action", "continue")
    form = page_form(now, place.section, place.page, place.instance, request.form)
    for one in form.fields():
        name = one.slot.name
        if name in outcome.saved:
            one.seen = outcome.saved[name].revision  # what is drawn again is what was saved just now
        if name in outcome.merged:
            one.take_stored()
        if name in outcome.refused:
            one.problems.append(outcome.refused[name])
    stays = bool(outcome.unreadable or outcome.refused)
    errors = errors_of(form) if stays or action in ("continue", "stay") else []
    if errors or stays:
        return _draw(place, form, errors, outcome), WITH_PROBLEMS
    device.note_received()
    if outcome.merged:
        return redirect(place.url(now, merged=merging.keys(form, outcome)))
    return redirect(_target(action, place, now, form))


def _target(action: str, place: Place, now: Sheet, form: PageForm) -> str:
    """Where a button leads once the page is saved."""
    verb, _colon, what = action.partition(":")
    overview = url_for("respond.overview", response_id=now.id)
    keys = (place.section.key, place.page.key, place.instance)
    if verb == "leave":
        return overview
    if verb == "back":
        before = moving.preceding(now, *keys)
        return moving.address(now, before) if before else overview
    if verb == "add" and any(drawn.question.key == what for drawn in form.drawn):
        return place.url(now, f"{what}-open", open=f"{NEW}:{what}")
    if attach_url := attachments.target(verb, what, now):
        return attach_url
    if verb in ("change", "remove", "restore"):
        return _target_of_record(verb, what, place, now)
    if verb == "more":
        deeper = next((page for page in moving.deeper(now, keys[0], keys[2]) if page.page_key == what), None)
        return moving.address(now, deeper) if deeper else overview
    if verb in set(Said) and any(drawn.question.key == what for drawn in form.drawn):
        more = {"changed": what} if verb == Said.CHANGED else {}
        return place.url(now, f"a-{what}-label", **more)
    if verb == "keep" and any(drawn.question.key == what for drawn in form.drawn):
        return place.url(now, f"a-{what}-label")
    if verb in ("keep", "stay", "same_as"):
        return place.url(now)
    return _onward(place, now, form)


def _target_of_record(verb: str, key: str, place: Place, now: Sheet) -> str:
    record = now.record(key)
    if record is None:
        return place.url(now)
    if verb == "change":
        return place.url(now, f"entry-{record.id}", open=str(record.id))
    if verb == "restore":
        return place.url(now, f"entry-{record.id}")
    carried: dict[str, Any] = {"from": "check"} if request.values.get("from") == "check" else {}
    return url_for("respond.ask_removal", response_id=now.id, record_id=record.id, **carried)


def _onward(place: Place, now: Sheet, form: PageForm) -> str:
    """The next page; but this one again if the answers brought questions that were not on it."""
    shown_before = set(request.form.get("shown", "").split())
    new = [drawn for drawn in form.asked if drawn.question.key not in shown_before]
    if new and now.path.find(place.section.key, place.page.key, place.instance):
        return place.url(now, new[0].first, new=str(len(new)))
    if request.form.get("from") == "check":
        return url_for("respond.check", response_id=now.id, _anchor=_anchor_on_check(place, form))
    return _following(place, now)


def _following(place: Place, now: Sheet) -> str:
    """The address of the next page, or of the page that checks them all."""
    following = moving.following(now, place.section.key, place.page.key, place.instance)
    return moving.address(now, following) if following else url_for("respond.check", response_id=now.id)


def _anchor_on_check(place: Place, form: PageForm) -> str | None:
    """Where the page's answers begin on the page that checks them all."""
    return said.anchor(form.asked[0].question.key, place.instance) if form.asked else None


def _draw(
    place: Place, form: PageForm, errors: list[tuple[str, str]], outcome: Outcome | None = None
) -> Response:
    found, pen = form.sheet, Pen(form)
    keys = (place.section.key, place.page.key, place.instance)
    number, pages = moving.place(found, *keys)
    deeper = moving.deeper(found, keys[0], keys[2]) if not place.page.more and number == pages else []
    page = render_template(
        "respond/page.html",
        sheet=found,
        zone=found.zone,
        questions=QUESTIONS,
        terms=glossary.on_page(place.page.questions),
        **_head(place, form, number, pages),
        form=form,
        place=place,
        errors=errors,
        has_errors=bool(errors),
        unreadable=outcome.unreadable if outcome else {},
        onward=_following(place, found) if errors else "",
        deeper=[_deeper(found, place, page) for page in deeper],
        others=_others(found, place),
        new=request.args.get("new", type=int) or 0,
        removed=request.args.get("removed", type=UUID),
        moved="moved" in request.args,
        together=merging.of_outcome(form, outcome) if outcome else merging.of_request(form),
        returns=request.values.get("from") == "check",
        save_words=save_words(pen.language),
    )
    return make_response(pen.put_into(page, form.drawn))


def _head(place: Place, form: PageForm, number: int, pages: int) -> dict[str, Any]:
    found, instance = form.sheet, place.instance
    in_block = found.block_of(instance) is not None
    part = found.subject_short(instance) if in_block else found.words(place.section.title, instance)
    where = _("page %(number)s of %(pages)s", number=number, pages=pages)
    if place.page.more:
        where = _("say more, page %(number)s of %(pages)s", number=number, pages=pages)
    about = ""
    if in_block:
        full, short = found.subject_name(instance), found.subject(instance)
        about = f"{_with_article(full, short)} ({short})" if full and full not in short else short
    saved = [newest.at for drawn in form.drawn if (newest := drawn.newest) is not None]
    numbers = [drawn.number for drawn in form.drawn if drawn.number]
    return {
        "title": found.words(place.page.title, instance),
        "intro": found.words(place.page.intro, instance),
        "steps": [
            (address("respond.overview", response_id=found.id), found.head.name),
            (None, f"{part} · {where}" if pages > 1 else part),
        ],
        "about": about,
        "how_many": how_many(len(form.asked)),
        "first": numbers[0] if numbers else 1,
        "saved_at": max(saved, default=None),
    }


def _with_article(full: str, short: str) -> str:
    return f"the {full}" if short.startswith("the ") and not full.lower().startswith("the ") else full


def _deeper(found: Sheet, place: Place, page: ShownPage) -> dict[str, Any]:
    title = found.questionnaire.page(page.section_key, page.page_key).title
    return {
        "key": page.page_key,
        "title": found.words(title, place.instance),
        "asked": len(page.asks),
        "answered": answered(found, page),
    }


@blueprint.context_processor
def _beside_a_device() -> dict[str, Callable[[], object]]:
    return {"received": device.received, "saving_words": lambda: save_words(str(get_locale()))}


@lru_cache(maxsize=16)
def save_words(_language: str) -> str:
    """What the script says while it saves, as JSON; the language named is the one of the request."""
    words = {
        "saved": _("Saved {time}"),
        "saving": _("Saving…"),
        "device_one": _("Not saved yet: 1 change kept on this device"),
        "device_many": _("Not saved yet: {n} changes kept on this device"),
        "page_one": _("Not saved yet: 1 change kept in this page only"),
        "page_many": _("Not saved yet: {n} changes kept in this page only"),
        "full_one": _("Not saved yet: 1 change that this device could not keep. Leave the page open"),
        "full_many": _("Not saved yet: {n} changes that this device could not keep. Leave the page open"),
        "not_sent": _("Not sent: {why}"),
        "gone": _("You can no longer write here; ask your focal point."),
        "conflict": _("{name} saved another text."),
        "both": _("See both"),
        "signed_out": _("You were signed out."),
        "mine": _("What is not saved yet is kept on this device."),
        "shared": _("Nothing is kept on this device."),
    }
    return json.dumps(words, ensure_ascii=False)


def _others(found: Sheet, place: Place) -> list[tuple[UUID, str]]:
    """The other blocks whose answers could be copied into this one."""
    if place.section.repeat is None or not _takes_copies(place.page):
        return []
    answered_in = {where[0] for where in found.plain_answers}
    return [
        (block.id, found.subject_short(block.id))
        for block in found.stored.blocks
        if block.group_key == place.section.key and block.id != place.instance and block.id in answered_in
    ]


def _takes_copies(page: Page) -> bool:
    return any(question.reuse or isinstance(question, Records) for question in page.questions)
