"""The one file of a backup: a head, the parts, and last of all the sum of each part.

A tar that is written and read as a stream, so its size is nobody's memory. Without its last
part it was cut short; with another sum a part was changed.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = 1
HEAD, SUMS = "minga.json", "sums.txt"
PIECE = 1 << 20  # bytes read at a time
FOLDERS = ("files", "keys", "mail")
ALONE = ("base.sqlite3", "base.dump", "secret")


class Broken(Exception):
    """What is wrong with the file of a backup, in one sentence."""


@contextmanager
def beside(target: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner reads, and that has its name once it is whole."""
    number, name = tempfile.mkstemp(prefix=f"{target.name}.", suffix=".parcial", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.rename(name, target)
        folder = os.open(target.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)


class Writer:
    """Adds one part after the other, and remembers the sum of each on the disk."""

    def __init__(self, tar: tarfile.TarFile, sums: IO[bytes]) -> None:
        self.tar, self.sums = tar, sums

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        summed = _Summed(content)
        self._put(name, summed, size)
        self.sums.write(_line(name, size, summed.digest.hexdigest()))

    def end(self) -> None:
        size = self.sums.tell()
        self.sums.seek(0)
        self._put(SUMS, self.sums, size)

    def _put(self, name: str, content: Any, size: int) -> None:
        part = tarfile.TarInfo(name)
        part.size, part.mode = size, 0o600
        self.tar.addfile(part, content)
        self.tar.members = []  # type: ignore[attr-defined]  # it would remember every part


@contextmanager
def written(file: IO[bytes], head: Mapping[str, object]) -> Iterator[Writer]:
    text = json.dumps({"format": FORMAT, **head}, ensure_ascii=False, indent=1).encode()
    with (
        tempfile.TemporaryFile() as sums,
        tarfile.open(fileobj=file, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        writer = Writer(tar, sums)
        writer.add(HEAD, io.BytesIO(text), len(text))
        yield writer
        writer.end()


class _Summed:
    """A file whose bytes are counted into a sum as they are read."""

    def __init__(self, content: IO[bytes]) -> None:
        self.content, self.digest = content, hashlib.sha256()

    def read(self, size: int = PIECE) -> bytes:
        piece = self.content.read(size)
        self.digest.update(piece)
        return piece


def _line(name: str, size: int, digest: str) -> bytes:
    return f"{digest} {size} {name}\n".encode()


def head_of(file: Path) -> dict[str, Any]:
    """What the backup says of itself, before anything of it is unpacked."""
    with _reading(file) as tar:
        first = tar.next()
        content = tar.extractfile(first) if first and first.name == HEAD else None
        if content is None:
            raise Broken("no es una copia de Minga")
        try:
            head: dict[str, Any] = json.loads(content.read(PIECE * 16))
        except ValueError:
            raise Broken("no es una copia de Minga") from None
    if head.get("format") != FORMAT:
        raise Broken("la escribió una Minga más nueva que esta")
    return head


def unpack(file: Path, folder: Path) -> None:
    """Every part into a folder, and then each sum compared: whatever was cut or changed is
    named."""
    with _reading(file) as tar, tempfile.TemporaryFile() as found:
        while (part := tar.next()) and part.name != SUMS:
            tar.members = []  # type: ignore[attr-defined]  # as above
            content = tar.extractfile(part)
            if content is None:
                raise Broken(f"la parte {part.name} no es un archivo")
            digest = _keep(content, folder / _place(part.name))
            found.write(_line(part.name, part.size, digest))
        sums = tar.extractfile(part) if part else None
        if sums is None:
            raise Broken("está cortada: le falta el final")
        found.seek(0)
        _compare(found, sums)
        if tar.next():
            raise Broken("tiene algo después del final")


def _keep(content: IO[bytes], place: Path) -> str:
    summed = _Summed(content)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
        while piece := summed.read():
            kept.write(piece)
    return summed.digest.hexdigest()


def _place(name: str) -> str:
    """Where a part belongs: nowhere else than a backup puts it."""
    parts = PurePosixPath(name).parts
    known = name in (HEAD, *ALONE) or (len(parts) > 1 and parts[0] in FOLDERS)
    if not known or name.startswith("/") or ".." in parts:
        raise Broken(f"tiene una parte que no conoce: {name}")
    return name


def _compare(found: IO[bytes], said: IO[bytes]) -> None:
    for ours in found:
        theirs = said.readline()
        if ours != theirs:
            name = ours.decode().rstrip("\n").split(" ", 2)[2]
            raise Broken(f"la parte {name} no es la que se guardó")
    if said.readline():
        raise Broken("le faltan partes")


@contextmanager
def _reading(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r|", bufsize=PIECE) as tar:
            yield tar
    except (tarfile.ReadError, EOFError):
        empty = file.stat().st_size == 0 or not tarfile.is_tarfile(file)
        raise Broken("no es una copia de Minga" if empty else "está cortada o dañada") from None
