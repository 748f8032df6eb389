"""Whatever the sign-in library can show or send, in our own words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import allauth
import pytest
from django.template.loader import get_template

from minga.kernel.identity.urls import changing, entering

LIBRARY = Path(allauth.__file__).parent
HERE = Path(__file__).parents[1]
LETTERS = [
    "account/email/account_already_exists",
    "account/email/email_changed",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/new_device",
    "account/email/password_changed",
    "account/email/password_reset",
    "account/email/password_reset_key",
    "account/email/unknown_account",
    "mfa/email/recovery_codes_generated",
    "mfa/email/totp_activated",
    "mfa/email/totp_deactivated",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
    "identity/letters/verified_in_person",
]
SENT = [name for name in LETTERS if name.endswith(("exists", "key", "unknown_account"))]
SENT += [name for name in LETTERS if "confirmation" in name]


def templates() -> Iterator[str]:
    for part in (*entering, *changing):
        view: Any = getattr(part.callback, "view_class", None)
        if view and view.template_name:
            yield view.template_name
    yield from ("account/confirm_email_verification_code.html", "429.html")
    yield from (f"{name}_subject.txt" for name in LETTERS)
    yield from (f"{name}_message.txt" for name in SENT)


@pytest.mark.parametrize("name", sorted(set(templates())))
def test_what_can_be_reached_is_ours(name: str) -> None:
    template: Any = get_template(name)
    origin = Path(template.origin.name)
    assert origin.is_relative_to(HERE)
    assert not origin.is_relative_to(LIBRARY)
