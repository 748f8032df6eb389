"""What administrators and stewards do with the register."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minga.kernel.base.pages import Order, keyset
from minga.kernel.base.text import Text
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.actions import Outdated, PostHeld, Refused
from minga.kernel.identity.middleware import person, posts
from minga.kernel.identity.models import Organisation, Post, Unit
from minga.kernel.identity.rules import Problem
from minga.services.institutions import actions, forms, queries

from .public import words

administrator, steward = open_to(Audience.ADMINISTRATOR), open_to(Audience.STEWARD)
DONE, CONFLICT = 302, 409


def is_steward(request: HttpRequest) -> bool:
    return any(post.stewards for post in posts(request))


def managed(request: HttpRequest, institution: str) -> Organisation:
    found = queries.managed_by(posts(request)).filter(key=institution).first()
    if found is None:
        raise Http404
    return found


def managed_post(request: HttpRequest, institution: str, post: int) -> Post:
    mine = Post.objects.filter(organisation__in=queries.managed_by(posts(request)))
    rows = mine.select_related("organisation", "unit")
    found = rows.filter(pk=post, organisation__key=institution).first()
    if found is None or (found.stewards and not is_steward(request)):
        raise Http404
    return found


def signed(request: HttpRequest, organisation: Organisation) -> str:
    """In which post somebody acts."""
    return actions.reference(queries.run_by(posts(request), organisation))


def attempt(form: Form, act: Callable[[], object], rev: Callable[[], int]) -> int:
    """What came of an act: done, refused with the reason in the form, or changed meanwhile."""
    try:
        act()
    except Refused as refused:
        form.add_error(None, forms.told(refused.problem, refused.names))
        return 200
    except Outdated:
        if isinstance(form, forms.RevForm):
            form.show_anew(rev())
        form.add_error(None, forms.OUTDATED)
        return CONFLICT
    return DONE


def asked(  # noqa: PLR0913  # a form's page has this many parts
    request: HttpRequest,
    form: Form,
    organisation: Organisation | None,
    *,
    title: Text,
    go: Text,
    lead: Text = "",
    post: Post | None = None,
    status: int = 200,
    more: Text = "",
) -> HttpResponse:
    """The page of a form of the register."""
    shown = {
        "form": form,
        "organisation": organisation,
        "post": post,
        "heading": title,
        "lead": lead,
        "go": go,
        "more": more,
        "demo": bool(organisation and organisation.demo),
    }
    return render(request, "institutions/asked.html", shown, status=status)


@administrator
@require_safe
def administer(request: HttpRequest) -> HttpResponse:
    form = forms.SearchForm(request.GET)
    found = queries.narrowed(queries.managed_by(posts(request)), **form.wanted())
    page = keyset(found, order=(Order("sort_name"),), query=request.GET)
    shown = {
        "filters": form,
        "page": page,
        "steward": is_steward(request),
        "uploads": queries.uploads(person(request)),
        "demo": any(row.demo for row in page.rows),
    }
    return render(request, "institutions/administer.html", shown)


@administrator
@require_safe
def run(request: HttpRequest, institution: str) -> HttpResponse:
    found = managed(request, institution)
    every = queries.all_posts(found)
    shown = {
        "organisation": found,
        "words": words(found),
        "units": found.units.order_by("ends_on", "name"),
        "posts": every,
        "holders": queries.next_holders(every, on=timezone.localdate()),
        "steward": is_steward(request),
        "done": "hecho" in request.GET,
        "demo": found.demo,
    }
    return render(request, "institutions/run.html", shown)


@steward
def enter(request: HttpRequest) -> HttpResponse:
    form = forms.InstitutionForm(request.POST or None)
    del form.fields["rev"]  # nothing was shown yet
    status = 200
    if form.is_valid():
        now, by = timezone.now(), actions.reference(posts(request)[0])
        told: dict[str, Any] = {
            "said": form.said,
            "parent": form.cleaned_data["parent"],
            "by": by,
            "at": now,
        }
        status = attempt(form, lambda: actions.enter(**told), lambda: 0)
    if status == DONE:
        return redirect("institutions:administer")
    title, go = _("Registrar una institución"), _("Registrar")
    return asked(request, form, None, title=title, go=go, status=status)


@administrator
def change(request: HttpRequest, institution: str) -> HttpResponse:
    found = managed(request, institution)
    form = forms.InstitutionForm(request.POST or None, initial=_institution_said(found))
    status = 200
    if form.is_valid():
        said: dict[str, Any] = {"said": form.said, "parent": form.cleaned_data["parent"]}
        told: dict[str, Any] = {
            "rev": form.cleaned_data["rev"],
            "by": signed(request, found),
            **said,
        }
        at = timezone.now()
        status = attempt(
            form,
            lambda: actions.change(organisation=found, at=at, **told),
            lambda: Organisation.objects.get(pk=found.pk).rev,
        )
    if status == DONE:
        return _back(found)
    title, go = _("Cambiar los datos de la institución"), _("Guardar")
    stands = _stands(found) if status == CONFLICT else ""
    return asked(request, form, found, title=title, go=go, status=status, lead=stands)


def _institution_said(found: Organisation) -> dict[str, object]:
    above = found.dependences.filter(ends_on=None).select_related("parent").first()
    names = ("name", "acronym", "kind", "form", "level", "function", "sector")
    said: dict[str, Any] = {
        name: getattr(found, name) for name in (*names, "starts_on", "source", "rev")
    }
    return {**said, "parent": above.parent if above else None}


def _stands(found: Organisation) -> str:
    now = Organisation.objects.get(pk=found.pk)
    return _("Ahora dice: %(name)s (%(acronym)s). Mira su historia para ver qué cambió.") % {
        "name": now.name,
        "acronym": now.acronym or _("sin sigla"),
    }


def _back(found: Organisation) -> HttpResponse:
    return redirect(f"{reverse('institutions:run', args=[found.key])}?hecho")


@administrator
def close(request: HttpRequest, institution: str) -> HttpResponse:
    found = managed(request, institution)
    held = queries.open_cases(found).count()
    form = forms.CloseForm(request.POST or None, initial={"rev": found.rev})
    status = 200
    if form.is_valid() and held and not form.cleaned_data["to"]:
        form.add_error("to", _("Elige quién los recibe: nadie puede quedarse sin respuesta."))
    elif form.is_valid():
        post = queries.run_by(posts(request), found)
        said: dict[str, Any] = {"rev": form.cleaned_data["rev"], "to": form.cleaned_data["to"]}
        last_day, now = form.cleaned_data["ends_on"], timezone.now()
        told: dict[str, Any] = {
            "organisation": found,
            "last_day": last_day,
            "post": post,
            "at": now,
        }
        status = attempt(form, lambda: actions.close(**told, **said), lambda: _rev(found))
    if status == DONE:
        return _back(found)
    lead = _("Tiene %(n)d casos abiertos.") % {"n": held} if held else _("No tiene casos abiertos.")
    title, go = _("Terminar la institución"), _("Terminar")
    return asked(request, form, found, title=title, go=go, lead=lead, status=status)


def _rev(found: Organisation) -> int:
    return Organisation.objects.get(pk=found.pk).rev


@steward
def succeed(request: HttpRequest, institution: str) -> HttpResponse:
    found = managed(request, institution)
    form = forms.SucceedForm(request.POST or None)
    status = 200
    if form.is_valid():
        said = form.cleaned_data
        told: dict[str, Any] = {
            "original": found,
            "resulting": said["to"],
            "on": said["on"],
            "act": said["act"],
        }
        by, now = signed(request, found), timezone.now()
        status = attempt(form, lambda: actions.succeed(**told, by=by, at=now), lambda: 0)
    if status == DONE:
        return _back(found)
    title, go = _("En qué institución se convirtió"), _("Registrar")
    return asked(request, form, found, title=title, go=go, status=status)


@administrator
def enter_unit(request: HttpRequest, institution: str) -> HttpResponse:
    found = managed(request, institution)
    form = forms.UnitForm(request.POST or None)
    if form.is_valid():
        by, now = signed(request, found), timezone.now()
        name = form.cleaned_data["name"]
        actions.know_unit(organisation=found, name=name, by=by, at=now)
        return _back(found)
    title, go = _("Registrar una unidad"), _("Registrar")
    return asked(request, form, found, title=title, go=go)


@administrator
def change_unit(request: HttpRequest, institution: str, unit: int) -> HttpResponse:
    found = managed(request, institution)
    part = Unit.objects.select_related("organisation").filter(organisation=found, pk=unit).first()
    if part is None:
        raise Http404
    initial = {"name": part.name, "ends_on": part.ends_on, "shown": part.name}
    form = forms.UnitChangeForm(request.POST or None, initial=initial)
    status = 200
    if form.is_valid():
        by, now = signed(request, found), timezone.now()
        told: dict[str, Any] = {"unit": part, "by": by, "at": now, **form.cleaned_data}
        status = attempt(form, lambda: actions.change_unit(**told), lambda: 0)
    if status == DONE:
        return _back(found)
    title, go = _("Cambiar la unidad"), _("Guardar")
    return asked(request, form, found, title=title, go=go, status=status)


@administrator
def enter_post(request: HttpRequest, institution: str) -> HttpResponse:
    found = managed(request, institution)
    able = is_steward(request)
    form = forms.PostForm(request.POST or None, organisation=found, steward=able)
    del form.fields["rev"]  # nothing was shown yet
    status = 200
    if form.is_valid():
        told: dict[str, Any] = {
            "organisation": found,
            "by": signed(request, found),
            "at": timezone.now(),
        }
        instead_of = form.cleaned_data.get("instead_of")
        act = lambda: actions.enter_post(**told, said=form.said, instead_of=instead_of)  # noqa: E731
        status = _officer(form, act, lambda: 0)
    if status == DONE:
        return _back(found)
    title, go = _("Registrar un puesto"), _("Registrar")
    return asked(request, form, found, title=title, go=go, status=status)


def _officer(form: forms.PostForm, act: Callable[[], object], rev: Callable[[], int]) -> int:
    """Naming another officer moves that from one post to another: asked first."""

    def once() -> object:
        try:
            return act()
        except Refused as refused:
            if refused.problem is Problem.OFFICER:
                form.offer_officer(refused.names[0])
                sentence = _(
                    "El responsable de gobierno electrónico es ahora «%(post)s». Si envías otra"
                    " vez, pasa a este puesto."
                )
                form.add_error("is_egov_officer", sentence % {"post": refused.names[1]})
            raise

    return attempt(form, once, rev)


@administrator
@require_safe
def post(request: HttpRequest, institution: str, post: int) -> HttpResponse:
    found = managed_post(request, institution, post)
    today = timezone.localdate()
    shown = {
        "organisation": found.organisation,
        "post": found,
        "memberships": found.memberships.select_related("person").order_by("-starts_on", "-pk"),
        "deputies": found.deputies.select_related("person").order_by("-starts_on", "-pk"),
        "holder": queries.next_holders([found], on=today).get(found.pk),
        "today": today,
        "done": "hecho" in request.GET,
        "demo": found.organisation.demo,
    }
    return render(request, "institutions/post.html", shown)


def _to_post(found: Post) -> HttpResponse:
    here = reverse("institutions:post", args=[found.organisation.key, found.pk])
    return redirect(f"{here}?hecho")


def _post_rev(found: Post) -> int:
    return Post.objects.get(pk=found.pk).rev


@administrator
def change_post(request: HttpRequest, institution: str, post: int) -> HttpResponse:
    found = managed_post(request, institution, post)
    form = forms.PostForm(
        request.POST or None,
        organisation=found.organisation,
        steward=is_steward(request),
        initial=forms.post_initial(found),
    )
    status = 200
    if form.is_valid():
        said: dict[str, Any] = {
            "said": form.said,
            "instead_of": form.cleaned_data.get("instead_of"),
        }
        by = signed(request, found.organisation)
        told: dict[str, Any] = {"rev": form.cleaned_data["rev"], "by": by, "at": timezone.now()}
        act = lambda: actions.change_post(post=found, **told, **said)  # noqa: E731
        status = _officer(form, act, lambda: _post_rev(found))
    if status == DONE:
        return _to_post(found)
    title, go = _("Cambiar el puesto"), _("Guardar")
    place = found.organisation
    return asked(request, form, place, title=title, go=go, post=found, status=status)


@administrator
def appoint(request: HttpRequest, institution: str, post: int) -> HttpResponse:
    found = managed_post(request, institution, post)
    today = timezone.localdate()
    form = forms.AppointForm(request.POST or None, initial={"rev": found.rev, "since": today})
    status, more = 200, ""
    if form.is_valid():
        instead = "instead" in request.POST
        by, now = signed(request, found.organisation), timezone.now()
        told: dict[str, Any] = {
            "post": found,
            "instead": instead,
            "by": by,
            "at": now,
            **form.cleaned_data,
        }
        try:
            status = attempt(form, lambda: actions.appoint(**told), lambda: _post_rev(found))
        except PostHeld as held:
            more = _held(form, held)
    if status == DONE:
        return _to_post(found)
    title, go = _("Nombrar a quien ocupa el puesto"), _("Nombrar")
    place, told = found.organisation, {"post": found, "status": status, "more": more}
    return asked(request, form, place, title=title, go=go, **told)


def _held(form: forms.AppointForm, held: PostHeld) -> str:
    """Who holds it is named, and the way out is offered if it is one."""
    there, since = held.membership, form.cleaned_data["since"]
    told: dict[str, Any] = {"who": there.person.name, "first": f"{there.starts_on:%d/%m/%Y}"}
    form.add_error(None, _("El puesto lo ocupa %(who)s desde el %(first)s.") % told)
    if there.ends_on or there.starts_on >= since:
        return ""
    last = f"{since - timedelta(days=1):%d/%m/%Y}"
    return _("Termina el día anterior (%(last)s) y empieza la otra persona") % {"last": last}


@administrator
def leave(request: HttpRequest, institution: str, post: int) -> HttpResponse:
    found = managed_post(request, institution, post)
    today = timezone.localdate()
    form = forms.LeaveForm(request.POST or None, initial={"rev": found.rev, "last_day": today})
    status = 200
    if form.is_valid():
        by, now = signed(request, found.organisation), timezone.now()
        told: dict[str, Any] = {"post": found, "by": by, "at": now, **form.cleaned_data}
        status = attempt(form, lambda: actions.leave(**told), lambda: _post_rev(found))
    if status == DONE:
        return _to_post(found)
    title, go = _("Quien ocupa el puesto lo deja"), _("Guardar")
    place = found.organisation
    return asked(request, form, place, title=title, go=go, post=found, status=status)


@administrator
def deputise(request: HttpRequest, institution: str, post: int) -> HttpResponse:
    found = managed_post(request, institution, post)
    form = forms.DeputyForm(request.POST or None, initial={"rev": found.rev})
    status = 200
    if form.is_valid():
        by, now = signed(request, found.organisation), timezone.now()
        told: dict[str, Any] = {"post": found, "by": by, "at": now, **form.cleaned_data}
        me = person(request)
        act = lambda: actions.deputise(named_by=me, **told)  # noqa: E731
        status = attempt(form, act, lambda: _post_rev(found))
    if status == DONE:
        return _to_post(found)
    title, go = _("Nombrar a quien subroga"), _("Nombrar")
    place = found.organisation
    return asked(request, form, place, title=title, go=go, post=found, status=status)


@administrator
def history(request: HttpRequest, institution: str) -> HttpResponse:
    found = managed(request, institution)
    return _history(request, found, found)


@administrator
def post_history(request: HttpRequest, institution: str, post: int) -> HttpResponse:
    found = managed_post(request, institution, post)
    return _history(request, found, found.organisation)


def _history(
    request: HttpRequest, thing: Organisation | Post, organisation: Organisation
) -> HttpResponse:
    """What happened, and the way to take the last thing back."""
    form = forms.UndoForm(request.POST or None, initial={"rev": thing.rev})
    status = 200
    if form.is_valid():
        by, now = signed(request, organisation), timezone.now()
        told: dict[str, Any] = {
            "thing": thing,
            "rev": form.cleaned_data["rev"],
            "by": by,
            "at": now,
        }
        kind = type(thing)._default_manager
        status = attempt(form, lambda: actions.undo(**told), lambda: kind.get(pk=thing.pk).rev)
    if status == DONE:
        return redirect(f"{request.path}?hecho")
    shown = {
        "form": form,
        "organisation": organisation,
        "thing": thing,
        "post": thing if isinstance(thing, Post) else None,
        "steps": queries.history(thing),
        "undoable": queries.can_undo(thing),
        "done": "hecho" in request.GET,
        "demo": organisation.demo,
    }
    return render(request, "institutions/history.html", shown, status=status)
