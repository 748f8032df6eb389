"""A cycle from its first stage to its last: what everybody sees of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import reader
from minga.services.cocreation import queries
from minga.services.cocreation.actions import stages
from minga.services.cocreation.forms.breaches import WORDS
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules.breaches import Breach

everyone = open_to(Audience.EVERYONE)


def by_the_rules(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of a cycle gets it instead of its key; whoever runs against a rule of the method
    is told which one, and it is kept that they did. Below `open_to`, above all else."""

    @wraps(view)
    def told(request: HttpRequest, cycle: str, **rest: Any) -> HttpResponseBase:
        found = queries.cycle(cycle)
        if found is None:
            raise Http404
        try:
            return view(request, cycle=found, **rest)
        except Breach as breach:
            return refused(request, found, breach)

    return told


def refused(request: HttpRequest, cycle: Cycle, breach: Breach) -> HttpResponse:
    """Which rule somebody ran against; and it is kept that they did."""
    somebody = reader(request)
    by = somebody.stream if somebody else "anybody"
    stages.refuse(cycle=cycle, breach=breach, by=by, at=timezone.now())
    shown = {"cycle": cycle, "rule": WORDS[breach.rule]}
    return render(request, "cocreation/refused.html", shown, status=403)


@everyone
@public_page
@require_safe
def cycles(request: HttpRequest) -> HttpResponse:
    found = list(queries.cycles())
    shown = {"cycles": found, "demo": any(cycle.convener.demo for cycle in found)}
    return render(request, "cocreation/cycles.html", shown)


@everyone
@public_page
@require_safe
@by_the_rules
def cycle(request: HttpRequest, cycle: Any) -> HttpResponse:
    shown = {"cycle": cycle, "method": methods.method(cycle), "demo": cycle.convener.demo}
    return render(request, "cocreation/cycle.html", shown)
