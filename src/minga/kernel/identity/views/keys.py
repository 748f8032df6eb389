from typing import Any

from allauth.mfa.recovery_codes.internal import flows
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from minga.kernel.identity import queries
from minga.kernel.identity.forms import SignInForm
from minga.kernel.identity.middleware import person


def keys(request: HttpRequest) -> HttpResponse:
    """The second step: what there is of it, and what can be added."""
    return render(request, "mfa/index.html", {"keys": queries.keys_of(person(request))})


def codes(request: HttpRequest) -> HttpResponse:
    """Codes for the day the telephone is lost: seen once, when they are asked for."""
    kept = queries.keys_of(person(request)).codes
    if kept is None:
        return redirect("mfa_index")
    if "new" in request.POST:
        kept = flows.generate_recovery_codes(request)
    codes = kept.wrap()
    shown = {"left": codes.get_unused_codes(), "was_seen": codes.did_view, "codes": None}
    if request.method == "POST" and not codes.did_view:
        codes.mark_as_viewed()
        shown["codes"] = shown["left"]
    return render(request, "mfa/recovery_codes/index.html", shown)


class EnterByPasskey(LoginWebAuthnView):  # type: ignore[misc]  # untyped
    """A passkey that does not fit is told at the door, where it was tried."""

    template_name = "account/login.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        shown = {
            "form": SignInForm(request=self.request),
            "passkey_form": form,
            "redirect_field_name": REDIRECT_FIELD_NAME,
            "redirect_field_value": self.request.POST.get(REDIRECT_FIELD_NAME, ""),
        }
        answer: HttpResponse = self.render_to_response(shown)
        return answer


class ReauthenticateByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]  # untyped
    """A passkey that does not fit is told on the page where it was tried."""

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = self.render_to_response(self.get_context_data())
        return answer
