"""Sheets of paper with a code: printed, typed in, brought in as a spreadsheet."""

from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from minga.kernel.base.pages import Order, keyset
from minga.kernel.forms.backend import takes_files
from minga.kernel.forms.rules.tables import Unreadable
from minga.kernel.identity.middleware import person
from minga.kernel.identity.models import Post
from minga.services.cocreation.actions import batches as actions
from minga.services.cocreation.forms.batches import (
    FAULTS,
    UNUSABLE,
    FileForm,
    ReserveForm,
    SheetForm,
    in_words,
    template,
)
from minga.services.cocreation.forms.workshops import PROBLEMS
from minga.services.cocreation.models import Batch, Workshop
from minga.services.cocreation.queries import batches as queries
from minga.services.cocreation.rules import batches as rules
from minga.services.cocreation.rules import workshops
from minga.services.cocreation.rules.workshops import NotPossible
from minga.services.cocreation.views.workshops import at, at_workshop, by, explain, official

MEANWHILE = _("Algo cambió desde que lo viste, y no se guardó nada. Mira abajo qué filas son.")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BY_ROW = (Order("number"),)
BY_CASE = (Order("received_at", descending=True),)


@official
@at_workshop
def sheets(request: HttpRequest, workshop: Workshop, post: Post) -> HttpResponse:
    """The codes of a workshop on paper, and the ways to print them and to bring them in."""
    there = queries.sheets(workshop)
    form = ReserveForm(request.POST or None, initial={"shown": there["all"], "many": 20})
    if form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        try:
            actions.reserve(workshop=workshop, by=by(post), at=now, **said)
            return at("cocreation:sheets", workshop.pk, note="hecho")
        except NotPossible as refusal:
            explain(form, refusal)
    shown = {
        "workshop": workshop,
        "form": form,
        "sheets": there,
        "blank": there["all"] - there["used"],
        "pages": list(queries.pages(workshop)),
        "each": workshops.SHEETS_AT_ONCE,
        "batches": queries.batches(workshop),
        "demo": workshop.cycle.convener.demo,
    }
    return render(request, "cocreation/sheets.html", shown)


@official
@at_workshop
@require_safe
def print_sheets(request: HttpRequest, workshop: Workshop, post: Post) -> HttpResponse:
    start = request.GET.get("desde", "")
    found = queries.printed(workshop, int(start[:9]) if start.isdecimal() else 1)
    shown = {
        "workshop": workshop,
        "sheets": [{"row": one, "picture": picture(followed(one.code))} for one in found],
        "site": f"{settings.MINGA_ADDRESS}{reverse('cocreation:follow')}",
        "demo": workshop.cycle.convener.demo,
    }
    return render(request, "cocreation/print_sheets.html", shown)


def followed(code: str) -> str:
    return f"{settings.MINGA_ADDRESS}{reverse('cocreation:followed', args=[code])}"


def picture(address: str) -> SafeString:
    """A QR code that leads to an address."""
    import qrcode  # only this needs it
    from qrcode.image.svg import SvgPathFillImage

    drawn: bytes = qrcode.make(address, image_factory=SvgPathFillImage, border=1).to_string()
    return mark_safe(drawn.decode())  # noqa: S308  # drawn here, of our own address


@official
@at_workshop
def type_sheet(request: HttpRequest, workshop: Workshop, post: Post) -> HttpResponse:
    """One sheet of paper, typed in: its code first."""
    form = SheetForm(request.POST or None, initial={"code": request.GET.get("codigo", "")})
    if form.is_valid():
        sheet = queries.sheet(workshop, form.cleaned_data["code"])
        try:
            if sheet is None:
                raise actions.Changed(rules.Fault.UNKNOWN)
            now = timezone.now()
            actions.type_in(sheet=sheet, words=form.said, by=by(post), at=now)
            return at("cocreation:slips", workshop.pk, note="hecho")
        except actions.Changed as changed:
            sentence = str(FAULTS[changed.why]) % form.cleaned_data["code"]
            form.add_error("code", sentence[0].upper() + sentence[1:])
        except NotPossible as refusal:
            explain(form, refusal)
    shown = {"workshop": workshop, "form": form, "demo": workshop.cycle.convener.demo}
    return render(request, "cocreation/type_sheet.html", shown)


