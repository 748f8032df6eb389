from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from minga.kernel.base.pages import LAST, PARAMETER, Order, keyset
from minga.kernel.base.text import Text
from minga.kernel.catalogue.declaration import Dataset, record_types
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.catalogue.models import Record
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity.middleware import person, posts

from . import actions, queries
from .forms import OBJECTIONS, REASONS, DecideForm, ReportForm, SayForm
from .models import Comment, Decision, Matter, Thread
from .rules import Objected

everyone, personal = open_to(Audience.EVERYONE), open_to(Audience.PERSON)
official = open_to(Audience.OFFICIAL)
PAGE = 20  # comments of one
NEWEST = (Order("at", descending=True),)


def _open(thread: int) -> tuple[Thread, Record]:
    found = queries.open_thread(thread)
    if found is None:
        raise Http404
    return found


def _named(request: HttpRequest, thread: Thread) -> Comment | None:
    """The comment that an address names, when it names one."""
    asked = request.GET.get("comentario", "")
    if not asked:
        return None
    found = queries.comment(thread, int(asked)) if asked.isdecimal() and len(asked) < 9 else None
    if found is None:
        raise Http404
    return found


def _objects(form: Form, field: str | None, objected: Objected) -> None:
    form.add_error(field, str(OBJECTIONS[objected.objection]))


@personal
def say(request: HttpRequest, thread: int) -> HttpResponse:
    """Write a comment, or an answer to one."""
    about, record = _open(thread)
    to = _named(request, about)
    form = SayForm(request.POST or None, initial={"key": uuid4()})
    if form.is_valid():
        number = to.number if to else None
        told = {"person": person(request), "at": timezone.now(), **form.cleaned_data}
        try:
            said = actions.say(thread=about, to=number, **told)
            last = f"?{PARAMETER}={LAST}" if said.number > PAGE and not to else ""
            return redirect(f"{about.address}{last}#comentario-{said.number}")
        except Objected as objected:
            _objects(form, "body", objected)
    shown = {"thread": about, "record": record, "form": form, "to": to}
    return render(request, "conversation/say.html", shown)


@personal
def withdraw(request: HttpRequest, thread: int, number: int) -> HttpResponse:
    """Whoever wrote a comment takes it back."""
    own = queries.own_comment(thread, number, person(request))
    if own is None:
        raise Http404
    if request.method == "POST":
        actions.withdraw(comment=own, at=timezone.now())
        return redirect(f"{own.thread.address}#comentarios")
    return render(request, "conversation/withdraw.html", {"comment": own})


@personal
def report(request: HttpRequest, thread: int) -> HttpResponse:
    """Say that a text harms: a comment, or what the thread is about."""
    about, record = _open(thread)
    comment = _named(request, about)
    form = ReportForm(request.POST or None)
    if form.is_valid():
        told = {"person": person(request), "at": timezone.now(), **form.cleaned_data}
        try:
            matter = actions.report(thread=about, comment=comment, **told)
            return redirect("conversation:review", matter=matter.pk)
        except Objected as objected:
            _objects(form, None, objected)
    shown = {"thread": about, "record": record, "form": form, "comment": comment}
    return render(request, "conversation/report.html", shown)


@personal
def review(request: HttpRequest, matter: int) -> HttpResponse:
    """Where a report stands, for whoever wrote the text or reported it; and asking for another
    look by somebody else."""
    found = queries.concerns(matter, person(request))
    if found is None:
        raise Http404
    objection = None
    if request.method == "POST":
        try:
            actions.ask_review(matter=found, person=person(request), at=timezone.now())
            return redirect("conversation:review", matter=matter)
        except Objected as objected:
            objection = OBJECTIONS[objected.objection]
    shown = {
        "matter": found,
        "what": what(found),
        "reason": REASONS.get(found.reason, ""),
        "may_ask": queries.objection_to_review(found, person(request)) is None,
        "is_author": queries.author(found) == person(request),
        "objection": objection,
    }
    return render(request, "conversation/review.html", shown)


def what(matter: Matter) -> Text:
    """What kind of text it is, without a word of it."""
    if matter.comment_id:
        return _("Comentario")
    kind = matter.thread.type
    return record_types[kind].label if kind in record_types else ""


@official
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What was reported and waits for a decision of one's institution."""
    waits = queries.to_decide(posts(request))
    page = keyset(waits, order=(Order("opened_at"),), query=request.GET)
    rows = [(matter, what(matter)) for matter in page.rows]
    shown = {"page": page, "rows": rows, "demo": any(row.thread.demo for row in page.rows)}
    return render(request, "conversation/queue.html", shown)


@official
def matter(request: HttpRequest, matter: int) -> HttpResponse:
    """One reported text, and the decision about it."""
    found = queries.held(matter, posts(request))
    if found is None:
        raise Http404
    form = DecideForm(request.POST or None, initial={"rev": found.rev})
    if form.is_valid():
        mine = [p for p in posts(request) if p.organisation_id == found.thread.holder_id]
        told: dict[str, Any] = {"post": mine[0], "person": person(request), "at": timezone.now()}
        try:
            actions.decide(matter=found, **told, **form.cleaned_data)
            return redirect("conversation:matter", matter=matter)
        except Objected as objected:
            _objects(form, None, objected)
    heading, text = queries.text(found)
    shown = {
        "matter": found,
        "what": what(found),
        "heading": heading,
        "text": text,
        "reasons": [REASONS[key] for key in queries.reasons(found)],
        "decisions": [_told(row) for row in queries.decisions().filter(matter=found)],
        "form": form,
    }
    return render(request, "conversation/matter.html", shown)


def _told(decision: Decision) -> Mapping[str, Any]:
    """A decision as everybody reads it."""
    thread = decision.matter.thread
    return {
        "at": decision.at,
        "who": thread.holder.name,
        "what": what(decision.matter),
        "address": thread.address,
        "number": decision.matter.comment.number if decision.matter.comment else "",
        "hides": decision.hides,
        "reason": REASONS.get(decision.reason, ""),
        "review": decision.review,
        "demo": thread.demo,
    }


@everyone
@public_page
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    page = keyset(queries.decisions(), order=NEWEST, query=request.GET)
    rows = [_told(decision) for decision in page.rows]
    shown = {"page": page, "rows": rows, "demo": any(row["demo"] for row in rows)}
    return render(request, "conversation/decisions.html", shown)


def decision_rows() -> Iterator[Mapping[str, Any]]:
    for decision in queries.decisions().order_by("at", "pk").iterator(chunk_size=500):
        told = _told(decision)
        yield {
            **told,
            "on": localdate(decision.at),
            "hides": _("se retiró") if told["hides"] else _("se queda"),
            "review": _("segunda mirada") if told["review"] else "",
            "demo": _("Datos de demostración") if told["demo"] else "",
        }


DECISIONS = Dataset(
    key="conversation.decisions",
    title=_("Decisiones sobre textos avisados"),
    columns={
        "on": _("Día"),
        "who": _("Institución"),
        "what": _("Qué texto"),
        "address": _("Dónde"),
        "number": _("Número del comentario"),
        "hides": _("Qué se decidió"),
        "reason": _("Por qué"),
        "review": _("Revisión"),
        "demo": _("Advertencia"),
    },
    rows=decision_rows,
    omits=_("Faltan los textos, y quién los escribió, avisó y decidió: son personales."),
)


@everyone
@public_page
@require_safe
def decisions_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(DECISIONS)
