"""Proposals that seem to say alike: what the working group decides of them, and what everybody
may know of how they were found."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.base.pages import Order, keyset
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person
from minga.kernel.identity.models import Person
from minga.services.cocreation.actions import similar as actions
from minga.services.cocreation.datasets import similar as sets
from minga.services.cocreation.forms.similar import VerdictForm
from minga.services.cocreation.models import Cycle, Suggestion
from minga.services.cocreation.queries import integration as joins
from minga.services.cocreation.queries import similar as queries
from minga.services.cocreation.rules.similar.reading import thesaurus
from minga.services.cocreation.views.cycles import by_the_rules

everyone, personal = open_to(Audience.EVERYONE), open_to(Audience.PERSON)
AT_ONCE = 20


@personal
@by_the_rules
def suggestions(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """What is still to be decided of the newest list; and asking for a new one."""
    now = timezone.now()
    queries.member(cycle, person(request), on=timezone.localdate(now))
    if request.method == "POST":
        actions.ask(cycle=cycle, person=person(request), at=now)
        return redirect("cocreation:suggestions", cycle=cycle.key)
    run, last = queries.last_made(cycle), queries.last_asked(cycle)
    found = queries.undecided(run) if run else Suggestion.objects.none()
    shown = {
        "cycle": cycle,
        "run": run,
        "last": last,
        "page": keyset(found, order=[Order("number")], query=request.GET, size=AT_ONCE),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/suggestions.html", shown)


@personal
@by_the_rules
def suggestion(request: HttpRequest, cycle: Cycle, number: int) -> HttpResponse:
    """One of them, and the verdict of a member."""
    who, now = person(request), timezone.now()
    queries.member(cycle, who, on=timezone.localdate(now))
    found = queries.one(cycle, number)
    if found is None:
        raise Http404
    proposals = [one.proposal for one in found.public]  # type: ignore[attr-defined]  # fetched
    free = joins.candidates(cycle).filter(pk__in=[one.pk for one in proposals])
    form = VerdictForm(
        request.POST or None,
        key=found.key,
        proposals=proposals,
        free=set(free.values_list("pk", flat=True)),
    )
    if form.is_valid():
        return _decided(found, form, who, now)
    shown = {
        "cycle": cycle,
        "suggestion": found,
        "proposals": proposals,
        "form": form,
        "verdict": queries.verdict_on(found),
        "groups": joins.groups_with(proposals),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/suggestion.html", shown)


def _decided(found: Suggestion, form: VerdictForm, who: Person, now: datetime) -> HttpResponse:
    """Those that say alike go on to their group; of the others there is nothing more to do."""
    cycle, said = found.run.cycle, form.cleaned_data
    told: dict[str, Any] = {"reason": said["reason"], "person": who, "at": now}
    told |= {"suggestion": found, "numbers": form.numbers}
    if not said["answer"]:
        actions.decide(accepted=False, **told)
    elif made := actions.accept(proposals=form.joined, title=said.get("title", ""), **told):
        address = reverse("cocreation:group", args=[cycle.key, made.number])
        return redirect(f"{address}?hecho")
    return redirect("cocreation:suggestion", cycle=cycle.key, number=found.number)


@everyone
@public_page
@require_safe
@by_the_rules
def how_suggested(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """How suggestions are made, and how good people found them."""
    known = thesaurus()
    shown = {
        "cycle": cycle,
        "run": queries.last_made(cycle),
        "tally": queries.tally(cycle),
        "concepts": len(known.names),
        "asks": len(known.asks),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/how_suggested.html", shown)


@everyone
@require_safe
def suggestions_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(sets.suggestions)