@official
@at_workshop
@require_safe
def sheets_file(request: HttpRequest, workshop: Workshop, post: Post) -> HttpResponse:
    """The spreadsheet to fill in, with the codes that are not in yet."""
    codes = list(queries.unused(workshop).values_list("code", flat=True))
    headers = {"Content-Disposition": f'attachment; filename="hojas-{workshop.pk}.xlsx"'}
    return HttpResponse(template(codes), content_type=EXCEL, headers=headers)


@official
@takes_files
@at_workshop
def upload(request: HttpRequest, workshop: Workshop, post: Post) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None, initial={"key": uuid4()})
    if form.is_valid():
        said, now = form.cleaned_data, timezone.now()
        try:
            kept = actions.keep(
                key=said["key"],
                workshop=workshop,
                person=person(request),
                name=str(said["file"].name),
                digest=form.digest(),
                lines=form.lines(timezone.localdate()),
                at=now,
            )
            return redirect("cocreation:batch", workshop=workshop.pk, batch=kept.pk)
        except Unreadable as unreadable:
            form.add_error("file", UNUSABLE[unreadable.why])
    shown = {"workshop": workshop, "form": form, "demo": workshop.cycle.convener.demo}
    return render(request, "cocreation/upload_batch.html", shown)


@official
@at_workshop
def batch(request: HttpRequest, workshop: Workshop, post: Post, batch: UUID) -> HttpResponse:
    """What the rows of a spreadsheet say; confirmed, all of them become proposals."""
    found = queries.batch(batch, workshop)
    if found is None:
        raise Http404
    problem = ""
    if request.method == "POST":
        if "discard" in request.POST:
            actions.discard(batch=found)
            return at("cocreation:sheets", workshop.pk)
        problem = _confirmed(found, post)
        if not problem:
            return at("cocreation:batch", workshop.pk, batch, note="hecho")
        found = queries.batch(batch, workshop) or found
    page = keyset(queries.wrong(found), order=BY_ROW, query=request.GET)
    shown = {
        "workshop": workshop,
        "batch": found,
        "problem": problem,
        "page": page,
        "wrong": [(row.number, row.words, list(map(in_words, row.wrong))) for row in page.rows],
        "first": [] if found.confirmed_at else queries.first(found),
        "good": found.rows - found.wrong,
        "left": queries.left(found) if found.confirmed_at else 0,
        "demo": workshop.cycle.convener.demo,
    }
    return render(request, "cocreation/batch.html", shown)


def _confirmed(found: Batch, post: Post) -> str:
    """What kept it from being confirmed; "" when nothing did. A short one is in at once."""
    now = timezone.now()
    try:
        actions.confirm(batch=found, by=by(post), at=now)
    except NotPossible as refusal:
        return str(PROBLEMS[refusal.problem])
    except actions.Changed:
        actions.look_again(batch=found)
        return str(MEANWHILE)
    if found.rows <= rules.AT_ONCE:
        actions.bring_in(batch=queries.batch(found.pk, found.workshop) or found, at=now)
    return ""


@official
@at_workshop
@require_safe
def slips(request: HttpRequest, workshop: Workshop, post: Post) -> HttpResponse:
    """The codes of what is in the repository, to be printed and given to who wrote it."""
    page = keyset(queries.entered(workshop), order=BY_CASE, query=request.GET, size=50)
    shown = {
        "workshop": workshop,
        "page": page,
        "slips": [
            {"row": one, "code": one.case.code, "picture": picture(followed(one.case.code))}
            for one in page.rows
        ],
        "site": f"{settings.MINGA_ADDRESS}{reverse('cocreation:follow')}",
        "demo": workshop.cycle.convener.demo,
    }
    return render(request, "cocreation/slips.html", shown)
