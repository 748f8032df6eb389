"""How we use the sign-in library: its seams, filled in."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from time import time
from typing import Any

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage

from minga.kernel.base.language import prevailing
from minga.kernel.identity.actions import accounts

from . import queries, rules
from .forms import device_words
from .models import Person

APP = "allauth.account"
Limits = Sequence[tuple[str, str]]  # of which action, and of whose
DEVICE_COOKIE, DEVICE_AGE = "equipo", 365 * 24 * 60 * 60
WAYS = {
    "reauthenticate": _("Con la contraseña"),
    "mfa_reauthenticate": _("Con un código"),
    "mfa_reauthenticate:webauthn": _("Con una llave"),
}
NEW_DEVICE = "account/email/new_device"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # publishes no types
    """Accounts in our words. What is told of an account is also in its person's stream."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("Esta cuenta no está activa."),
        "duplicate_email": _("Ese ya es tu correo."),
        "email_password_mismatch": _("El correo o la contraseña no son correctos. Revísalos."),
        "email_taken": _("No pudimos usar ese correo. Escribe otro, por favor."),
        "enter_current_password": _("Esa no es tu contraseña de ahora."),
        "incorrect_code": _("Ese código no es correcto. Míralo otra vez en el correo."),
        "incorrect_password": _("Esa no es tu contraseña."),
        "rate_limited": _("Espera un momento antes de pedir otro código."),
        "too_many_login_attempts": _("Hubo demasiados intentos. Espera cinco minutos, por favor."),
    }

    def add_message(
        self, request: HttpRequest, level: int, *_: Any, message: str = "", **__: Any
    ) -> None:
        """What went wrong before somebody was sent to another page; the rest pages say."""
        if message and level == messages.ERROR:
            messages.error(request, message)

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        request.session[rules.DEVICE] = rules.device(self.get_http_user_agent(request))
        request.session[rules.BEGAN] = timezone.now().isoformat()
        request.session.set_expiry(0)  # with the browser, and after a working day anyhow

    def post_login(
        self, request: HttpRequest, user: Person, *, signup: bool, **more: Any
    ) -> HttpResponse:
        """From a browser nobody entered with before, its owner is told."""
        answer: HttpResponse = super().post_login(request, user, signup=signup, **more)
        token, kept = queries.device_token(user), _devices(request)
        if token not in kept:
            if not signup:
                self.send_notification_mail(NEW_DEVICE, user)
            _remember(answer, [token, *kept][: rules.DEVICES])
        return answer

    def get_email_verification_redirect_url(self, email_address: object) -> str:
        return reverse("identity:account")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("identity:account")

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        ways = super().get_reauthentication_methods(user)
        return [{**way, "description": WAYS[way["id"]]} for way in ways]

    def set_password(self, user: Person, password: str) -> None:
        """The other sessions close; the one in which it is chosen stays open."""
        mine = self.request.user == user
        but = self.request.session.session_key if mine else None
        accounts.choose_password(person=user, password=password, but=but)

    def confirm_email(self, request: HttpRequest, email_address: Any) -> bool:
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed:
            accounts.note(person=email_address.user, kind="email_verified", at=timezone.now())
        return confirmed

    @prevailing()
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter is in the language that prevails, whatever its reader's page was in."""
        super().send_mail(template_prefix, email, context)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Person,
        context: Mapping[str, object] | None = None,
        email: str = "",
    ) -> None:
        with prevailing():
            device = device_words(rules.device(self.get_http_user_agent(self.request)))
        told, now = {"device": device, **(context or {})}, timezone.now()
        accounts.note_and_tell(person=user, letter=template_prefix, said=told, at=now, also=email)
        if template_prefix != NEW_DEVICE and self.request.user == user:
            messages.success(self.request, subject(template_prefix))

    def tell(
        self,
        prefix: str,
        person: Person,
        said: Mapping[str, object],
        *,
        at: datetime,
        also: str = "",
    ) -> None:
        """Whoever stands above and keeps letters does it (settings: ACCOUNT_ADAPTER)."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        used = ratelimit.RateLimitUsage(usage=[])
        for action, key in _limits(request, str(credentials.get("email", "")).lower()):
            usage = ratelimit.consume(request, app=APP, action=action, key=key)
            if not usage:
                raise _wait(request, action, key)
            used.usage += usage.usage
        self._login_failed_rl_usage = used  # the right password gives it back

    def _delete_login_attempts_cached_email(self, request: HttpRequest, email: str) -> None:
        for action, key in (*_strange(request, email.lower()), *_known(email.lower())):
            ratelimit.clear(request, app=APP, action=action, key=key)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # publishes no types
    """Secrets are kept encrypted: a copy of the database alone makes no codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_generate_recovery_codes": _("Primero activa una aplicación o una llave."),
        "incorrect_code": _("Ese código no es correcto o ya se usó. Espera el siguiente."),
        "unverified_email": _("Primero verifica tu correo."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """On white, also where the page is dark: cameras look for black on white."""
        drawn: bytes = qrcode.make(url, image_factory=SvgPathFillImage).to_string()
        return drawn.decode()

    @prevailing()
    def generate_authenticator_name(self, user: Person, type: str) -> str:
        return gettext("Mi llave")

    def _get_site_name(self) -> str:
        return "Minga"


def subject(prefix: str) -> str:
    return " ".join(render_to_string(f"{prefix}_subject.txt").split())


def _box() -> Fernet:
    key = sha256(f"minga.second-factor:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(urlsafe_b64encode(key))


def _devices(request: HttpRequest) -> list[str]:
    return [token for token in request.COOKIES.get(DEVICE_COOKIE, "").split(".") if token]


def _limits(request: HttpRequest, email: str) -> Limits:
    """Wrong passwords are counted by where they come from, and those of a browser that its
    owner entered with apart: a stranger's do not keep the owner out."""
    kept = _devices(request)
    person = Person.objects.filter(email=email).first() if kept else None
    if person and queries.device_token(person) in kept:
        return _known(email)
    return _strange(request, email)


def _known(email: str) -> Limits:
    return [("login_known", email)]


def _strange(request: HttpRequest, email: str) -> Limits:
    return [("login_failed", f"{email}:{ratelimit.get_ip(request)}"), ("login_account", email)]


def _remember(answer: HttpResponse, tokens: list[str]) -> None:
    answer.set_cookie(
        DEVICE_COOKIE,
        ".".join(tokens),
        max_age=DEVICE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _wait(request: HttpRequest, action: str, key: str) -> ValidationError:
    """How long, in words: until the oldest of the attempts that fill a limit is forgotten."""
    left, now = [0.0], time()
    for rate in ratelimit.get_rates(app=APP, action=action):
        kept = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
        history = cache.get(kept, [])
        if len(history) >= rate.amount:
            left.append(history[rate.amount - 1] + rate.duration - now)
    n = rules.minutes(max(left))
    words = ngettext(
        "Hubo demasiados intentos. Espera %(n)d minuto, o elige otra contraseña por correo.",
        "Hubo demasiados intentos. Espera %(n)d minutos, o elige otra contraseña por correo.",
        n,
    )
    return ValidationError(words % {"n": n})
