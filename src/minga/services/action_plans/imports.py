"""The country's plans, and what action plans say of each commitment.

The format is `data/action_plans/<plan>.toml`: the key of a plan, and for each commitment the
code it has in the plan's own file with what the document says of it.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.plans import actions as plans
from minga.kernel.plans.declaration import Unreadable
from minga.kernel.plans.models import Edition
from minga.kernel.trust import actions as trust
from minga.kernel.trust import queries as history

from . import actions, queries

PUBLISHED_AS = "1"  # raised with any change of what is published: everything is then said anew
KINDS = ("planning", "legal", "international")
TEXTS = ("problem", "commitment", "contribution", "additional_information", "technical_note")


@dataclass(frozen=True, kw_only=True)
class ValueFile:
    name: str
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class InstrumentFile:
    name: str
    kind: str

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Unreadable(f"kind = {self.kind!r} no es ninguno de {', '.join(KINDS)}")


@dataclass(frozen=True, kw_only=True)
class CommitmentFile:
    code: str
    problem: str = ""
    commitment: str = ""
    contribution: str = ""
    additional_information: str = ""
    technical_note: str = ""
    value: Sequence[ValueFile] = ()
    instrument: Sequence[InstrumentFile] = ()


@dataclass(frozen=True, kw_only=True)
class DetailsFile:
    plan: str
    commitment: Sequence[CommitmentFile] = ()

    def __post_init__(self) -> None:
        codes = [said.code for said in self.commitment]
        if twice := {code for code in codes if codes.count(code) > 1}:
            raise Unreadable(f"{', '.join(sorted(twice))}: se describe dos veces")


PARTS: Mapping[tuple[type, str], type] = {
    (DetailsFile, "commitment"): CommitmentFile,
    (CommitmentFile, "value"): ValueFile,
    (CommitmentFile, "instrument"): InstrumentFile,
}


@transaction.atomic
def load(at: datetime) -> None:
    """Bring in what changed since the last time; the same files again change nothing."""
    details = {said.plan: (file, said) for file, said in map(_read, _files("action_plans"))}
    known = set()
    for file in _files("plans"):
        edition = plans.load(file=file, at=at)
        key = edition.plan.key
        known.add(key)
        about = details.get(key)
        digest = _digest(file, about[0] if about else None)
        if not _is_published(edition, digest):
            _describe(edition, about)
            _publish(edition, digest, at)
    for key, (file, _said) in details.items():
        if key not in known:
            raise Unreadable(f"{file.name}: no hay un plan {key!r}")


def _files(reader: str) -> list[Path]:
    return [file for file in jurisdiction.files(reader) if file.suffix == ".toml"]


def _digest(*files: Path | None) -> str:
    parts = [file.read_bytes() for file in files if file]
    return sha256(b"\0".join([PUBLISHED_AS.encode(), *parts])).hexdigest()


def _stream(edition: Edition) -> str:
    return f"action_plans:{edition.plan.key}"


def _is_published(edition: Edition, digest: str) -> bool:
    """Whether the history says that these very files were the last ones brought in."""
    last = history.entries(_stream(edition)).last()
    return last is not None and digest in last.body


def _describe(edition: Edition, about: tuple[Path, DetailsFile] | None) -> None:
    file, said = about or (None, None)
    commitments = {node.code: node for node in edition.nodes.filter(kind=queries.COMMITMENT)}
    for part in said.commitment if said else ():
        if part.code not in commitments:
            raise Unreadable(f"{file and file.name}: {part.code}: el plan no tiene ese compromiso")
        actions.describe(
            node=commitments[part.code],
            texts={name: getattr(part, name) for name in TEXTS},
            values=[(value.name, value.why) for value in part.value],
            instruments=[(instrument.name, instrument.kind) for instrument in part.instrument],
        )
    actions.forget(edition=edition, but=[part.code for part in said.commitment] if said else [])


def _publish(edition: Edition, digest: str, at: datetime) -> None:
    trust.record(
        stream=_stream(edition),
        kind="publish",
        actor="house",
        at=at,
        facts={"edition": edition.number, "hash": digest},
    )
    actions.publish(edition=edition, at=at)


def _read(file: Path) -> tuple[Path, DetailsFile]:
    try:
        return file, _made(DetailsFile, tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, Unreadable) as problem:
        raise Unreadable(f"{file.name}: {problem}") from problem


PartT = TypeVar("PartT")


def _made(kind: type[PartT], said: Mapping[str, Any]) -> PartT:
    """A part of the file as its dataclass, with the parts it holds; says where it fails."""
    place = said.get("code") or said.get("name") or "al comienzo"
    known = {part.name for part in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    if strange := set(said) - known:
        raise Unreadable(f"{place}: no se conoce {', '.join(sorted(strange))}")
    try:
        return kind(**{name: _value(kind, name, value) for name, value in said.items()})
    except (TypeError, Unreadable) as problem:
        raise Unreadable(f"{place}: {problem}") from problem


def _value(kind: type, name: str, value: Any) -> Any:
    inside = PARTS.get((kind, name))
    if inside is None and isinstance(value, str):
        return value
    if inside and isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return [_made(inside, item) for item in value]
    raise Unreadable(f"{name} no se escribe así")
