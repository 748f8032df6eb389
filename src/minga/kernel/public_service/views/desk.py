from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from minga.kernel.base.pages import Order, keyset
from minga.kernel.cases.actions import desk as actions
from minga.kernel.cases.actions.desk import Official
from minga.kernel.cases.declaration import Taken
from minga.kernel.cases.models import Case
from minga.kernel.cases.queries import desk as cases
from minga.kernel.cases.queries import titles_of
from minga.kernel.cases.queries.desk import LIST, Change, Filters
from minga.kernel.cases.rules import Outcome
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person, posts
from minga.kernel.mailbox import queries as mailbox
from minga.kernel.public_service import actions as views
from minga.kernel.public_service import queries
from minga.kernel.public_service.forms import (
    PLANNED,
    RESULTS,
    AssignForm,
    DeskForm,
    DueForm,
    NoteForm,
    SavedViewForm,
    SeveralForm,
    tabs,
    told,
)

official = open_to(Audience.OFFICIAL)
FEW = 3  # tasks that stand above the cases


@official
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What the reader's posts owe: their tasks, and the cases of one list."""
    filters, today, held = Filters.of(request.GET), timezone.localdate(), posts(request)
    found = cases.listed(held, filters, on=today)
    page = keyset(found, order=[filters.order], query=request.GET)
    owed = [] if filters.query else list(mailbox.owed(held).order_by("made_at", "pk")[: FEW + 1])
    counted = {} if filters.palabras else _counted(request, filters)
    shown = {
        "asking": DeskForm(request.GET),
        "filters": filters,
        "tabs": tabs(filters, counted),
        "page": page,
        "rows": queries.desk_rows(page.rows, filters, on=today),
        "tasks": owed[:FEW],
        "more_tasks": len(owed) > FEW,
        "views": [] if filters.palabras else person(request).saved_views.order_by("name"),
        "supervises": any(post.supervises for post in held),
    }
    return render(request, "public_service/desk.html", shown | _readers(request))


def _counted(request: HttpRequest, filters: Filters) -> dict[str, int]:
    """How many cases each list has, and in the same statement the notices for the header."""
    also = {"unread": mailbox.unread(person(request))}
    counted = cases.counts(posts(request), filters, on=timezone.localdate(), also=also)
    queries.count_unread(request, counted.pop("unread"))
    return counted


def _readers(request: HttpRequest) -> dict[str, object]:
    held = posts(request)
    return {"posts": held, "demo": any(post.organisation.demo for post in held)}


@official
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    page = keyset(mailbox.owed(posts(request)), order=[Order("made_at")], query=request.GET)
    shown = {"page": page, "today": timezone.localdate()}
    return render(request, "public_service/tasks.html", shown | _readers(request))


@official
def saved_views(request: HttpRequest) -> HttpResponse:
    """The filters that somebody keeps, and those of the address, to be kept under a name."""
    filters, here = Filters.of(request.GET), reverse("public_service:saved_views")
    form = SavedViewForm(request.POST if request.method == "POST" else None)
    if "delete" in request.POST:
        view = request.POST["delete"]
        views.forget_view(person=person(request), view=int(view) if view.isdecimal() else 0)
        return redirect(here)
    if form.is_valid():
        views.keep_view(person=person(request), name=form.cleaned_data["name"], filters=filters)
        return redirect(f"{reverse('public_service:desk')}?{filters.query}")
    shown = {
        "form": form,
        "filters": filters,
        "told": told(filters),
        "views": [] if filters.palabras else person(request).saved_views.order_by("name"),
    }
    return render(request, "public_service/saved_views.html", shown)


@official
@require_safe
def workload(request: HttpRequest) -> HttpResponse:
    led = [post for post in posts(request) if post.supervises]
    if not led:
        raise Http404
    rows = cases.workload(led, on=timezone.localdate())
    shown = {"rows": rows, "led": led}
    return render(request, "public_service/workload.html", shown | _readers(request))


@official
@require_safe
def shortcuts(request: HttpRequest) -> HttpResponse:
    return render(request, "public_service/shortcuts.html")


def at_desk(
    request: HttpRequest, case: Case, *, title: str, role: str, step: str
) -> dict[str, object]:
    """What the frame of a service's page of a case shows (cases/case.html), for a `role` whose
    steps have the page `step`."""
    frame = cases.frame(
        case,
        posts(request),
        title=title,
        role=role,
        step=step,
        query=request.GET,
        on=timezone.localdate(),
    )
    return {
        "desk": frame,
        "note_form": NoteForm(people=frame.people),
        "demo": case.holder.demo,
        "printed": request.GET.get("imprimir"),  # "caso", or "notas" too
    }


def _held(request: HttpRequest, case: int) -> Case:
    found = cases.held(case, posts(request))
    if found is None:
        raise Http404
    return found


def _by(request: HttpRequest, case: Case) -> Official:
    return Official(cases.acting(posts(request), case), person(request))


def came_from(request: HttpRequest) -> Filters:
    """The filters of the list from which the reader of a case came."""
    return Filters.of(QueryDict(request.GET.get(LIST, "")))


def back_to(request: HttpRequest, case: Case, done: str) -> HttpResponse:
    """To the page of the case, which says what was done; the list is not lost."""
    filters = came_from(request)
    said = {LIST: filters.query} if filters.query else {}
    return redirect(f"{cases.address(case)}?{urlencode({**said, 'hecho': done})}")


