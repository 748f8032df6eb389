"""Muestra la casa: pisos, habitaciones, tamaños, el peso del kernel y sus costuras."""

import ast
from collections.abc import Iterator
from pathlib import Path

from minga.project.environment import HOME

from ._arguments import Arguments

MINGA = HOME / "src" / "minga"
FLOORS = ("project", "jurisdictions", "services", "kernel")
SEAMS = 12  # a block calls out only where it declared so, and in fewer places than this


def main(arguments: list[str]) -> None:
    Arguments("house", __doc__).parse_args(arguments)
    code = {}
    print(f"{'':<28}{'código':>8}{'plantillas':>12}{'pruebas':>9}")
    for floor in FLOORS:
        print(floor)
        rooms = sorted(page.parent for page in (MINGA / floor).glob("*/__init__.py"))
        sizes = {room.name: size(room) for room in rooms} or {"": size(MINGA / floor)}
        for name, (code_lines, templates, tests) in sizes.items():
            print(f"  {name:<26}{code_lines:>8}{templates:>12}{tests:>9}")
        code[floor] = sum(lines for lines, _, _ in sizes.values())
    share = 100 * code["kernel"] // max(1, sum(code.values()))
    print(f"\nEl kernel es el {share} % del código.")
    found = list(seams())
    print(f"\nCosturas declaradas: {len(found)} (menos de {SEAMS}).")
    print("\n".join(f"  {place}" for place in found))


def size(room: Path) -> tuple[int, int, int]:
    """Lines of code, of templates and of tests; migrations are generated."""
    tests, code = 0, 0
    for page in room.rglob("*.py"):
        if "tests" in page.parts:
            tests += lines(page)
        elif "migrations" not in page.parts:
            code += lines(page)
    return code, sum(map(lines, room.rglob("*.html"))), tests


def lines(page: Path) -> int:
    return len(page.read_text("utf-8").splitlines())


def seams() -> Iterator[str]:
    """Fields of the kernel's declarations that hold a function of somebody else."""
    for page in sorted((MINGA / "kernel").glob("*/declaration.py")):
        tree = ast.parse(page.read_text("utf-8"))
        named = {"Callable"}  # a type that is a function, under its own name
        for node in tree.body:
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if names(value) & named:
                        named.add(name)
                case ast.ClassDef(name=holder, body=body):
                    for field in body:
                        if isinstance(field, ast.AnnAssign) and names(field.annotation) & named:
                            yield f"{page.parent.name}: {holder}.{ast.unparse(field.target)}"


def names(node: ast.expr) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
