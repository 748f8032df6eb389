"""A citizen's account, by the words of the pages."""

import re
from collections.abc import Callable, Iterator
from time import time

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import override_settings
from django.urls import reverse

from minga.kernel.identity.actions import DEMO_PASSWORD
from minga.kernel.mailbox.models import Letter, Notice
from tests.people import Person

pytestmark = pytest.mark.usefixtures("demo_world", "outbox")
PASSWORD = "tres llamas y un cóndor"  # noqa: S105  # of nobody


@pytest.fixture
def outbox() -> Iterator[None]:
    """The real one, in place of the one that Django puts there for tests."""
    with override_settings(EMAIL_BACKEND="minga.kernel.mailbox.backend.Outbox"):
        yield


def code_for(address: str) -> str:
    """The last that was written to it."""
    letter = Letter.objects.filter(to=address).latest("pk")
    found = re.search(r"^(\d{6})$", letter.body, re.MULTILINE)
    assert found, letter.body
    return found[1]


def app_code(secret: str, later: int = 0) -> str:
    """What the application on a telephone shows, now or half a minute later."""
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time()) // 30 + later)))


def opens_an_account(somebody: Person, address: str) -> None:
    somebody.opens(f"{reverse('account_login')}?next={reverse('identity:account')}")
    somebody.follows("Abrir una cuenta")
    somebody.writes("Tu nombre", "Rosa de prueba")
    somebody.writes("Correo electrónico", address)
    somebody.writes("Contraseña", PASSWORD)
    somebody.presses("Enviarme el código")
    somebody.writes("Código", code_for(address))
    somebody.presses("Abrir mi cuenta")
    somebody.sees("Tu cuenta")


def enters(somebody: Person, address: str) -> None:
    somebody.opens(reverse("account_login"))
    somebody.writes("Correo electrónico", address)
    somebody.writes("Contraseña", PASSWORD)
    somebody.presses("Entrar")


def leaves(somebody: Person) -> None:
    somebody.opens(reverse("account_logout"))
    somebody.presses("Salir")


@pytest.mark.slow
def test_rosa_opens_an_account_and_loses_her_telephone(rosa: Person) -> None:
    address = "rosa@prueba.minga"
    opens_an_account(rosa, address)
    rosa.sees("Nivel 1: tu correo está verificado.")
    rosa.follows("Proteger mi cuenta")
    rosa.follows("Activar la aplicación")
    rosa.sees("Confirma que eres tú")
    rosa.writes("Contraseña", PASSWORD)
    rosa.presses("Confirmar")
    secret = rosa.reads(r"La clave con letras ((?:[A-Z2-7]{4} ?){8})").replace(" ", "")
    rosa.writes("Código que muestra la aplicación", "000000")
    rosa.presses("Activar")
    rosa.sees("Ese código no es correcto")
    rosa.writes("Código que muestra la aplicación", app_code(secret))
    rosa.presses("Activar")
    rosa.sees("Te quedan 10 códigos sin usar.")
    rosa.presses("Mostrar mis códigos")
    paper = rosa.reads(r"mostrarlos\. (\d{8})")
    rosa.opens(reverse("mfa_view_recovery_codes"))
    rosa.sees("Ya se mostraron una vez")

    leaves(rosa)
    enters(rosa, address)
    rosa.sees("Segundo paso")
    code = app_code(secret, 1)
    rosa.writes("Código", code)
    rosa.presses("Continuar")
    rosa.sees("Mi espacio")

    leaves(rosa)
    enters(rosa, address)
    rosa.writes("Código", code)
    rosa.presses("Continuar")
    rosa.sees("Ese código no es correcto o ya se usó")
    rosa.writes("Código", "11111111")
    rosa.presses("Continuar")
    rosa.sees("Ese código no es correcto o ya se usó")
    rosa.writes("Código", paper)
    rosa.presses("Continuar")
    rosa.sees("Mi espacio")
    rosa.opens(reverse("mfa_view_recovery_codes"))
    rosa.writes("Contraseña", PASSWORD)
    rosa.presses("Confirmar")
    rosa.sees("Te quedan 9 códigos sin usar.")


@pytest.mark.slow
@pytest.mark.by_forms
def test_ines_closes_another_session(ines: Person, new_person: Callable[..., Person]) -> None:
    elsewhere = new_person("ines")
    elsewhere.signs_in()
    elsewhere.sees("Mesa de trabajo")
    ines.signs_in()
    told = Notice.objects.filter(person__email="ines@demo.minga", topic="account")
    assert "Si fuiste tú, no hagas nada." in told[0].body
    assert "Entraste desde otro equipo" in {notice.title for notice in told}
    ines.opens(reverse("identity:account"))
    ines.follows("Ver mis sesiones")
    ines.presses("Cerrar esta")
    ines.sees("Confirma que eres tú")
    ines.writes("Contraseña", DEMO_PASSWORD)
    ines.presses("Confirmar")
    ines.sees("Ya no se puede usar")
    ines.sees("No hay otra abierta.")
    elsewhere.opens(reverse("public_service:desk"))
    elsewhere.sees("Correo electrónico")


@pytest.mark.by_forms
def test_rosa_changes_her_address_and_her_password(rosa: Person) -> None:
    opens_an_account(rosa, "rosa@prueba.minga")
    rosa.follows("Cambiar de correo")
    rosa.writes("Contraseña", PASSWORD)
    rosa.presses("Confirmar")
    rosa.writes("Correo nuevo", "rosa.nueva@prueba.minga")
    rosa.presses("Enviar el código")
    rosa.writes("Código", "000000")
    rosa.presses("Verificar")
    rosa.sees("Ese código no es correcto")
    rosa.writes("Código", code_for("rosa.nueva@prueba.minga"))
    rosa.presses("Verificar")
    rosa.sees("Cambiaste tu correo")
    rosa.sees("rosa.nueva@prueba.minga")
    assert Letter.objects.filter(to="rosa@prueba.minga", subject="Cambiaste tu correo").exists()
    rosa.follows("Cambiar la contraseña")
    rosa.writes("Tu contraseña de ahora", "no es")
    rosa.writes("Contraseña nueva", "otra clave larga")
    rosa.writes("Escríbela otra vez", "otra clave larga")
    rosa.presses("Guardar la contraseña")
    rosa.sees("Esa no es tu contraseña de ahora.")
    rosa.writes("Tu contraseña de ahora", PASSWORD)
    rosa.writes("Contraseña nueva", "otra clave larga")
    rosa.writes("Escríbela otra vez", "otra clave larga")
    rosa.presses("Guardar la contraseña")
    rosa.sees("Cambiaste tu contraseña")
