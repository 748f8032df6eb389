from collections.abc import Callable
from functools import wraps
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minga.kernel.design.menu import Audience, open_to

from . import forms
from .models import Checkpoint
from .queries import register as queries
from .rules import tree

View = Callable[[HttpRequest], HttpResponse]


class No(Exception):
    """Why there is no answer, for people."""

    def __init__(self, words: str, status: int = 404) -> None:
        self.words, self.status = words, status


def for_machines(view: View) -> View:
    """Open to everybody; whoever asks nothing is shown the page that says what can be asked."""

    @open_to(Audience.EVERYONE)
    @require_safe
    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponse:
        try:
            return view(request)
        except No as no:
            if no.status == 400 and not request.GET:
                return redirect("trust:register")
            return JsonResponse({"error": no.words}, status=no.status)

    return answered


def asked(form: Form) -> dict[str, Any]:
    if not form.is_valid():
        raise No(" ".join(str(said) for faults in form.errors.values() for said in faults), 400)
    return form.cleaned_data


def signed(size: int | None) -> Checkpoint:
    """The checkpoint of that size, or the newest."""
    if found := queries.latest() if size is None else queries.checkpoint(size):
        return found
    if size is None:
        raise No(_("Todavía no se firmó ningún punto."))
    if size > (there := queries.size()):
        raise No(_("El registro no tiene tantas hojas: tiene {n}.").format(n=there))
    raise No(_("No se firmó un punto de ese tamaño; los que hay están en /registro/puntos.json."))


@open_to(Audience.EVERYONE)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What it is, how it stands, and what became of a seal."""
    form = forms.SealForm(request.GET if "sello" in request.GET else None)
    seal = form.cleaned_data["sello"] if form.is_valid() else ""
    found = queries.find(seal) if seal else None
    shown = {"form": form, "seal": seal, "found": found, "standing": queries.standing()}
    return render(request, "trust/register.html", shown)


@for_machines
def receipt(request: HttpRequest) -> HttpResponse:
    """All that is needed to check a seal on another machine, for whoever holds it."""
    seal = asked(forms.SealForm(request.GET))["sello"]
    if (said := queries.receipt(seal)) is None:
        raise No(_("Ese sello no está todavía en un punto firmado: míralo en /registro/."))
    answer = JsonResponse(said)
    answer["Content-Disposition"] = f'attachment; filename="comprobante-{seal[:8]}.json"'
    return answer


@for_machines
def checkpoint(request: HttpRequest) -> HttpResponse:
    found = signed(asked(forms.SizeForm(request.GET))["tamano"])
    return HttpResponse(found.text, content_type="text/plain; charset=utf-8")


@for_machines
def checkpoints(request: HttpRequest) -> HttpResponse:
    found = queries.checkpoints(asked(forms.FromForm(request.GET))["desde"] or 0)
    shown = [{"tamano": one.size, "dia": one.day, "punto": one.text} for one in found]
    after = found[-1].size + 1 if len(found) == queries.CHECKPOINTS else None
    return JsonResponse({"puntos": shown, "siguiente": after})


@for_machines
def leaves(request: HttpRequest) -> HttpResponse:
    start = asked(forms.FromForm(request.GET))["desde"] or 0
    found = queries.published(start)
    after = start + len(found) if len(found) == queries.LEAVES else None
    return JsonResponse({"hojas": found, "siguiente": after})


@for_machines
def inclusion(request: HttpRequest) -> HttpResponse:
    said = asked(forms.InclusionForm(request.GET))
    leaf, by = queries.leaf_of(said["hash"]), signed(said["tamano"])
    if leaf is None:
        raise No(_("Esa huella no es de ninguna hoja puesta: puede tardar unos segundos."))
    if leaf.index >= by.size:
        words = _("Esa hoja, la {n}, se puso después del punto de {size}: pide uno más nuevo.")
        raise No(words.format(n=leaf.index, size=by.size))
    proof = [one.hex() for one in queries.proven(leaf, by).proof]
    shown = {"hoja": leaf.index, "hash": leaf.hash, "dia": leaf.day, "tamano": by.size}
    return JsonResponse({**shown, "prueba": proof, "punto": by.text})


@for_machines
def consistency(request: HttpRequest) -> HttpResponse:
    """From any size: whether it was signed here is for the asker to know."""
    said = asked(forms.ConsistencyForm(request.GET))
    old, new = said["de"], signed(said["a"])
    if not 0 < old <= new.size:
        raise No(_("«de» va de 1 a {size}, el punto que se compara.").format(size=new.size))
    proof = [one.hex() for one in queries.hashes(tree.consistency(old, new.size))]
    return JsonResponse({"de": old, "a": new.size, "prueba": proof, "punto": new.text})
