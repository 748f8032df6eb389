from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, prefetch_related_objects

from minga.kernel.base.calendar import first_day
from minga.kernel.base.goals import GOALS
from minga.kernel.catalogue.models import Link
from minga.kernel.plans import queries as plans
from minga.kernel.plans.models import Alignment, Edition, Involvement, Milestone, Node, Note

from .models import Commitment, Instrument, Value

COMMITMENT, RESULT, GOAL = "commitment", "result", "goal"
RECORD = "action_plans.node"
COMMITMENT_RECORD = "action_plans.commitment"


def record_of(kind: str) -> str:
    """The type of public record that a node of a kind is."""
    return COMMITMENT_RECORD if kind == COMMITMENT else RECORD


@dataclass(slots=True)
class Part:
    """A node of a plan among the others: what is above it, below it and beside it."""

    node: Node
    parent: "Part | None" = None
    children: list["Part"] = field(default_factory=list)
    previous: "Part | None" = None
    next: "Part | None" = None

    @property
    def above(self) -> "list[Part]":
        """From the outermost one down to this one's parent."""
        return [*self.parent.above, self.parent] if self.parent else []

    @property
    def results(self) -> "list[Part]":
        return [part for part in self.children if part.node.kind == RESULT]

    @property
    def goals(self) -> "list[Part]":
        return [part for part in self.children if part.node.kind == GOAL]

    @property
    def branches(self) -> "list[Part]":
        """What can have something below it."""
        return [part for part in self.children if part.node.kind not in (RESULT, GOAL)]

    @property
    def family(self) -> "Iterator[Part]":
        """This one and everything below it."""
        yield self
        for part in self.children:
            yield from part.family

    def involved(self, role: str) -> list[Involvement]:
        return [body for body in self.node.involved.all() if body.role == role]

    @property
    def responsible(self) -> list[Involvement]:
        return self.involved("responsible")

    @property
    def counterparts(self) -> list[Involvement]:
        return self.involved("counterpart")

    @property
    def government(self) -> list[Involvement]:
        return self.involved("government")

    @property
    def others(self) -> list[Involvement]:
        return self.involved("other")

    @property
    def sdg(self) -> list[tuple[int, str]]:
        """The Sustainable Development Goals it serves, in their own order."""
        numbers = sorted(int(aligned.code) for aligned in self.node.alignments.all())
        return [(number, GOALS[number]) for number in numbers]

    @property
    def contradictions(self) -> list[Note]:
        return [note for note in self.node.notes.all() if note.kind == "contradiction"]

    @property
    def remarks(self) -> list[Note]:
        return [note for note in self.node.notes.all() if note.kind != "contradiction"]


