"""The follow-up report of a cycle: what became of each proposal, and of all of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from minga.kernel.cases.models import Contact
from minga.kernel.conversation import queries as conversation
from minga.services.cocreation.models import Cycle, Integrated, Join, Placement, Proposal, Told
from minga.services.cocreation.queries import following
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules import PROPOSAL
from minga.services.cocreation.rules import report as rule
from minga.services.cocreation.rules.following import Outcome


@dataclass(frozen=True, slots=True)
class Group:
    """An integrated proposal as a table names it."""

    number: int
    title: str
    category: int | None
    commitment: str  # empty: it became none


@dataclass(frozen=True, slots=True)
class Became:
    """One proposal, and what became of it. The words of what is not public now are not said."""

    proposal: Proposal
    title: str
    outcome: Outcome
    groups: list[Group]


def is_due(cycle: Cycle) -> bool:
    return rule.is_due(methods.method(cycle), cycle.stage)


def numbered(cycle: Cycle) -> QuerySet[Proposal]:
    """Those that were accepted once, also what is hidden now: their number is public."""
    found = Proposal.objects.filter(cycle=cycle).exclude(number=None)
    return found.select_related("case", "territory")


def became(found: Iterable[Proposal], groups: Mapping[int, list[Group]]) -> Iterator[Became]:
    hidden = set(conversation.hidden(PROPOSAL))
    for proposal in found:
        is_read = proposal.case.public and proposal.pk not in hidden
        title = proposal.title if is_read else ""
        outcome = Outcome(proposal.outcome)  # type: ignore[attr-defined]  # with_outcome
        yield Became(proposal, title, outcome, groups.get(proposal.pk, []))


def groups_of(joins: QuerySet[Join]) -> dict[int, list[Group]]:
    """The groups in which proposals are now, by the proposal: three statements."""
    active = joins.filter(left_at=None).order_by("integrated__number")
    pairs = list(active.values_list("proposal_id", "integrated_id"))
    numbers = {integrated for _proposal, integrated in pairs}
    here = Q(integrated__joins__in=joins)
    placed = dict(
        Placement.objects.filter(here, current=True).values_list("integrated_id", "category")
    )
    found = Integrated.objects.filter(joins__in=joins).distinct().select_related("node")
    named = {
        one.pk: Group(one.number, one.title, placed.get(one.pk), one.node.title if one.node else "")
        for one in found
        if one.pk in numbers
    }
    groups: dict[int, list[Group]] = {}
    for proposal, integrated in pairs:
        groups.setdefault(proposal, []).append(named[integrated])
    return groups


def whole(cycle: Cycle) -> Iterator[Became]:
    """Every proposal of a cycle, in the order of their numbers: five statements at any size."""
    groups = groups_of(Join.objects.filter(integrated__cycle=cycle))
    found = following.with_outcome(numbered(cycle)).order_by("number")
    yield from became(found.iterator(chunk_size=500), groups)


def page_of(found: Iterable[Proposal]) -> list[Became]:
    """The same for a page of them."""
    rows = list(found)
    groups = groups_of(Join.objects.filter(proposal__in=[row.pk for row in rows]))
    return list(became(rows, groups))


def to_be_told(cycle: Cycle) -> QuerySet[Proposal]:
    """Those whose sender left a way to be told, and was not told yet."""
    reached = Q(case__applicant__isnull=False) | Q(Exists(_contact()))
    untold = Proposal.objects.filter(cycle=cycle).exclude(Exists(_told())).filter(reached)
    return untold.select_related("case__holder", "case__applicant", "cycle").order_by("pk")


def _contact() -> QuerySet[Contact]:
    return Contact.objects.filter(case=OuterRef("pk"))


def _told() -> QuerySet[Told]:
    return Told.objects.filter(proposal=OuterRef("pk"))
