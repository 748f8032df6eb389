"""What a text names: its roots, the concepts of public matters (`concepts.toml`), and what is asked
of them (`asks.toml`)."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from minga.kernel.base.text import unaccented
from minga.kernel.catalogue.rules import WORD, roots, singular

SHORTEST_ROOT = 5
SHORTEST_BEGINNING = 3
SHARED = re.compile(r"@(\w+)")  # in an ask: the words of a family, or those that say a concept
HINTS, SAYS_IT = 1, 2  # how much a word says of a concept: together with another, or alone

# Words of any proposal: who asks whom to do something about something.
SAID_BY_ALL = """
actividad actual ademas alguien algun ano apoyar aqui ayuda ayudar barrio buen cada caso ciudad
ciudadano comunidad conocer contar crear creer cualquier dar deber decir dejar dia dos ecuador
bolivia entidad entregar esperar estado existir falta faltar familia forma gente gobierno grande
hacer hora implementar institucion ir lado largo llegar llevar lugar mal mano manera mayor medio
mejor mejorar mes meter mismo momento municipio nadie necesario necesitar ningun nivel nuevo obligar
ofrecer otro pais parte pasar pedir persona plan plataforma pobladores poder poner primero problema
programa propuesta proyecto provincia publicar publico pueblo puesto querer realizar recibir
resolver saber salir semana senor ser servicio siempre sistema situacion social solicitar solo
solucion tampoco tener tiempo tomar trabajar tres unico uso usar vecino venir ver vez vida vivir
zona solamente nunca parroquia canton
"""


class Sense(NamedTuple):
    concept: str
    strength: int


Senses = tuple[Sense, ...]


class Thesaurus(NamedTuple):
    words: Mapping[str, Senses]
    beginnings: Mapping[str, Senses]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Sense], ...]]  # by their first word
    asks: Mapping[str, tuple[str, ...]]  # its sides: of each at least one word is said
    names: Mapping[str, tuple[str, ...]]  # of a concept: the roots of the words that say it
    longest: int  # letters of a beginning


class Read(NamedTuple):
    """What was found in a text: its roots as it writes them, and by which words it names each
    concept and says each ask, with how much each word says."""

    roots: Mapping[str, str]
    concepts: Mapping[str, Mapping[str, int]]
    asks: Mapping[str, Mapping[str, int]]


def letters(word: str) -> str:
    return "".join(unaccented(word).split())


@cache
def normal(word: str) -> str:
    """A word as it is compared: by its root, unless that is too short to say which word it is
    (plaza and plazo are «plaz»); a stop word stays as it is."""
    found = roots(word)
    if not found:
        return letters(word)
    return found[0] if len(found[0]) >= SHORTEST_ROOT else singular(letters(word))


def exact(word: str) -> str:
    """A word in its singular, marked: no root is written so."""
    return "=" + singular(letters(word))


@cache
def common() -> frozenset[str]:
    return frozenset(map(normal, SAID_BY_ALL.split()))


@cache
def thesaurus() -> Thesaurus:
    words: dict[str, dict[str, int]] = defaultdict(dict)
    beginnings: dict[str, dict[str, int]] = defaultdict(dict)
    phrases: dict[str, list[tuple[tuple[str, ...], Sense]]] = defaultdict(list)
    asks, said = {}, defaultdict[str, dict[str, None]](dict)

    def named_by(concept: str, listed: Iterable[str]) -> None:
        for name in listed:
            strength, bare = HINTS if name.endswith("?") else SAYS_IT, name.rstrip("?*")
            if "_" in bare:
                parts = tuple(map(normal, bare.split("_")))
                phrases[parts[0]].append((parts, Sense(concept, strength)))
                continue
            if strength == SAYS_IT:
                said[concept] |= dict.fromkeys(roots(bare)[:1])
            if "*" in name:
                _may(beginnings[letters(bare)], concept, strength)
            else:
                _may(words[exact(bare)], concept, strength)
                _may(words[normal(bare)], concept, HINTS)  # another form of it

    families, *wishes = _kept("asks.toml")
    shared = dict(families[1])
    concepts = [pair for _of, named in _kept("concepts.toml") for pair in named.items()]
    for concept, listed in concepts:
        named_by(concept, listed.split())
        say_it = (name for name in listed.split() if not name.endswith("?"))
        shared[re.sub(r"\W+", "_", concept)] = " ".join(say_it)
    for _of, asked in wishes:
        for ask, sides in asked.items():
            asks[ask] = tuple(f"{ask}/{number}" for number in range(len(sides)))
            for side, listed in zip(asks[ask], sides, strict=True):
                named_by(side, SHARED.sub(lambda name: shared[name[1]], listed).split())
    known = {first: tuple(sorted(found)) for first, found in phrases.items()}
    names = {concept: tuple(said[concept]) for concept, _listed in concepts}
    longest = max(map(len, beginnings))
    return Thesaurus(_frozen(words), _frozen(beginnings), known, asks, names, longest)


def _kept(file: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    return tomllib.loads(Path(__file__).with_name(file).read_text("utf-8")).items()


def _may(known: dict[str, int], concept: str, strength: int) -> None:
    known[concept] = max(strength, known.get(concept, 0))


def _frozen(found: Mapping[str, Mapping[str, int]]) -> dict[str, Senses]:
    return {
        name: tuple(Sense(*pair) for pair in sorted(senses.items()))
        for name, senses in found.items()
    }


def read(text: str) -> Read:
    written = [word[0] for word in WORD.finditer(text)]
    normals = [normal(word) for word in written]
    kept: dict[str, str] = {}
    named: dict[str, dict[str, int]] = defaultdict(dict)
    for place, (word, root) in enumerate(zip(written, normals, strict=True)):
        for senses, name in _named(written, normals, place):
            for sense in senses:
                before = named[sense.concept].get(name, 0)
                named[sense.concept][name] = max(sense.strength, before)
        if roots(word) and len(root) > 1 and root not in common():
            kept.setdefault(root, word.casefold())
    known = thesaurus()
    concepts = {concept: words for concept, words in named.items() if concept in known.names}
    return Read(kept, concepts, _asked(named))


def _asked(named: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """What is asked: each of its sides is said, by words of its own; of several, those that are
    said with the most words, or with one less."""
    found = {}
    for ask in dict.fromkeys(side.rpartition("/")[0] for side in named if "/" in side):
        sides = [named.get(side, {}) for side in thesaurus().asks[ask]]
        words = {word: HINTS for side in sides for word in side}
        if all(sides) and len(words) >= len(sides):
            found[ask] = words
    least = max(map(len, found.values()), default=0) - 1
    return {ask: words for ask, words in found.items() if len(words) >= least}


def _named(
    written: Sequence[str], normals: Sequence[str], place: int
) -> Iterator[tuple[Senses, str]]:
    """What the words from one place on say, and which words they are."""
    for parts, sense in thesaurus().phrases.get(normals[place], ()):
        end = place + len(parts)
        if tuple(normals[place:end]) == parts:
            yield (sense,), " ".join(written[place:end]).casefold()
    word = written[place].casefold()
    yield _said_by(word), word


@lru_cache(maxsize=50_000)
def _said_by(word: str) -> Senses:
    """What one word says: as it is, by its root, and by how it begins."""
    known, bare = thesaurus(), letters(word)
    forms = [known.words.get(form, ()) for form in (exact(word), normal(word))]
    ends = range(SHORTEST_BEGINNING, min(len(bare), known.longest) + 1)
    begun = [known.beginnings.get(bare[:end], ()) for end in ends]
    found: dict[str, int] = {}
    for concept, strength in chain.from_iterable(forms + begun):
        _may(found, concept, strength)
    return tuple(Sense(*pair) for pair in found.items())
