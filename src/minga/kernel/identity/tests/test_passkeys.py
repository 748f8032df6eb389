"""Passkeys, with a browser that has one: Chromium's own virtual authenticator."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from minga.kernel.identity.actions import DEMO_PASSWORD
from tests.people import BrowserPerson

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
USE = "Usar mi huella, mi rostro o mi llave"


@pytest.fixture
def server(demo_world: None) -> Iterator[str]:
    open_one = LiveServer("localhost")
    yield open_one.url
    open_one.stop()


def leaves(somebody: BrowserPerson) -> None:
    somebody.opens(reverse("account_logout"))
    somebody.presses("Salir")


def test_ines_enters_with_a_passkey(server: str, chromium: Any) -> None:
    page = chromium.new_context().new_page()
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    ines = BrowserPerson(page, server, "ines")
    ines.signs_in()
    ines.opens(reverse("identity:account"))
    ines.follows("Añadir una llave")
    ines.writes("Contraseña", DEMO_PASSWORD)
    ines.presses("Confirmar")
    ines.writes("Nombre de la llave", "Mi computadora")
    ines.presses("Añadir esta llave")
    ines.sees("Te quedan 10 códigos sin usar.")
    ines.opens(reverse("mfa_index"))
    ines.sees("Mi computadora")

    leaves(ines)
    ines.opens(reverse("account_login"))
    ines.presses(USE)
    ines.sees("Mesa de trabajo")

    leaves(ines)
    ines.signs_in()
    ines.sees("Segundo paso")
    ines.presses(USE)
    ines.sees("Mesa de trabajo")

    ines.opens(f"{reverse('mfa_reauthenticate_webauthn')}?next={reverse('mfa_index')}")
    ines.presses(USE)
    ines.follows("Quitar")
    ines.presses("Quitar la llave")
    ines.sees("Quitaste una llave")
    leaves(ines)
    ines.opens(reverse("account_login"))
    ines.presses(USE)
    ines.sees("No reconocimos esa llave. Prueba otra vez.")


def test_without_a_script_all_but_passkeys_works_and_says_so(server: str, chromium: Any) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(server + reverse("account_login"))
    assert "hace falta un navegador que las conozca" in page.inner_text("main")
    assert not page.get_by_role("button", name=USE).is_visible()
    page.get_by_label("Correo electrónico").fill("ines@demo.minga")
    page.get_by_label("Contraseña").fill(DEMO_PASSWORD)
    page.get_by_role("button", name="Entrar").click()
    assert page.url.endswith(reverse("public_service:desk"))