@dataclass(frozen=True)
class Tree:
    """An edition of a plan with its parts in the document's order."""

    edition: Edition
    parts: Sequence[Part]

    @property
    def published(self) -> date | None:
        """The month of the edition, when the document gives one."""
        month = self.edition.published
        return first_day(month) if "-" in month else None

    @cached_property
    def tops(self) -> list[Part]:
        return [part for part in self.parts if part.parent is None]

    @cached_property
    def commitments(self) -> list[Part]:
        return self.of_kind(COMMITMENT)

    @cached_property
    def themes(self) -> list[Part]:
        """The tops under which there are commitments."""
        return [part for part in self.tops if part.children and self.commitments]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many parts of each kind, and how many milestones in all of them."""
        steps = sum(len(part.node.milestones.all()) for part in self.parts)
        return Counter(part.node.kind for part in self.parts) + Counter(milestone=steps)

    def of_kind(self, kind: str) -> list[Part]:
        return [part for part in self.parts if part.node.kind == kind]

    def part(self, code: str) -> Part | None:
        return next((part for part in self.parts if part.node.code == code), None)


def bare_tree(plan: str) -> Tree | None:
    """The edition in force of a plan, its nodes without what hangs from them: two
    statements."""
    edition = plans.current(plan)
    return None if edition is None else Tree(edition, _grown(plans.nodes(edition)))


def tree(plan: str) -> Tree | None:
    """The same with who answers for each node, its goals, milestones and notes: six."""
    grown = bare_tree(plan)
    if grown:
        _fetch(grown.parts, _details())
    return grown


def full_tree(plan: str) -> Tree | None:
    """The same with what is said of each commitment: nine."""
    grown = bare_tree(plan)
    if grown:
        _fetch(grown.parts, _details() + _texts())
    return grown


def around(plan: str, code: str) -> tuple[Tree | None, Part | None]:
    """A node with its family in full, and the rest of its plan only by name: nine."""
    grown = bare_tree(plan)
    part = grown.part(code) if grown else None
    if part:
        _fetch(list(part.family), _details() + _texts())
    return grown, part


def _fetch(parts: Iterable[Part], what: "Iterable[Prefetch[Any]]") -> None:
    """What hangs from some nodes: a statement for each kind of thing."""
    prefetch_related_objects([part.node for part in parts], *what)


def _details() -> "list[Prefetch[Any]]":
    bodies = Involvement.objects.order_by("position").select_related("organisation", "post")
    return [
        Prefetch("involved", bodies),
        Prefetch("alignments", Alignment.objects.filter(scheme="sdg")),
        Prefetch("milestones", Milestone.objects.order_by("number")),
        Prefetch("notes", Note.objects.order_by("position")),
    ]


def _texts() -> "list[Prefetch[Any]]":
    return [
        Prefetch("commitment", Commitment.objects.all()),
        Prefetch("commitment__values", Value.objects.order_by("position")),
        Prefetch("commitment__instruments", Instrument.objects.order_by("position")),
    ]


def _grown(nodes: Iterable[Node]) -> list[Part]:
    """Each node hung under its parent; before and after it stand those of its kind."""
    parts = {node.pk: Part(node) for node in nodes}
    for part in parts.values():
        if part.node.parent_id:
            part.parent = parts[part.node.parent_id]
            part.parent.children.append(part)
    for kind in {part.node.kind for part in parts.values()}:
        alike = (part for part in parts.values() if part.node.kind == kind)
        for before, after in pairwise(alike):
            before.next, after.previous = after, before
    return list(parts.values())


def notes(edition: Edition) -> Mapping[str, list[Note]]:
    """What is said of the document as a whole, by kind: one statement."""
    kinds: dict[str, list[Note]] = {}
    for note in edition.notes.filter(node=None).order_by("position"):
        kinds.setdefault(note.kind, []).append(note)
    return kinds


def narrowed(
    commitments: Iterable[Part], *, theme: str = "", responsible: str = "", goal: int | None = None
) -> list[Part]:
    """The commitments that a reader asks for."""
    return [
        part
        for part in commitments
        if (not theme or (part.parent and part.parent.node.code == theme))
        and (not responsible or responsible in {b.organisation.key for b in part.responsible})
        and (not goal or goal in dict(part.sdg))
    ]


def by_theme(commitments: Iterable[Part]) -> Mapping[str, list[Part]]:
    """Under the title of each theme its commitments, in order."""
    themes: dict[str, list[Part]] = {}
    for part in commitments:
        themes.setdefault(part.parent.node.title if part.parent else "", []).append(part)
    return themes


def responsible(commitments: Iterable[Part]) -> Mapping[str, str]:
    """The institutions that answer for some commitment, by key, in a Spanish index's order."""
    bodies = {b.organisation for part in commitments for b in part.responsible}
    return {body.key: body.name for body in sorted(bodies, key=lambda body: body.sort_name)}


@dataclass(frozen=True, slots=True)
class Shelved:
    """A plan in the list of plans, and how much of each kind it holds."""

    edition: Edition
    counts: Mapping[str, int]


def shelf() -> list[Shelved]:
    """Every plan by its edition in force: three statements."""
    last = Edition.objects.filter(plan=OuterRef("plan")).order_by("-number").values("pk")[:1]
    editions = Edition.objects.filter(pk=Subquery(last)).select_related("plan")
    counts: dict[int, Counter[str]] = {}
    of_nodes = Node.objects.values_list("edition", "kind").annotate(many=Count("pk"))
    of_steps = Milestone.objects.values_list("node__edition").annotate(many=Count("pk"))
    for edition, kind, many in of_nodes.order_by():
        counts.setdefault(edition, Counter())[kind] = many
    for edition, many in of_steps.order_by():
        counts.setdefault(edition, Counter())["milestone"] = many
    ordered = editions.order_by("-plan__period", "plan__key")
    return [Shelved(edition, counts.get(edition.pk, Counter())) for edition in ordered]


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a part of a plan comes from and what it gave rise to, as links say."""

    origins: Sequence[Link]
    outcomes: Sequence[Link]


def trace(node: Node) -> Trace:
    """One statement."""
    type, reference = record_of(node.kind), str(node.pk)
    came = Q(to_record__type=type, to_record__reference=reference)
    led = Q(from_record__type=type, from_record__reference=reference)
    links = Link.objects.filter(came | led).select_related("from_record", "to_record")
    origins: list[Link] = []
    outcomes: list[Link] = []
    for link in links.order_by("at", "pk"):
        here = link.to_record.type == type and link.to_record.reference == reference
        (origins if here else outcomes).append(link)
    return Trace(origins, outcomes)


def home() -> Mapping[str, object]:
    """What the first page shows: the newest plan, its size and where it begins. Four
    statements."""
    newest = next(iter(shelf()), None)
    if newest is None:
        return {"shelved": None}
    tops = plans.nodes(newest.edition).filter(parent=None)[:3]
    return {"shelved": newest, "tops": list(tops)}
