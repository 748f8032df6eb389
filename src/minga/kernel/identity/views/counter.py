from allauth.core import ratelimit
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from minga.kernel.identity import queries
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.forms import FindForm, SeenForm
from minga.kernel.identity.middleware import person, posts
from minga.kernel.identity.models import Person, Post
from minga.kernel.identity.rules import Level, masked

from . import too_many

SALT, LONGEST = "minga.counter", 15 * 60


def verify(request: HttpRequest) -> HttpResponseBase:
    """An official finds who stands before them, and says that they saw the document."""
    if "seen_by" in request.POST:
        return _seen(request)
    form = FindForm(request.POST or None)
    if form.is_valid():
        if not ratelimit.consume(request, action="counter"):
            return too_many(request)
        found = queries.person_at_counter(form.cleaned_data["words"])
        if found and found != person(request):
            return _looked_up(request, found)
        form.add_error("words", _("No hay una cuenta con ese número o correo, o es la tuya."))
    return render(request, "identity/verify.html", {"form": form})


def _looked_up(request: HttpRequest, found: Person) -> HttpResponse:
    """Seeing somebody's name is written down, too."""
    by = posts(request)[0].stream
    accounts.note(person=found, kind="looked_up", actor=by, at=timezone.now())
    named = signing.dumps(found.pk, salt=SALT)
    return _found(request, found, SeenForm(initial={"person": named}, posts=posts(request)))


def _found(request: HttpRequest, found: Person, form: SeenForm) -> HttpResponse:
    document = queries.document_of(found)
    shown = {
        "form": form,
        "found": found,
        "number": document and masked(document.number),
        "is_done": queries.level_of(found) >= Level.IN_PERSON,
    }
    return render(request, "identity/verify_seen.html", shown)


def _seen(request: HttpRequest) -> HttpResponse:
    form = SeenForm(request.POST, posts=posts(request))
    found = _named(form.data.get("person", ""))
    if found is None or found == person(request):
        messages.error(request, _("Pasó mucho tiempo. Busca a la persona otra vez."))
        return redirect("identity:verify")
    if form.is_valid() and _verified(found, form, _post(request, form)):
        messages.success(request, _("Quedó verificada en persona. Se lo avisamos."))
        return redirect("identity:verify")
    return _found(request, found, form)


def _verified(found: Person, form: SeenForm, post: Post) -> bool:
    try:
        accounts.verify_in_person(
            person=found, number=form.cleaned_data["number"], post=post, at=timezone.now()
        )
    except accounts.NotTheDocument:
        form.add_error("number", _("No es el número que la persona dio en su cuenta. Revísalo."))
        return False
    return True


def _post(request: HttpRequest, form: SeenForm) -> Post:
    chosen = form.cleaned_data.get("post")
    return next((p for p in posts(request) if str(p.pk) == chosen), posts(request)[0])


def _named(signed: str) -> Person | None:
    try:
        return Person.objects.get(pk=signing.loads(signed, salt=SALT, max_age=LONGEST))
    except (signing.BadSignature, Person.DoesNotExist):
        return None
