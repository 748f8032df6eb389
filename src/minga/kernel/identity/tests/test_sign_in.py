"""Signing in with e-mail and password, and choosing another one, by the words of the pages."""

import re
from collections.abc import Iterator

import pytest
from django.test import override_settings
from django.urls import reverse

from minga.kernel.mailbox.models import Letter
from tests.people import Person

pytestmark = pytest.mark.usefixtures("demo_world", "outbox")


@pytest.fixture
def outbox() -> Iterator[None]:
    """The real one, in place of the one that Django puts there for tests."""
    with override_settings(EMAIL_BACKEND="minga.kernel.mailbox.backend.Outbox"):
        yield


def test_ines_forgets_her_password_and_chooses_another(ines: Person) -> None:
    ines.opens(reverse("account_login"))
    ines.follows("Olvidé mi contraseña")
    ines.writes("Correo electrónico", "ines@demo.minga")
    ines.presses("Enviar el enlace")
    ines.sees("Revisa tu correo")
    letter = Letter.objects.filter(to="ines@demo.minga").latest("pk")
    link = re.search(r"https?://[^/]+(/\S+)", letter.body)
    assert link
    ines.opens(link[1])
    ines.writes("Contraseña nueva", "abc")
    ines.writes("Escríbela otra vez", "abc")
    ines.presses("Guardar la contraseña")
    ines.sees("demasiado corta")
    ines.writes("Contraseña nueva", "tres llamas y un cóndor")
    ines.writes("Escríbela otra vez", "tres llamas y un cóndor")
    ines.presses("Guardar la contraseña")
    ines.sees("Contraseña guardada")
    ines.opens(link[1])
    ines.sees("Este enlace ya se usó o se venció.")


@pytest.mark.by_forms
def test_a_wrong_password_is_told_and_what_was_typed_stays(ines: Person) -> None:
    ines.opens(reverse("account_login"))
    ines.writes("Correo electrónico", "ines@demo.minga")
    ines.writes("Contraseña", "no es esta")
    ines.presses("Entrar")
    ines.sees("El correo o la contraseña no son correctos. Revísalos.")


@pytest.mark.by_forms
def test_whoever_has_no_account_is_told_the_same_and_gets_a_letter(nadie: Person) -> None:
    nadie.opens(reverse("account_reset_password"))
    nadie.writes("Correo electrónico", "nadie@prueba.minga")
    nadie.presses("Enviar el enlace")
    nadie.sees("Revisa tu correo")
    assert "no tiene una cuenta" in Letter.objects.get(to="nadie@prueba.minga").body
