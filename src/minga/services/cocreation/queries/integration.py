"""Integrated proposals: which there are, what each is made of, and what may still be joined."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.functions import Cast, Coalesce, Substr
from django.utils.translation import gettext as _

from minga.kernel.base.text import sort_key
from minga.kernel.cases import rules as case_rules
from minga.kernel.catalogue import queries as catalogue
from minga.kernel.conversation import queries as conversation
from minga.kernel.identity.models import Organisation, Seat
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault
from minga.services.cocreation import rules
from minga.services.cocreation.models import (
    Agreement,
    Cycle,
    Integrated,
    Join,
    Party,
    Placement,
    Proposal,
    Step,
    Support,
)
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules import integration as rule
from minga.services.cocreation.rules.method import Open

SEAT = "seat:"  # before the number of one, as the history refers to it


def public() -> QuerySet[Integrated]:
    """The working group works in the open: everybody sees what it writes, and whether it is
    agreed. List, page, search and export stand on this."""
    return Integrated.objects.select_related("cycle__convener")


def references() -> Iterable[str]:
    return map(str, public().values_list("pk", flat=True))


def of_cycle(cycle: Cycle) -> QuerySet[Integrated]:
    """Those of a cycle, each with how many proposals are in it."""
    inside = Count("joins", filter=Q(joins__left_at=None))
    return public().filter(cycle=cycle).annotate(proposals=inside)


def narrowed(
    found: QuerySet[Integrated], *, axis: str = "", pillar: str = "", goal: int | None = None
) -> QuerySet[Integrated]:
    if axis:
        found = found.filter(axis=axis)
    if pillar:
        said = found.annotate(said=Cast("pillars", TextField()))
        found = said.filter(said__contains=f'"{pillar}"')
    if goal:
        found = found.filter(Exists(_aims(goal)))
    return found


def _aims(goal: int) -> QuerySet[Integrated]:
    return Integrated.objects.filter(pk=OuterRef("pk"), aims__goal=goal)


def one(cycle: Cycle, number: int) -> Integrated | None:
    """One with all that it says, whether it may be evaluated, how many people support what it
    is made of, and its category: four statements."""
    parties = Party.objects.select_related("organisation").order_by("role", "pk")
    steps = Step.objects.order_by("number")
    whole = ("aims", Prefetch("parties", parties), Prefetch("steps", steps))
    if cycle.method is None:  # nothing is integrated without one
        return None
    found = Integrated.objects.filter(cycle=cycle, number=number).select_related("node", "score")
    behind = Exists(agreed(cycle).filter(pk=OuterRef("pk")))
    placed = Placement.objects.filter(integrated=OuterRef("pk"), current=True)
    category = Subquery(placed.values("category"))
    found = found.annotate(is_agreed=behind, supporters=_supporters(), category=category)
    integrated = found.prefetch_related(*whole).first()
    if integrated:
        integrated.cycle = cycle
    return integrated


def _supporters() -> Coalesce:
    """How many people support proposals that are in it: whoever supports several counts once."""
    inside = {"proposal__joins__integrated": OuterRef("pk"), "proposal__joins__left_at": None}
    theirs = Support.objects.filter(**inside).order_by().values("proposal__joins__integrated")
    return Coalesce(Subquery(theirs.annotate(n=Count("mark", distinct=True)).values("n")), 0)


@dataclass(frozen=True, slots=True)
class Belonging:
    """A proposal that is in an integrated one, or was, and which member's doing it is. The words
    of what is not public now are not said."""

    join: Join
    joined_by: str
    left_by: str
    title: str = ""


def belongings(integrated: Integrated) -> list[Belonging]:
    """What is in it and what left it, as it happened: one statement."""
    unread = Q(proposal__in=conversation.hidden(rules.PROPOSAL))
    joins = integrated.joins.select_related("proposal__case").annotate(unread=unread)
    return [
        _belonging(
            join, "" if join.unread or not join.proposal.case.public else join.proposal.title
        )
        for join in _with_members(joins)
    ]


def groups_of(proposal: Proposal) -> list[Belonging]:
    """The integrated proposals that one is in, or was: one statement."""
    whole = ("integrated__cycle", "integrated__node", "integrated__score")
    joins = proposal.joins.select_related(*whole)
    return [_belonging(join) for join in _with_members(joins)]


def groups_with(proposals: Iterable[Proposal]) -> QuerySet[Integrated]:
    """The integrated proposals in which some of these are now."""
    inside = _active(integrated=OuterRef("pk"), proposal__in=[one.pk for one in proposals])
    return public().filter(Exists(inside)).order_by("number")


def _with_members(joins: QuerySet[Join]) -> QuerySet[Any, Any]:
    """As they happened, each with the organisations whose members joined and split it."""
    for name in ("joined_by", "left_by"):
        number = Cast(Substr(name, len(SEAT) + 1), BigIntegerField())
        there = Seat.objects.filter(pk=OuterRef(f"{name}_seat")).values("member__name")
        joins = joins.annotate(
            **{f"{name}_seat": Case(When(**{f"{name}__startswith": SEAT}, then=number))}
        ).annotate(**{f"{name}_name": Subquery(there)})
    return joins.order_by("joined_at", "pk")


def _belonging(join: Any, title: str = "") -> Belonging:
    return Belonging(join, join.joined_by_name or "", join.left_by_name or "", title)


def agreements(integrated: Integrated) -> QuerySet[Agreement]:
    """Who stands behind it as it is now, whoever wrote it first."""
    now = integrated.agreements.filter(rev=integrated.rev)
    return now.select_related("seat__member").order_by("at", "pk")


def is_agreed(integrated: Integrated) -> bool:
    return agreed(integrated.cycle).filter(pk=integrated.pk).exists()


def agreed(cycle: Cycle) -> QuerySet[Integrated]:
    """Those of a cycle that may be evaluated: enough sectors stand behind each as it is now,
    the one that wrote it last and those that agreed since (PAGA I, l. 385)."""
    needed = methods.needed(cycle).whole(Open.SECTORS_NEEDED)
    now = Q(agreements__rev=F("rev")) & ~Q(agreements__sector="")
    sectors = Count("agreements__sector", filter=now, distinct=True)
    behind = Integrated.objects.annotate(sectors=sectors).filter(sectors__gte=needed)
    return public().filter(cycle=cycle, pk__in=behind.values("pk"))


def _active(**which: object) -> QuerySet[Join]:
    return Join.objects.filter(left_at=None, **which)


def joinable(cycle: Cycle) -> QuerySet[Proposal]:
    """What the working group may join: what is in the cycle and was not taken out of it, and
    everybody can read."""
    found = Proposal.objects.filter(cycle=cycle, case__state__in=rule.JOINABLE)
    return found.exclude(pk__in=conversation.hidden(rules.PROPOSAL))


def candidates(
    cycle: Cycle,
    *,
    words: str = "",
    goal: int | None = None,
    territory: str = "",
    grouped: bool = False,
) -> QuerySet[Proposal]:
    """What may be joined, as a member looks for it; those in no group unless they ask."""
    now = Prefetch("joins", _active().select_related("integrated"), to_attr="groups")
    found = joinable(cycle).select_related("territory", "cycle").prefetch_related(now)
    if not grouped:
        found = found.filter(~Exists(_active(proposal=OuterRef("pk"))))
    if words:
        found = found.filter(pk__in=catalogue.having(words, type=rules.PROPOSAL))
    if goal is not None:
        found = found.filter(goal=goal or None)
    return found.filter(territory__iso=territory) if territory else found


def named(lines: Iterable[str]) -> dict[str, list[Organisation]]:
    """The organisations that somebody means by a name, an acronym or a key: one statement."""
    keys = {line: sort_key(line) for line in lines}
    by_name, by_acronym = Q(sort_name__in=keys.values()), Q(acronym__in=[*keys])
    found = list(Organisation.objects.filter(by_name | by_acronym | Q(key__in=[*keys])))
    return {
        line: [body for body in found if key == body.sort_name or line in (body.acronym, body.key)]
        for line, key in keys.items()
    }


def said(integrated: Integrated) -> dict[str, object]:
    """What is sealed each time it is written."""
    steps = integrated.steps.order_by("number")
    parties = integrated.parties.order_by("role", "organisation_id")
    names = ("title", "problem", "solution", "pillars", "cooperation")
    return {
        **{name: getattr(integrated, name) for name in names},
        "budget": f"{integrated.budget:.2f}" if integrated.budget is not None else "",
        "dates": [str(day) for day in (integrated.starts_on, integrated.ends_on) if day],
        "steps": [[s.number, s.title, str(s.starts_on), str(s.ends_on)] for s in steps],
        "parties": [[p.role, p.organisation_id] for p in parties],
        "goals": sorted(aim.goal for aim in integrated.aims.all()),
    }


def seal(integrated: Integrated) -> str:
    return case_rules.seal("", said(integrated))


def verify() -> Iterator[Fault]:
    """Integrated proposals that do not say what was written, or are not made of what the
    history joined to them."""
    told: dict[str, str] = {}
    inside: dict[str, set[int]] = {}
    for entry in Entry.objects.filter(stream__startswith="integrated:").order_by("stream", "seq"):
        facts, joined = entry.facts, inside.setdefault(entry.stream, set())
        told[entry.stream] = facts.get("seal", told.get(entry.stream, ""))
        if entry.kind == "join":
            joined.add(facts["proposal"])
        elif entry.kind == "split":
            joined.discard(facts["proposal"])
    now: dict[str, set[int]] = {}
    for join in _active():
        now.setdefault(f"integrated:{join.integrated_id}", set()).add(join.proposal_id)
    for integrated in Integrated.objects.iterator():
        stream = integrated.stream
        if told.pop(stream, None) != seal(integrated):
            yield Fault(stream, _("la propuesta integrada no dice lo que se escribió"))
        if inside.get(stream, set()) != now.get(stream, set()):
            yield Fault(stream, _("no está hecha de las propuestas que se le juntaron"))
    for stream in told:
        yield Fault(stream, _("falta una propuesta integrada"))
