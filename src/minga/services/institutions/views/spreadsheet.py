"""A spreadsheet of institutions: sent, looked at, confirmed."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minga.kernel.design.menu import Audience, open_to
from minga.kernel.forms.backend import takes_files
from minga.kernel.identity.actions import Outdated, Refused
from minga.kernel.identity.middleware import person, posts
from minga.services.institutions import actions, forms, queries
from minga.services.institutions.models import Upload
from minga.services.institutions.rules import Fate, Line

steward = open_to(Audience.STEWARD)
DONE = 302
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@steward
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="instituciones.xlsx"'}
    return HttpResponse(forms.template(), content_type=EXCEL, headers=headers)


@steward
@takes_files
def upload(request: HttpRequest) -> HttpResponse:
    form = forms.FileForm(request.POST or None, request.FILES or None, initial={"key": uuid4()})
    if form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        name = str(said["file"].name)
        me = person(request)
        kept = actions.keep(key=said["key"], person=me, name=name, rows=form.rows, at=now)
        return redirect("institutions:preview", upload=kept.pk)
    shown = {"form": form, "uploads": queries.uploads(person(request))}
    return render(request, "institutions/upload.html", shown)


@steward
def preview(request: HttpRequest, upload: UUID) -> HttpResponse:
    """What each row would do; confirmed, all of them do it, if nothing changed meanwhile."""
    form = forms.ConfirmForm(request.POST or None)
    kept = queries.upload(upload, person(request))
    if kept is None:
        raise Http404
    lines = queries.compared(kept.rows)
    status = 200
    if form.is_valid() and not kept.applied_at:
        status = _confirmed(request, form, kept, lines)
    if status == DONE:
        return redirect(f"{reverse('institutions:preview', args=[kept.pk])}?hecho")
    shown = {
        "upload": kept,
        "form": form,
        "mark": queries.mark(lines),
        "counts": queries.counts(lines),
        "rows": [_row(line) for line in lines if line.fate is not Fate.SAME],
        "may": any(line.fate in (Fate.NEW, Fate.CHANGED) for line in lines),
        "done": "hecho" in request.GET,
        "demo": queries.is_invented(line.key for line in lines),
    }
    return render(request, "institutions/preview.html", shown, status=status)


def _confirmed(
    request: HttpRequest, form: forms.ConfirmForm, kept: Upload, lines: Sequence[Line]
) -> int:
    if form.cleaned_data["mark"] != queries.mark(lines):
        form.add_error(None, _("El registro cambió desde que lo viste. Revisa otra vez."))
        return 409
    by, now = actions.reference(posts(request)[0]), timezone.now()
    try:
        actions.apply(upload=kept, lines=lines, by=by, at=now)
    except actions.Changed:
        form.add_error(None, _("Hay filas que no se aceptan. Corrígelas y envía otro archivo."))
        return 200
    except (Refused, Outdated):
        form.add_error(None, _("El registro cambió mientras tanto y nada se guardó. Revisa."))
        return 409
    return DONE


def _row(line: Line) -> dict[str, object]:
    """A row as people read it."""
    fields = queries.FIELDS
    return {
        "number": line.number,
        "name": line.said["name"],
        "fate": line.fate.value,
        "label": forms.FATES[line.fate],
        "wrong": [forms.in_words(wrong) for wrong in line.wrong],
        "changes": [(fields[name], was, now) for name, was, now in line.changes],
    }
