"""Who somebody is, and how sure the State is of it."""

from collections.abc import Callable
from datetime import timedelta
from time import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse
from django.utils import timezone

from minga.kernel.identity import actions, queries
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.models import Assurance, IdentityDocument
from minga.kernel.identity.models import Person as Somebody
from minga.kernel.identity.rules import Level
from minga.kernel.identity.tests.build import a_post, an_official
from minga.kernel.mailbox.models import Notice
from minga.kernel.trust.models import Entry
from tests.people import Person

CEDULA, OTHER = "1710034065", "0926687856"
NOON = timezone.now()


def a_citizen(email: str = "rosa@prueba.minga") -> Somebody:
    person = accounts.open_account(email=email, name="Rosa", password=f"hash {email}", at=NOON)
    assert person
    return person


def give(person: Somebody, number: str = CEDULA) -> None:
    accounts.give_document(person=person, kind="ci", number=number, at=NOON)


def kinds(person: Somebody) -> list[str]:
    found = Entry.objects.filter(stream=person.stream).order_by("seq")
    return list(found.values_list("kind", flat=True))


@pytest.mark.django_db
def test_an_account_is_opened_once_however_often_it_is_asked() -> None:
    rosa = a_citizen()
    assert rosa == a_citizen()
    again = accounts.open_account(email=rosa.email.upper(), name="Otra", password=OTHER, at=NOON)
    assert again is None
    assert (Somebody.objects.get().name, rosa.email) == ("Rosa", "rosa@prueba.minga")
    assert kinds(rosa) == ["account_opened"]
    assert EmailAddress.objects.get().verified


@pytest.mark.usefixtures("own_database")
def test_an_account_opened_four_times_at_once_is_one(
    together: Callable[[Callable[[], object]], list[object]],
) -> None:
    came = together(a_citizen)
    assert {type(one) for one in came} == {Somebody}
    assert Somebody.objects.filter(email="rosa@prueba.minga").count() == 1
    assert Entry.objects.filter(kind="account_opened").count() == 1


@pytest.mark.django_db
def test_levels_go_up_by_what_was_shown() -> None:
    official = an_official()
    nobody = Somebody.objects.create_user("nadie@prueba.minga", name="Nadie")
    rosa = a_citizen()
    assert queries.level_of(nobody) == Level.DECLARED
    assert queries.level_of(rosa) == Level.EMAIL
    with pytest.raises(accounts.NotTheDocument):
        accounts.verify_in_person(person=rosa, number=CEDULA, post=a_post(), at=NOON)
    give(rosa)
    with pytest.raises(accounts.NotTheDocument):
        accounts.verify_in_person(person=rosa, number=OTHER, post=a_post(), at=NOON)
    for _ in range(2):
        accounts.verify_in_person(person=rosa, number=CEDULA, post=a_post(), at=NOON)
    assert queries.level_of(rosa) == Level.IN_PERSON
    assert Assurance.objects.get().given_by == official.memberships.get().post.stream
    entry = Entry.objects.get(kind="verified_in_person")
    assert (entry.stream, entry.actor) == (rosa.stream, a_post().stream)
    assert CEDULA not in entry.body
    assert Notice.objects.get(person=rosa).title == "Tu identidad quedó verificada"


@pytest.mark.django_db
def test_a_document_is_of_one_account_and_stays_while_a_level_stands_on_it() -> None:
    rosa, other = a_citizen(), a_citizen("otra@prueba.minga")
    give(rosa, OTHER)
    give(rosa)
    with pytest.raises(accounts.DocumentTaken):
        give(other)
    assert IdentityDocument.objects.get().number == CEDULA
    accounts.remove_document(person=rosa, at=NOON)
    give(other)
    accounts.verify_in_person(person=other, number=CEDULA, post=a_post(), at=NOON)
    with pytest.raises(accounts.DocumentStands):
        give(other, OTHER)
    with pytest.raises(accounts.DocumentStands):
        accounts.remove_document(person=other, at=NOON)
    assert kinds(rosa) == ["account_opened", *["document_given"] * 2, "document_removed"]


@pytest.mark.usefixtures("own_database")
def test_one_document_given_at_once_by_two_is_of_one(
    together: Callable[[Callable[[], object]], list[object]],
) -> None:
    people = [a_citizen(f"rosa{n}@prueba.minga") for n in range(4)]
    came = together(lambda: give(people.pop()))
    assert came.count(None) == 1
    assert IdentityDocument.objects.count() == 1


@pytest.mark.usefixtures("own_database")
def test_a_code_sent_four_times_at_once_counts_once(
    together: Callable[[Callable[[], object]], list[object]],
) -> None:
    secret = totp.generate_totp_secret()
    kept = totp.TOTP.activate(a_citizen(), secret).instance
    said = totp.format_hotp_value(totp.hotp_value(secret, int(time()) // 30))
    came = together(lambda: accounts.spend(authenticator=kept, code=said))
    assert came.count(True) == 1


@pytest.mark.slow
@pytest.mark.usefixtures("demo_world")
def test_rosa_gives_her_document_and_ines_sees_her_in_person(rosa: Person, ines: Person) -> None:
    actions.appoint(
        email="rosa@prueba.minga",
        name="Rosa de prueba",
        password=actions.DEMO_PASSWORD,
        post=a_post("Vecina"),
        since=timezone.localdate() + timedelta(days=900),
    )
    rosa.opens(reverse("account_login"))
    rosa.writes("Correo electrónico", "rosa@prueba.minga")
    rosa.writes("Contraseña", actions.DEMO_PASSWORD)
    rosa.presses("Entrar")
    rosa.opens(reverse("identity:account"))
    rosa.follows("Dar mi documento")
    rosa.chooses("Cédula")
    rosa.writes("Número", "no sé")
    rosa.presses("Guardar mi documento")
    rosa.sees("Falta corregir una cosa")
    rosa.writes("Número", CEDULA)
    rosa.presses("Guardar mi documento")
    rosa.sees("•••••4065")

    ines.signs_in()
    ines.opens(reverse("identity:account"))
    ines.follows("Verificar a una persona")
    ines.writes("Número de documento o correo", "otra@prueba.minga")
    ines.presses("Buscar a la persona")
    ines.sees("No hay una cuenta con ese número o correo")
    ines.writes("Número de documento o correo", CEDULA)
    ines.presses("Buscar a la persona")
    ines.sees("Rosa de prueba")
    ines.writes("Número que lees en el documento", OTHER)
    ines.chooses("Vi el documento original")
    ines.presses("Verificar")
    ines.sees("No es el número que la persona dio")
    ines.writes("Número que lees en el documento", CEDULA)
    ines.chooses("Vi el documento original")
    ines.presses("Verificar")
    ines.sees("Quedó verificada en persona")

    rosa.opens(reverse("identity:account"))
    rosa.sees("Nivel 2")
    rosa.sees("están por confirmar")
    rosa.follows("Ver mi documento")
    rosa.sees("ya no se cambia ni se quita aquí")


@pytest.mark.usefixtures("demo_world")
@pytest.mark.by_forms
def test_ines_cannot_verify_herself(ines: Person) -> None:
    ines.signs_in()
    ines.opens(reverse("identity:verify"))
    ines.writes("Número de documento o correo", "ines@demo.minga")
    ines.presses("Buscar a la persona")
    ines.sees("o es la tuya")
