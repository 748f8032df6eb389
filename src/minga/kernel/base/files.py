"""Files that people write: TOML read strictly into dataclasses. Pure Python."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

NAMES = ("key", "code", "number", "name")  # by which a part of a file is named in a refusal
PartT = TypeVar("PartT")


class Unreadable(ValueError):
    """A file that says something it may not: which file, where, and what. Inside a file, the
    way to the part that says it: names of keys, and which of several."""

    def __init__(self, problem: object, way: Sequence[tuple[str, int]] = (), key: str = "") -> None:
        super().__init__(problem)
        self.way, self.key = list(way), key


def read(file: Path, kind: type[PartT]) -> PartT:
    """A whole file as a dataclass, with the dataclasses that its fields hold."""
    text = ""
    try:
        text = file.read_text("utf-8")
        return made(kind, tomllib.loads(text), "al comienzo")
    except Unreadable as problem:
        line = line_of(text, problem.way, problem.key)
        raise Unreadable(f"{file.name}: {problem} (línea {line})") from problem
    except ValueError as problem:  # no TOML, which names its line, or no UTF-8
        raise Unreadable(f"{file.name}: {problem}") from problem


def line_of(text: str, way: Sequence[tuple[str, int]], key: str) -> int:
    """The line of TOML where a part begins, or of a key in it."""
    lines = text.splitlines()
    first, last, header = 0, len(lines), ""
    for name, position in way:
        header = f"{header}.{name}" if header else name
        tables = (f"[{header}]", f"[[{header}]]")
        begins = [n for n in range(first, last) if lines[n].strip() in tables]
        if not begins:  # written inside its line, or in the lines after it
            first = _line_with(lines, first, last, name)
            rest = [n for n in range(first, last) if "{" in lines[n]]
            return (rest[position] if position < len(rest) else first) + 1
        first = begins[position]
        last = begins[position + 1] if position + 1 < len(begins) else last
    return _line_with(lines, first, last, key) + 1


def _line_with(lines: Sequence[str], first: int, last: int, key: str) -> int:
    """The first line of these that gives a key its value, before another table begins."""
    for number in range(first, last):
        if number > first and lines[number].startswith("["):
            break
        if key and lines[number].partition("=")[0].strip() == key:
            return number
    return first


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
    except Unreadable as problem:
        key = problem.key or str(problem).split(" ")[0]
        raise Unreadable(f"{place}: {problem}", problem.way, key) from problem
    except (ValueError, OverflowError) as problem:
        raise Unreadable(f"{place}: {problem}") from problem


def _value(kind: Any, name: str, said: Any) -> Any:
    """What one key says, when it is of the type of its field: `str`, `int | None`,
    a dataclass, or a `Sequence` of one of them."""
    if get_origin(kind) is Sequence:
        if isinstance(said, list):
            return [_inside(get_args(kind)[0], name, item, n) for n, item in enumerate(said)]
    elif is_dataclass(kind):
        if isinstance(said, dict):
            return _inside(kind, name, said, 0)
    elif type(said) in (get_args(kind) or (kind,)):  # exactly: true is no number
        return said
    raise Unreadable(f"{name} = {said!r} no se escribe así")


def _inside(kind: Any, name: str, said: Any, position: int) -> Any:
    """One of what a key holds; what is wrong with it says the way to it."""
    if not (is_dataclass(kind) and isinstance(said, dict)):
        return _value(kind, name, said)
    try:
        return made(kind, said, name)  # type: ignore[arg-type]  # a class, as it is a hint
    except Unreadable as problem:
        raise Unreadable(problem, [(name, position), *problem.way], problem.key) from problem


def one_of(what: str, value: object, known: Sequence[object]) -> None:
    if value not in known:
        raise Unreadable(f"{what} = {value!r} no es ninguno de {', '.join(map(str, known))}")


def once(what: str, said: Sequence[object]) -> None:
    if twice := {str(value) for value in said if said.count(value) > 1}:
        raise Unreadable(f"{what} = {', '.join(sorted(twice))} se dice dos veces")
