"""How many had answered by which day, in per cent of those invited: one stepped line each, with its own dash
and its name at its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.exports.charts import rendering
from app.exports.charts.shades import INK, LINE, OCHRE, PETROL, PLUM, escaped
from app.templating import day

_STYLES: tuple[tuple[str, list[int]], ...] = ((PETROL, []), (PLUM, [6, 3]), (OCHRE, [2, 2]), (LINE, []))


@dataclass(frozen=True)
class Size:
    """How large a curve is drawn, without the words around it, and how large these are, in pixels."""

    width: int = 520
    height: int = 260
    words: int = 13


@dataclass(frozen=True)
class Line:
    """One line: its name with the figure it ends at, and the per cents by day, each from 0 to 100."""

    name: str
    points: tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class Mark:
    """An upright line at a day: the deadline, or when reminders went out."""

    on: date
    name: str
    strong: bool = False


def draw(
    lines: Sequence[Line],
    marks: Sequence[Mark],
    title: str,
    description: str,
    locale: str = "en",
    size: Size = Size(),
) -> str:
    """The curve as SVG. At most four lines: the fourth, thin one is that of the round before."""
    told = [line for line in lines[: len(_STYLES)] if line.points]
    days = [on for line in told for on, _value in line.points] + [mark.on for mark in marks]
    if not days:
        return ""
    highest = max((value for line in told for _on, value in line.points), default=0)
    spec: dict[str, Any] = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": None,
        "description": f"{title}. {description}",
        "width": size.width,
        "height": size.height,
        "padding": {"left": 4, "right": 24, "top": 18, "bottom": 4},
        "config": _config(size.words),
        "layer": [_mark(mark, days, locale) for mark in marks]
        + [_line(line, index, days, highest) for index, line in enumerate(told)]
        + [_ends(told, days, highest, size)],
    }
    return _named(rendering.svg(spec), title, description)


_LONG = 300
_FONT = "Noto Sans, Liberation Sans, sans-serif"


def _config(words: int) -> dict[str, Any]:
    return {
        "background": "transparent",
        "font": _FONT,
        "axis": {
            "labelFontSize": words,
            "labelColor": INK,
            "labelLimit": 0,
            "gridColor": "#dcd7cb",
            "domainColor": LINE,
            "tickColor": LINE,
        },
        "view": {"stroke": None},
        "text": {"limit": 0, "fontSize": words},
    }


def _x(days: Sequence[date]) -> dict[str, Any]:
    return {
        "field": "on",
        "type": "temporal",
        "scale": {"type": "utc", "domain": [_at(min(days)), _at(max(days))]},
        "axis": {"title": None, "grid": False, "format": _format(days), "tickCount": 6},
    }


def _format(days: Sequence[date]) -> str:
    return "%-d %b" if (max(days) - min(days)).days < _LONG else "%b %Y"


def _y(highest: float) -> dict[str, Any]:
    top = min(100, 20 * (int(highest) // 20 + 1))
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {"domain": [0, top]},
        "axis": {"title": None, "tickCount": 5, "ticks": False, "domain": False},
    }


def _line(line: Line, index: int, days: Sequence[date], highest: float) -> dict[str, Any]:
    colour, dash = _STYLES[index]
    return {
        "data": {"values": [{"on": _at(on), "value": value} for on, value in line.points]},
        "mark": {
            "type": "line",
            "interpolate": "step-after",
            "color": colour,
            "strokeWidth": 1 if index == len(_STYLES) - 1 else 2.4,
            "strokeDash": dash,
        },
        "encoding": {"x": _x(days), "y": _y(highest)},
    }


def _ends(lines: Sequence[Line], days: Sequence[date], highest: float, size: Size) -> dict[str, Any]:
    """The names at the ends, moved apart where two would lie on each other."""
    top = _y(highest)["scale"]["domain"][1]
    apart = (size.words + 4) * top / size.height
    values, below = [], -apart
    order = sorted(range(len(lines)), key=lambda index: lines[index].points[-1][1])
    for index in order:
        on, value = lines[index].points[-1]
        below = max(value, below + apart)
        values.append(
            {"on": _at(max(on, *days)), "value": below, "name": lines[index].name, "c": _STYLES[index][0]}
        )
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": "bold", "clip": False},
        "encoding": {
            "x": _x(days),
            "y": _y(highest),
            "text": {"field": "name"},
            "color": {"field": "c", "type": "nominal", "scale": None},
        },
    }


def _mark(mark: Mark, days: Sequence[date], locale: str) -> dict[str, Any]:
    values = [{"on": _at(mark.on), "name": f"{mark.name}, {day(mark.on, locale=locale)}"}]
    rule = {"type": "rule", "color": INK, "strokeWidth": 2 if mark.strong else 1}
    return {
        "data": {"values": values},
        "layer": [
            {"mark": rule | ({} if mark.strong else {"strokeDash": [2, 2]})},
            {
                "mark": {
                    "type": "text",
                    "align": "right" if mark.on - min(days) > max(days) - mark.on else "left",
                    "baseline": "bottom",
                    "color": INK,
                    "clip": False,
                },
                "encoding": {"y": {"value": -4}, "text": {"field": "name"}},
            },
        ],
        "encoding": {"x": _x(days)},
    }


def _at(on: date) -> str:
    return f"{on.isoformat()}T00:00:00Z"


def _named(drawn: str, title: str, description: str) -> str:
    """The figure with a name and what it shows, for who cannot see it."""
    start = drawn.index(">") + 1
    words = f'<title id="title">{escaped(title)}</title><desc id="about">{escaped(description)}</desc>'
    opened = drawn[: start - 1] + ' role="img" aria-labelledby="title about">'
    return opened + words + drawn[start:]
