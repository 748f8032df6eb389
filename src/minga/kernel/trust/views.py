from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minga.kernel.design.menu import Audience, open_to

from . import forms
from .models import Checkpoint
from .queries import register as queries
from .rules import tree

anybody = open_to(Audience.EVERYONE)


@anybody
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """What it is, how it stands, and what became of a seal."""
    form = forms.SealForm(request.GET if "sello" in request.GET else None)
    signers, latest = queries.signers(), queries.latest()
    shown = {
        "form": form,
        "latest": latest,
        "unsigned": queries.size() - (latest.size if latest else 0),
        "signers": signers,
        "is_refused": queries.strange(signers, latest),
    }
    if form.is_valid():
        shown["seal"] = form.cleaned_data["sello"]
        shown["found"] = queries.find(shown["seal"])
    return render(request, "trust/register.html", shown)


@anybody
@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """All that is needed to check a seal on another machine, for whoever holds it."""
    if "sello" not in request.GET:
        return redirect("trust:register")
    form = forms.SealForm(request.GET)
    if not form.is_valid():
        return refused(form)
    seal = form.cleaned_data["sello"]
    if (said := queries.receipt(seal)) is None:
        return missing(_("Ese sello no está todavía en un punto firmado: míralo en /registro/."))
    answer = JsonResponse(said)
    answer["Content-Disposition"] = f'attachment; filename="comprobante-{seal[:8]}.json"'
    return answer


@anybody
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponse:
    form = forms.SizeForm(request.GET)
    if not form.is_valid():
        return refused(form)
    found = signed(form.cleaned_data["tamano"])
    if isinstance(found, HttpResponse):
        return found
    return HttpResponse(found.text, content_type="text/plain; charset=utf-8")


@anybody
@require_safe
def checkpoints(request: HttpRequest) -> HttpResponse:
    form = forms.FromForm(request.GET)
    if not form.is_valid():
        return refused(form)
    found = queries.checkpoints(form.cleaned_data["desde"] or 0)
    shown = [{"tamano": one.size, "dia": one.day, "punto": one.text} for one in found]
    after = found[-1].size + 1 if len(found) == queries.CHECKPOINTS else None
    return JsonResponse({"puntos": shown, "siguiente": after})


@anybody
@require_safe
def leaves(request: HttpRequest) -> HttpResponse:
    form = forms.FromForm(request.GET)
    if not form.is_valid():
        return refused(form)
    start = form.cleaned_data["desde"] or 0
    found = queries.published(start)
    after = start + len(found) if len(found) == queries.LEAVES else None
    return JsonResponse({"hojas": found, "siguiente": after})


@anybody
@require_safe
def inclusion(request: HttpRequest) -> HttpResponse:
    if not request.GET:
        return redirect("trust:register")
    form = forms.InclusionForm(request.GET)
    if not form.is_valid():
        return refused(form)
    leaf, by = queries.leaf_of(form.cleaned_data["hash"]), signed(form.cleaned_data["tamano"])
    if leaf is None:
        return missing(_("Esa huella no es de ninguna hoja puesta: puede tardar unos segundos."))
    if isinstance(by, HttpResponse):
        return by
    if leaf.index >= by.size:
        said = _("Esa hoja, la {n}, se puso después del punto de {size}: pide uno más nuevo.")
        return missing(said.format(n=leaf.index, size=by.size))
    proof = [one.hex() for one in queries.proven(leaf, by).proof]
    shown = {"hoja": leaf.index, "hash": leaf.hash, "dia": leaf.day, "tamano": by.size}
    return JsonResponse({**shown, "prueba": proof, "punto": by.text})


@anybody
@require_safe
def consistency(request: HttpRequest) -> HttpResponse:
    if not request.GET:
        return redirect("trust:register")
    form = forms.ConsistencyForm(request.GET)
    if not form.is_valid():
        return refused(form)
    old, new = signed(form.cleaned_data["de"]), signed(form.cleaned_data["a"])
    for found in (old, new):
        if isinstance(found, HttpResponse):
            return found
    assert isinstance(old, Checkpoint)
    assert isinstance(new, Checkpoint)
    if old.size > new.size:
        return wrong(_("El primer punto es más nuevo que el segundo: pídelos al revés."))
    proof = [one.hex() for one in queries.hashes(tree.consistency(old.size, new.size))]
    return JsonResponse({"de": old.size, "a": new.size, "prueba": proof, "punto": new.text})


def signed(size: int | None) -> Checkpoint | HttpResponse:
    """The checkpoint of that size, or the newest; or why there is none."""
    found = queries.latest() if size is None else queries.checkpoint(size)
    if found:
        return found
    if size is None:
        return missing(_("Todavía no se firmó ningún punto."))
    said = _("No se firmó ningún punto de ese tamaño; los que hay están en /registro/puntos.json.")
    if size > queries.size():
        said = _("El registro no tiene tantas hojas: tiene {n}.").format(n=queries.size())
    return missing(said)


def refused(form: Any) -> HttpResponse:
    return wrong(" ".join(said for faults in form.errors.values() for said in faults))


def wrong(words: str, status: int = 400) -> HttpResponse:
    return JsonResponse({"error": words}, status=status, json_dumps_params={"ensure_ascii": False})


def missing(words: str) -> HttpResponse:
    return wrong(words, 404)
