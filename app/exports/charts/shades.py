"""How standings are drawn: six shades, told apart by pattern as well as by colour, in print and in grey."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from xml.sax.saxutils import quoteattr

from app.i18n import _
from app.standing import ANSWERED, OUTSIDE_THE_BASE, Standing

PETROL, INK, PAPER, PLUM, OCHRE, LINE = "#11505e", "#1b2226", "#faf8f3", "#5d3a6e", "#774a00", "#726c60"


class Shade(StrEnum):
    """One way to be drawn, in the order of legends and bars."""

    SUBMITTED = "submitted"
    UNDER_WAY = "under_way"
    OPENED = "opened"
    SILENT = "silent"
    DECLINED = "declined"
    NOT_ASKED = "not_asked"


_OF: Mapping[Standing, Shade] = {
    **dict.fromkeys(ANSWERED, Shade.SUBMITTED),
    **dict.fromkeys(OUTSIDE_THE_BASE, Shade.NOT_ASKED),
    Standing.IN_PROGRESS: Shade.UNDER_WAY,
    Standing.IN_CLEARANCE: Shade.UNDER_WAY,
    Standing.NOT_SUBMITTED: Shade.UNDER_WAY,
    Standing.AFTER_CUT_OFF: Shade.UNDER_WAY,
    Standing.OPENED: Shade.OPENED,
    Standing.INVITED: Shade.SILENT,
    Standing.NO_CONTACT: Shade.SILENT,
    Standing.BOUNCED: Shade.SILENT,
    Standing.DECLINED: Shade.DECLINED,
}


def shade(standing: Standing) -> Shade:
    """How this standing is drawn."""
    return _OF[standing]


def names() -> dict[Shade, str]:
    """What each shade is called in a legend."""
    return {
        Shade.SUBMITTED: _("Submitted"),
        Shade.UNDER_WAY: _("In progress"),
        Shade.OPENED: _("Opened"),
        Shade.SILENT: _("Not opened"),
        Shade.DECLINED: _("Declined"),
        Shade.NOT_ASKED: _("Not invited"),
    }


FILLS: Mapping[Shade, str] = {
    Shade.SUBMITTED: PETROL,
    Shade.UNDER_WAY: "url(#hatched)",
    Shade.OPENED: "url(#dotted)",
    Shade.SILENT: "#ffffff",
    Shade.DECLINED: "url(#crossed)",
    Shade.NOT_ASKED: "#e4e1d8",
}
"""What an area is filled with; the patterns are those of ``patterns``."""


def patterns(scale: float = 1) -> str:
    """The definitions that ``FILLS`` points to; ``scale`` for drawings in other units than pixels."""
    step, width = 4 * scale, 1.6 * scale
    return (
        "<defs>"
        f'<pattern id="hatched" width="{step}" height="{step}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="{step}" height="{step}" fill="#ffffff"/>'
        f'<rect width="{width}" height="{step}" fill="{PETROL}"/></pattern>'
        f'<pattern id="dotted" width="{step}" height="{step}" patternUnits="userSpaceOnUse">'
        f'<rect width="{step}" height="{step}" fill="#fdf6e8"/>'
        f'<circle cx="{step / 2}" cy="{step / 2}" r="{scale}" fill="{OCHRE}"/></pattern>'
        f'<pattern id="crossed" width="{step * 1.5}" height="{step * 1.5}" patternUnits="userSpaceOnUse">'
        f'<rect width="{step * 1.5}" height="{step * 1.5}" fill="#ece3f0"/>'
        f'<path d="M0 0l{step * 1.5} {step * 1.5}M0 {step * 1.5}l{step * 1.5} -{step * 1.5}" '
        f'stroke="{PLUM}" stroke-width="{0.7 * scale}"/></pattern>'
        "</defs>"
    )


def legend(
    counts: Iterable[tuple[Shade, int]], top: float, width: float, size: float = 14
) -> tuple[str, float]:
    """A line of swatches with their words and counts, and how high it is; it goes on in a next line."""
    unit = size / 14
    said, x, y = [], 0.0, top
    for each, count in counts:
        words = f"{names()[each]} {count}"
        needed = unit * (34 + 7.4 * len(words))
        if x and x + needed > width:
            x, y = 0.0, y + 22 * unit
        said.append(
            f'<rect x="{x + 0.5:g}" y="{y + 0.5:g}" width="{20 * unit:g}" height="{12 * unit:g}" '
            f'fill={quoteattr(FILLS[each])} stroke="{LINE}"/>'
            f'<text x="{x + 27 * unit:g}" y="{y + 11 * unit:g}" class="words">{escaped(words)}</text>'
        )
        x += needed + 14 * unit
    return "".join(said), y - top + 20 * unit


def escaped(text: str) -> str:
    """Text for XML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def style(size: float = 14) -> str:
    """How the words of a figure are set; it stands inside the SVG, which is served as a file of its own."""
    return (
        f"<style>.words,.code{{font:{size:g}px system-ui,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',"
        f"sans-serif;fill:{INK}}}.code{{font-size:12px}}.light{{fill:#ffffff}}</style>"
    )


def head(width: float, height: float, title: str, description: str) -> str:
    """The beginning of a figure: its size, its name and what it shows for who cannot see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-labelledby="title about"><title id="title">{escaped(title)}'
        f'</title><desc id="about">{escaped(description)}</desc>'
    )
