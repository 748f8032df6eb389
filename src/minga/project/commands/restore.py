"""Repone lo que guardó ./minga backup: aparte primero, comprobado, y solo entonces en su lugar."""

import shutil
import sqlite3
import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from minga.project import environment
from minga.project.environment import Environment

from . import _archive as archive
from . import _engines as engines
from ._arguments import Arguments
from ._django import set_up
from ._staged import Staged, is_taken, staged
from ._steps import step
from .backup import engine, inside, known_by

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main(arguments: list[str]) -> None:
    given = understand(arguments)
    set_up()
    try:
        restore(environment.read(), given.file, replace=given.replace)
    except archive.Broken as problem:
        sys.exit(f"Esta copia no sirve: {problem}. Nada se cambió.")
    except engines.Impossible as problem:
        sys.exit(str(problem))
    except OSError as problem:
        sys.exit(f"No se pudo reponer: {problem.strerror}. Nada se cambió.")


def understand(arguments: list[str]) -> Namespace:
    parser = Arguments("restore", __doc__)
    parser.add_argument("file", type=Path, help="lo que escribió ./minga backup")
    parser.add_argument(
        "--replace", action="store_true", help="aunque aquí ya haya datos; los deja al lado"
    )
    return parser.parse_args(arguments)


def restore(env: Environment, file: Path, *, replace: bool) -> None:
    if not file.is_file():
        raise engines.Impossible(f"No hay ningún archivo {file}.")
    head = archive.head_of(file)
    older = check(env, head, file)
    data, base = Path(env.data), f"{env.jurisdiction}.sqlite3"
    if not replace and is_taken(data, target=env.database, base=base):
        raise engines.Impossible(
            "Aquí ya hay datos: con --replace quedan al lado y se usa la copia. Nada se cambió."
        )
    with staged(data, target=env.database, base=base) as place:
        with step("Abriendo la copia"):
            archive.unpack(file, place.folder)
        fill(place, head, older=older)
        with step("Comprobando lo repuesto"):
            place.verify("--files")
        if env.files:
            with step("Subiendo los archivos"):
                upload(place.folder / "files")
        told = place.swap()
    print(f"Repuesto: {head['counts']['cases_case']} casos, de {head['at']}. {VERIFIED}")
    tell(env, head, told)


VERIFIED = "La historia está completa y cada archivo es el que se recibió."


def check(env: Environment, head: dict[str, Any], file: Path) -> bool:
    """Whether the backup is of an older version; whatever cannot be restored here stops."""
    from minga.project import health

    if head["country"] != env.jurisdiction:
        raise engines.Impossible(
            f"La copia es de {head['country']} y esta instalación de {env.jurisdiction}. "
            "Nada se cambió."
        )
    if head["engine"] != engine(env):
        raise engines.Impossible(
            f"La copia es de {ENGINES[head['engine']]} y aquí se usa {ENGINES[engine(env)]}: "
            "reponla en una instalación como la suya y pásala con ./minga move. Nada se cambió."
        )
    here = {f"{app}.{name}" for app, name in health.wanted()}
    there = set(head["migrations"])
    if newer := sorted(there - here):
        raise engines.Impossible(
            f"La copia es de una versión más nueva que esta ({newer[0]} no se conoce): "
            "pon primero esa versión. Nada se cambió."
        )
    if shutil.disk_usage(env.data).free < file.stat().st_size * 2:
        raise engines.Impossible(f"En {env.data} no hay sitio para reponer. Nada se cambió.")
    return bool(here - there)


def fill(place: Staged, head: dict[str, Any], *, older: bool) -> None:
    """The database as it was, its rows counted; and then the tables of this code."""
    dump, base = place.folder / "base.dump", place.folder / "base.sqlite3"
    with step("Reponiendo la base"):
        if place.target:
            engines.restore_postgresql(place.url, dump)
            dump.unlink()
            with psycopg.connect(place.url) as there:
                found = engines.counted(there, list(head["counts"]))
        else:
            base.rename(place.folder / place.base)
            with closing(sqlite3.connect(place.folder / place.base)) as here:
                found = engines.counted(here, list(head["counts"]))
    if found.counts != head["counts"] or found.migrations != head["migrations"]:
        raise archive.Broken("sus filas no son las que se contaron al guardarla")
    words = "La copia es de una versión anterior: poniendo al día sus tablas"
    with step(words if older else "Preparando las tablas"):
        place.prepare()


def upload(folder: Path) -> None:
    """Into the store of the installation; what is there already is the same: names are never
    given twice."""
    from django.core.files.base import File
    from django.core.files.storage import default_storage

    for path in inside(folder):
        place = str(path.relative_to(folder))
        if not default_storage.exists(place):
            with path.open("rb") as content:
                default_storage.save(place, File(content))
    shutil.rmtree(folder, ignore_errors=True)


def tell(env: Environment, head: dict[str, Any], old: list[str]) -> None:
    if old:
        print(f"Lo de antes quedó en {' y en '.join(old)}: bórralo cuando no haga falta.")
    secret = Path(env.data, "secret")
    if head["secret"] != known_by(env.secret):
        where = f"usa MINGA_SECRET_FILE={secret}" if secret.exists() else "pon aquella"
        print(f"La MINGA_SECRET de aquí no es la de la copia: {where}, o nadie podrá usar")
        print("su segundo paso para entrar.")
