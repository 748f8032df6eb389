"""How an institution shows itself: what its administrators choose, and the files of that."""

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.forms.backend import takes_files
from minga.kernel.identity.models import Organisation
from minga.services.institutions.actions import faces as actions
from minga.services.institutions.forms.faces import HostsForm, LogoForm, ThemeForm, rows
from minga.services.institutions.models import Face
from minga.services.institutions.queries import faces as queries
from minga.services.institutions.queries import kits
from minga.services.institutions.rules.themes import Choice

from .register import DONE, administrator, attempt, managed, signed

everyone = open_to(Audience.EVERYONE)
FIRST = Choice(hue=260, strength=2, lightness=38, accent=15)  # near those of the house
FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}
ALONE = {"Content-Security-Policy": "sandbox; default-src 'none'"}


@administrator
def appearance(request: HttpRequest, institution: str) -> HttpResponse:
    """Its colours: looked at as often as somebody wants, kept when they say so."""
    found = managed(request, institution)
    face = queries.face(found)
    standing = queries.choice(face)
    form = ThemeForm(request.POST or None, initial={**_said(standing or FIRST), "rev": face.rev})
    status = 200 if {"keep", "house"}.isdisjoint(request.POST) else _dress(request, form, found)
    if status == DONE:
        return _done(found, "appearance")
    seen = form.choice if "see" in request.POST and form.is_valid() else None
    more = {
        "seen": seen and _said(seen),
        "rows": form.rows or list(rows(standing or FIRST)),
        "standing": standing,
    }
    return _page(request, "appearance", found, face, form, status, **more)


def _said(choice: Choice) -> dict[str, int]:
    return {name: getattr(choice, name) for name in queries.COLOURS}


def _dress(request: HttpRequest, form: ThemeForm, found: Organisation) -> int:
    """Going back to the house's colours needs none of the numbers."""
    if "house" not in request.POST and not form.is_valid():
        return 200
    choice = None if "house" in request.POST else form.choice
    return _attempt(request, form, found, actions.dress, choice=choice)


@administrator
@require_safe
def sample(request: HttpRequest, institution: str) -> HttpResponse:
    """The colours that somebody is looking at, which are nobody's yet."""
    managed(request, institution)
    form = ThemeForm({**request.GET.dict(), "rev": "0"})
    if not form.is_valid():
        raise Http404
    return HttpResponse(queries.drawn(form.choice), content_type="text/css; charset=utf-8")


@administrator
@takes_files
def emblem(request: HttpRequest, institution: str) -> HttpResponse:
    found = managed(request, institution)
    face = queries.face(found)
    form = LogoForm(request.POST or None, request.FILES or None, initial={"rev": face.rev})
    status = 200
    if "away" in request.POST:
        status = _attempt(request, form, found, actions.take_logo_away)
    elif form.is_valid():
        said = {"logo": form.cleaned_data["file"], "words": form.cleaned_data["words"]}
        status = _attempt(request, form, found, actions.put_logo, **said)
    if status == DONE:
        return _done(found, "emblem")
    return _page(request, "emblem", found, face, form, status)


@administrator
def frame_hosts(request: HttpRequest, institution: str) -> HttpResponse:
    """Which sites may show its frame, and what they paste for it."""
    found = managed(request, institution)
    face = queries.face(found)
    initial = {"rev": face.rev, "hosts": "\n".join(face.hosts)}
    form = HostsForm(request.POST or None, initial=initial)
    status = 200
    if form.is_valid():
        hosts = form.cleaned_data["hosts"]
        status = _attempt(request, form, found, actions.let_show, hosts=hosts)
    if status == DONE:
        return _done(found, "frame_hosts")
    address = request.build_absolute_uri(reverse("frames:frame", args=[found.key]))
    return _page(request, "frame_hosts", found, face, form, status, address=address)


def _attempt(
    request: HttpRequest, form: Form, found: Organisation, act: Any, **said: object
) -> int:
    if form.errors and "rev" not in form.cleaned_data:
        return 200
    told = {"rev": form.cleaned_data["rev"], "by": signed(request, found), "at": timezone.now()}
    return attempt(
        form, lambda: act(organisation=found, **told, **said), lambda: queries.face(found).rev
    )


def _done(found: Organisation, view: str) -> HttpResponse:
    return redirect(f"{reverse(f'institutions:{view}', args=[found.key])}?hecho")


def _page(  # noqa: PLR0913, PLR0917  # a page of administration has this many parts
    request: HttpRequest,
    view: str,
    found: Organisation,
    face: Face,
    form: Form,
    status: int,
    **more: object,
) -> HttpResponse:
    shown = {
        "organisation": found,
        "face": face,
        "form": form,
        "done": "hecho" in request.GET and request.method == "GET",
        "demo": found.demo,
        **more,
    }
    return render(request, f"institutions/{view}.html", shown, status=status)


# Its files, which everybody's pages are made with


@everyone
@require_safe
def sheet(request: HttpRequest, institution: str, dyes: str) -> HttpResponse:
    """Under the address of other colours there is nothing: a page then has the house's."""
    found = queries.sheet(institution, dyes)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="text/css; charset=utf-8", headers=FOREVER)


@everyone
@require_safe
def logo(request: HttpRequest, institution: str, drawing: str) -> HttpResponse:
    found = queries.logo(institution, drawing)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="image/png", headers=FOREVER | ALONE)


@everyone
@public_page
@require_safe
def kit(request: HttpRequest, institution: str) -> HttpResponse:
    """The template for its own site: what it has, and where to get it."""
    found = queries.faced(institution)
    if found is None:
        raise Http404
    shown = {
        "organisation": found,
        "face": getattr(found, "face", None),
        "properties": kits.PROPERTIES,
        "demo": found.demo,
    }
    return render(request, "institutions/kit.html", shown)


@everyone
@public_page
@require_safe
def kit_package(request: HttpRequest, institution: str) -> HttpResponse:
    found = queries.faced(institution)
    if found is None:
        raise Http404
    whole = Face.objects.filter(organisation=found).first()
    name = f"plantilla-{found.key[:80]}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    packed = kits.packed(found, whole)
    return HttpResponse(packed, content_type="application/zip", headers=headers)
