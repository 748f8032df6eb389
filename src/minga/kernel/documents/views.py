import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from minga.kernel.base.text import Text
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.forms.backend import download, takes_files
from minga.kernel.identity.middleware import guessed, is_guessing

from . import queries, rules
from .forms import BY_CODE, BY_FILE, PDF, REASONS, TOO_MANY, CodeForm, FileForm
from .models import Document
from .queries import Verified
from .rules import Answer, State

LOOKS = 5  # times that the page of a paper that is being made opens again by itself
everyone = open_to(Audience.EVERYONE)
log = logging.getLogger(__name__)


@everyone
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.GET if "codigo" in request.GET else None)
    if form.is_valid():
        return redirect("documents:verified", code=form.cleaned_data["codigo"])
    return render(request, "documents/verify.html", {"form": form})


@everyone
@require_safe
def verified(request: HttpRequest, code: str) -> HttpResponse:
    """What a code is of: the page to which the square on a paper leads."""
    read = rules.read_code(code)
    if read is None:  # the form says what is wrong with it
        return redirect(f"{reverse('documents:verify')}?{urlencode({'codigo': code})}")
    found, status = _counted(request, lambda: queries.by_code(read))
    shown = {"code": read, **_shown(found, BY_CODE)}
    return render(request, "documents/verified.html", shown, status=status)


@everyone
@require_safe
def verified_json(request: HttpRequest, code: str) -> HttpResponse:
    read = rules.read_code(code)
    if read is None:
        return JsonResponse(_told(Verified(Answer.UNKNOWN)), status=404)
    found, status = _counted(request, lambda: queries.by_code(read))
    return JsonResponse(_told(found), status=status)


@everyone
@takes_files
def verify_file(request: HttpRequest) -> HttpResponse:
    """Only the bytes that were issued are authentic; nothing of what is sent is kept."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FileForm(*sent)
    if not form.is_valid():
        return render(request, "documents/verify_file.html", {"form": form})
    paper = form.cleaned_data["paper"]
    found, _ = _counted(request, lambda: queries.by_bytes(paper))
    shown = {"by_file": True, **_shown(found, BY_FILE)}
    return render(request, "documents/verified.html", shown, status=429 if not found else 200)


@everyone
@require_safe
def file(request: HttpRequest, code: str) -> HttpResponseBase:
    """A paper that everybody may read."""
    found = queries.visible_to().filter(code=rules.read_code(code))
    if (document := found.first()) is None:
        raise Http404
    return served(found) or redirect("documents:verified", code=document.code)


def _counted(request: HttpRequest, ask: Callable[[], Verified]) -> tuple[Verified | None, int]:
    """Whoever tries many codes that nobody has waits, and is told of no right one meanwhile."""
    if is_guessing(request, "papers"):
        return None, 429
    found = ask()
    if found.answer != Answer.UNKNOWN:
        return found, 200
    guessed(request, "papers")
    return found, 404


def _shown(found: Verified | None, headings: Mapping[Answer, Text]) -> dict[str, object]:
    document = found.document if found else None
    return {
        "found": found,
        "document": document,
        "heading": headings[found.answer] if found else TOO_MANY,
        "part": f"documents/_{found.answer if found else 'too_many'}.html",
        "reason": REASONS[rules.Reason(document.reason)] if document and document.reason else "",
    }


def _told(found: Verified | None) -> Mapping[str, object]:
    """The same for machines; of days, not of minutes."""
    if found is None:
        return {"answer": "too_many"}
    if (document := found.document) is None:
        return {"answer": found.answer}
    return {
        "answer": found.answer,
        "code": document.code,
        "title": document.title,
        "issuer": document.issuer.name if document.issuer else None,
        "issued_on": _day(document.asked_at),
        "sha256": document.sha256 or None,
        "size": document.size or None,
        "annulled_on": _day(document.annulled_at) if document.annulled_at else None,
        "reason": document.reason or None,
        "newer": found.newer.code if found.newer and found.newer.public else None,
        "demo": document.data["demo"],
    }


def _day(moment: datetime) -> str:
    return str(timezone.localdate(moment))


def served(found: QuerySet[Document]) -> HttpResponseBase | None:
    """The file of the paper that somebody may read; None when it is not there to be read."""
    there = found.exclude(made_at=None).filter(annulled_at=None)
    document = there.order_by("-asked_at", "-pk").first()
    if document is None:
        return None
    try:
        content = default_storage.open(document.place)
    except FileNotFoundError:
        log.error("document %s has no file", document.pk)
        raise Http404 from None
    return download(content, name=f"{document.code}.pdf", media_type=PDF)


def at_press(request: HttpRequest, document: Document | None) -> Mapping[str, object]:
    """What the page says on which somebody asks for a paper and waits for it: it opens again
    by itself, some times and no more, so that whoever listens to it can read it to its end."""
    looked = request.GET.get("mira", "")
    looks = min(int(looked), LOOKS) if looked.isdecimal() and len(looked) < 3 else 0
    waits = document is not None and document.state == State.WAITING
    return {"document": document, "again": looks + 1 if waits and looks < LOOKS else 0}
