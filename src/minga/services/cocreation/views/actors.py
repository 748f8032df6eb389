"""The map of actors of a cycle."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from minga.kernel.base.goals import GOALS
from minga.kernel.base.pages import Order, keyset
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person, posts
from minga.kernel.identity.models import Post
from minga.services.cocreation.actions import actors as actions
from minga.services.cocreation.datasets import actors as datasets
from minga.services.cocreation.forms import SECTORS
from minga.services.cocreation.forms.actors import REACHES, ActorForm, ActorsFilter, ReviewForm
from minga.services.cocreation.models import Cycle, Stakeholder
from minga.services.cocreation.queries import actors as queries
from minga.services.cocreation.views.cycles import by_the_rules

everyone, personal = open_to(Audience.EVERYONE), open_to(Audience.PERSON)
official = open_to(Audience.OFFICIAL)
BY_NAME, BY_DAY = (Order("sort_name"),), (Order("at"),)


def _words(actor: Stakeholder) -> dict[str, Any]:
    """An organisation with its keys in words."""
    goals = sorted(theme.goal for theme in actor.themes.all())
    return {
        "actor": actor,
        "sector": SECTORS[actor.sector],  # type: ignore[index]  # a key of Sector
        "reach": REACHES[actor.reach],  # type: ignore[index]  # a key of Reach
        "goals": [f"{goal}. {GOALS[goal]}" for goal in goals],
    }


@everyone
@public_page
@require_safe
@by_the_rules
def actors(request: HttpRequest, cycle: Any) -> HttpResponse:
    form = ActorsFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.narrowed(queries.listed().filter(cycle=cycle), wanted)
    page = keyset(found, order=BY_NAME, query=request.GET)
    shown = {
        "cycle": cycle,
        "filters": form,
        "narrowed": any(wanted.values()),
        "page": page,
        "rows": [_words(actor) for actor in page.rows],
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/actors.html", shown)


@everyone
@require_safe
def actors_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(datasets.actors)


@personal
@by_the_rules
def join(request: HttpRequest, cycle: Any) -> HttpResponse:
    """«Quiero participar»: somebody asks for a place for their organisation."""
    form = ActorForm(request.POST or None)
    if form.is_valid():
        said, who = form.cleaned_data, person(request)
        try:
            actions.propose(cycle=cycle, said=said, person=who, at=timezone.now())
            return render(request, "cocreation/joined.html", {"cycle": cycle, **_demo(cycle)})
        except actions.Known:
            form.add_error("name", _("Esa organización ya está en el mapa, o espera su revisión."))
    shown = {"cycle": cycle, "form": form, "own": True, **_demo(cycle)}
    return render(request, "cocreation/write_actor.html", shown)


@official
@by_the_rules
def enter(request: HttpRequest, cycle: Any) -> HttpResponse:
    """Who convenes puts an organisation on the map."""
    post, form = _convening(request, cycle), ActorForm(request.POST or None)
    if form.is_valid():
        try:
            actions.enter(cycle=cycle, said=form.cleaned_data, post=post, at=timezone.now())
            return redirect("cocreation:actors", cycle=cycle.key)
        except actions.Known:
            form.add_error("name", _("Esa organización ya está en el mapa, o espera su revisión."))
    shown = {"cycle": cycle, "form": form, "own": False, **_demo(cycle)}
    return render(request, "cocreation/write_actor.html", shown)


@official
@require_safe
@by_the_rules
def waiting(request: HttpRequest, cycle: Any) -> HttpResponse:
    _convening(request, cycle)
    page = keyset(queries.waiting(cycle), order=BY_DAY, query=request.GET)
    shown = {"cycle": cycle, "page": page, **_demo(cycle)}
    return render(request, "cocreation/waiting_actors.html", shown)


@official
@by_the_rules
def review(request: HttpRequest, cycle: Any, actor: int) -> HttpResponse:
    """List an organisation, or say why not."""
    post, found = _convening(request, cycle), queries.of_cycle(cycle, actor)
    if found is None:
        raise Http404
    form = ReviewForm(request.POST or None, initial={"rev": found.rev})
    if form.is_valid():
        try:
            actions.review(actor=found, post=post, at=timezone.now(), **form.cleaned_data)
            return redirect("cocreation:waiting_actors", cycle=cycle.key)
        except actions.Moved:
            form.add_error(None, _("Otra persona ya decidió sobre ella. Mira cómo quedó."))
    shown = {"cycle": cycle, "form": form, **_words(found), **_demo(cycle)}
    return render(request, "cocreation/review_actor.html", shown)


def _convening(request: HttpRequest, cycle: Cycle) -> Post:
    post = queries.convening(cycle, posts(request))
    if post is None:
        raise Http404
    return post


def _demo(cycle: Cycle) -> dict[str, bool]:
    return {"demo": cycle.convener.demo}
