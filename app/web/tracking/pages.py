"""Who has answered a round: figures as of any day, the lists behind them, and what is taken away of them."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app.exports import tracking_tables, tracking_words
from app.exports.tables import Table
from app.policy import Act
from app.queries import tracking as queries
from app.tracking import counting
from app.tracking.selecting import Group, Selection, select
from app.web.access import requires
from app.web.tracking import drawing
from app.web.tracking.allowed import sees_single_answers
from app.web.tracking.blueprint import blueprint
from app.web.tracking.looking import Looked, look, shared
from app.web.tracking.pictures import pictures
from app.web.tracking.reading import items_of, progress_of
from app.web.tracking.sending import send
from app.web.transactions import session, writes_later

SHOWN_LATE = 10
ALL_TABLES = "all"


@blueprint.get("/tracking")
@requires(Act.READ_ROUNDS)
def newest() -> ResponseReturnValue:
    """The newest open round's tracking; the overview where there is no round yet."""
    round_ = queries.newest(session())
    if round_ is None:
        return redirect(url_for("desk.overview"))
    return redirect(url_for("tracking.page", round_code=round_.code))


@blueprint.get("/rounds/<round_code>/tracking")
@requires(Act.READ_ROUNDS)
def page(round_code: str) -> ResponseReturnValue:
    """The figures of the round, live or as of a past day."""
    looked = look(round_code)
    found, sort, locale = looked.tracking, looked.asked.sort, str(get_locale())
    late = counting.overdue(found)
    lines = {each.key: drawing.lines(each, sort, locale) for each in tracking_tables.every_lines(found)}
    return render_template(
        "staff/tracking/page.html",
        **shared(looked, "tracking"),
        heads=counting.heads(found),
        lines=lines,
        mechanisms=drawing.mechanisms(counting.by_mechanism(found), sort),
        mechanism_notes=tracking_tables.mechanism_notes(),
        late=late[:SHOWN_LATE],
        late_count=len(late),
        **pictures(looked),
        late_selection=Selection(stands=Group.OVERDUE.value),
    )


@blueprint.get("/rounds/<round_code>/tracking/list")
@requires(Act.READ_ROUNDS)
def listed(round_code: str) -> ResponseReturnValue:
    """Who stands behind a figure: exactly as many as it says."""
    looked = look(round_code)
    found = select(looked.tracking, looked.asked.selection)
    return render_template(
        "staff/tracking/list.html",
        **shared(looked, "list"),
        listed=found,
        what=tracking_words.selection_words(looked.tracking, looked.asked.selection, str(get_locale())),
        filters=drawing.filters(looked.tracking, looked.asked.selection, str(get_locale())),
        far=progress_of(looked, found),
    )


@blueprint.post("/rounds/<round_code>/tracking/export")
@writes_later
@requires(Act.READ_ROUNDS)
def export(round_code: str) -> ResponseReturnValue:
    """One table or all of them as a file, with the filters of the page; that it was taken is written down."""
    looked, wanted = look(round_code), request.form.get("table", "")
    return send(looked, wanted, _tables(looked, wanted, str(get_locale())))


def _tables(looked: Looked, wanted: str, locale: str) -> list[Table]:
    """The tables of this name; none if there is none. Only who sees single answers gets item response."""
    found = looked.tracking
    if wanted == "list":
        listed_ = select(found, looked.asked.selection)
        title = tracking_words.selection_words(found, looked.asked.selection, locale)
        return [tracking_tables.respondents(found, title, listed_, locale, progress_of(looked, listed_))]
    if wanted == "questions":
        return [tracking_tables.items(found, items_of(looked), locale)]
    every = tracking_tables.every(found, locale)
    if wanted != ALL_TABLES:
        return [every[wanted]] if wanted in every else []
    more = [tracking_tables.items(found, items_of(looked), locale)] if sees_single_answers() else []
    return [*every.values(), *more]
