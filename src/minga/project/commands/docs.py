"""Escribe docs/catalogue según lo que la casa declara (--check: solo lo compara)."""

from collections.abc import Mapping

from minga.project.environment import HOME

from ._arguments import Arguments
from ._django import stand_up

FOLDER = HOME / "docs" / "catalogue"


def main(arguments: list[str]) -> int:
    parser = Arguments("docs", __doc__)
    parser.add_argument("--check", action="store_true", help="no escribe; falla si algo cambió")
    given = parser.parse_args(arguments)
    stand_up()
    from ._catalogue import pages

    wanted = pages()
    stale = differing(wanted)
    if given.check:
        for name in stale:
            print(f"docs/catalogue/{name} no dice lo que declara la casa: ./minga docs")
        return 1 if stale else 0
    write(wanted, stale)
    print(f"Páginas escritas de nuevo: {len(stale)} de {len(wanted)}.")
    return 0


def differing(wanted: Mapping[str, str]) -> list[str]:
    """The files that are missing, are not as they should be, or should not be there."""
    there = {page.name: page.read_text("utf-8") for page in FOLDER.glob("*")}
    names = there.keys() | wanted.keys()
    return sorted(name for name in names if there.get(name) != wanted.get(name))


def write(wanted: Mapping[str, str], stale: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        if name in wanted:
            (FOLDER / name).write_text(wanted[name], "utf-8")
        else:
            (FOLDER / name).unlink()
