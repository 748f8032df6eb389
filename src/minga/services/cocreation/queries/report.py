"""The follow-up report of a cycle: what became of each proposal, and of all of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from minga.kernel.cases.models import Contact
from minga.kernel.conversation import queries as conversation
from minga.services.cocreation.models import Cycle, Placement, Proposal, Told
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


def numbered(cycles: Iterable[Cycle]) -> QuerySet[Proposal]:
    """Those that were accepted once, also what is hidden now: their number is public."""
    return Proposal.objects.filter(cycle__in=cycles).exclude(number=None)


SAID = (
    *("number", "title", "channel", "territory", "goal", "sector", "case__public"),
    *("cycle__key", "cycle__convener__demo"),
)
IN_GROUP: Mapping[str, Any] = {  # what is said of the one in which a proposal is now
    "group_number": F("now__integrated__number"),
    "group_title": F("now__integrated__title"),
    "group_category": Subquery(
        Placement.objects.filter(integrated=OuterRef("now__integrated"), current=True).values(
            "category"
        )
    ),
    "group_commitment": F("now__integrated__node__title"),
}


def each(found: QuerySet[Proposal]) -> Iterator[Became]:
    """What became of each, those of one cycle in the order of their numbers: one statement, and
    one proposal at a time in memory."""
    now = FilteredRelation("joins", condition=Q(joins__left_at=None))
    whole = following.with_outcome(found).annotate(
        now=now, **IN_GROUP, unread=Q(pk__in=conversation.hidden(PROPOSAL))
    )
    rows = whole.select_related("case", "cycle__convener").only(*SAID)
    ordered = rows.order_by("-cycle__closes_on", "cycle", "number", "group_number")
    for _pk, of_one in groupby(ordered.iterator(chunk_size=500), key=attrgetter("pk")):
        yield _became(list(of_one))


def _became(rows: Sequence[Any]) -> Became:
    """From one proposal, once for each group in which it is."""
    first = rows[0]
    groups = [
        Group(row.group_number, row.group_title, row.group_category, row.group_commitment or "")
        for row in rows
        if row.group_number
    ]
    title = first.title if first.case.public and not first.unread else ""
    return Became(first, title, Outcome(first.outcome), groups)


def to_be_told(cycle: Cycle) -> QuerySet[Proposal]:
    """Those whose sender left a way to be told, and was not told yet."""
    reached = Q(case__applicant__isnull=False) | Q(Exists(_contact()))
    untold = Proposal.objects.filter(cycle=cycle).exclude(Exists(_told())).filter(reached)
    return untold.select_related("case__holder", "case__applicant", "cycle").order_by("pk")


def _contact() -> QuerySet[Contact]:
    return Contact.objects.filter(case=OuterRef("pk"))


def _told() -> QuerySet[Told]:
    return Told.objects.filter(proposal=OuterRef("pk"))
