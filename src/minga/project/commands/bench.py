"""Mide lo que cuesta cada petición: procesador, sentencias y tamaño, con 10.000 propuestas."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from . import _engines as engines
from . import _testing as testing
from ._arguments import Arguments
from ._django import stand_up
from ._steps import step


def main(arguments: list[str]) -> int:
    given = understand(arguments)
    if given.both:
        return both(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # its server and database end with it
    with tempfile.TemporaryDirectory(prefix="minga-bench-") as folder, own(given.database):
        os.environ |= {"MINGA_DATA": folder, "MINGA_DATABASE": given.database}
        os.environ |= {"MINGA_COUNTRY": "ec", "MINGA_DEMO": "sí" if given.reach else "no"}
        if given.groups is not None:
            groups(given)
        elif given.reach:
            reach(given)
        elif given.papers:
            papers(given)
        elif given.proxy:
            two_servers(given)
        elif given.restore:
            kept(Path(folder), given)
        elif given.desk:
            desks(given)
        elif given.edits:
            edit(given.edits)
        else:
            build(Path(folder), given)
            report(given)
    return 0


def understand(arguments: list[str]) -> Namespace:
    parser = Arguments("bench", __doc__)
    parser.add_argument("--proposals", type=int, help="cuántas se aceptan (10000)")
    parser.add_argument("--quick", action="store_true", help="pocas propuestas y pocas veces")
    parser.add_argument("--desk", action="store_true", help="la mesa con 10, 1.000 y 100.000 casos")
    parser.add_argument("--reach", action="store_true", help="a quién alcanza cada página")
    parser.add_argument("--papers", action="store_true", help="un PDF de veinte páginas")
    words = "guarda y repone una base grande"
    parser.add_argument("--restore", action="store_true", help=words)
    parser.add_argument("--size", type=int, default=1_000, metavar="MB", help="de cuánto (1000)")
    words = "dos servidores tras nginx, y uno muere a la mitad"
    parser.add_argument("--proxy", action="store_true", help=words)
    parser.add_argument(
        "--edits",
        type=int,
        metavar="N",
        nargs="?",
        const=10_000,
        help="N cambios por detrás (10000)",
    )
    words = "las sugerencias: cuánto aciertan y tardan; o la lista de FILE, propuestas.csv"
    parser.add_argument("--groups", nargs="?", const="", metavar="FILE", help=words)
    parser.add_argument("--both", action="store_true", help="en SQLite y después en PostgreSQL")
    parser.add_argument("--statements", metavar="FILE", help="escribe ahí cada sentencia")
    parser.add_argument(
        "--database", metavar="URL", default="", help="una base que se crea y luego se borra"
    )
    given = parser.parse_args(arguments)
    given.proposals = given.proposals or (1_000 if given.quick else 10_000)
    return given


def both(arguments: list[str]) -> int:
    """One after the other, each in a process of its own."""
    order = [sys.executable, "-m", "minga.project.commands", "bench"]
    order += [argument for argument in arguments if argument != "--both"]
    url = testing.postgresql()
    ends = [subprocess.run(order, check=False).returncode]
    if url:
        ends.append(subprocess.run([*order, "--database", url], check=False).returncode)
    else:
        print("Ningún PostgreSQL contesta: quedó fuera.")
    return max(ends)


@contextmanager
def own(url: str) -> Iterator[None]:
    """The database of that address, which may not be there yet: made, and taken away."""
    if not url:
        yield
        return
    try:
        engines.create(url)
    except psycopg.errors.DuplicateDatabase:
        name = engines.name_of(url)
        sys.exit(f"La base «{name}» ya existe: la medida hace la suya y luego la borra.")
    try:
        yield
    finally:
        engines.dropped(url)


def build(folder: Path, given: Namespace) -> None:
    """The world that is measured; of SQLite's, a copy is kept until the code changes."""
    from bench import kept

    here, there = folder / "ecuador.sqlite3", kept.place(given.proposals)
    if not given.database and there.exists():
        shutil.copy(there, here)
    stand_up()
    from django.db import connection
    from django.utils import timezone

    from bench import world

    from . import start, verify

    start.fill(demo=False)
    start.collect_static()
    with step(f"Escribiendo {given.proposals} propuestas aceptadas, y otras por leer"):
        world.build(given.proposals, timezone.now())
    verify.main([])
    connection.close()  # the last to leave writes everything into the one file
    if not given.database and not there.exists():
        kept.keep(here, there)


