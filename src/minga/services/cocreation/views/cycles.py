"""A cycle from its first stage to its last: what everybody sees of it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person, posts, reader
from minga.kernel.rubrics import queries as rounds
from minga.services.cocreation import queries
from minga.services.cocreation.actions import stages
from minga.services.cocreation.datasets.cycles import cycle_counts
from minga.services.cocreation.forms.breaches import WORDS, lacks
from minga.services.cocreation.forms.figures import charts
from minga.services.cocreation.forms.method import FACTS, LEFT, OPEN, RATERS, THIRD, NextStageForm
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.queries import bodies, confirmation, evaluation, figures
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules.breaches import Breach
from minga.services.cocreation.rules.method import Kind, Method, Open

everyone = open_to(Audience.EVERYONE)


def whole(text: str) -> int:
    """A number that a page offered, as it came back; 0 when no database could hold it."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


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
    """Which rule it is, and it is kept that somebody ran against it."""
    somebody = reader(request)
    by = somebody.stream if somebody else "anybody"
    stages.refuse(cycle=cycle, breach=breach, by=by, at=timezone.now())
    return against(request, cycle, breach)


def against(request: HttpRequest, cycle: Cycle, breach: Breach) -> HttpResponse:
    """Which rule it is, of a page that everybody may ask for: nothing is kept of who only
    looks."""
    shown = {"cycle": cycle, "rule": WORDS[breach.rule], "lacks": lacks(breach)}
    return render(request, "cocreation/refused.html", shown, status=403)


@everyone
@public_page
@require_safe
def cycles(request: HttpRequest) -> HttpResponse:
    found = list(queries.cycles().select_related("method"))
    shown = {
        "cycles": [(one, queries.stages.stage_of(one)) for one in found],
        "demo": any(cycle.convener.demo for cycle in found),
    }
    return render(request, "cocreation/cycles.html", shown)


@everyone
@public_page
@require_safe
@by_the_rules
def cycle(request: HttpRequest, cycle: Any) -> HttpResponse:
    return _whole(request, cycle)


def _whole(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    today = timezone.localdate()
    shown = {
        "cycle": cycle,
        "method": methods.method(cycle),
        "bodies": bodies.of(cycle),
        "receives": cycle.opens_on <= today <= cycle.closes_on,
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/cycle.html", shown)


@everyone
@public_page
@require_safe
@by_the_rules
def method(request: HttpRequest, cycle: Any) -> HttpResponse:
    """How a cycle decides, whole: what its method says, and what the documents leave open."""
    found = methods.method(cycle)
    if found is None:
        return _whole(request, cycle)  # which says that it has none
    shown = {"cycle": cycle, **_method_shown(found, request), "demo": cycle.convener.demo}
    return render(request, "cocreation/method.html", shown)


@everyone
@public_page
@require_safe
def method_alone(request: HttpRequest, method: str) -> HttpResponse:
    """The same of a method that the country brought, whether a cycle goes by it or not."""
    found = methods.brought(method)
    if found is None:
        raise Http404
    return render(request, "cocreation/method.html", _method_shown(found, request))


def _method_shown(method: Method, request: HttpRequest) -> dict[str, object]:
    """All that a method says. Its parts are folded until somebody asks for one, or all."""
    raters = {
        part.key: [RATERS[rater] for rater in RATERS if rater in part.raters]
        for part in method.criterion
    }
    open_ones = [
        (OPEN[Open(part.key)], THIRD.get(part.value, part.value), part.reason)
        for part in method.parameter
    ]
    criteria = [
        (part, raters[part.key], [(one, FACTS.get(one.fact, "")) for one in part.indicator])  # type: ignore[call-overload]  # a key of Fact, or none
        for part in method.criterion
    ]
    has_third = any(part.third for part in method.criterion)
    return {
        "method": method,
        "opened": request.GET.get("ver", ""),
        "undated": sum(not stage.when for stage in method.stage),
        "third_from": method.said(Open.DISAGREEMENT).value if has_third else "",
        "criteria": criteria,
        "parameters": open_ones,
    }


@open_to(Audience.PERSON)
@require_safe
@by_the_rules
def duties(request: HttpRequest, cycle: Any) -> HttpResponse:
    """What somebody may do in a cycle, by the seats in which they speak and the posts they hold."""
    who, today = person(request), timezone.localdate()
    scored = evaluation.round_of(cycle)
    now = {kind.value: methods.allows(cycle, kind) for kind in Kind}
    shown = {
        "cycle": cycle,
        "roles": bodies.roles(cycle, who, on=today),
        "now": now,
        "scores": scored and not scored.is_published and rounds.takes_part(scored, who),
        "confirms": confirmation.asked_of(cycle, who, on=today) if now[Kind.CONFIRMATION] else [],
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/duties.html", shown)


@open_to(Audience.OFFICIAL)
@by_the_rules
def stage(request: HttpRequest, cycle: Any) -> HttpResponse:
    """Where whoever convened begins the next stage."""
    post = next((one for one in posts(request) if one.organisation_id == cycle.convener_id), None)
    if post is None:
        raise Http404
    now, after = timezone.now(), queries.stages.next_stage(cycle)
    form = NextStageForm(request.POST or None, initial={"to": after.key if after else ""})
    if form.is_valid():
        stages.advance(cycle=cycle, to=form.cleaned_data["to"], by=f"post:{post.pk}", at=now)
        return redirect("cocreation:cycle", cycle=cycle.key)
    left = queries.stages.left(cycle, on=timezone.localdate(now))
    receives = cycle.closes_on >= timezone.localdate(now)
    shown = {
        "cycle": cycle,
        "stage": queries.stages.stage_of(cycle),
        "after": after,
        "left": [(LEFT[what], many) for what, many in left.items()],
        "closes_call": receives and methods.allows(cycle, Kind.RECEPTION),
        "form": form if after and not left else None,
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/stage.html", shown)


@everyone
@public_page
@require_safe
@by_the_rules
def cycle_figures(request: HttpRequest, cycle: Any) -> HttpResponse:
    counted = list(figures.counted(Cycle.objects.filter(pk=cycle.pk), on=timezone.localdate()))
    shown = {
        "cycle": cycle,
        "charts": charts(counted),
        "about_people": any(one.by in figures.OF_PEOPLE for one in counted),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/cycle_figures.html", shown)


@everyone
@require_safe
def cycle_counts_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(cycle_counts)
