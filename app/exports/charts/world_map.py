"""A map of the world with each State as it stands; small ones are dots.

The drawing (``world.json``) is made once by ``tools/world_from_atlas.py``, which names its source. Boundaries
that the United Nations show as not agreed are dashed.
"""

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from app.exports.charts import shades
from app.exports.charts.shades import FILLS, LINE, Shade
from app.i18n import _

_DRAWING = Path(__file__).with_name("world.json")
_DOT = 2.8


@cache
def _drawing() -> Mapping[str, Any]:
    data: Mapping[str, Any] = json.loads(_DRAWING.read_text(encoding="utf-8"))
    return data


def shown() -> frozenset[str]:
    """The codes (ISO 3166-1 alpha-3) of everything that the map can show."""
    drawing = _drawing()
    return frozenset(drawing["areas"]) | frozenset(drawing["dots"])


def draw(standings: Mapping[str, Shade], title: str, size: float = 14) -> str:
    """The map as SVG: ``standings`` by code; what is not among them was not invited. ``size`` is
    that of its words.
    """
    drawing = _drawing()
    scale, width, height = drawing["scale"], drawing["width"], drawing["height"]
    counts = Counter(standings.values())
    told = [(each, counts[each]) for each in Shade if counts[each]]
    legend, below = shades.legend(told, height + size, width, size)
    parts = [
        shades.head(width, height + size + below, title, _description(counts)),
        shades.style(size),
        shades.patterns(),
        f'<g stroke="{LINE}" stroke-width="0.5" stroke-linejoin="round">',
        *(_area(code, path, standings, scale) for code, path in drawing["areas"].items()),
        "</g>",
        _dashed(drawing["dashed"], scale),
        f'<g stroke="{LINE}" stroke-width="0.8">',
        *(_dot(place, standings[code]) for code, place in drawing["dots"].items() if code in standings),
        "</g>",
        legend,
        "</svg>",
    ]
    return "".join(parts)


def _area(code: str, path: str, standings: Mapping[str, Shade], scale: int) -> str:
    """One State, of which the drawing gives tenths of a pixel."""
    fill = FILLS[standings.get(code, Shade.NOT_ASKED)]
    return f'<path d="{_scaled(path, scale)}" fill="{fill}"/>'


@cache
def _scaled(path: str, scale: int) -> str:
    """The path in pixels: patterns keep their size, which they would not inside a scaled group."""
    said, number = [], ""
    for letter in path + " ":
        if letter.isdigit():
            number += letter
            continue
        if number.lstrip("-"):
            said.append(f"{int(number) / scale:g}")
        number = ""
        if letter == "-":
            said.append("" if said and said[-1].isalpha() else " ")
            number = "-"
        else:
            said.append(letter)
    return "".join(said).replace("  ", " ").strip()


def _dashed(path: str, scale: int) -> str:
    lines = _scaled(path, scale)
    return (
        f'<path d="{lines}" fill="none" stroke="#ffffff" stroke-width="1"/>'
        f'<path d="{lines}" fill="none" stroke="{LINE}" stroke-width="0.8" stroke-dasharray="2 1.6"/>'
    )


def _dot(place: tuple[float, float], each: Shade) -> str:
    return f'<circle cx="{place[0]}" cy="{place[1]}" r="{_DOT}" fill="{FILLS[each]}"/>'


def _description(counts: Mapping[Shade, int]) -> str:
    words = shades.names()
    told = [f"{words[each]}: {counts[each]}" for each in Shade if counts.get(each)]
    return _("States by status. %(counts)s. The table beside it says the same.", counts="; ".join(told))


def disclaimer() -> str:
    """What stands below every map."""
    return _(
        "The boundaries and names shown on this map do not imply official endorsement or acceptance by IOM "
        "or the United Nations. Dashed lines are boundaries that are not agreed or not yet determined, the "
        "Line of Control in Jammu and Kashmir among them. Sovereignty over the Falkland Islands (Malvinas) "
        "is disputed between Argentina and the United Kingdom. States too small to see are shown as dots."
    )
