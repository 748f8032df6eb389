"""Recoge lo que dicen las páginas en los catálogos de cada idioma (--check: solo lo compara)."""

from collections import Counter

from minga.kernel.design.reading import WHOLE

from ._arguments import Arguments


def main(arguments: list[str]) -> int:
    parser = Arguments("words", __doc__)
    parser.add_argument("--check", action="store_true", help="no escribe; falla si algo está mal")
    given = parser.parse_args(arguments)
    from . import _words as words

    stale = words.differing()
    if not given.check:
        for page, text in stale.items():
            words.replace(page, text.encode())
        tell()
        print(f"\nCatálogos escritos de nuevo: {len(stale)}.")
        stale = {}
    found = [
        f"{page.relative_to(words.MINGA)} no está al día: ./minga words"
        for page in stale
        if page.exists()
    ]
    found += [*words.faults(), *words.missing()]
    for fault in found:
        print(fault)
    return 1 if found else 0


def tell() -> None:
    """How far each language has come in each room."""
    from . import _words as words

    print(f"{'':<30}{'idioma':<8}{'total':>7}{'dicho':>7}{'falta':>7}{'por revisar':>13}")
    sums: dict[str, Counter[str]] = {}
    for room in words.rooms():
        for language in [*WHOLE, *words.languages_of(room)]:
            said = words.said_by(room, language)
            every = words.words(words.collected(room)) if language in WHOLE else said
            seen = sum(words.REVIEWED in message.flags for message in said.values())
            counts = Counter(total=len(every), said=len(said), unseen=len(said) - seen)
            if every:
                line(str(room.relative_to(words.MINGA)), language, counts)
            sums.setdefault(language, Counter()).update(counts)
    for language, counts in sums.items():
        line("en toda la casa", language, counts)


def line(room: str, language: str, counts: Counter[str]) -> None:
    missing = counts["total"] - counts["said"]
    figures = f"{counts['total']:>7}{counts['said']:>7}{missing:>7}{counts['unseen']:>13}"
    print(f"  {room:<28}{language:<8}{figures}")
