"""Suggestions of proposals that say alike: the texts they are made from, what was suggested and
what people said of it."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import NamedTuple

from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from minga.kernel.assemblies.queries import seat_in
from minga.kernel.identity.models import Person, Seat
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault
from minga.services.cocreation import queries
from minga.services.cocreation.models import Cycle, Proposal, Run, Suggested, Suggestion, Verdict
from minga.services.cocreation.rules import similar
from minga.services.cocreation.rules.breaches import Breach, Rule

ASKED, MADE, SAID = "ask", "made", "verdict"  # what the history says of a run


def member(cycle: Cycle, person: Person, *, on: date) -> Seat:
    """The seat of somebody in the working group of a cycle."""
    seat = seat_in(cycle.working_group, person, on=on)
    if seat is None:
        raise Breach(Rule.NOT_A_MEMBER, "suggestions")
    return seat


def text_of(proposal: Proposal) -> similar.Text:
    """What is compared of a proposal: all of it is open data."""
    said = proposal.title, proposal.problem, proposal.solution
    return similar.Text(proposal.number or 0, *said, proposal.goal or 0, proposal.territory_id)


def compared(cycle: Cycle) -> QuerySet[Proposal]:
    """The proposals of a cycle that everybody sees, by their number."""
    return queries.public().filter(cycle=cycle).exclude(number=None).order_by("number")


def key_of(numbers: Iterable[int]) -> str:
    """The same for the same proposals, whichever run put them together."""
    return sha256(",".join(map(str, sorted(numbers))).encode()).hexdigest()


def digest_of(groups: Iterable[similar.Group]) -> str:
    """Of a whole list of suggestions, in its order."""
    rows = [[list(group.numbers), list(group.words), group.cohesion] for group in groups]
    return sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def kept(run: Run) -> list[similar.Group]:
    """A run's list as it stands in the tables."""
    found = run.suggestions.order_by("number").prefetch_related("members__proposal")
    return [
        similar.Group(
            tuple(sorted(one.proposal.number or 0 for one in suggestion.members.all())),
            tuple(suggestion.words),
            suggestion.cohesion,
        )
        for suggestion in found
    ]


def due(*, at: datetime) -> QuerySet[Run]:
    return Run.objects.filter(due_at__lte=at).select_related("cycle").order_by("due_at", "pk")


def last_asked(cycle: Cycle) -> Run | None:
    return Run.objects.filter(cycle=cycle).order_by("-pk").first()


def last_made(cycle: Cycle) -> Run | None:
    """The newest list there is."""
    made = Run.objects.filter(cycle=cycle).exclude(made_at=None)
    return made.order_by("-made_at", "-pk").first()


def undecided(run: Run) -> QuerySet[Suggestion]:
    """What nobody said anything of yet, the most alike first, with what may be read of it."""
    said = Verdict.objects.filter(cycle=run.cycle_id).values("key")
    return with_members(run.suggestions.exclude(key__in=said))


def one(cycle: Cycle, number: int) -> Suggestion | None:
    """A suggestion of the newest list, by its number there."""
    run = last_made(cycle)
    found = with_members(run.suggestions.all()) if run else Suggestion.objects.none()
    return found.filter(number=number).first()


def with_members(found: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
    public = Suggested.objects.filter(proposal__in=queries.public())
    wanted = public.select_related("proposal__territory").order_by("proposal__number")
    return found.prefetch_related(Prefetch("members", wanted, to_attr="public"))


def verdict_on(suggestion: Suggestion) -> Verdict | None:
    cycle = suggestion.run.cycle_id
    return Verdict.objects.filter(cycle=cycle, key=suggestion.key).first()


def verdicts(cycle: Cycle) -> QuerySet[Verdict]:
    """What was said, the newest first."""
    found = Verdict.objects.filter(cycle=cycle).select_related("suggestion")
    return found.annotate(of=Count("suggestion__members")).order_by("-at", "-pk")


class Tally(NamedTuple):
    """What became of the suggestions that somebody decided on."""

    whole: int = 0  # accepted as they were
    part: int = 0  # accepted without some of it
    rejected: int = 0

    @property
    def decided(self) -> int:
        return sum(self)

    @property
    def precision(self) -> int | None:
        """In hundredths: how many of those decided on were accepted as they were."""
        return 100 * self.whole // self.decided if self.decided else None


def tally(cycle: Cycle) -> Tally:
    said = list(verdicts(cycle))
    accepted = [verdict for verdict in said if verdict.accepted]
    whole = sum(len(verdict.numbers) == verdict.of for verdict in accepted)  # type: ignore[attr-defined]  # annotated
    return Tally(whole, len(accepted) - whole, len(said) - len(accepted))


def verify() -> Iterator[Fault]:
    """Lists and verdicts that are not what the history says."""
    told: dict[tuple[str, str], dict[str, object]] = {}
    for entry in Entry.objects.filter(stream__startswith="suggestions:").iterator():
        kind = f"{entry.kind} {entry.facts['suggestion']}" if entry.kind == SAID else entry.kind
        told[entry.stream, kind] = {k: v for k, v in entry.facts.items() if k != "at"}
    for run in Run.objects.exclude(made_at=None).iterator():
        said = told.pop((run.stream, MADE), {})
        if (said.get("input"), said.get("output")) != (run.input_hash, run.output_hash):
            yield Fault(run.stream, _("la lista no es la que se calculó"))
        elif digest_of(kept(run)) != run.output_hash:
            yield Fault(run.stream, _("las sugerencias no son las que se calcularon"))
    for verdict in Verdict.objects.select_related("suggestion__run").iterator():
        run, number = verdict.suggestion.run, verdict.suggestion.number
        if told.pop((run.stream, f"{SAID} {number}"), {}) != facts_of(verdict):
            yield Fault(run.stream, _("lo que se decidió de una sugerencia no es lo que consta"))
    for stream, kind in told:
        if kind != ASKED:
            yield Fault(stream, _("falta algo que se decidió sobre las sugerencias"))


def facts_of(verdict: Verdict) -> dict[str, str | int | bool | None]:
    """What the history keeps of a verdict: its reason by its digest."""
    return {
        "suggestion": verdict.suggestion.number,
        "accepted": verdict.accepted,
        "numbers": ", ".join(map(str, verdict.numbers)),
        "reason": sha256(verdict.reason.encode()).hexdigest(),
        "by": verdict.by,
    }
