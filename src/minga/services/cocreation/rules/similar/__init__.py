"""Which proposals say alike. Pure Python, in whole numbers only: the same texts give the same
groups on any machine, to the last byte.

A text is weighed by the concepts of public matters that its words name, by what it asks of them,
by its roots, and a little by its goal and place; two that ask for nothing the same are less alike.
Texts that stand near on average are one group; a chain of near neighbours is not. A person decides:
it rather misses one than mixes two.
"""

import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from heapq import heapify, heappop, heappush
from itertools import combinations
from math import isqrt
from typing import NamedTuple

from minga.kernel.catalogue.rules import roots
from minga.services.cocreation.rules.similar.reading import Read, read

ALGORITHM = "concepts-average-linkage"
VERSION = "3"
SEED = 0  # nothing is drawn by chance
MOST_TEXTS = 12_000
ALL_PAIRS = 600  # up to so many texts each is compared with each
THOUSAND = 1000
LEVELS = (0, 20, 80, 130, 170, 190, 200)  # hundredths: what naming a concept so much is worth


class Text(NamedTuple):
    """What is compared of a proposal: what everybody may read of it."""

    number: int
    title: str
    problem: str
    solution: str
    goal: int = 0  # 0: too general for one
    territory: str = ""

    @property
    def whole(self) -> str:
        return f"{self.title}. {self.problem} {self.solution}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Shown with every list of suggestions: whoever has the texts and these gets the same."""

    near: int = 260  # thousandths: how alike the texts of two groups are on average, to be one
    least: int = 120  # less alike than this is not alike at all
    concept: int = 100  # what a concept, an ask, a root, a goal and a place weigh
    ask: int = 60
    root: int = 20
    goal: int = 12
    place: int = 8
    apart: int = 70  # hundredths: what is left of the likeness of two that ask for nothing the same
    most: int = 40  # texts of one group
    window: int = 16  # texts that share something, to which each is compared


class Vector(NamedTuple):
    """A text as features and what each weighs."""

    weights: Mapping[str, int]
    length: int  # squared
    asks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    numbers: tuple[int, ...]
    words: tuple[str, ...]  # that explain it
    cohesion: int  # thousandths: how alike two of it are on average


def levels(texts: Sequence[Text]) -> list[tuple[Read, dict[str, int]]]:
    return [(found := read(text.whole), _features(text, found)) for text in texts]


def _features(text: Text, found: Read) -> dict[str, int]:
    """What a text has, and how much of it: in hundredths, before it is known how rare it is."""
    has: dict[str, int] = {}
    for kind, named in (("concept", found.concepts), ("ask", found.asks)):
        for name, words in sorted(named.items()):
            has[f"{kind}:{name}"] = LEVELS[min(sum(words.values()), len(LEVELS) - 1)]
    has |= {f"root:{root}": 100 for root in found.roots}
    if text.goal:
        has[f"goal:{text.goal}"] = 100
    if text.territory:
        has[f"place:{text.territory}"] = 100
    return has


