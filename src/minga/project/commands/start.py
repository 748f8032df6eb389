"""Abre Minga en este equipo, con un pueblo inventado dentro; Ctrl-C la cierra."""

import os
import sys
from argparse import Namespace
from hashlib import sha256
from pathlib import Path

from ._arguments import Arguments, port
from ._django import stand_up
from ._serving import is_free, serve
from ._steps import step


def main(arguments: list[str]) -> int:
    given = understand(arguments)
    if not is_free(given.port):
        free = next((other for other in range(given.port + 1, 65536) if is_free(other)), 8000)
        sys.exit(f"El puerto {given.port} está ocupado; prueba ./minga start --port {free}")
    stand_up()
    fill(demo=not given.empty)
    collect_static()
    from minga.project import metrics

    metrics.forget()
    return serve(given.port, demo=not given.empty)


def understand(arguments: list[str]) -> Namespace:
    parser = Arguments("start", __doc__)
    parser.add_argument("--country", metavar="ec|bo", help="el país (ec)")
    parser.add_argument("--port", type=port, default=8000, help="el puerto (8000)")
    parser.add_argument("--empty", action="store_true", help="sin el pueblo inventado")
    parser.add_argument("--database", metavar="URL", help="otra base que la embebida")
    given = parser.parse_args(arguments)
    for name in ("country", "database"):
        if value := getattr(given, name):
            os.environ[f"MINGA_{name.upper()}"] = value
    os.environ.setdefault("MINGA_ADDRESS", f"http://localhost:{given.port}")
    os.environ.setdefault("MINGA_DEMO", "no" if given.empty else "sí")
    return given


def fill(*, demo: bool) -> None:
    """Tables, the country's files and the invented town; each may be repeated safely."""
    from . import demo as town
    from . import load as country

    with step("Preparando la base"):
        tables()
    with step("Cargando los archivos del país"):
        country.load()
    if demo:
        with step("Poblando el pueblo inventado"):
            town.demo()


def tables() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Only when a static file changed: compressing them takes seconds."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = sha256()
    for finder in get_finders():
        for path, storage in finder.list(None):
            with storage.open(path) as file:
                digest.update(path.encode() + file.read())
    stamp = Path(settings.DATA, "static.sha256")
    made = Path(settings.STATIC_ROOT, "staticfiles.json").exists() and stamp.exists()
    if not made or stamp.read_text() != digest.hexdigest():
        with step("Reuniendo los archivos de estilo"):
            call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest.hexdigest())
