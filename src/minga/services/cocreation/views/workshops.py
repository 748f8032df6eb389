"""The calendar of workshops: for whoever comes, and for whoever convenes."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minga.kernel.base.pages import PARAMETER, Order, keyset
from minga.kernel.base.text import Text
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import held, posts, reader
from minga.kernel.identity.models import Post
from minga.services.cocreation import queries as proposals
from minga.services.cocreation.actions import workshops as actions
from minga.services.cocreation.datasets import workshops as datasets
from minga.services.cocreation.forms import SECTORS
from minga.services.cocreation.forms.workshops import (
    GROUPS,
    PLACES,
    PROBLEMS,
    SEX,
    SORTS,
    CancelForm,
    ChangeForm,
    DoorForm,
    RegisterForm,
    WorkshopForm,
)
from minga.services.cocreation.models import Cycle, Registration, Workshop
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import workshops as queries
from minga.services.cocreation.rules import Sector
from minga.services.cocreation.rules.breaches import Breach
from minga.services.cocreation.rules.workshops import NotPossible, Place
from minga.services.cocreation.views import cycles

everyone, official = open_to(Audience.EVERYONE), open_to(Audience.OFFICIAL)
applicant = open_to(Audience.APPLICANT)
MOST = 100  # workshops ahead that are listed
AT_ONCE = 100  # people of one page, as they came
NEWEST_FIRST = (Order("on", descending=True, nulls="last"),)


def at_workshop(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view of whoever convenes gets the workshop and the post in which they act."""

    @wraps(view)
    def found(request: HttpRequest, workshop: int, **rest: Any) -> HttpResponseBase:
        row = queries.workshop(workshop)
        post = queries.run_by(row, posts(request)) if row else None
        if row is None or post is None:
            raise Http404
        try:
            return view(request, workshop=row, post=post, **rest)
        except Breach as breach:
            return cycles.refused(request, row.cycle, breach)

    return found


def by(post: Post) -> str:
    return f"post:{post.pk}"


def explain(form: Form, refusal: NotPossible) -> None:
    form.add_error(None, PROBLEMS[refusal.problem])


def at(address: str, *args: object, note: str = "") -> HttpResponse:
    """Back to a page, which says what was done."""
    return redirect(f"{reverse(address, args=args)}{f'?{note}' if note else ''}")


