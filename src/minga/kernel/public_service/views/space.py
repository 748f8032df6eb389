from collections.abc import Sequence
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib.auth import logout
from django.db.models.expressions import OrderBy
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minga.kernel.base.pages import PARAMETER, Order, keyset
from minga.kernel.cases import actions as cases_actions
from minga.kernel.cases import queries as cases
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity import queries as identity
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.middleware import held, person
from minga.kernel.identity.models import Person
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.mailbox import actions as mailbox_actions
from minga.kernel.mailbox import queries as mailbox
from minga.kernel.mailbox.models import Notice
from minga.kernel.mailbox.rules import Topic
from minga.kernel.public_service import actions
from minga.kernel.public_service.forms import (
    DELIVERIES,
    HAPPENED,
    SIGN_IN,
    TOPICS,
    AddCaseForm,
    CloseForm,
    NameForm,
    ReadForm,
    TakeDraftForm,
    TopicsForm,
)
from minga.kernel.public_service.queries import known
from minga.kernel.public_service.queries import space as queries

FEW = 5  # of each kind, on the first page
FIRST_TURN = (Order("waits"), Order("moved_at", descending=True))
FIRST_UNREAD = (Order("seen"), Order("at", descending=True))
personal = open_to(Audience.PERSON)


def first(order: Sequence[Order]) -> list[OrderBy]:
    return [column.expression() for column in order]


@personal
@require_safe
def space(request: HttpRequest) -> HttpResponse:
    """What waits for the reader first: questions, notices, what they began."""
    me = person(request)
    found = list(cases.asked_by(me).order_by(*first(FIRST_TURN))[:FEW])
    shown = queries.shown(
        me,
        rows=queries.case_rows(found),
        drafts=queries.draft_rows(list(cases.drafts_of(me).order_by("-kept_at", "pk")[:FEW])),
        notices=list(mailbox.notices_of(me).order_by(*first(FIRST_UNREAD))[:FEW]),
    )
    return render(request, "public_service/space.html", shown)


@personal
@require_safe
def arrived(request: HttpRequest) -> HttpResponse:
    """Where somebody goes who has just signed in: to their desk, if they have one."""
    return redirect("public_service:desk" if held(request) else "public_service:space")


@personal
@require_safe
def my_cases(request: HttpRequest) -> HttpResponse:
    me = person(request)
    page = keyset(cases.asked_by(me), order=FIRST_TURN, query=request.GET)
    shown = queries.shown(me, page=page, rows=queries.case_rows(page.rows))
    return render(request, "public_service/my_cases.html", shown | {"done": _done(request)})


def _done(request: HttpRequest) -> str:
    """Which of the things that lead here was done just now, before leafing further."""
    return "" if PARAMETER in request.GET else next(iter(request.GET), "")


@personal
def add_case(request: HttpRequest) -> HttpResponse:
    """Wrong codes are counted, and too many of them are not looked up for a while."""
    me, form, status = person(request), AddCaseForm(request.POST or None), 200
    if form.is_valid():
        if not ratelimit.consume(request, action="add_case", user=me, dry_run=True):
            form.add_error("code", _("Probaste muchos códigos. Espera una hora, por favor."))
            status = 429
        elif cases_actions.add_case(code=form.cleaned_data["code"], person=me, at=timezone.now()):
            return redirect(f"{reverse('public_service:my_cases')}?anadido")
        else:
            ratelimit.consume(request, action="add_case", user=me)
            form.add_error("code", _("No pudimos añadir un caso con ese código. Revísalo."))
    shown = queries.shown(me, form=form)
    return render(request, "public_service/add_case.html", shown, status=status)


@personal
@require_safe
def my_drafts(request: HttpRequest) -> HttpResponse:
    me = person(request)
    newest = (Order("kept_at", descending=True),)
    page = keyset(cases.drafts_of(me), order=newest, query=request.GET)
    shown = queries.shown(me, page=page, rows=queries.draft_rows(page.rows), done=_done(request))
    return render(request, "public_service/my_drafts.html", shown)


@personal
def take_draft(request: HttpRequest) -> HttpResponse:
    me, form = person(request), TakeDraftForm(request.POST or None)
    if form.is_valid():
        if cases_actions.take_along(draft=form.cleaned_data["address"], person=me):
            return redirect(f"{reverse('public_service:my_drafts')}?traido")
        form.add_error("address", _("No encontramos un borrador sin enviar en esa dirección."))
    return render(request, "public_service/take_draft.html", queries.shown(me, form=form))


@personal
def drop_draft(request: HttpRequest, draft: UUID) -> HttpResponse:
    me, is_sure = person(request), "drop" in request.POST
    found = queries.draft_rows(list(cases.drafts_of(me).filter(pk=draft)))
    if not found:
        raise Http404
    if is_sure:
        cases_actions.drop_draft(draft=draft, person=me)
        return redirect(f"{reverse('public_service:my_drafts')}?borrado")
    return render(request, "public_service/drop_draft.html", queries.shown(me, row=found[0]))


