"""Stand Django up, or say in one sentence why it cannot."""

import os
import sqlite3
import sys
from urllib.parse import urlsplit

import django
from django.db import OperationalError, connection

from minga.project import environment

from ._compiled import compile_words


def stand_up() -> None:
    """With the database that is configured, open."""
    wanted = set_up()
    try:
        connection.ensure_connection()
    except OperationalError:
        sys.exit(f"No se puede abrir la base {wanted}: ¿está encendida, y hay permiso para entrar?")


def set_up() -> str:
    """Without a database yet; answers the words for the one that is configured."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minga.project.settings")
    try:
        env = environment.read()
        env.check()
        where = urlsplit(env.database)
        wanted = f"de {env.jurisdiction} en {env.data}"
        if env.database:  # said again without its user and password
            wanted = f"«{where.path.lstrip('/')}» de {where.hostname}:{where.port or 5432}"
    except (OSError, ValueError) as error:
        sys.exit(f"Con esta configuración no se puede abrir Minga. {error}")
    if env.database and not where.scheme.startswith("postgres"):
        sys.exit("La base se escribe postgresql://usuario:clave@servidor:puerto/base.")
    if not env.database:
        check_sqlite()
    check_folder(env.data)
    compile_words()
    django.setup()
    return wanted


def check_sqlite() -> None:
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
    except sqlite3.OperationalError:
        sys.exit(
            "Al SQLite de este Python le falta FTS5, con el que se busca: hace falta PostgreSQL."
        )
    finally:
        database.close()


def check_folder(data: str) -> None:
    try:
        os.makedirs(data, exist_ok=True)
    except OSError:
        writable = False
    else:
        writable = os.access(data, os.W_OK)
    if not writable:
        sys.exit(f"No se puede escribir en la carpeta {data}.")
