"""Files that people write: TOML read strictly into dataclasses. Pure Python."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

NAMES = ("key", "code", "number", "name")  # by which a part of a file is named in a refusal
PartT = TypeVar("PartT")


class Unreadable(ValueError):
    """A file that says something it may not: which file, where, and what."""


def read(file: Path, kind: type[PartT]) -> PartT:
    """A whole file as a dataclass, with the dataclasses that its fields hold."""
    try:
        return made(kind, tomllib.loads(file.read_text("utf-8")), "al comienzo")
    except ValueError as problem:  # no TOML, no UTF-8, or refused
        raise Unreadable(f"{file.name}: {problem}") from problem


def made(kind: type[PartT], said: Mapping[str, Any], place: str) -> PartT:
    """One part; a key that is unknown, missing or of another type is refused."""
    names = (said[name] for name in NAMES if type(said.get(name)) in (str, int))
    place = str(next(filter(None, names), place))
    try:
        parts = fields(kind)  # type: ignore[arg-type]  # a dataclass
        if strange := said.keys() - {part.name for part in parts}:
            raise Unreadable(f"no se conoce {', '.join(sorted(strange))}")
        needed = {p.name for p in parts if p.default is p.default_factory is MISSING}
        if missing := needed - said.keys():
            raise Unreadable(f"falta {', '.join(sorted(missing))}")
        hints = get_type_hints(kind)
        return kind(**{name: _value(hints[name], name, value) for name, value in said.items()})
    except (ValueError, OverflowError) as problem:
        raise Unreadable(f"{place}: {problem}") from problem


def _value(kind: Any, name: str, said: Any) -> Any:
    """What one key says, when it is of the type of its field: `str`, `int | None`,
    a dataclass, or a `Sequence` of one of them."""
    if get_origin(kind) is Sequence:
        if isinstance(said, list):
            return [_value(get_args(kind)[0], name, item) for item in said]
    elif is_dataclass(kind):
        if isinstance(said, dict):
            return made(kind, said, name)  # type: ignore[arg-type]  # a class, as it is a hint
    elif type(said) in (get_args(kind) or (kind,)):  # exactly: true is no number
        return said
    raise Unreadable(f"{name} = {said!r} no se escribe así")


def one_of(what: str, value: object, known: Sequence[object]) -> None:
    if value not in known:
        raise Unreadable(f"{what} = {value!r} no es ninguno de {', '.join(map(str, known))}")


def once(what: str, said: Sequence[object]) -> None:
    if twice := {str(value) for value in said if said.count(value) > 1}:
        raise Unreadable(f"{what} = {', '.join(sorted(twice))} se dice dos veces")
