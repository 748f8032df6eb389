"""Convierte límites oficiales (GeoJSON) en los contornos del mapa del país."""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._arguments import Arguments
from ._django import stand_up

if TYPE_CHECKING:
    from minga.kernel.design.pictures.limits import Point


def main(arguments: list[str]) -> int:
    given = understand(arguments)
    stand_up()
    try:
        target, size = drawn(given)
    except (OSError, ValueError) as problem:
        sys.exit(f"Nada cambió. {given.file}: {problem}")
    print(f"{target}: {size} letras. Mira el mapa en /propuestas/cifras/ antes de guardarlo.")
    return 0


def understand(arguments: list[str]) -> Namespace:
    parser = Arguments("limits", __doc__)
    parser.add_argument("file", type=Path, help="el archivo GeoJSON, en grados (WGS 84)")
    parser.add_argument(
        "--code", default="shapeISO", help="el nombre del dato que lleva el código ISO 3166-2"
    )
    parser.add_argument("--source", required=True, help="de quién son; se muestra bajo el mapa")
    parser.add_argument(
        "--move",
        action="append",
        type=moved,
        default=[],
        metavar="CÓDIGO=GRADOS",
        help="acerca hacia el este lo que queda lejos: EC-W=4.5",
    )
    return parser.parse_args(arguments)


def moved(words: str) -> tuple[str, float]:
    code, _equals, degrees = words.partition("=")
    return code, float(degrees)


def drawn(given: Namespace) -> tuple[Path, int]:
    """Where the outlines now are, and how many letters they take; all of them or none."""
    from minga.kernel.design.pictures.limits import outlined
    from minga.kernel.jurisdiction import queries as jurisdiction

    parts = read(given.file, given.code, dict(given.move))
    wanted = set(jurisdiction.territories().values_list("iso", flat=True))
    if differs := sorted(wanted ^ set(parts)):
        raise ValueError(f"faltan o sobran partes del país: {', '.join(differs)}")
    box, paths = outlined(parts)
    target = jurisdiction.files("jurisdiction")[0].with_name("outlines.json")
    text = json.dumps(
        {"source": given.source, "box": box, "paths": paths}, ensure_ascii=False, indent=0
    )
    half = target.with_suffix(".half")
    half.write_text(text + "\n", "utf-8")
    os.replace(half, target)
    return target, len(text)


def read(
    file: Path, name: str, moves: Mapping[str, float]
) -> "dict[str, Sequence[Sequence[Point]]]":
    """The rings of each part, by its code."""
    from minga.kernel.design.pictures.limits import rings

    try:
        features: list[Any] = list(json.loads(file.read_text("utf-8"))["features"])
    except (ValueError, KeyError, TypeError) as problem:
        raise ValueError("no es una colección de GeoJSON (FeatureCollection)") from problem
    parts: dict[str, Sequence[Sequence[Point]]] = {}
    for feature in features:
        if not (code := (feature.get("properties") or {}).get(name)):
            raise ValueError(f"una parte no tiene «{name}»: escribe otro nombre en --code")
        if code in parts:
            raise ValueError(f"{code} está dos veces")
        right = moves.get(code, 0.0)
        try:
            found = rings(feature.get("geometry") or {})
        except ValueError as problem:
            raise ValueError(f"{code}: {problem}") from problem
        parts[code] = [[(x + right, y) for x, y in ring] for ring in found]
    return parts