def rarity(found: Iterable[Mapping[str, int]], many: int) -> dict[str, int]:
    """What few texts have says more: hundredths of a binary logarithm, in whole numbers."""
    seen = Counter(name for has in found for name in has)
    return {name: _log2(100 * (many + 1) // n) - _log2(100) + 100 for name, n in seen.items()}


def _log2(number: int) -> int:
    """A hundred times the binary logarithm, rounded down, without a float."""
    return ((number**100).bit_length() - 1) if number > 0 else 0


def vector(has: Mapping[str, int], rare: Mapping[str, int], parameters: Parameters) -> Vector:
    each = asdict(parameters)
    weights = {
        name: level * each[name.partition(":")[0]] * rare.get(name, 100) // 1000
        for name, level in has.items()
    }
    asks = frozenset(name for name in weights if name.startswith("ask:"))
    return Vector(weights, sum(weight * weight for weight in weights.values()), asks)


def alike(one: Vector, other: Vector, parameters: Parameters) -> int:
    """Thousandths: the cosine of two texts, less where they ask for nothing the same."""
    mine, theirs = one.weights, other.weights
    both = 0
    for name in mine.keys() & theirs.keys():
        both += mine[name] * theirs[name]
    whole = isqrt(one.length * other.length)
    much = THOUSAND * both // whole if whole else 0
    return much * parameters.apart // 100 if one.asks.isdisjoint(other.asks) else much


def suggested(texts: Iterable[Text], parameters: Parameters | None = None) -> list[Group]:
    """The groups of the texts that say alike, the most alike first; a text that is like no
    other is in none."""
    parameters = parameters or Parameters()
    given = sorted(texts)
    if len(given) > MOST_TEXTS:
        raise ValueError("too many texts")
    found = levels(given)
    rare = rarity([has for _read, has in found], len(given))
    vectors = [vector(has, rare, parameters) for _read, has in found]
    joined = linked(near_pairs(vectors, parameters), len(given), parameters)
    groups = [_explained(members, given, found, vectors, parameters) for members in joined]
    return sorted(groups, key=lambda group: (-group.cohesion, group.numbers))


def near_pairs(vectors: Sequence[Vector], parameters: Parameters) -> dict[tuple[int, int], int]:
    """How alike the pairs are that share something: all of few texts; of many, those that share
    one of their strongest features, or two of them where one alone is common."""
    neighbours = _neighbours(vectors, parameters.window)
    found: dict[tuple[int, int], int] = {}
    for one, vector in enumerate(vectors):
        others = range(one + 1, len(vectors)) if len(vectors) <= ALL_PAIRS else neighbours(one)
        for other in others:
            much = alike(vector, vectors[other], parameters)
            if much >= parameters.least:
                found[one, other] = much
    return found


def _neighbours(vectors: Sequence[Vector], window: int) -> Callable[[int], list[int]]:
    keys = [_keys(vector) for vector in vectors]
    posted: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, of in enumerate(keys):
        for key in of:
            posted[key].append(place)

    def after(place: int) -> list[int]:
        found: set[int] = set()
        for key in keys[place]:
            places = posted[key]
            start = bisect_right(places, place)
            found.update(places[start : start + window])
        return sorted(found)

    return after


def _keys(vector: Vector) -> list[tuple[str, ...]]:
    """By what a text of many is looked for: its strongest features, and pairs of them."""
    weights = vector.weights
    strongest = sorted(weights, key=lambda name: (-weights[name], name))[:8]
    return [(name,) for name in strongest] + list(combinations(sorted(strongest[:6]), 2))


def linked(
    pairs: Mapping[tuple[int, int], int], many: int, parameters: Parameters
) -> list[list[int]]:
    """Average linkage: the two groups whose texts are most alike on average become one, as long
    as they are near enough. Of two that are equally near, those with the lowest numbers."""
    members = {place: [place] for place in range(many)}
    sums: list[dict[int, int]] = [{} for _place in range(many)]
    for (one, other), much in pairs.items():
        sums[one][other] = sums[other][one] = THOUSAND * much
    near = parameters.near * THOUSAND
    heap = [(-THOUSAND * much, *pair) for pair, much in pairs.items() if THOUSAND * much >= near]
    heapify(heap)
    while heap:
        said, one, other = heappop(heap)
        if one not in members or other not in members:
            continue
        size = len(members[one]), len(members[other])
        mean = sums[one][other] // (size[0] * size[1])
        if mean != -said:  # one of them grew since: they are as near as they are now
            if near <= mean < -said:
                heappush(heap, (-mean, one, other))
        elif sum(size) <= parameters.most:
            into, gone = (one, other) if size[0] >= size[1] else (other, one)
            for place in _joined(into, gone, members, sums):
                mean = sums[into][place] // (len(members[into]) * len(members[place]))
                if mean >= near:
                    heappush(heap, (-mean, min(into, place), max(into, place)))
    return [sorted(group) for group in members.values() if len(group) > 1]


def _joined(
    into: int, gone: int, members: dict[int, list[int]], sums: list[dict[int, int]]
) -> list[int]:
    """Put one group into another: the groups that are to it what they were not before."""
    members[into] += members.pop(gone)
    mine, theirs = sums[into], sums[gone]
    del mine[gone], theirs[into]
    for place, much in theirs.items():
        near = sums[place]
        del near[gone]
        mine[place] = near[into] = mine.get(place, 0) + much
    return list(theirs)


def _explained(
    members: Sequence[int],
    texts: Sequence[Text],
    found: Sequence[tuple[Read, Mapping[str, int]]],
    vectors: Sequence[Vector],
    parameters: Parameters,
) -> Group:
    """A group with the words that made it one: those by which more than one text names what
    most of them share."""
    shared: Counter[str] = Counter()
    for one, other in combinations(members, 2):
        mine, theirs = vectors[one].weights, vectors[other].weights
        for name in mine.keys() & theirs.keys():
            shared[name] += mine[name] * theirs[name]
    strongest = sorted(
        (name for name in shared if name.startswith(("ask:", "concept:", "root:"))),
        key=lambda name: (-shared[name], name),
    )
    words: dict[str, None] = {}
    for name in strongest[:4]:
        kind, _, what = name.partition(":")
        if kind != "root":
            said = Counter(
                word
                for place in members
                for word in getattr(found[place][0], f"{kind}s").get(what, ())
            )
            words |= dict.fromkeys([what])
        else:
            said = Counter(word for place in members if (word := found[place][0].roots.get(what)))
        best = sorted(filter(_is_whole, said), key=lambda word: (-said[word], word))
        words |= dict.fromkeys(best[:3])
    pairs = list(combinations(members, 2))
    total = sum(alike(vectors[one], vectors[other], parameters) for one, other in pairs)
    numbers = tuple(texts[place].number for place in members)
    return Group(numbers, tuple(words)[:8], total // len(pairs))


def _is_whole(words: str) -> bool:
    """Whether they can be read without what follows them."""
    return bool(roots(words.rpartition(" ")[2]))


def written(texts: Iterable[Text]) -> bytes:
    """The texts as they are digested: what a run was made from."""
    rows = [list(text) for text in sorted(texts)]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()


def digest(texts: Iterable[Text]) -> str:
    return sha256(written(texts)).hexdigest()
