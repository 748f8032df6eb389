"""How well suggestions find the groups of texts whose groups are known, and in what time; and the
same list again from the open data that everybody can download."""

import csv
import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log, sqrt
from pathlib import Path
from zlib import crc32

from minga.services.cocreation.rules.similar import Text, digest, suggested

KNOWN = Path(__file__).parent / "groups"
SETS = ("texts.csv", "unseen.csv", "third.csv", "fourth.csv", "fifth.csv", "sixth.csv")
THRESHOLDS = (0.1, 0.13, 0.16, 0.2, 0.25)


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


def report(sizes: Sequence[int]) -> Iterator[str]:
    yield f"| {'Textos':<10} | {'Cómo':<12} | precisión | cobertura | F1 | grupos | con mezcla |"
    yield "|---|---|---:|---:|---:|---:|---:|"
    for name in SETS:
        texts, groups = known(name)
        words = max(
            (quality(baseline(texts, at), groups) for at in THRESHOLDS), key=lambda found: found.f1
        )
        ours = quality([group.numbers for group in suggested(texts)], groups)
        for how, found in {"palabras": words, "sugerencias": ours}.items():
            each = [f"{part:.2f}" for part in (found.precision, found.recall, found.f1)]
            cells = [name, how, *each, str(found.groups), str(found.mixed)]
            yield "| " + " | ".join(cells).replace(".", ",").replace(",csv", "") + " |"
    for size in sizes:
        texts, began = many(size), time.process_time()
        groups_found = suggested(texts)
        spent = time.process_time() - began
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        told = f"{size} textos: {spent:.2f} s de procesador, {memory} MB"
        yield f"{told}, {len(groups_found)} grupos"


def many(size: int) -> list[Text]:
    """So many texts, of pieces of those that are known; always the same ones."""
    dice = random.Random(7)  # noqa: S311  # seeded
    base = [text for name in SETS[:2] for text in known(name)[0]]
    return [_mixed(number, base, dice) for number in range(1, size + 1)]


def _mixed(number: int, base: Sequence[Text], dice: random.Random) -> Text:
    one, other, third = dice.choice(base), dice.choice(base), dice.choice(base)
    words, more = one.whole.split(), other.whole.split()
    dice.shuffle(words)
    said = words[: max(6, len(words) * 7 // 10)] + dice.sample(more, min(6, len(more)))
    solution = f"{one.solution} {third.solution[:40]}"
    place = f"EC-{dice.randint(1, 24)}"
    return Text(number, one.title, " ".join(said), solution, dice.randint(0, 17), place)


def again(dump: Path) -> Iterator[str]:
    """From the file of proposals that everybody can download: of each cycle what it was made
    from, by its digest, and the list."""
    cycles: dict[str, list[Text]] = defaultdict(list)
    with dump.open(newline="", encoding="utf-8-sig") as file:
        for cycle, number, _day, title, problem, solution, goal, place, *_more in list(
            csv.reader(file)
        )[1:]:
            said = title, problem, solution
            cycles[cycle].append(Text(int(number), *said, int(goal or 0), place))
    for cycle, texts in cycles.items():
        yield f"{cycle}: {len(texts)} textos, {digest(texts)}"
        for group in suggested(texts):
            yield f"  {group.cohesion} {', '.join(map(str, group.numbers))}: {group.words}"
