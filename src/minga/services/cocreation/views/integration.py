"""Proposals written as one: what everybody reads, and where the working group does it."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from minga.kernel.base.goals import GOALS
from minga.kernel.base.pages import Order, keyset
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person
from minga.services.cocreation.actions import integration as actions
from minga.services.cocreation.datasets import integration as sets
from minga.services.cocreation.forms.breaches import NEEDS
from minga.services.cocreation.forms.following import GOOD, OUTCOMES, TONES
from minga.services.cocreation.forms.integration import GroupsForm, JoinForm, PickForm, SplitForm
from minga.services.cocreation.forms.writing import ROLES
from minga.services.cocreation.models import Cycle, Integrated
from minga.services.cocreation.queries import following, screening, writing
from minga.services.cocreation.queries import integration as queries
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.rules.following import Outcome, of_group
from minga.services.cocreation.rules.integration import missing
from minga.services.cocreation.rules.method import Kind
from minga.services.cocreation.views.cycles import by_the_rules, whole

everyone, personal = open_to(Audience.EVERYONE), open_to(Audience.PERSON)
AT_ONCE = 50  # proposals of which a member picks


@everyone
@public_page
@require_safe
@by_the_rules
def integrated_list(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    method = methods.method(cycle)
    form = GroupsForm(request.GET, method=method)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = queries.narrowed(
        queries.of_cycle(cycle),
        axis=wanted.get("eje", ""),
        pillar=wanted.get("pilar", ""),
        goal=int(wanted.get("objetivo") or 0),
    )
    page = keyset(found, order=[Order("number")], query=request.GET)
    shown = {
        "cycle": cycle,
        "filters": form,
        "page": page,
        "narrowed": any(wanted.values()),
        "is_open": method is not None and method.allows(cycle.stage, Kind.INTEGRATION),
        **_demo(cycle),
    }
    return render(request, "cocreation/integrated_list.html", shown)


@everyone
@public_page
@require_safe
@by_the_rules
def integrated(request: HttpRequest, cycle: Cycle, number: int) -> HttpResponse:
    found = one(cycle, number)
    shown = {
        **_said(found),
        **_made_of(queries.belongings(found)),
        "steps": following.of_integrated(found),
        **_became(found),
    }
    return render(request, "cocreation/integrated.html", shown)


@everyone
@require_safe
def integrated_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(sets.integrated)


@everyone
@require_safe
def joins_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(sets.joins)


@personal
@by_the_rules
def integrate(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Where a member looks for proposals that say alike, and joins some."""
    now = timezone.now()
    screening.member(cycle, person(request), on=timezone.localdate(now))
    form = JoinForm(request.POST or None, cycle=cycle)
    if form.is_valid():
        return _joined(request, cycle, form)
    filters = PickForm(request.GET)
    wanted = filters.cleaned_data if filters.is_valid() else {}
    found = queries.candidates(
        cycle,
        words=wanted.get("busca", ""),
        goal=int(wanted["objetivo"]) if wanted.get("objetivo") else None,
        territory=wanted.get("lugar", ""),
        grouped=bool(wanted.get("grupo")),
    )
    page = keyset(found, order=[Order("sort_title")], query=request.GET, size=AT_ONCE)
    shown = {
        "cycle": cycle,
        "filters": filters,
        "page": page,
        "narrowed": any(wanted.values()),
        "form": form,
        "picked": {whole(pk) for pk in request.POST.getlist("proposals")},
        **_demo(cycle),
    }
    return render(request, "cocreation/integrate.html", shown)


def _joined(request: HttpRequest, cycle: Cycle, form: JoinForm) -> HttpResponse:
    said = form.cleaned_data
    told = {"proposals": [*said["proposals"]], "reason": said["reason"], **by_whom(request)}
    if said["group"]:
        group = one(cycle, int(said["group"]))
        actions.join(integrated=group, **told)
    else:
        group = actions.begin(cycle=cycle, title=said["title"], **told)
    return back_to(group)


def back_to(group: Integrated) -> HttpResponse:
    address = reverse("cocreation:group", args=[group.cycle.key, group.number])
    return redirect(f"{address}?hecho")


@personal
@by_the_rules
def group(request: HttpRequest, cycle: Cycle, number: int) -> HttpResponse:
    """One integrated proposal as its working group sees it; and taking a proposal out."""
    seat = screening.member(cycle, person(request), on=timezone.localdate())
    found = one(cycle, number)
    belongings = queries.belongings(found)
    inside = {b.join.proposal_id: b for b in belongings if not b.join.left_at}
    form = SplitForm(request.POST or None, inside=list(inside.values()))
    if form.is_valid():
        chosen, reason = inside[int(form.cleaned_data["proposal"])], form.cleaned_data["reason"]
        proposal = chosen.join.proposal
        actions.split(integrated=found, proposal=proposal, reason=reason, **by_whom(request))
        return back_to(found)
    behind = list(queries.agreements(found))
    shown = {
        **_said(found),
        **_made_of(belongings),
        "form": form,
        "behind": behind,
        "lacks": [NEEDS[need] for need in missing(writing.structure(found))],
        "has_draft": found.passages.exists(),
        "may_agree": seat.sector not in {agreement.sector for agreement in behind},
        "done": "hecho" in request.GET,
        "was_overtaken": "cambio" in request.GET,
    }
    return render(request, "cocreation/group.html", shown)


@personal
@require_POST
@by_the_rules
def agree(request: HttpRequest, cycle: Cycle, number: int) -> HttpResponse:
    found, rev = one(cycle, number), whole(request.POST.get("rev", ""))
    try:
        actions.agree(integrated=found, rev=rev, **by_whom(request))
    except actions.Overtaken:
        return redirect(f"{reverse('cocreation:group', args=[cycle.key, number])}?cambio")
    return back_to(found)


def by_whom(request: HttpRequest) -> dict[str, Any]:
    """Who does it, and when."""
    return {"person": person(request), "at": timezone.now()}


def one(cycle: Cycle, number: int) -> Integrated:
    found = queries.one(cycle, number)
    if found is None:
        raise Http404
    return found


def _said(found: Integrated) -> dict[str, Any]:
    """What an integrated proposal says, in the words of its method."""
    method = methods.method(found.cycle)
    named = {part.key: part.title for part in (*method.pillar, *method.axis)} if method else {}
    parties = list(found.parties.all())
    bodies = {
        label: [party.organisation for party in parties if party.role == role]
        for role, label in ROLES.items()
    }
    return {
        "cycle": found.cycle,
        "integrated": found,
        "bodies": {label: some for label, some in bodies.items() if some},
        "pillars": [named.get(key, key) for key in found.pillars],
        "axis": named.get(found.axis, ""),
        "goals": [(aim.goal, GOALS[aim.goal]) for aim in found.aims.all()],
        **_demo(found.cycle),
    }


def _became(found: Integrated) -> dict[str, Any]:
    """Once it was evaluated: what became of it."""
    outcome = of_group(
        is_promised=found.node_id is not None,
        category=found.category,  # type: ignore[attr-defined]  # annotated
        is_scored=hasattr(found, "score"),
    )
    if outcome == Outcome.INTEGRATED:
        return {}
    return {"became": OUTCOMES[outcome], "tone": TONES.get(outcome, GOOD)}


def _made_of(belongings: Sequence[queries.Belonging]) -> dict[str, Any]:
    left = sum(one.join.left_at is not None for one in belongings)
    return {"belongings": belongings, "left": left, "inside": len(belongings) - left}


def _demo(cycle: Cycle) -> dict[str, bool]:
    return {"demo": cycle.convener.demo}
