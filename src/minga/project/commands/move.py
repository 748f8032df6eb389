"""Pasa todo de la base de hoy a otra vacía: de SQLite a PostgreSQL, o de vuelta (sqlite:)."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from minga.project import environment
from minga.project.environment import Environment

from . import _engines as engines
from ._arguments import Arguments
from ._django import stand_up
from ._staged import Staged, is_taken, staged
from ._steps import step

if TYPE_CHECKING:
    from django.db.models import Model

EMBEDDED = "sqlite:"  # the base of MINGA_DATA
TARGET = "target"


def main(arguments: list[str]) -> None:
    parser = Arguments("move", __doc__)
    parser.add_argument("url", help="postgresql://usuario:clave@servidor:puerto/base, o sqlite:")
    url = parser.parse_args(arguments).url
    if url != EMBEDDED and not urlsplit(url).scheme.startswith("postgres"):
        parser.error("url")
    stand_up()
    try:
        move(environment.read(), "" if url == EMBEDDED else url)
    except engines.Impossible as problem:
        sys.exit(str(problem))


def move(env: Environment, target: str) -> None:
    base = f"{env.jurisdiction}.sqlite3"
    check(env, target, base)
    with staged(Path(env.data), target=target, base=base) as place:
        rows = fill(place)
        with step("Preparando disparadores y búsqueda"):
            place.prepare()
        with step("Comprobando la historia"):
            place.verify()
        place.swap()
    value = "vacía" if not target else "la que diste"
    print(f"Pasaron {rows} filas, y la historia está completa. La base de antes sigue como estaba;")
    print(f"desde ahora, MINGA_DATABASE {value}. Lo que alguien escriba en la de antes no pasa.")


def check(env: Environment, target: str, base: str) -> None:
    from minga.project import health

    if bool(target) == bool(env.database):
        raise engines.Impossible(
            "Las dos bases son del mismo motor: usa ./minga backup y ./minga restore."
        )
    if health.asked(health.tables):
        raise engines.Impossible("A la base de hoy le faltan migraciones: antes, ./minga prepare.")
    if is_taken(Path(env.data), target=target, base=base):
        raise engines.Impossible("La base de destino no está vacía. Nada se cambió.")


def fill(place: Staged) -> int:
    """The tables without their triggers, then every row of one moment of the source."""
    from django.db import connections

    from minga.kernel.trust import queries as trust
    from minga.project.settings import database

    with step("Preparando las tablas"):
        place.make_tables()
    there = database(place.url)
    there["NAME"] = there["NAME"] if place.url else place.folder / place.base
    connections.settings[TARGET] = connections.configure_settings({"default": there})["default"]
    from . import _copying as copying

    kinds = ours()
    with step("Pasando las filas"), trust.as_of_now():
        counts = copying.copy(kinds, source="default", target=TARGET)
        differing = [
            kind._meta.db_table
            for kind in kinds
            if kind._base_manager.using(TARGET).count() != counts[kind._meta.db_table]
            or kind._base_manager.using("default").count() != counts[kind._meta.db_table]
        ]
    connections[TARGET].close()
    if differing:
        raise engines.Impossible(f"No pasaron todas las filas de {differing[0]}. Nada se cambió.")
    return sum(counts.values())


def ours() -> "list[type[Model]]":
    """Every table that a model of the house, or of a library, has."""
    from django.apps import apps

    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed]
