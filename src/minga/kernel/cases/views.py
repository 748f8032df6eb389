import logging

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.design.menu import Audience, open_to
from minga.kernel.forms.backend import download, takes_files
from minga.kernel.forms.forms import FilesAloneForm
from minga.kernel.forms.rules import MOST
from minga.kernel.identity.middleware import person, posts

from . import queries, rules
from .actions import attachments as actions
from .models import Attachment
from .queries import attachments
from .rules import Scan, read_code

log = logging.getLogger(__name__)


@open_to(Audience.OFFICIAL)
@require_safe
def attachment(request: HttpRequest, place: str) -> HttpResponseBase:
    return _served(request, attachments.visible_to(posts=posts(request)), place)


@open_to(Audience.PERSON)
@require_safe
def attachment_of_mine(request: HttpRequest, place: str) -> HttpResponseBase:
    return _served(request, attachments.visible_to(person=person(request)), place)


@open_to(Audience.APPLICANT)
@require_safe
def attachment_of_code(request: HttpRequest, code: str, place: str) -> HttpResponseBase:
    read = read_code(code)
    if read is None:
        raise Http404
    return _served(request, attachments.visible_to(code=read), place)


def _served(request: HttpRequest, found: QuerySet[Attachment], place: str) -> HttpResponseBase:
    """A file as a download, once somebody looked into it; never shown in the browser."""
    row = found.filter(place=place).first()
    if row is None:
        raise Http404
    if row.scan != Scan.CLEAN:
        status = 409 if row.scan == Scan.WAITING else 410
        return render(request, "cases/attachment_closed.html", {"file": row}, status=status)
    try:
        content = default_storage.open(rules.path(place))
    except FileNotFoundError:
        log.error("attachment %s has no file", row.pk)
        raise Http404 from None
    return download(content, name=row.name, media_type=row.media_type)


@open_to(Audience.OFFICIAL)
@takes_files
def attach(request: HttpRequest, case: str) -> HttpResponse:
    """An official adds a file that the person does not see."""
    found = queries.held_by(posts(request)).select_related("holder").filter(pk=int(case)).first()
    if found is None:
        raise Http404
    room = MOST - attachments.taken(found, applicant=False)
    form = FilesAloneForm(request.POST or None, request.FILES or None, room=room)
    page = queries.type_of(found).page
    if form.is_valid():
        post = next(p for p in posts(request) if p.organisation_id == found.holder_id)
        files = form.cleaned_data["attached"]
        actions.add_internal(case=found, files=files, post=post, at=timezone.now())
        return redirect(f"{reverse(page, args=[found.pk])}?adjunto")
    title = queries.type_of(found).titles([found.pk]).get(found.pk, "")
    shown = {"form": form, "case": found, "title": title, "page": page}
    return render(request, "cases/attach.html", shown)
