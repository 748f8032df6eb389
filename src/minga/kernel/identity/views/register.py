from dataclasses import asdict, replace
from time import time

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from minga.kernel.identity.actions import accounts
from minga.kernel.identity.forms import CodeForm, RegisterForm
from minga.kernel.identity.models import Person
from minga.kernel.identity.rules import LONGEST, Registration

from . import too_many

KEPT = "registration"


@sensitive_post_parameters("password")
def register(request: HttpRequest) -> HttpResponseBase:
    """What is said and done is the same, whether the address has an account or not: nobody
    exists before the code that a letter told is typed."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = RegisterForm(request.POST or None)
    if not form.is_valid():
        return render(request, "identity/register.html", {"form": form})
    said = form.cleaned_data
    if not ratelimit.consume(request, action="signup_address", key=said["email"]):
        return too_many(request)
    now, code = time(), get_adapter().generate_email_verification_code()
    hashed = make_password(said.pop("password"))
    place = get_next_redirect_url(request) or ""
    new = Registration(**said, password=hashed, code=code, began=now, sent=now, place=place)
    _keep(request, new)
    return redirect("identity:confirm")


def confirm(request: HttpRequest) -> HttpResponseBase:
    pending = _kept(request)
    if pending is None:
        return redirect("account_signup")
    if "again" in request.POST:
        return _send_again(request, pending)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if not ratelimit.consume(request, action="signup_code", key=pending.email):
            return too_many(request)
        if person := _opened(pending, form.cleaned_data["code"]):
            return _enter(request, person, pending.place)
        pending = replace(pending, tries=pending.tries + 1)
        request.session[KEPT] = asdict(pending)
        form.add_error("code", _("Ese código no es correcto. Míralo otra vez en el correo."))
    return render(request, "identity/confirm.html", {"form": form, "pending": pending})


def _enter(request: HttpRequest, person: Person, place: str) -> HttpResponseBase:
    del request.session[KEPT]
    answer: HttpResponseBase = perform_login(
        request, person, signup=True, redirect_url=place or None
    )
    return answer


def _opened(pending: Registration, code: str) -> Person | None:
    if pending.is_spent or not compare_user_code(actual=code, expected=pending.code):
        return None
    return accounts.open_account(
        email=pending.email, name=pending.name, password=pending.password, at=timezone.now()
    )


def _send_again(request: HttpRequest, pending: Registration) -> HttpResponse:
    now = time()
    if not pending.may_resend(now):
        words = _("Espera un momento: el correo puede tardar. Pide otro en un minuto.")
        messages.error(request, words)
        return redirect("identity:confirm")
    code, letters = get_adapter().generate_email_verification_code(), pending.letters + 1
    _keep(request, replace(pending, code=code, letters=letters, tries=0, sent=now))
    return redirect("identity:confirm")


def _kept(request: HttpRequest) -> Registration | None:
    kept = request.session.get(KEPT)
    pending = Registration(**kept) if kept else None
    if pending is None or pending.is_late(time()):
        request.session.pop(KEPT, None)
        return None
    return pending


def _keep(request: HttpRequest, pending: Registration) -> None:
    """In the session that writes it, for as long as it counts; the code goes out by letter."""
    request.session[KEPT] = asdict(pending)
    request.session.set_expiry(LONGEST)
    taken = Person.objects.filter(email=pending.email).exists()
    kind = "account_already_exists" if taken else "email_confirmation_signup"
    get_adapter().send_mail(f"account/email/{kind}", pending.email, {"code": pending.code})
