"""Public proposals that say something like a text: looked for among what search finds."""

from collections.abc import Sequence

from minga.kernel.catalogue import rules as words
from minga.kernel.catalogue.models import Record
from minga.kernel.catalogue.search import matching
from minga.services.cocreation import queries
from minga.services.cocreation.models import Proposal
from minga.services.cocreation.rules import PROPOSAL
from minga.services.cocreation.rules.similar import Parameters, Text, Vector, alike, levels, vector
from minga.services.cocreation.rules.similar.reading import Read, thesaurus

SHOWN = 3
CONCEPTS = 3  # of a text, by whose words others are looked for
ROOTS = 60  # by which they are looked for
FOUND = 400  # the newest with one of them: counted by what they share
COMPARED = 16  # of these, word by word
BY = Parameters()
NEAR = 300  # thousandths: less alike is not shown


def like(text: Text, *, but: int | None = None) -> list[Proposal]:
    """Up to three, the most alike first. Two statements."""
    (found, has) = levels([text])[0]
    wanted = sought(found)
    if not wanted:
        return []
    mine, near = vector(has, {}, BY), list[tuple[int, int]]()
    for reference, said in _found(wanted, but):
        much = alike(mine, _vector(said), BY)
        if much >= NEAR:
            near.append((-much, reference))
    best = [reference for _much, reference in sorted(near)[:SHOWN]]
    there = queries.public().in_bulk(best)
    return [there[reference] for reference in best if reference in there]


def _vector(said: str) -> Vector:
    return vector(levels([Text(0, said, "", "")])[0][1], {}, BY)


def sought(found: Read) -> list[str]:
    """The roots by which a text is looked for: its own, and those that name what it is about."""
    known = thesaurus()
    roots = dict.fromkeys(words.written(" ".join(found.roots.values())).split())
    strength = {concept: sum(said.values()) for concept, said in found.concepts.items()}
    first = sorted(strength, key=lambda concept: (-strength[concept], concept))[:CONCEPTS]
    for concept in first:
        if strength[concept] > 1:
            roots |= dict.fromkeys(known.names.get(concept, ()))
    return list(roots)[:ROOTS]


def _found(wanted: Sequence[str], but: int | None) -> list[tuple[int, str]]:
    """What search finds with any of these roots: those that share most of them."""
    newest = matching(roots=[words.type_root(PROPOSAL)], one_of=wanted, most=FOUND)
    rows = Record.objects.filter(pk__in=newest).values_list("reference", "title", "text", "roots")
    asked = set(wanted)
    ranked = sorted(
        (-len(asked.intersection(roots.split())), -int(reference), f"{title}. {text}")
        for reference, title, text, roots in rows
        if int(reference) != but
    )
    return [(-reference, said) for _shared, reference, said in ranked[:COMPARED]]
