"""Guarda en un solo archivo la base, los archivos, las llaves y las cartas; también en marcha."""

import hmac
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from minga.project import environment
from minga.project.environment import HOME, Environment

from . import _archive as archive
from . import _engines as engines
from ._arguments import Arguments
from ._django import stand_up
from ._steps import step

if TYPE_CHECKING:
    from django.core.files.storage import Storage


def main(arguments: list[str]) -> None:
    parser = Arguments("backup", __doc__)
    parser.add_argument("file", type=Path, help="el archivo que se escribe; no puede existir")
    file = parser.parse_args(arguments).file.absolute()
    stand_up()
    check(file)
    try:
        counts = keep(environment.read(), file)
    except engines.Impossible as problem:
        sys.exit(str(problem))
    except OSError as problem:
        sys.exit(f"No se pudo escribir {file}: {problem.strerror}. No quedó nada a medias.")
    size = f"{file.stat().st_size / 1e6:.1f}".replace(".", ",")
    print(f"Guardado en {file}: {size} MB, {counts['cases_case']} casos. Solo lo lee su dueño.")


def check(file: Path) -> None:
    if file.exists():
        sys.exit(f"{file} ya existe: elige otro nombre.")
    if not os.access(file.parent, os.W_OK):
        sys.exit(f"No se puede escribir en la carpeta {file.parent}.")


def keep(env: Environment, file: Path) -> dict[str, int]:
    """The database first and the files after it, so that no row is without its file."""
    from minga.kernel.cases.queries import attachments

    with tempfile.TemporaryDirectory(prefix=f"{file.name}.", dir=file.parent) as folder:
        base = Path(folder, "base.dump" if env.database else "base.sqlite3")
        check_room(env, file.parent)
        waiting = list(attachments.waiting().values_list("pk", flat=True))
        with step("Copiando la base"):
            snapshot = dump(env, base)
        with (
            step("Reuniendo los archivos"),
            archive.beside(file) as target,
            archive.written(target, head(env, snapshot)) as writer,
        ):
            add(writer, base.name, base)
            for name, path in loose(env):
                add(writer, name, path)
            for place in stored():
                add_stored(writer, place)
            check_scanned(waiting)
    return snapshot.counts


def check_scanned(waiting: list[int]) -> None:
    """A file that was refused meanwhile is gone, and the copied row still waits for it."""
    from minga.kernel.cases.models import Attachment
    from minga.kernel.cases.rules import Scan

    if Attachment.objects.filter(pk__in=waiting, scan=Scan.REFUSED).exists():
        raise engines.Impossible(
            "El antivirus rechazó un archivo mientras se copiaba: repite la orden."
        )


def dump(env: Environment, base: Path) -> engines.Snapshot:
    from django.apps import apps

    tables = sorted(m._meta.db_table for m in apps.get_models(include_auto_created=True))
    if env.database:
        return engines.dump_postgresql(env.database, base, tables)
    return engines.dump_sqlite(embedded(env), base, tables)


def embedded(env: Environment) -> Path:
    return Path(env.data, f"{env.jurisdiction}.sqlite3")


def head(env: Environment, snapshot: engines.Snapshot) -> dict[str, Any]:
    """What a restore must know before it unpacks anything."""
    return {
        "country": env.jurisdiction,
        "engine": engine(env),
        "code": version(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "secret": known_by(env.secret),
        "migrations": snapshot.migrations,
        "counts": snapshot.counts,
    }


def engine(env: Environment) -> str:
    return "postgresql" if env.database else "sqlite"


def version() -> str:
    """The commit this code is of, when it is a clone."""
    order = ["git", "-C", str(HOME), "rev-parse", "--short=12", "HEAD"]
    if not shutil.which("git"):
        return ""
    return subprocess.run(order, capture_output=True, text=True, check=False).stdout.strip()


def known_by(secret: str) -> str:
    """Tells whether two secrets are the same, without telling the secret."""
    return hmac.digest(secret.encode(), b"minga backup", "sha256").hex()


def check_room(env: Environment, folder: Path) -> None:
    """The copy of the database, and once more in the file; what lies in S3 is not counted."""
    here = [embedded(env)] if not env.database else []
    needed = 2 * sum(path.stat().st_size for path in here)
    needed += sum(path.stat().st_size for _, path in loose(env))
    if not env.files:
        needed += sum(path.stat().st_size for path in inside(Path(env.data, "files")))
    if shutil.disk_usage(folder).free < needed:
        mega = f"{needed / 1e6:.0f}"
        raise engines.Impossible(f"En {folder} hacen falta {mega} MB libres. No se escribió nada.")


def loose(env: Environment) -> Iterator[tuple[str, Path]]:
    """What is beside the database and the store: keys, letters without a mail server, the
    secret when a file holds it."""
    for folder in ("keys", "mail"):
        for path in inside(Path(env.data, folder)):
            yield str(path.relative_to(env.data)), path
    if secret := os.environ.get("MINGA_SECRET_FILE"):
        yield "secret", Path(secret)


def inside(folder: Path) -> Iterator[Path]:
    for here, _, names in os.walk(folder):
        yield from (Path(here, name) for name in sorted(names))


def stored(folder: str = "") -> Iterator[str]:
    """Every file of the store, a folder or S3."""
    from django.core.files.storage import default_storage

    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}".lstrip("/") for name in names if name)
    for inner in folders:
        yield from stored(f"{folder}/{inner}".lstrip("/"))


def add(writer: archive.Writer, name: str, path: Path) -> None:
    with path.open("rb") as content:
        writer.add(name, content, os.fstat(content.fileno()).st_size)


def add_stored(writer: archive.Writer, place: str) -> None:
    from django.core.files.storage import default_storage

    store: Storage = default_storage
    try:
        content = store.open(place)
    except FileNotFoundError:  # it was of no case, and forgotten meanwhile
        return
    with content:
        writer.add(f"files/{place}", content, content.size)