def papers(given: Namespace) -> None:
    """Before anything is stood up: a child counts the memory of whoever starts it."""
    from bench import papers as cost

    print(cost.report(3 if given.quick else 10))


def groups(given: Namespace) -> None:
    """Nothing is stood up: texts are all it needs."""
    from bench import similar

    sizes = (335,) if given.quick else (335, 10_000)
    told = similar.again(Path(given.groups)) if given.groups else similar.report(sizes)
    for line in told:
        print(line, flush=True)


def desks(given: Namespace) -> None:
    """One table for all the sizes: it grows while it is measured."""
    stand_up()
    from django.utils import timezone

    from bench import desk, measure, server, visits

    from . import start, verify

    start.fill(demo=False)
    start.collect_static()
    rows: list[measure.Figures] = []
    runs, times = (3, 10) if given.quick else (5, 40)
    for size in desk.grown(timezone.now()):
        asked = [*([] if rows else [visits.greeting()]), *desk.visits(size)]
        with server.serving() as running, step(f"Midiendo la mesa con {size} casos"):
            found = list(measure.measured(running, asked, runs=runs, times=times))
        told = dict(measure.statements(asked))
        for row in found:
            row.statements.extend(told[row.name])
        rows += found
    verify.main([])
    print("\n".join(measure.table(rows)))


def reach(given: Namespace) -> None:
    """The invented world, looked at as people with other eyes and other screens do."""
    stand_up()
    from django.db import connection

    from bench import reach, server

    from . import start

    start.fill(demo=True)
    start.collect_static()
    with step("Recorriendo todas las páginas"):
        pages, sessions = reach.world()
        connection.close()
    pages = reach.some(pages) if given.quick else pages
    with server.serving() as running:
        base = f"http://localhost:{running.port}"
        with step("Mirándolas"):
            findings = list(reach.seen(base, pages, sessions))
        print("\n".join(reach.told(pages, findings)))
        if not reach.lighthouse():
            print("Lighthouse quedó fuera: di en LIGHTHOUSE dónde está el programa.")
            return
        for line in reach.scores(base, pages, runs=1 if given.quick else 3):
            print(line, flush=True)


def two_servers(given: Namespace) -> None:
    """On PostgreSQL when a database was given: then the servers could be two machines."""
    stand_up()
    from django.utils import timezone

    from bench import proxy, world

    from . import start, verify

    start.fill(demo=False)
    start.collect_static()
    world.build(0, timezone.now())
    proxy.prepare(proxy.SENDERS * proxy.EACH)
    with step("Leyendo y enviando"):
        seen, seconds = proxy.run()
    print("\n".join(proxy.table(seen, seconds)))
    verify.main([])


def kept(folder: Path, given: Namespace) -> None:
    """On SQLite, whose file says how large it is."""
    os.environ["MINGA_DATA"] = str(folder / "here")
    stand_up()
    from django.utils import timezone

    from bench import restore

    from . import start

    start.fill(demo=False)
    with step(f"Escribiendo casos hasta {given.size} MB"):
        cases = restore.build(given.size, timezone.now())
    print(f"\n{cases} casos\n" + "\n".join(map(str, restore.costs(folder))))


def edit(times: int) -> None:
    """What `./minga verify` finds of what is changed behind the application's back."""
    stand_up()
    from bench import edits

    from . import start, verify

    start.fill(demo=True)
    edits.world()
    verify.main([])
    with step(f"Cambiando {times} veces algo por detrás"):
        tally = edits.tried(times)
    print("\n".join(edits.told(tally)))


def report(given: Namespace) -> None:
    from bench import append, measure, server
    from bench.visits import visits

    runs, times = (3, 10) if given.quick else (5, 40)
    with server.serving() as running:
        with step("Midiendo"):
            rows = list(measure.measured(running, visits(), runs=runs, times=times))
        first = dict(measure.first_visit(running))
    with step("Contando sentencias"):
        told = dict(measure.statements(visits()))
    for row in rows:
        row.statements.extend(told[row.name])
    engine = "PostgreSQL" if given.database else "SQLite"
    print(f"\n{engine}, {given.proposals} propuestas; {runs} veces {times} peticiones\n")
    print("\n".join(measure.table(rows)))
    print("\nPrimera visita:", measure.sizes(first))
    print(f"\n{append.share()}")
    if given.statements:
        lines = (f"{name}\n  " + "\n  ".join(said[-1]) + "\n" for name, said in told.items())
        Path(f"{given.statements}.{engine.lower()}").write_text("\n".join(lines), "utf-8")
