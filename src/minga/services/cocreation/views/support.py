"""Supporting a proposal, and where proposals come from on a map."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.base.goals import GOALS
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation import queries
from minga.services.cocreation.actions import support as actions
from minga.services.cocreation.forms.map import MapForm
from minga.services.cocreation.queries import support as supporters
from minga.services.cocreation.views.cycles import by_the_rules


@open_to(Audience.PERSON)
@by_the_rules
def support(request: HttpRequest, cycle: Any, number: int) -> HttpResponse:
    """Whether one supports a proposal, and changing it."""
    found = queries.public().filter(cycle=cycle, number=number).first()
    if found is None:
        raise Http404
    found.cycle = cycle
    if request.method == "POST":
        change = actions.withdraw if "withdraw" in request.POST else actions.support
        change(proposal=found, person=person(request), at=timezone.now())
        return redirect("cocreation:support", cycle=cycle.key, number=number)
    shown = {
        "proposal": found,
        "supports": supporters.supports(found, person(request)),
        "supportable": supporters.is_open(cycle, on=timezone.localdate()),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/support.html", shown)


@open_to(Audience.EVERYONE)
@public_page
@require_safe
def map_of_all(request: HttpRequest) -> HttpResponse:
    form = MapForm(request.GET)
    asked = form.cleaned_data.get("objetivo") if form.is_valid() else ""
    places = queries.by_place(int(asked) if asked else None)
    shown = {
        "form": form,
        "goal": GOALS.get(int(asked or 0), ""),
        "places": places,
        "most": sorted((f for f in places.values() if f.value), key=lambda f: -(f.value or 0)),
        "shape": jurisdiction.shape(),
        "demo": queries.any_invented(),
    }
    return render(request, "cocreation/map_of_all.html", shown)
