"""How well suggestions find the groups of texts whose groups are known, and in what time."""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log, sqrt
from pathlib import Path
from zlib import crc32

from minga.services.cocreation.rules.similar import Text

KNOWN = Path(__file__).parent / "groups"


@dataclass(frozen=True)
class Quality:
    """Of pairs of texts: how many put together belong together, and the other way round."""

    precision: float
    recall: float
    groups: int
    mixed: int  # groups that have texts of two

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def known(name: str) -> tuple[list[Text], dict[int, str]]:
    with (KNOWN / name).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = [
        Text(int(row["number"]), row["title"], row["problem"], row["solution"]) for row in rows
    ]
    return texts, {int(row["number"]): row["group"] for row in rows}


def half(texts: Sequence[Text], groups: Mapping[int, str], which: int) -> list[Text]:
    """Whole groups, by a digest of their names: one half to choose by, one to report."""
    return [
        text
        for text in texts
        if crc32((groups[text.number] or str(text.number)).encode()) % 2 == which
    ]


def quality(found: Iterable[Iterable[int]], groups: Mapping[int, str]) -> Quality:
    listed = [sorted(group) for group in found]
    belongs = Counter(group for group in groups.values() if group)
    wanted = sum(n * (n - 1) // 2 for n in belongs.values())
    pairs = [pair for group in listed for pair in combinations(group, 2)]
    right = sum(bool(groups[a]) and groups[a] == groups[b] for a, b in pairs)
    mixed = sum(len({groups[n] or str(n) for n in group}) > 1 for group in listed)
    precision = right / len(pairs) if pairs else 1.0
    return Quality(precision, right / wanted if wanted else 1.0, len(listed), mixed)


def baseline(texts: Sequence[Text], threshold: float) -> list[set[int]]:
    """Words and pieces of words, weighed by TF-IDF; who is near enough to one is in its group."""
    vectors = _weighed([_pieces(text.whole) for text in texts])
    parent = list(range(len(texts)))

    def root(place: int) -> int:
        while parent[place] != place:
            place = parent[place]
        return place

    for one, other in combinations(range(len(texts)), 2):
        mine, theirs = vectors[one], vectors[other]
        if sum(weight * theirs.get(name, 0.0) for name, weight in mine.items()) >= threshold:
            parent[root(other)] = root(one)
    groups: dict[int, set[int]] = defaultdict(set)
    for place, text in enumerate(texts):
        groups[root(place)].add(text.number)
    return [group for group in groups.values() if len(group) > 1]


def _pieces(text: str) -> Counter[str]:
    words = "".join(c if c.isalnum() else " " for c in text.casefold()).split()
    found = Counter(words)
    for word in words:
        edged = f" {word} "
        for length in (3, 4, 5):
            found.update(edged[at : at + length] for at in range(len(edged) - length + 1))
    return found


def _weighed(found: Sequence[Counter[str]]) -> list[dict[str, float]]:
    seen = Counter(name for pieces in found for name in pieces)
    vectors = []
    for pieces in found:
        weights = {
            name: n * (log((1 + len(found)) / (1 + seen[name])) + 1) for name, n in pieces.items()
        }
        length = sqrt(sum(weight * weight for weight in weights.values()))
        vectors.append({name: weight / length for name, weight in weights.items()})
    return vectors