def _shown(case: Case, form: object) -> dict[str, Any]:
    return {
        "case": case,
        "title": titles_of([case]).get(case.pk, ""),
        "page": cases.address(case),
        "form": form,
        "demo": case.holder.demo,
    }


@official
def assign(request: HttpRequest, case: int) -> HttpResponse:
    found, sent = _held(request, case), request.method == "POST"
    by = _by(request, found)
    staff = cases.staff(found, by.post, on=timezone.localdate())
    offered = cases.offered(staff, by.post, found.assigned)
    form = AssignForm(
        request.POST if sent else None,
        posts=staff if sent else offered,
        initial={"shown": found.assigned_id},
    )
    if form.is_valid() and _assigned(found, form, by):
        return back_to(request, found, "cargo")
    now = next((post for post in staff if post.pk == found.assigned_id), None)
    may_give_back = bool(now and cases.seat(by.post).reaches(cases.seat(now)))
    told = {"offered": offered, "now": now, "may_give_back": may_give_back}
    shown = _shown(found, form) | told
    return render(request, "public_service/assign.html", shown)


def _assigned(case: Case, form: AssignForm, by: Official) -> bool:
    said, at = form.cleaned_data, timezone.now()
    done = actions.assign(cases={case.pk: said["shown"]}, to=said["to"], by=by, at=at)
    if done.get(case.pk) is Outcome.CHANGED:
        raise Taken(*cases.with_whom(case.pk, on=timezone.localdate(at)))
    if done.get(case.pk) is Outcome.BEYOND:
        form.add_error("to", PLANNED[Outcome.BEYOND])
        return False
    return True


@official
def set_due(request: HttpRequest, case: int) -> HttpResponse:
    found = _held(request, case)
    law = cases.law_day_of(found)
    form = DueForm(
        request.POST if request.method == "POST" else None,
        law=law,
        today=timezone.localdate(),
        initial={"shown": found.due_on, "on": None if found.due_by_law else found.due_on},
    )
    if form.is_valid() and _dated(found, form, _by(request, found)):
        return back_to(request, found, "fecha")
    return render(request, "public_service/set_due.html", _shown(found, form) | {"law": law})


def _dated(case: Case, form: DueForm, by: Official) -> bool:
    said, shown = form.cleaned_data, {case.pk: form.cleaned_data["shown"]}
    done = actions.set_due(cases=shown, on=said["on"], by=by, at=timezone.now())
    if done.get(case.pk) is Outcome.CHANGED:
        form.add_error("on", RESULTS[Outcome.CHANGED])
        return False
    return True


@official
def note(request: HttpRequest, case: int) -> HttpResponse:
    found, today = _held(request, case), timezone.localdate()
    by = _by(request, found)
    people = cases.people(cases.staff(found, by.post, on=today), by.post)
    form = NoteForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        to = cases.colleagues(found, on=today).filter(pk=form.cleaned_data["to"] or 0).first()
        body = form.cleaned_data["body"]
        actions.note(case=found, body=body, by=by, at=timezone.now(), to=to)
        return back_to(request, found, "nota")
    return render(request, "public_service/note.html", _shown(found, form))


@official
def several(request: HttpRequest) -> HttpResponse:
    """What is done with the cases that were ticked: chosen, shown case by case, then done."""
    today = timezone.localdate()
    found = cases.ticked(queries.ticks(request.GET), posts(request), on=today)
    if not found:
        nothing = {"list": came_from(request).query, **_readers(request)}
        return render(request, "public_service/none_ticked.html", nothing)
    by = _by(request, found[0])
    staff = cases.offered(cases.staff(found[0], by.post, on=today), by.post, None)
    asked = request.GET if {"hacer", "cargo"} & set(request.GET) else None
    form = SeveralForm(asked, posts=staff, today=today)
    stage, becomes = "choose", {}
    if form.is_valid() and request.method == "POST":
        stage = "done"
        done = _changed(request, form.change, by, found)
        becomes = {case.pk: RESULTS[done.get(case.pk) or _left(case, by)] for case in found}
    elif form.is_valid():
        stage = "plan"
        becomes = {case.pk: PLANNED[form.change.outcome(case, by.post)] for case in found}
    listed = came_from(request)
    rows = queries.desk_rows(found, listed, on=today, becomes=becomes)
    shown = {"form": form, "rows": rows, "stage": stage, "list": listed.query}
    return render(request, "public_service/several.html", shown | _readers(request))


def _left(case: Case, by: Official) -> Outcome:
    """Why a case was not even tried: it is of others, or it was not shown."""
    own = case.holder_id == by.post.organisation_id
    return Outcome.CHANGED if own else Outcome.ELSEWHERE


def _changed(
    request: HttpRequest, change: Change, by: Official, found: list[Case]
) -> Mapping[int, Outcome]:
    """Done as it was shown: a case that changed meanwhile stays as it is now."""
    shown, at = queries.seen(request.POST.getlist("visto"), found), timezone.now()
    if change.on:
        days = {pk: day for pk, (_post, day) in shown.items()}
        return actions.set_due(cases=days, on=change.on, by=by, at=at)
    with_whom = {pk: post for pk, (post, _day) in shown.items()}
    return actions.assign(cases=with_whom, to=change.to, by=by, at=at)
