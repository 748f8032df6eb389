from datetime import datetime
from typing import Any, NamedTuple

from allauth.account import views as library
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from minga.kernel.identity import queries
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.forms import DocumentForm, device_words
from minga.kernel.identity.middleware import person
from minga.kernel.identity.models import Person, Session
from minga.kernel.identity.rules import masked
from minga.kernel.jurisdiction import queries as jurisdiction

from . import too_many


def account(request: HttpRequest) -> HttpResponse:
    """Everything one enters with, each with its state."""
    me, now = person(request), timezone.now()
    document = queries.document_of(me)
    shown = {
        "person": me,
        "demo": queries.is_invented(me),
        "keys": queries.keys_of(me),
        "sessions": queries.sessions_of(me, at=now).count(),
        "document": document and masked(document.number),
        "level": queries.level_of(me),
        "is_official": queries.posts_of(me, on=timezone.localdate()).exists(),
    }
    return render(request, "identity/account.html", shown)


class Address(library.EmailView):  # type: ignore[misc]  # untyped
    """One address, and another that is to replace it: whatever is sent is that one."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        answer: HttpResponse = self.form_valid(form) if form.is_valid() else self.form_invalid(form)
        return answer


def password(request: HttpRequest) -> HttpResponseBase:
    """Whoever has none yet chooses it by e-mail."""
    if person(request).has_usable_password():
        return library.password_change(request)  # type: ignore[no-any-return]  # untyped
    return redirect("account_reset_password")


class Row(NamedTuple):
    """A session as its owner reads it."""

    device: str
    began_at: datetime | None
    handle: str


def sessions(request: HttpRequest) -> HttpResponse:
    me, mine = person(request), request.session.session_key
    found = {one.session_key: row(one) for one in queries.sessions_of(me, at=timezone.now())}
    this = [found.pop(mine)] if mine in found else []
    if request.method == "POST":
        meant = request.POST.get("close", "")
        only = [key for key, one in found.items() if meant in ("others", one.handle)]
        if accounts.close_sessions(person=me, only=only):
            messages.success(request, _("Cerraste lo que pediste. Ya no se puede usar."))
        return redirect("identity:sessions")
    shown = {"mine": this, "others": list(found.values())}
    return render(request, "identity/sessions.html", shown)


def row(session: Session) -> Row:
    handle = queries.handle(session.session_key)
    return Row(device_words(session.device), session.began_at, handle)


def document(request: HttpRequest) -> HttpResponseBase:
    if "remove" in request.POST:
        return _remove(request)
    form = DocumentForm(request.POST or None)
    if form.is_valid():
        if not ratelimit.consume(request, action="document"):
            return too_many(request)
        if _give(request, form):
            return redirect("identity:document")
    return render(request, "identity/document.html", {"form": form, **_given(person(request))})


def _given(me: Person) -> dict[str, object]:
    """What somebody gave, as far as it is shown."""
    known = {part.key: part for part in jurisdiction.current().identifiers}
    given = queries.document_of(me)
    return {
        "given": given and (known[given.kind].name if given.kind in known else given.kind),
        "number": given and masked(given.number),
        "may_change": queries.may_change_document(me),
        "unchecked": any(not part.is_checked for part in known.values()),
    }


def _give(request: HttpRequest, form: DocumentForm) -> bool:
    try:
        accounts.give_document(person=person(request), at=timezone.now(), **form.cleaned_data)
    except accounts.DocumentTaken:
        words = _(
            "No pudimos guardar ese documento. Si el número es tuyo, pide ayuda en ventanilla."
        )
        form.add_error("number", words)
        return False
    except accounts.DocumentStands:
        return True  # the page says that it stays
    messages.success(request, _("Guardamos tu documento."))
    return True


def _remove(request: HttpRequest) -> HttpResponse:
    try:
        accounts.remove_document(person=person(request), at=timezone.now())
        messages.success(request, _("Quitamos tu documento."))
    except accounts.DocumentStands:
        messages.error(request, _("Tu documento ya se verificó en persona: no se puede quitar."))
    return redirect("identity:document")
