"""The selection: what the forum decided, for everybody; and where its members prepare it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.assemblies import queries as assemblies
from minga.kernel.base.pages import Order, keyset
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person
from minga.services.cocreation.actions import selection as actions
from minga.services.cocreation.datasets import selection as datasets
from minga.services.cocreation.forms.selection import ADVICE, LACKS, PlaceForm, SessionForm
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.queries import backlog as left
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import selection as queries
from minga.services.cocreation.rules import selection as rules
from minga.services.cocreation.rules.method import Kind, Method
from minga.services.cocreation.views.cycles import by_the_rules

everyone, personal = open_to(Audience.EVERYONE), open_to(Audience.PERSON)
ORDER = [Order("category"), Order("rank")]
SIZE = 60  # a whole selection of the first cycle on one page


@everyone
@public_page
@require_safe
@by_the_rules
def selection(request: HttpRequest, cycle: Any) -> HttpResponse:
    """In four parts; nothing of it until the forum decided."""
    method, counts = methods.method(cycle), queries.counts(cycle)
    found = queries.placements(cycle)
    shown = {
        "cycle": cycle,
        "parts": [(part, counts.get(part.number, 0)) for part in method.category] if method else [],
        "titles": {part.number: part for part in method.category} if method else {},
        "axes": {axis.key: axis.title for axis in method.axis} if method else {},
        "page": keyset(found, order=ORDER, query=request.GET, size=SIZE),
        "decided": bool(counts),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/selection.html", shown)


@everyone
@require_safe
def selection_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(datasets.selection)


@everyone
@public_page
@require_safe
def backlog(request: HttpRequest) -> HttpResponse:
    """What earlier cycles left for others or for later: printed, and decided here."""
    here = queries.left_behind()
    page = keyset(here, order=[Order("category"), Order("rank")], query=request.GET, size=SIZE)
    shown = {
        "printed": left.printed(),
        "page": page,
        "demo": any(row.integrated.cycle.convener.demo for row in page.rows),
    }
    return render(request, "cocreation/backlog.html", shown)


@personal
@by_the_rules
def selection_desk(request: HttpRequest, cycle: Any) -> HttpResponse:
    """Where the members of the forum prepare the selection, and put it to its seats."""
    now, who = timezone.now(), person(request)
    actions.member(cycle, who, now)
    method = methods.needed(cycle)
    form = SessionForm(sessions=list(assemblies.sessions(cycle.forum)[:20]))
    lacking: list[int] = []
    if request.method == "POST":
        form = SessionForm(request.POST, sessions=list(form.known.values()))
        if request.POST.get("do") == "rank":
            actions.propose(cycle=cycle, person=who, at=now)
            return redirect("cocreation:selection_desk", cycle.key)
        if form.is_valid():
            try:
                item = actions.put(cycle=cycle, session=form.chosen, person=who, at=now)
            except actions.Unready as unready:
                lacking = unready.numbers
            else:
                number = item.session.number
                return redirect("cocreation:room_session", cycle.key, cycle.forum.key, number)
    shown = {
        **_prepared(cycle, method, request),
        "cycle": cycle,
        "method": method,
        "form": form,
        "lacking": lacking,
        "waiting": queries.waiting(cycle),
        "decided": queries.decided(cycle),
        "now": method.allows(cycle.stage, Kind.SELECTION),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/selection_desk.html", shown)


def _prepared(cycle: Cycle, method: Method, request: HttpRequest) -> dict[str, Any]:
    """A page of what is prepared, with what each lacks, and how many there are of each."""
    axes, counts = [axis.key for axis in method.axis], queries.prepared(cycle)
    page = keyset(queries.picks(cycle), order=[Order("rank")], query=request.GET, size=SIZE)
    rows = [
        (pick, [LACKS[lack] for lack in rules.lacks(queries.place(pick), axes)])
        for pick in page.rows
    ]
    chosen = counts.get(rules.INCLUDE, 0)
    advice = rules.advice(chosen, least=method.advised_least, most=method.advised_most)
    return {
        "page": page,
        "rows": rows,
        "parts": [(part, counts.get(part.number, 0)) for part in method.category],
        "advice": ADVICE[advice] if advice and page.rows else "",
        "unscored": queries.unscored(cycle),
    }


@personal
@by_the_rules
def selection_place(request: HttpRequest, cycle: Any, number: int) -> HttpResponse:
    """One placement: where it goes, and what is said of it there."""
    now, who = timezone.now(), person(request)
    actions.member(cycle, who, now)
    pick = queries.picks(cycle).filter(integrated__number=number).first()
    if pick is None:
        raise Http404
    names = (*queries.NAMES, "axis", "rev")
    initial = {name: getattr(pick, name) for name in names}
    told: dict[str, Any] = {"method": methods.needed(cycle), "pick": pick, "initial": initial}
    form, outdated = PlaceForm(request.POST or None, **told), False
    if form.is_valid():
        told = {"place": form.place, "rev": form.cleaned_data["rev"], "person": who, "at": now}
        try:
            actions.place(cycle=cycle, number=number, **told)
        except actions.Outdated:
            outdated, again = True, request.POST.copy()
            again["rev"] = str(pick.rev)
            form = PlaceForm(again, method=methods.needed(cycle), pick=pick)
        else:
            return redirect("cocreation:selection_desk", cycle.key)
    shown = {"cycle": cycle, "pick": pick, "form": form, "outdated": outdated}
    return render(
        request, "cocreation/selection_place.html", {**shown, "demo": cycle.convener.demo}
    )
