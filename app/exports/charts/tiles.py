"""One square for each respondent: in rows that print, or as a map of tiles where there is no map."""

from collections import Counter
from collections.abc import Mapping, Sequence

from app.exports.charts import shades
from app.exports.charts.shades import FILLS, LINE, Shade
from app.i18n import _

_SIDE, _GAP = 9, 2
_TILE = 38
_COLUMNS, _ACROSS, _BETWEEN = 5, 3, 26


def squares(standings: Sequence[Shade], across: int = 40) -> str:
    """Squares in the order of the legend, so many in a row, as SVG without words: they stand beside it."""
    step = _SIDE + _GAP
    ordered = sorted(standings, key=list(Shade).index)
    rows = -(-len(ordered) // across)
    drawn = "".join(
        f'<rect x="{index % across * step + 0.5}" y="{index // across * step + 0.5}" width="{_SIDE}" '
        f'height="{_SIDE}" fill="{FILLS[each]}" stroke="{LINE}"/>'
        for index, each in enumerate(ordered)
    )
    width, height = min(len(ordered), across) * step, rows * step
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" aria-hidden="true" focusable="false">{drawn}</svg>'
    )


def draw(groups: Sequence[tuple[str, Sequence[str]]], standings: Mapping[str, Shade], title: str) -> str:
    """A map of tiles as SVG: a block under its name for each group, three blocks in a row, a tile with its
    code for each of the group.
    """
    counts = Counter(standings.values())
    told = [(each, counts[each]) for each in Shade if counts[each]]
    width = _ACROSS * (_COLUMNS * _TILE + _BETWEEN) - _BETWEEN
    drawn, top = [], 0.0
    for first in range(0, len(groups), _ACROSS):
        row = groups[first : first + _ACROSS]
        for index, (name, codes) in enumerate(row):
            drawn += _block(name, codes, standings, index * (_COLUMNS * _TILE + _BETWEEN), top)
        deepest = max(-(-len(codes) // _COLUMNS) for _name, codes in row)
        top += 24 + deepest * _TILE + 12
    legend, below = shades.legend(told, top + 4, width)
    parts = [shades.head(width, top + 4 + below, title, _description(counts)), shades.style()]
    return "".join([*parts, shades.patterns(), *drawn, legend, "</svg>"])


def _block(
    name: str, codes: Sequence[str], standings: Mapping[str, Shade], left: float, top: float
) -> list[str]:
    """One group: its name, and its tiles below."""
    said = [f'<text x="{left:g}" y="{top + 14:g}" class="words">{shades.escaped(name)}</text>']
    for index, code in enumerate(codes):
        x, y = left + index % _COLUMNS * _TILE, top + 24 + index // _COLUMNS * _TILE
        said.append(_tile(code, x + 1, y + 1, standings.get(code, Shade.NOT_ASKED)))
    return said


def _tile(code: str, x: float, y: float, each: Shade) -> str:
    """One tile; its code stands on a plate of its own where a pattern would make it hard to read."""
    side = _TILE - 3
    dark = each is Shade.SUBMITTED
    plate = "" if dark else f'<rect x="{x + 3}" y="{y + 10}" width="{side - 6}" height="15" fill="#ffffff"/>'
    said = "code light" if dark else "code"
    return (
        f'<rect x="{x}" y="{y}" width="{side}" height="{side}" fill="{FILLS[each]}" stroke="{LINE}"/>{plate}'
        f'<text x="{x + side / 2}" y="{y + 22}" text-anchor="middle" class="{said}">'
        f"{shades.escaped(code)}</text>"
    )


def _description(counts: Mapping[Shade, int]) -> str:
    words = shades.names()
    told = [f"{words[each]}: {counts[each]}" for each in Shade if counts.get(each)]
    return _("One tile for each, by status. %(counts)s. The table says the same.", counts="; ".join(told))
