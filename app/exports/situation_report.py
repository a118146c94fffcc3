"""The situation report: one page on where a round stands, for who has no time to open the service."""

from app.exports.blocks import (
    Block,
    Cell,
    Disclaimer,
    Document,
    Figure,
    Paragraph,
    Role,
    Style,
    Table,
    TitleBlock,
    said,
)
from app.exports.charts import of_tracking, world_map
from app.exports.tracking_words import as_of, audience_names, base_words, definition, line_name
from app.i18n import _
from app.templating import moment
from app.tracking import counting
from app.tracking.counting import Line
from app.tracking.model import Tracking
from app.tracking.selecting import Group


def document(tracking: Tracking, before: Tracking | None, locale: str = "en") -> Document:
    """The report on the round as of the tracking’s moment; ``before`` is the round before, if any."""
    title = _("Who has answered")
    foot = f"{tracking.round.title} · {as_of(tracking, locale)}"
    return Document(
        title=f"{title}: {tracking.round.title}",
        language=locale,
        description=_("Situation report"),
        publisher=_("International Organization for Migration"),
        foot=foot,
        blocks=(
            TitleBlock(
                organisation=_("International Organization for Migration"),
                division="",
                occasion=tracking.round.title,
                kind=_("Situation report"),
                title=title,
                line=_line(tracking, locale),
            ),
            _counts(tracking, locale),
            *_figures(tracking, before, locale),
            Paragraph(said(" ".join((base_words(tracking.base), *definition()))), Role.META),
            *_map_note(tracking),
        ),
    )


def _line(tracking: Tracking, locale: str) -> str:
    zone = tracking.round.zone
    ends = moment(tracking.round.closes_at, zone, locale)
    return _("%(as_of)s · deadline %(moment)s", as_of=as_of(tracking, locale), moment=ends)


def _counts(tracking: Tracking, locale: str) -> Table:
    """n of N by role, of States also by region, and what became of the others."""
    heads = (
        "",
        _("Answered"),
        _("Rate"),
        _("In progress"),
        _("Opened"),
        _("Not opened"),
        _("Declined"),
        _("Late"),
    )
    rows = []
    for line in counting.by_role(tracking):
        if not line.rate.invited:
            continue
        rows.append(_row(audience_names()[line.key], line, Style.STRONG))
        if line.key == "state":
            rows += [_row(f"\u2003{line_name(each, locale)}", each) for each in counting.by_region(tracking)]
    caption = _("By role; States also by region (%(scheme)s)", scheme=str(tracking.division.title))
    widths = (32, 14, 8, 11, 10, 11, 11, 7)
    return Table(caption, heads, tuple(rows), widths, row_heads=True, captioned=False)


def _row(name: str, line: Line, style: Style = Style.PLAIN) -> tuple[Cell, ...]:
    rate = line.rate
    counts = _("%(answered)s of %(eligible)s", answered=rate.answered, eligible=rate.eligible)
    per_cent = "–" if rate.per_cent is None else f"{round(rate.per_cent)} %"
    under_way = line.count(Group.UNDER_WAY) + line.count(Group.NOT_SUBMITTED)
    others = (Group.OPENED, Group.NOT_OPENED, Group.DECLINED, Group.OVERDUE)
    words = (counts, per_cent, str(under_way), *(str(line.count(group)) for group in others))
    return (_cell(name, style), *(_cell(each) for each in words))


def _cell(words: str, style: Style = Style.PLAIN) -> Cell:
    return Cell((Paragraph(said(words, style=style)),))


def _figures(tracking: Tracking, before: Tracking | None, locale: str) -> tuple[Block, ...]:
    drawing = of_tracking.both(tracking, before, locale)
    if not drawing:
        return ()
    described = _(
        "States by status; and answers by day in per cent of the base, the last figure of each line beside "
        "it. The table gives the same numbers."
    )
    caption = _("States by status, and answers by day in per cent of the base")
    return (Figure(drawing, described, caption),)


def _map_note(tracking: Tracking) -> tuple[Block, ...]:
    if tracking.round.fictional or not of_tracking.states(tracking):
        return ()
    return (Disclaimer(world_map.disclaimer()),)