@personal
def notices(request: HttpRequest) -> HttpResponse:
    """The list; sent back, all that was on it is read. What came since stays unread."""
    me, form = person(request), ReadForm(request.POST or None)
    if form.is_valid():
        until = form.cleaned_data["until"]
        mailbox_actions.read_all(person=me, until=until, at=timezone.now())
        return redirect(f"{reverse('public_service:notices')}?leidos")
    page = keyset(mailbox.notices_of(me), order=FIRST_UNREAD, query=request.GET)
    newest = max((row.pk for row in page.rows), default=0)
    shown = queries.shown(me, page=page, newest=newest, done=_done(request))
    return render(request, "public_service/notices.html", shown)


@personal
def notice(request: HttpRequest, notice: int) -> HttpResponse:
    """Opening one writes nothing: its reader says that they read it, or goes where it leads."""
    me, how = person(request), request.POST.get("read")
    found = _told(me, notice)
    if how:
        mailbox_actions.read(notice=found, at=timezone.now())
        here = f"{reverse('public_service:notices')}?leido"
        return redirect((how == "go" and found.address) or here)
    shown = queries.shown(me, notice=found, topic=TOPICS[Topic(found.topic)])
    shown["delivery"] = DELIVERIES[mailbox.delivery(found)]
    return render(request, "public_service/notice.html", shown)


def _told(me: Person, notice: int) -> Notice:
    found = mailbox.notices_of(me).filter(pk=notice).first()
    if found is None:
        raise Http404
    return found


@personal
def topics(request: HttpRequest) -> HttpResponse:
    me = person(request)
    offered = {Topic.CASES, Topic.TALK} | ({Topic.DESK, Topic.POSTS} if held(request) else set())
    typed = request.POST if request.method == "POST" else None
    wanted = offered - mailbox.silenced(me)
    form = TopicsForm(typed, offered=offered, initial={"topics": list(wanted)})
    if form.is_valid():
        chosen = {Topic(topic) for topic in form.cleaned_data["topics"]}
        mailbox_actions.choose(person=me, offered=offered, wanted=chosen)
        return redirect(f"{reverse('public_service:notices')}?temas")
    return render(request, "public_service/topics.html", queries.shown(me, form=form))


@personal
@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    me = person(request)
    seen = known.seen(me)
    shown = queries.shown(me, done=_done(request), **seen)
    sign_in, document = seen["counted"].sign_in, seen["counted"].document
    shown["sign_in"] = [(SIGN_IN.get(table, table), n) for table, n in sign_in.items() if n]
    shown["document"] = f"{_kind(document[0])} {document[1]}" if document else ""
    shown["silent"] = [TOPICS[Topic(short.text)] for short in seen["shorts"][known.SILENT]]
    shown["history"] = [(e.at, HAPPENED.get(e.kind, HAPPENED[""])) for e in seen["history"]]
    return render(request, "public_service/my_data.html", shown)


def _kind(key: str) -> str:
    """What the country calls a document."""
    kinds = {identifier.key: identifier.name for identifier in jurisdiction.current().identifiers}
    return str(kinds.get(key, key))


@personal
@require_safe
def my_data_file(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        known.file_of(person(request)),
        content_type="application/json; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="mis-datos.json"',
            "Cache-Control": "no-store",
        },
    )


@personal
def correct_name(request: HttpRequest) -> HttpResponse:
    me = person(request)
    form = NameForm(request.POST or None, initial={"name": me.name})
    if form.is_valid():
        accounts.correct_name(person=me, at=timezone.now(), **form.cleaned_data)
        return redirect(f"{reverse('public_service:my_data')}?nombre")
    return render(request, "public_service/correct_name.html", queries.shown(me, form=form))


@personal
@require_safe
def closing(request: HttpRequest) -> HttpResponse:
    """What goes and what stays; and who can end a post that is in the way."""
    me, today = person(request), timezone.localdate()
    bound = [(post, identity.runners(post, on=today)) for post in identity.bound(me, on=today)]
    return render(request, "public_service/closing.html", queries.shown(me, bound=bound))


@personal
@reauthentication_required  # type: ignore[untyped-decorator]  # publishes no types
def close_account(request: HttpRequest) -> HttpResponse:
    """Who came here said again who they are."""
    me, form = person(request), CloseForm(request.POST or None)
    if form.is_valid():
        try:
            actions.close_account(person=me, at=timezone.now())
        except accounts.HoldsPosts:
            return redirect("public_service:closing")
        logout(request)
        return redirect("public_service:account_closed")
    return render(request, "public_service/close_account.html", queries.shown(me, form=form))


@open_to(Audience.EVERYONE)
@public_page
@require_safe
def account_closed(request: HttpRequest) -> HttpResponse:
    return render(request, "public_service/account_closed.html")
