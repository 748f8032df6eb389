"""In which stage a cycle is, and what has to be done before it is left."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, readable
from minga.services.cocreation.models import Cycle, Proposal, Screening
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules import WAITING, State
from minga.services.cocreation.rules.method import Kind, Stage
from minga.services.cocreation.rules.stages import DONE_FIRST, Left


def _in(cycle: Cycle, *states: State) -> int:
    return Proposal.objects.filter(cycle=cycle, case__state__in=states).count()


def _may_answer(cycle: Cycle, on: date) -> int:
    """Proposals whose person still has days to answer a decision."""
    decided = Screening.objects.filter(proposal__cycle=cycle, standing="confirmed")
    still = decided.filter(proposal__case__state=State.NOT_RELATED, answer_until__gte=on)
    return still.count()


COUNTED: Mapping[Left, Callable[[Cycle, date], int]] = {
    Left.UNANSWERED: lambda cycle, _on: _in(cycle, *WAITING),
    Left.UNSCREENED: lambda cycle, _on: _in(cycle, State.ACCEPTED),
    Left.OBJECTED: lambda cycle, _on: _in(cycle, State.OBJECTED),
    Left.MAY_ANSWER: _may_answer,
}


def left(cycle: Cycle, *, on: date) -> dict[Left, int]:
    """What is not done that the stage of a cycle wants done: how many of each."""
    stage = stage_of(cycle)
    kinds = stage.kinds if stage else ()
    wanted = [what for kind in kinds for what in DONE_FIRST.get(Kind(kind), ())]
    return {what: many for what in wanted if (many := COUNTED[what](cycle, on))}


def stage_of(cycle: Cycle) -> Stage | None:
    method = methods.method(cycle)
    return method.stages.get(cycle.stage) if method else None


def next_stage(cycle: Cycle) -> Stage | None:
    """The one that follows; none after the last."""
    method = methods.method(cycle)
    keys = list(method.stages) if method else []
    after = keys[keys.index(cycle.stage) + 1 :] if cycle.stage in keys else []
    return method.stages[after[0]] if method and after else None


def verify() -> Iterator[Fault]:
    """Cycles that are in another stage, or go by another method, than their history says."""
    said: dict[str, dict[str, object]] = {}
    told = Entry.objects.filter(stream__startswith="cocreation:", kind__in=["follow", "stage"])
    for entry in told.order_by("seq").iterator():
        facts = readable(entry.body)
        said.setdefault(entry.stream, {}).update(facts)
    for cycle in Cycle.objects.select_related("method").order_by("pk"):
        told_of = said.get(cycle.stream, {})
        digest = cycle.method.digest if cycle.method else None
        if (told_of.get("stage", ""), told_of.get("method")) != (cycle.stage, digest):
            yield Fault(cycle.stream, _("no está en la etapa que dice su historia"))
