from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Count, Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.kernel.base.calendar import first_day, months_over
from minga.kernel.base.goals import GOALS
from minga.kernel.base.text import Text
from minga.kernel.catalogue import queries as catalogue
from minga.kernel.catalogue.models import Record
from minga.kernel.catalogue.rules import stored
from minga.kernel.design.pictures.figures import Figure
from minga.kernel.plans import queries as plans
from minga.kernel.plans.models import Alignment, Edition, Involvement, Milestone, Node, Note
from minga.kernel.plans.queries import Sealed
from minga.kernel.trust.rules import Fault

from .models import Commitment, Instrument, Value

COMMITMENT, RESULT, GOAL = "commitment", "result", "goal"
RECORD = "action_plans.node"
COMMITMENT_RECORD = "action_plans.commitment"
KINDS = {
    "axis": gettext_lazy("Eje"),
    "line": gettext_lazy("Línea estratégica"),
    "subline": gettext_lazy("Parte"),
    "result": gettext_lazy("Resultado"),
    "goal": gettext_lazy("Meta"),
    "theme": gettext_lazy("Tema"),
    "commitment": gettext_lazy("Compromiso"),
}


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
    def sdg(self) -> list[tuple[int, Text]]:
        """The Sustainable Development Goals it serves, in their own order."""
        numbers = sorted(int(aligned.code) for aligned in self.node.alignments.all())
        return [(number, GOALS[number]) for number in numbers]

    @property
    def contradictions(self) -> list[Note]:
        return [note for note in self.node.notes.all() if note.kind == "contradiction"]

    @property
    def remarks(self) -> list[Note]:
        return [note for note in self.node.notes.all() if note.kind != "contradiction"]


def month_of(edition: Edition) -> date | None:
    """When an edition was made public: the first day of its month, if the document gives one."""
    return first_day(edition.published) if "-" in edition.published else None


@dataclass(frozen=True)
class Tree:
    """An edition of a plan with its parts in the document's order."""

    edition: Edition
    parts: Sequence[Part]

    @property
    def published(self) -> date | None:
        return month_of(self.edition)

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
    bodies = Involvement.objects.order_by("position").select_related("organisation", "post__unit")
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


def under_way(tree: Tree) -> list[Figure]:
    """How many milestones the document puts in each month."""
    steps = [step for part in tree.parts for step in part.node.milestones.all()]
    months = months_over([day for step in steps for day in (step.starts_on, step.ends_on)])
    spans = [(step.starts_on.replace(day=1), step.ends_on) for step in steps]
    return [
        Figure(date_format(month, "b Y"), sum(first <= month <= last for first, last in spans))
        for month in months
    ]


def goals_by_year(tree: Tree) -> list[Figure]:
    """How many goals the document wants reached by each year; some have no year."""
    years = Counter(part.node.ends_on and part.node.ends_on.year for part in tree.of_kind(GOAL))
    known = sorted(year for year in years if year)
    dated = [Figure(str(year), years[year]) for year in known]
    return dated + [Figure(_("Sin año en el documento"), n) for n in [years[None]] if n]


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
    counts: dict[int, Counter[str]] = {}
    of_nodes = Node.objects.values_list("edition", "kind").annotate(many=Count("pk"))
    of_steps = Milestone.objects.values_list("node__edition").annotate(many=Count("pk"))
    for edition, kind, many in of_nodes.order_by():
        counts.setdefault(edition, Counter())[kind] = many
    for edition, many in of_steps.order_by():
        counts.setdefault(edition, Counter())["milestone"] = many
    ordered = plans.in_force().order_by("plan__demo", "-plan__period", "plan__key")
    return [Shelved(edition, counts.get(edition.pk, Counter())) for edition in ordered]


def trace(node: Node) -> catalogue.Trace:
    """Where a part of a plan comes from and what it gave rise to."""
    return catalogue.trace(type=record_of(node.kind), reference=str(node.pk))


