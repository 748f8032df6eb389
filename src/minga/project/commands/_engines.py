"""The whole database as one file, and back: SQLite's own backup, or PostgreSQL's own tools."""

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

ADMIN = "postgres"  # the database one is in while making or renaming another


class Impossible(Exception):
    """Why it cannot be done here, in one sentence."""


class Asked(Protocol):
    """Whatever answers statements: a connection of either driver."""

    def execute(self, statement: Any) -> Any: ...


@dataclass(frozen=True)
class Snapshot:
    """What stood in the database at the moment of which the file is."""

    migrations: list[str]
    counts: dict[str, int]


def counted(database: Asked, tables: Sequence[str]) -> Snapshot:
    rows = database.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    migrations = [f"{app}.{name}" for app, name in rows.fetchall()]
    counts = {}
    for table in tables:
        statement = f'SELECT count(*) FROM "{table}"'  # noqa: S608  # names of our models
        counts[table] = database.execute(statement).fetchone()[0]
    return Snapshot(migrations, counts)


def dump_sqlite(database: Path, into: Path, tables: Sequence[str]) -> Snapshot:
    """In one step, which keeps nobody from writing (WAL); and then one file without others."""
    with closing(sqlite3.connect(database)) as here, closing(sqlite3.connect(into)) as there:
        here.execute("PRAGMA busy_timeout=20000")
        here.backup(there)
        there.execute("PRAGMA journal_mode=DELETE")
        return counted(there, tables)


def dump_postgresql(url: str, into: Path, tables: Sequence[str]) -> Snapshot:
    """pg_dump looks at the same moment in which the rows are counted."""
    with psycopg.connect(url) as here:
        check_tool("pg_dump", here.info.server_version // 10_000)
        here.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        [moment] = here.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        snapshot = counted(here, tables)
        order = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges"]
        run_tool("pg_dump", url, *order, f"--snapshot={moment}", f"--file={into}")
        return snapshot


def restore_postgresql(url: str, file: Path) -> None:
    with psycopg.connect(url) as there:
        check_tool("pg_restore", there.info.server_version // 10_000)
    order = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    run_tool("pg_restore", url, *order, f"--dbname={name_of(url)}", str(file))


def check_tool(tool: str, server: int) -> None:
    """PostgreSQL's tools read servers of their own version and of older ones."""
    told = ""
    if shutil.which(tool):
        told = subprocess.run(
            [tool, "--version"], capture_output=True, text=True, check=True
        ).stdout
    found = re.search(r"\d+", told)
    if not found:
        raise Impossible(f"Falta {tool}: instala el paquete postgresql-client-{server}.")
    if int(found[0]) < server:
        raise Impossible(
            f"{tool} es de la versión {found[0]} y el servidor de la {server}: "
            f"instala el paquete postgresql-client-{server}."
        )


def run_tool(tool: str, url: str, *order: str) -> None:
    """Its password goes where no list of processes shows it."""
    where = urlsplit(url)
    given = {
        "PGHOST": where.hostname,
        "PGPORT": str(where.port or ""),
        "PGUSER": unquote(where.username or ""),
        "PGPASSWORD": unquote(where.password or ""),
        "PGDATABASE": name_of(url),
    }
    env = {**os.environ, **{name: value for name, value in given.items() if value}}
    done = subprocess.run([tool, *order], env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        told = done.stderr.strip().splitlines() or [""]
        raise Impossible(f"{tool} no pudo: {told[0]}")


def name_of(url: str) -> str:
    return unquote(urlsplit(url).path.lstrip("/"))


def named(url: str, name: str) -> str:
    """The same server, another database."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def is_taken(url: str) -> bool:
    """Whether a database of PostgreSQL is there, and has tables in it."""
    if not exists(url):
        return False
    with psycopg.connect(url) as there:
        asked = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        return bool((there.execute(asked).fetchone() or (0,))[0])


def exists(url: str) -> bool:
    with keeper(url) as server:
        asked = "SELECT 1 FROM pg_database WHERE datname = %s"
        return server.execute(asked, [name_of(url)]).fetchone() is not None


@contextmanager
def keeper(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody who may make databases on that server, from outside of ours."""
    try:
        server = psycopg.connect(named(url, ADMIN), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError:
        raise Impossible("El servidor de PostgreSQL no contesta, o no deja entrar.") from None
    try:
        with server:
            yield server
    except psycopg.errors.InsufficientPrivilege:
        raise Impossible(
            "El usuario de la base no puede crear bases: dale CREATEDB mientras dura."
        ) from None


def create(url: str) -> None:
    """The database of that address, empty."""
    new = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
    with keeper(url) as server:
        server.execute(new.format(sql.Identifier(name_of(url))))


def made(url: str) -> str:
    """A new database beside that one, empty; its address."""
    new = named(url, f"{name_of(url)[:40]}_nueva_{uuid4().hex[:8]}")
    create(new)
    return new


def dropped(url: str) -> None:
    gone = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with keeper(url) as server:
        server.execute(gone.format(sql.Identifier(name_of(url))))


def swapped(new: str, url: str, aside: str) -> None:
    """The new database takes the name of the old one, which is called otherwise from now on."""
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    there = exists(url)
    try:
        with keeper(url) as server, server.transaction():
            if there:
                server.execute(rename.format(sql.Identifier(name_of(url)), sql.Identifier(aside)))
            server.execute(
                rename.format(sql.Identifier(name_of(new)), sql.Identifier(name_of(url)))
            )
    except psycopg.errors.ObjectInUse:
        raise Impossible(
            f"Otros procesos tienen abierta la base «{name_of(url)}»: cierra Minga primero."
        ) from None
