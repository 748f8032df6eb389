"""Limits as an authority publishes them (GeoJSON, in degrees) made into light outlines. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import cos, hypot, radians

WIDE = 640  # units of the drawing
SLACK = 0.9  # units that an outline may stray

Point = tuple[float, float]
Ring = Sequence[Point]


def rings(geometry: Mapping[str, object]) -> list[list[Point]]:
    """The outer rings of a polygon or of several: a hole is a part of somebody else's."""
    kind, places = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not isinstance(places, list):
        raise ValueError(f"{kind} no es un polígono")
    polygons = [places] if kind == "Polygon" else places
    try:
        found = [[(float(x), float(y)) for x, y, *_height in polygon[0]] for polygon in polygons]
    except (TypeError, ValueError, IndexError) as problem:
        raise ValueError("sus coordenadas no se entienden") from problem
    if not all(found) or not found:
        raise ValueError("le falta el contorno")
    if any(abs(x) > 180 or abs(y) > 90 for ring in found for x, y in ring):
        raise ValueError("las coordenadas no son grados (WGS 84)")
    return found


def outlined(parts: Mapping[str, Sequence[Ring]]) -> tuple[str, dict[str, str]]:
    """The box of the drawing, and a path of whole units for each part."""
    points = [point for rings_of in parts.values() for ring in rings_of for point in ring]
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    narrow = cos(radians((south + north) / 2))
    unit = (east - west) * narrow / WIDE or 1.0

    def drawn(ring: Ring) -> list[Point]:
        return [((x - west) * narrow / unit, (north - y) / unit) for x, y in ring]

    paths = {code: _path(map(drawn, rings_of)) for code, rings_of in parts.items()}
    return f"0 0 {WIDE} {round((north - south) / unit)}", paths


def _path(drawn: Iterable[Ring]) -> str:
    """All that is left of the rings of one part; its largest one always is."""
    whole = [_whole(ring) for ring in drawn]
    kept = [ring for ring in whole if len(ring) > 2] or [max(whole, key=len)]
    return "".join(map(_piece, kept))


def _whole(ring: Ring) -> list[tuple[int, int]]:
    rounded = [(round(x), round(y)) for x, y in simplified(ring)]
    once = [point for n, point in enumerate(rounded) if not n or point != rounded[n - 1]]
    return once[:-1] if len(once) > 1 and once[0] == once[-1] else once


def _piece(ring: Sequence[tuple[int, int]]) -> str:
    (x, y), *rest = ring
    steps = []
    for right, down in rest:
        steps.append(f"{right - x},{down - y}")
        x, y = right, down
    return f"M{ring[0][0]},{ring[0][1]}l{' '.join(steps) or '0,0'}z"


def simplified(ring: Ring) -> Iterator[Point]:
    """Only the points without which it would stray (Douglas and Peucker)."""
    kept, spans = {0, len(ring) - 1}, [(0, len(ring) - 1)]
    while spans:
        first, last = spans.pop()
        between = range(first + 1, last)
        far = max(between, key=lambda n: _apart(ring[n], ring[first], ring[last]), default=first)
        if _apart(ring[far], ring[first], ring[last]) > SLACK:
            kept.add(far)
            spans += [(first, far), (far, last)]
    return (point for n, point in enumerate(ring) if n in kept)


def _apart(point: Point, one: Point, other: Point) -> float:
    """How far a point is from the line through two others, or from both where they are one."""
    right, down = other[0] - one[0], other[1] - one[1]
    length = hypot(right, down)
    if not length:
        return hypot(point[0] - one[0], point[1] - one[1])
    return abs(right * (one[1] - point[1]) - down * (one[0] - point[0])) / length