@everyone
@public_page
@require_safe
def workshops(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    past = keyset(queries.gone_by(on=today), order=NEWEST_FIRST, query=request.GET)
    coming = [*queries.to_come(on=today)[:MOST], *queries.without_a_day()[:MOST]]
    rows = [*coming, *past.rows]
    somebody = reader(request)
    runs = (
        [cycle for cycle in proposals.cycles() if queries.run_by(cycle, held(request))]
        if (somebody)
        else []
    )
    shown = {
        "coming": [_told(row) for row in coming],
        "past": past,
        "gone": [_told(row) for row in past.rows],
        "runs": runs,
        "demo": any(row.cycle.convener.demo for row in rows),
    }
    return render(request, "cocreation/workshops.html", shown)


def _told(found: Workshop) -> Mapping[str, object]:
    return {"row": found, "sort": SORTS[found.sort], "full": queries.full(found)}


@everyone
@public_page
@require_safe
def workshop(request: HttpRequest, workshop: int) -> HttpResponse:
    found = queries.workshop(workshop)
    if found is None:
        raise Http404
    today, people = timezone.localdate(), queries.of_one(found)
    runs = reader(request) is not None and queries.run_by(found, held(request))
    shown = {
        **_told(found),
        "workshop": found,
        "open": _open(found),
        "over": found.on and found.on < today,
        "sexes": figures(people["sex"], SEX),
        "sectors": figures(people["sector"], SECTORS),
        "small": queries.small_number(found.cycle),
        "proposals": queries.public_of(found),
        "runs": bool(runs),
        "demo": found.cycle.convener.demo,
    }
    return render(request, "cocreation/workshop.html", shown)


def figures(
    people: Mapping[str, int | None], names: Mapping[Any, Text]
) -> list[tuple[Text, int | None]]:
    """Of each kind that came, how many; not said when they are few."""
    whole = {**names, "": _("Todas las personas")}
    return [(label, people[kind]) for kind, label in whole.items() if kind in people]


@everyone
@public_page
@require_safe
def came(request: HttpRequest) -> HttpResponse:
    """Who came to the workshops of each process, all together."""
    cycles = list(queries.with_workshops())
    people = queries.came()
    shown = {
        "cycles": [(cycle, list(_groups(cycle, people))) for cycle in cycles],
        "demo": any(cycle.convener.demo for cycle in cycles),
    }
    return render(request, "cocreation/came.html", shown)


def _groups(cycle: Cycle, people: Mapping[str, queries.People]) -> Iterator[Mapping[str, object]]:
    """Of each group of events that a process has: how many were held, and who came."""
    held = [row.sort for row in cycle.workshops.all() if not row.cancelled_at]
    for group, label in GROUPS.items():
        many = sum(queries.group_of(sort) == group for sort in held)
        by_sex, by_sector = (
            queries.of(queries.told(cycle, people[by][cycle.pk, group]), "") for by in queries.BY
        )
        if many:
            yield {
                "label": label,
                "held": many,
                "sexes": figures(by_sex, SEX),
                "sectors": figures(by_sector, SECTORS),
                "shares": list(shares(by_sector)),
            }


def shares(people: Mapping[str, int | None]) -> Iterator[tuple[Text, int]]:
    """Of each sector, how many of a hundred: when all of them are told."""
    whole = people.get("")
    for sector in SECTORS:
        many = people.get(sector)
        if whole and many:
            yield SECTORS[sector], round(100 * many / whole)


@everyone
@public_page
@require_safe
def attendance_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(datasets.attendance)


@applicant
def register(request: HttpRequest, workshop: int) -> HttpResponse:
    found = queries.workshop(workshop)
    if found is None:
        raise Http404
    form = RegisterForm(request.POST or None, initial={"key": uuid4()})
    if form.is_valid():
        try:
            said, now = form.cleaned_data, timezone.now()
            made = actions.register(workshop=found, at=now, **said)
            return at("cocreation:registration", made.key, note="hecho")
        except NotPossible as refusal:
            explain(form, refusal)
    shown = {"workshop": found, "form": form, "full": queries.full(found), "open": _open(found)}
    return render(request, "cocreation/register.html", shown | {"demo": found.cycle.convener.demo})


@applicant
def registration(request: HttpRequest, key: UUID) -> HttpResponse:
    """What somebody registered for, by an address that nobody can guess; there they leave."""
    found = queries.registration(key)
    if found is None:
        raise Http404
    problem: Text = ""
    if request.method == "POST":
        try:
            actions.leave(registration=found, at=timezone.now())
            return at("cocreation:registration", key, note="dejado")
        except NotPossible as refusal:
            problem = PROBLEMS[refusal.problem]
    shown = {
        "registration": found,
        "workshop": found.workshop,
        "place": PLACES[found.place],
        "guest": getattr(found, "guest", None),
        "ahead": queries.ahead(found) if found.place == Place.WAITING else 0,
        "problem": problem,
        "may_leave": _may_leave(found),
        "demo": found.workshop.cycle.convener.demo,
    }
    return render(request, "cocreation/registration.html", shown)


def _may_leave(found: Registration) -> bool:
    return _open(found.workshop) and found.place != Place.CANCELLED


def _open(found: Workshop) -> bool:
    """Whether people can say that they come, or that they do not."""
    return bool(found.on and found.on >= timezone.localdate() and not found.cancelled_at)


@official
def create(request: HttpRequest, cycle: str) -> HttpResponse:
    found = proposals.cycle(cycle)
    post = queries.run_by(found, posts(request)) if found else None
    if found is None or post is None:
        raise Http404
    if "announce" in request.POST:
        actions.announce(cycle=found, by=by(post), at=timezone.now())
        return at("cocreation:workshops")
    form = WorkshopForm(request.POST or None, initial={"key": uuid4()})
    if form.is_valid():
        key, now = str(form.cleaned_data["key"]), timezone.now()
        made = actions.create(cycle=found, key=key, said=form.said, by=by(post), at=now)
        return at("cocreation:workshop", made.pk, note="hecho")
    method = methods.method(found)
    announced = len(method.meeting) if method and not found.convener.demo else 0
    shown = {**_typed(found, form), "announced": announced}
    return render(request, "cocreation/workshop_form.html", shown)


def _typed(cycle: Cycle, form: Form, found: Workshop | None = None) -> dict[str, object]:
    return {"cycle": cycle, "form": form, "workshop": found, "demo": cycle.convener.demo}


@official
@at_workshop
def change(request: HttpRequest, workshop: Workshop, post: Post) -> HttpResponse:
    form = ChangeForm(request.POST or None, initial=ChangeForm.of(workshop))
    if form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        told = {"reason": said["reason"], "rev": said["rev"], "by": by(post), "at": now}
        try:
            actions.change(workshop=workshop, said=form.said, **told)
            return at("cocreation:workshop", workshop.pk, note="hecho")
        except NotPossible as refusal:
            explain(form, refusal)
            form.data = {**form.data.dict(), "rev": str(workshop.rev)}  # type: ignore[attr-defined]
    shown = _typed(workshop.cycle, form, workshop)
    return render(request, "cocreation/workshop_form.html", shown)


@official
@at_workshop
def cancel(request: HttpRequest, workshop: Workshop, post: Post) -> HttpResponse:
    form = CancelForm(request.POST or None, initial={"rev": workshop.rev})
    if form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        try:
            actions.cancel(workshop=workshop, by=by(post), at=now, **said)
            return at("cocreation:workshop", workshop.pk, note="hecho")
        except NotPossible as refusal:
            explain(form, refusal)
            form.data = {**form.data.dict(), "rev": str(workshop.rev)}  # type: ignore[attr-defined]
    shown = _typed(workshop.cycle, form, workshop)
    return render(request, "cocreation/workshop_cancel.html", shown)


@official
@at_workshop
def attendance(request: HttpRequest, workshop: Workshop, post: Post) -> HttpResponse:
    """Who came: one by one from the list, and counted at the door. Each is saved alone."""
    form = DoorForm(None, initial={"key": uuid4(), "people": 1})
    here = {PARAMETER: request.GET.get(PARAMETER, "")}
    problem: Text = ""
    if request.method == "POST":
        try:
            if "registration" in request.POST:
                _mark(request, workshop, post)
                note = urlencode({**here, "hecho": ""})
                return at("cocreation:attendance", workshop.pk, note=note)
            form = DoorForm(request.POST)
            if form.is_valid():
                now, said = timezone.now(), form.cleaned_data
                actions.walk_in(workshop=workshop, by=by(post), at=now, **said)
                return at("cocreation:attendance", workshop.pk, note="hecho")
        except NotPossible as refusal:
            problem = PROBLEMS[refusal.problem]
    page = keyset(queries.line(workshop), order=[Order("at")], query=here, size=AT_ONCE)
    shown = {
        "workshop": workshop,
        "form": form,
        "problem": problem,
        "page": page,
        "people": [{"row": one, "place": PLACES[one.place], **_who(one)} for one in page.rows],
        "doors": [{"row": one, **_who(one)} for one in queries.at_the_door(workshop)],
        "came": queries.how_many_came(workshop),
        "demo": workshop.cycle.convener.demo,
    }
    return render(request, "cocreation/attendance.html", shown)


def _mark(request: HttpRequest, workshop: Workshop, post: Post) -> None:
    pk = cycles.whole(str(request.POST["registration"]))
    row = workshop.registrations.filter(pk=pk).first()
    if row is None:
        raise Http404
    told = {"registration": row, "by": by(post), "at": timezone.now()}
    if row.walked_in:
        actions.miscounted(**told)  # type: ignore[arg-type]
    else:
        actions.attend(attended="came" in request.POST, **told)  # type: ignore[arg-type]


def _who(one: Registration) -> dict[str, object]:
    guest = getattr(one, "guest", None)
    return {
        "name": Truncator(guest.name).chars(60) if guest else _("Sin nombre"),
        "sex": SEX[one.sex],
        "sector": SECTORS[Sector(one.sector)],
    }
