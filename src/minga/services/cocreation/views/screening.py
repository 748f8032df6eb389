"""The classification of proposals: for the members of the working group, one by one."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from minga.kernel.base.goals import GOALS
from minga.kernel.base.pages import Order, keyset
from minga.kernel.cases import queries as cases
from minga.kernel.cases.declaration import Conflict
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person
from minga.services.cocreation.actions import screening as actions
from minga.services.cocreation.forms import SECTORS
from minga.services.cocreation.forms.screening import (
    LISTS,
    OUTCOMES,
    TESTS,
    UNMET,
    AgreeForm,
    ScreeningForm,
)
from minga.services.cocreation.models import Proposal, Screening
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import screening as queries
from minga.services.cocreation.rules import State
from minga.services.cocreation.rules.method import Gate, Kind, Method, Open
from minga.services.cocreation.rules.screening import outcome
from minga.services.cocreation.views.cycles import by_the_rules

UNREAD = _("Su texto no es público ahora")
personal = open_to(Audience.PERSON)


@personal
@require_safe
@by_the_rules
def to_screen(request: HttpRequest, cycle: Any) -> HttpResponse:
    """What the group has to do, in three lists."""
    queries.member(cycle, person(request), on=timezone.localdate())
    kind = request.GET.get("que", "")
    kind = kind if kind in LISTS else ""
    page = keyset(
        queries.waiting(cycle, kind), order=[Order("number", nulls="last")], query=request.GET
    )
    shown = {
        "cycle": cycle,
        "page": page,
        "kind": kind,
        "lists": LISTS.items(),
        "open": methods.allows(cycle, Kind.SCREENING),
        "done": request.GET.get("hecho", ""),
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/to_screen.html", shown)


@personal
@by_the_rules
def screen(request: HttpRequest, cycle: Any, number: int) -> HttpResponse:
    """One proposal: what a member thinks of it, or whether they agree with another."""
    seat = queries.member(cycle, person(request), on=timezone.localdate())
    found = queries.proposal(cycle, number)
    if found is None:
        raise Http404
    method, waits = methods.needed(cycle), queries.proposed(found)
    form, agreeing = _forms(request, found, method, waits)
    for sent, act in ((form, _propose), (agreeing, _agree)):
        if sent and sent.is_valid():
            methods.require(cycle, Kind.SCREENING)
            try:
                return act(request, found, sent)
            except Conflict as now:
                return _overtaken(request, now, sent)
    shown = {
        **decided(found),
        "cycle": cycle,
        "proposal": found,
        "form": form if _open(found, waits) and methods.allows(cycle, Kind.SCREENING) else None,
        "waits": told(waits, method) if waits else None,
        "agreeing": agreeing if waits and methods.allows(cycle, Kind.SCREENING) else None,
        "own": waits is not None and waits.person_id == person(request).pk,
        "same_sector": waits is not None and waits.seat.sector == seat.sector,
        "returned": [told(one, method) for one in queries.of(found) if one.note],
        "heading": UNREAD if found.unread else found.title,  # type: ignore[attr-defined]  # annotated
        "objection": _objection(found),
        "sector": SECTORS.get(found.sector, found.sector),  # type: ignore[call-overload]  # a key
        "goal": f"{found.goal}. {GOALS[found.goal]}" if found.goal else "",
        "demo": cycle.convener.demo,
    }
    return render(request, "cocreation/screen.html", shown)


def _overtaken(request: HttpRequest, now: Conflict, form: Any) -> HttpResponse:
    """Somebody else did something with it meanwhile: what was typed is not lost."""
    said = form.cleaned_data
    typed = said.get("explanation") or said.get("note", "")
    shown = {"now": now, "again": request.get_full_path(), "typed": typed}
    return render(request, "cases/conflict.html", shown, status=409)


def _open(found: Proposal, waits: Screening | None) -> bool:
    return waits is None and found.case.state in (State.ACCEPTED, State.OBJECTED)


def _forms(
    request: HttpRequest, found: Proposal, method: Method, waits: Screening | None
) -> tuple[ScreeningForm | None, AgreeForm | None]:
    """The form of what may be done now. What somebody sent is read even if it cannot be done
    any more: then the action says what changed."""
    typed = request.POST if request.method == "POST" else None
    if typed is not None and "shown" in typed:
        return None, AgreeForm(typed)
    form = ScreeningForm(typed, method=method, initial={"rev": found.case.rev})
    return form, AgreeForm(initial={"shown": waits.pk}) if waits else None


def _propose(request: HttpRequest, found: Proposal, form: Any) -> HttpResponse:
    said, now = form.cleaned_data, timezone.now()
    actions.propose(
        proposal=found, person=person(request), verdict=said["verdict"], rev=said["rev"], at=now
    )
    return _back(found, "propuesta")


def _agree(request: HttpRequest, found: Proposal, form: Any) -> HttpResponse:
    said: dict[str, Any] = {"proposal": found, "person": person(request), "at": timezone.now()}
    shown = form.cleaned_data["shown"]
    if "return" in request.POST:
        actions.give_back(**said, shown=shown, note=form.cleaned_data["note"])
        return _back(found, "devuelta")
    actions.agree(**said, shown=shown)
    return _back(found, "decidida")


def _back(found: Proposal, done: str) -> HttpResponse:
    return redirect(f"{reverse('cocreation:to_screen', args=[found.cycle.key])}?hecho={done}")


def _objection(found: Proposal) -> str:
    """What the person answered, for those who look at it again."""
    if found.case.state != State.OBJECTED:
        return ""
    return next((str(step.note) for step in cases.timeline(found.case, {}) if step.current), "")


def told(screening: Screening, method: Method) -> dict[str, object]:
    """A screening in words."""
    pillars = {part.key: part.title for part in method.pillar}
    return {
        "screening": screening,
        "tests": [(TESTS[Gate(key)], yes) for key, yes in screening.met.items()],
        "reason": UNMET[Gate(screening.reason)] if screening.reason else "",
        "pillars": [pillars.get(key, key) for key in screening.pillars],
    }


def decided(found: Proposal) -> Mapping[str, object]:
    """What was decided of a proposal, in words: for its page and for whoever sent it."""
    method = methods.method(found.cycle)
    if method is None or not found.case.public:
        return {}
    first, after = queries.decisions(found)
    until = first.answer_until if first else None
    return {
        "outcome": OUTCOMES[outcome(found.case.state)],
        "first": told(first, method) if first else None,
        "after": told(after, method) if after else None,
        "is_objected": found.case.state == State.OBJECTED,
        "is_related": found.case.state == State.RELATED,
        "answer_until": until,
        "days": method.said(Open.DAYS_TO_OBJECT),
        "is_over": until is not None and until < timezone.localdate(),
    }
