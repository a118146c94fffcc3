"""One square for each respondent: in rows that print, or as a map of tiles where there is no map."""

from collections import Counter
from collections.abc import Mapping, Sequence

from app.exports.charts import shades
from app.exports.charts.shades import FILLS, LINE, Shade
from app.i18n import _

_SIDE, _GAP = 9, 2
_TILE = 38


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


def draw(places: Mapping[str, tuple[int, int]], standings: Mapping[str, Shade], title: str) -> str:
    """A map of tiles as SVG: each respondent's code at its column and row."""
    columns = max((x for x, _y in places.values()), default=0) + 1
    rows = max((y for _x, y in places.values()), default=0) + 1
    width, height = columns * _TILE, rows * _TILE
    counts = Counter(standings.values())
    told = [(each, counts[each]) for each in Shade if counts[each]]
    legend, below = shades.legend(told, height + 14, width)
    parts = [shades.head(width, height + 14 + below, title, _description(counts)), shades.STYLE]
    parts.append(shades.patterns())
    parts += [_tile(code, places[code], standings.get(code, Shade.NOT_ASKED)) for code in sorted(places)]
    return "".join([*parts, legend, "</svg>"])


def _tile(code: str, place: tuple[int, int], each: Shade) -> str:
    """One tile; its code stands on a plate of its own where a pattern would make it hard to read."""
    x, y = place[0] * _TILE + 1, place[1] * _TILE + 1
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