class Said(NamedTuple):
    """What is made findable of a plan or of one of its parts."""

    type: str
    reference: str
    title: str
    text: str
    address: str

    @property
    def key(self) -> tuple[str, str]:
        return self.type, self.reference

    @property
    def words(self) -> tuple[str, ...]:
        """As a record keeps them."""
        return *stored(self.title, self.text), self.address


def records(edition: Edition) -> Iterator[Said]:
    """What can be found of the edition in force: its plan, then each part."""
    tree, plan = full_tree(edition.plan.key), edition.plan
    if tree is None or tree.edition != edition:
        return
    text = "\n".join([plan.short_title, plan.summary, edition.title])
    address = reverse("action_plans:plan", args=[plan.key])
    yield Said(RECORD, f"plan:{plan.key}", plan.title, text, address)
    for part in tree.parts:
        node, text = part.node, "\n".join(_words(part))
        address = reverse("action_plans:node", args=[plan.key, node.code])
        yield Said(record_of(node.kind), str(node.pk), node.title, text, address)


def _words(part: Part) -> Iterator[str]:
    """What a part is found by, besides its title."""
    yield part.node.summary
    if said := getattr(part.node, "commitment", None):
        yield from (said.problem, said.commitment, said.contribution)
    yield from (step.title for step in part.node.milestones.all())
    for body in part.responsible:
        yield f"{body.organisation.name} {body.organisation.acronym}"
    yield f"{KINDS.get(part.node.kind, '')} {part.node.number} ({part.node.code})"


Public = dict[tuple[str, str], tuple[str, ...]]  # a record's type and reference: its words


def public() -> Public:
    """All that can be found of plans, as it is."""
    found = Record.objects.filter(type__in=[RECORD, COMMITMENT_RECORD]).order_by("pk")
    names = ("type", "reference", "title", "text", "address")
    return {(kind, ref): tuple(words) for kind, ref, *words in found.values_list(*names)}


TABLES = (
    Sealed(Commitment, "node__edition", "node__code"),
    Sealed(Value, "commitment__node__edition", "commitment__node__code"),
    Sealed(Instrument, "commitment__node__edition", "commitment__node__code"),
)


def stream(edition: Edition) -> str:
    return f"action_plans:{edition.plan.key}"


def rewritten(edition: Edition, told: plans.Told) -> Iterator[Fault]:
    """The first commitment of which is not said what was brought in."""
    code = plans.difference(edition, told, TABLES)
    if code is not None:
        yield Fault(f"{stream(edition)} {edition.number} {code}", _("no es lo que se cargó"))


def misfound(edition: Edition, public: Public) -> Iterator[Fault]:
    """The first part that is not found by what the plan says."""
    differs = (said for said in records(edition) if public.get(said.key) != said.words)
    if said := next(differs, None):
        yield Fault(said.address, _("lo que se encuentra no es lo que dice el plan"))


def verify() -> Iterator[Fault]:
    """What is said and found of plans that is not as it was brought in. A plan that is not
    as it was loaded is named by plans.verify, and may be too broken to be compared."""
    history, found = plans.told("action_plans:"), public()
    for edition in Edition.objects.select_related("plan").order_by("plan__key", "number"):
        yield from rewritten(edition, history.get((stream(edition), edition.number), {}))
        if plans.stands(edition):
            yield from misfound(edition, found)


def due() -> set[tuple[str, str]]:
    """What the plans in force say, by type of record and reference: two statements."""
    editions = plans.in_force()
    parts = Node.objects.filter(edition__in=editions.values("pk")).values_list("kind", "pk")
    said = {(RECORD, f"plan:{edition.plan.key}") for edition in editions}
    return said | {(record_of(kind), str(node)) for kind, node in parts}


def references(kind: str) -> list[str]:
    return [reference for said, reference in due() if said == kind]


def home() -> Mapping[str, object]:
    """What the first page shows: the newest plan, its size and where it begins. Four
    statements."""
    newest = next((one for one in shelf() if not one.edition.plan.demo), None)
    if newest is None:
        return {"shelved": None}
    tops = plans.nodes(newest.edition).filter(parent=None)
    return {"shelved": newest, "tops": list(tops)}
