"""Previewing a version as its respondents see it: the real questions, with answers that stay in the page."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.definitions import completeness
from app.definitions.questions import Records
from app.definitions.routing import ShownPage
from app.definitions.schema import Page, Section
from app.policy import Act
from app.web.access import requires
from app.web.questionnaires.blueprint import blueprint
from app.web.questionnaires.chosen import Chosen, chosen
from app.web.questionnaires.preview_sheet import (
    PreviewSheet,
    Typed,
    formdata,
    from_json,
    place_key,
    places,
    sheet_of,
    with_page,
    without_entry,
)
from app.web.respond import moving
from app.web.respond.drawn import Drawn, PageForm
from app.web.respond.page_form import errors_of, how_many, page_form
from app.web.respond.pen import QUESTIONS, Pen
from app.web.staff import words

CHECK = "check"
WITH_PROBLEMS = 422


@dataclass(frozen=True)
class Preview:
    """One request of a preview: the version, what was typed on all pages, in which language."""

    found: Chosen
    typed: Typed
    sheet: PreviewSheet
    locale: str


@dataclass(frozen=True)
class Place:
    """Which page is shown."""

    section: Section
    page: Page
    instance: UUID | None

    @property
    def key(self) -> str:
        """How it is named in what was typed."""
        return place_key(self.section.key, self.instance, self.page.key)


class PreviewPen(Pen):
    """Draws the questions as for a respondent; ways that lead out of the page lead to where it says so."""

    def _values(self, q: Drawn) -> dict[str, str]:
        return {**super()._values(q), "ask": "#nothing-stored"}


@blueprint.get("/<key>/<which>/preview")
@requires(Act.READ_QUESTIONNAIRES)
def preview(key: str, which: str) -> ResponseReturnValue:
    """The first page, empty, or the one that is named."""
    found = chosen(key, which)
    shown = _shown(found, {}, request.args.get("locale", ""))
    wanted = _place(found, request.args.get("page", ""))
    return _draw(shown, wanted or _first(shown))


@blueprint.post("/<key>/<which>/preview")
@requires(Act.READ_QUESTIONNAIRES)
def preview_on(key: str, which: str) -> ResponseReturnValue:
    """Read what was typed, and go where the button says. Nothing is stored."""
    found = chosen(key, which)
    typed = from_json(found.questionnaire, request.form.get("kept", ""))
    here = _place(found, request.form.get("here", ""))
    verb, _colon, what = request.form.get("action", "continue").partition(":")
    if here is not None:
        lists = [each.key for each in here.page.questions if isinstance(each, Records)]
        typed = with_page(typed, here.key, request.form, lists)
        if verb == "remove":
            typed = without_entry(typed, here.key, what)
    shown = _shown(found, typed, request.form.get("locale", ""))
    return _go_on(shown, here, verb, what)


def _shown(found: Chosen, typed: Typed, locale: str) -> Preview:
    language = locale if locale in found.questionnaire.locales else found.questionnaire.locale
    return Preview(found, typed, sheet_of(found.questionnaire, typed, language), language)


def _go_on(shown: Preview, here: Place | None, verb: str, what: str) -> ResponseReturnValue:
    wanted = _place(shown.found, what) if verb == "go" else None
    if wanted is not None:
        return _draw(shown, wanted)
    if verb in (CHECK, "leave") or here is None:
        return _check(shown)
    if verb == "add":
        return _draw(shown, here, opened=f"new:{what}")
    if verb == "change":
        return _draw(shown, here, opened=what)
    if verb == "back":
        before = moving.preceding(shown.sheet, here.section.key, here.page.key, here.instance)
        return _draw(shown, _of(shown, before) or here)
    if verb == "more":
        deeper = place_key(here.section.key, here.instance, what)
        return _draw(shown, _place(shown.found, deeper) or here)
    return _onward(shown, here) if verb == "continue" else _draw(shown, here)


def _onward(shown: Preview, here: Place) -> ResponseReturnValue:
    """The next page; this one again with what is wrong, or with the questions that its answers brought."""
    form = _form(shown, here)
    if errors := errors_of(form):
        return _draw(shown, here, errors=errors), WITH_PROBLEMS
    before = set(request.form.get("shown", "").split())
    brought = [drawn for drawn in form.asked if drawn.question.key not in before]
    if brought:
        return _draw(shown, here, new=len(brought))
    following = moving.following(shown.sheet, here.section.key, here.page.key, here.instance)
    place = _of(shown, following)
    return _draw(shown, place) if place else _check(shown)


def _of(shown: Preview, page: ShownPage | None) -> Place | None:
    if page is None:
        return None
    instance = page.instance_id if isinstance(page.instance_id, UUID) else None
    return _place(shown.found, place_key(page.section_key, instance, page.page_key))


def _first(shown: Preview) -> Place:
    """The first page on the path, or the first there is."""
    on = _of(shown, next(iter(shown.sheet.path.pages), None))
    section, page, instance = next(places(shown.found.questionnaire))
    return on or Place(section, page, instance)


def _place(found: Chosen, key: str) -> Place | None:
    every = (Place(*each) for each in places(found.questionnaire))
    return next((place for place in every if place.key == key), None)


def _form(shown: Preview, place: Place, opened: str | None = None) -> PageForm:
    controls = shown.typed.get(place.key)
    posted = formdata(controls) if controls else None
    return page_form(shown.sheet, place.section, place.page, place.instance, posted, opened)


def _draw(
    shown: Preview,
    place: Place,
    *,
    opened: str | None = None,
    errors: list[tuple[str, str]] | None = None,
    new: int = 0,
) -> Response:
    sheet = shown.sheet
    g.attached = (sheet, ())  # nothing can be attached to what is stored nowhere
    form = _form(shown, place, opened)
    pen, numbers = PreviewPen(form), [drawn.number for drawn in form.drawn if drawn.number]
    deeper = moving.deeper(sheet, place.section.key, place.instance) if not place.page.more else []
    page = render_template(
        "questionnaires/preview.html",
        **_common(shown),
        place=place,
        form=form,
        questions=QUESTIONS,
        title=sheet.words(place.page.title, place.instance),
        intro=sheet.words(place.page.intro, place.instance),
        about=sheet.subject_short(place.instance) if place.instance else "",
        how_many=how_many(len(form.asked)),
        first=numbers[0] if numbers else 1,
        errors=errors or [],
        has_errors=bool(errors),
        new=new,
        asked=sheet.path.find(place.section.key, place.page.key, place.instance) is not None,
        deeper=[
            (
                each.page_key,
                sheet.words(sheet.questionnaire.page(each.section_key, each.page_key).title, None),
            )
            for each in deeper
        ],
    )
    return make_response(pen.put_into(page, form.drawn))


def _common(shown: Preview) -> dict[str, Any]:
    return {
        "found": shown.found,
        "sheet": shown.sheet,
        "kept": json.dumps(shown.typed, ensure_ascii=False),
        "locale": shown.locale,
        "pages": _pages(shown),
        "audience": words.audience_names()[shown.sheet.head.audience],
    }


def _pages(shown: Preview) -> list[tuple[str, str, bool]]:
    """Every page as (its key, its title, whether it is asked now)."""
    sheet = shown.sheet
    found = []
    for section, page, instance in places(shown.found.questionnaire):
        title = sheet.words(page.title, instance)
        about = sheet.subject_short(instance) if instance else sheet.words(section.title, None)
        on = sheet.path.find(section.key, page.key, instance) is not None
        found.append((place_key(section.key, instance, page.key), f"{about}: {title}", on))
    return found


def _check(shown: Preview) -> str:
    """What a respondent would still be asked for before submitting."""
    sheet = shown.sheet
    lacks = completeness.lacking(sheet.path, sheet.plain_answers, sheet.register)
    rows = []
    for lack in lacks:
        block = lack.block if isinstance(lack.block, UUID) else None
        record = sheet.blocks.get(lack.instance) if isinstance(lack.instance, UUID) else None
        group = record.group_key if record is not None else None
        question = sheet.questionnaire.find(group, lack.question_key)
        label = sheet.words(question.name, block)
        about = f"{sheet.subject_short(block)}: " if block else ""
        rows.append((place_key(lack.section, block, lack.page), f"{about}{label}: {lack.sentence}"))
    return render_template("questionnaires/preview_check.html", **_common(shown), lacks=rows)
