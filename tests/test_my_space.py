"""What people have in their own space, over all services: by the words they read."""

import json
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minga.kernel.base.codes import ALPHABET
from minga.kernel.cases import queries as cases
from minga.kernel.cases.models import Case, Contact, Draft
from minga.kernel.cases.rules import code
from minga.kernel.identity.actions import DEMO_PASSWORD
from minga.kernel.identity.models import IdentityDocument
from minga.kernel.identity.models import Person as Somebody
from minga.kernel.jurisdiction import queries as places
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.models import Letter, Notice
from minga.kernel.mailbox.rules import Topic
from minga.kernel.trust import queries as trust
from minga.services.cocreation import actions
from minga.services.cocreation.models import Proposal
from minga.services.cocreation.tests.build import words
from tests.crawl import ines as official
from tests.people import Person

pytestmark = [pytest.mark.usefixtures("demo_world"), pytest.mark.slow]


def account(name: str) -> Somebody:
    return Somebody.objects.get(email=f"{name}@demo.minga")


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(account(name))
    return client


def a_proposal(**changed: object) -> Proposal:
    """Sent by somebody who has no account."""
    draft, now = uuid4(), timezone.now()
    actions.keep(draft=draft, words=words(cycle="demostracion", **changed), at=now)
    return Proposal.objects.get(case=actions.send(draft=draft, at=now))


def writes(somebody: Person, title: str) -> None:
    """A whole proposal but for sending it."""
    somebody.opens("/propuestas/nueva/")
    somebody.writes("Un nombre corto para tu propuesta", title)
    somebody.writes("¿Qué problema ves?", "La gente mayor espera el bus de pie y bajo el sol.")
    somebody.presses("Guardar y continuar")
    somebody.writes("¿Qué propones para resolverlo?", "Una banca y un techo en cada parada.")
    somebody.presses("Guardar y continuar")
    somebody.chooses("¿De qué lugar nos escribes?", places.territories()[0].name)
    somebody.chooses("Ciudadanía, sin afiliación a una organización")
    somebody.presses("Guardar y continuar")


def test_rosa_sends_is_asked_reads_the_notice_and_answers(rosa: Person, ines: Person) -> None:
    rosa.signs_in()
    rosa.sees("Lo que pediste, lo que te preguntan y lo que te avisamos")
    writes(rosa, "Bancas con sombra")
    rosa.sees("Te avisaremos en tu buzón.")
    rosa.presses("Guardar y continuar")
    rosa.presses("Enviar la propuesta")
    rosa.sees("Tu propuesta está en tu espacio")
    ines.signs_in()
    ines.follows("Bancas con sombra")
    ines.follows("Pedir una aclaración")
    ines.writes("Mensaje para la persona", "¿En qué paradas es más urgente?")
    ines.presses("Pedir una aclaración")
    rosa.opens("/mi-espacio/")
    rosa.sees("Te preguntan algo: responde, por favor.")
    rosa.follows("Mis avisos")
    rosa.opens(reverse("public_service:notice", args=[Notice.objects.latest("pk").pk]))
    rosa.sees("Te preguntan algo sobre tu propuesta")
    rosa.sees("El correo espera su turno para salir.")
    rosa.presses("Marcar como leído")
    rosa.sees("Marcado como leído.")
    rosa.opens("/mi-espacio/casos/")
    rosa.follows("Bancas con sombra")
    rosa.sees("¿En qué paradas es más urgente?")
    rosa.writes("Tu respuesta", "En la del mercado.")
    rosa.presses("Enviar la respuesta")
    rosa.sees("Recibimos tu respuesta.")
    rosa.follows("Mis datos")
    rosa.sees("Todo lo que esta plataforma guarda de ti")
    assert [*trust.verify(), *cases.verify()] == []


@pytest.mark.by_forms
def test_rosa_downloads_all_that_is_hers(rosa: Person) -> None:
    answer = signed_in("rosa").get(reverse("public_service:my_data_file"))
    assert answer["Cache-Control"] == "no-store"
    assert "attachment" in answer["Content-Disposition"]
    said = json.loads(answer.getvalue())
    assert (said["persona"]["nombre"], said["persona"]["documento"]) == ("Rosa Lema", None)
    assert len(said["casos"]) == Case.objects.filter(applicant=account("rosa")).count() == 4
    asked = next(case for case in said["casos"] if case["estado"] == "Espera una aclaración")
    assert asked["lo_que_dijiste"]["title"] == "Datos de siniestros viales para colegios"
    assert asked["lo_que_dijiste"]["problem"].startswith("Varios colegios piden pasos seguros")
    assert [message["de"] for message in asked["mensajes"]] == ["institution"]
    assert len(said["avisos"]) == Notice.objects.filter(person=account("rosa")).count() > 4
    others = Case.objects.exclude(applicant=account("rosa")).values_list("code", flat=True)
    assert not {case["codigo"] for case in said["casos"]} & set(others)


@pytest.mark.by_forms
def test_eusebio_adds_a_case_by_its_code(eusebio: Person) -> None:
    told = a_proposal(title="El puente del río").case.code
    eusebio.signs_in()
    eusebio.follows("Añadir un caso con su código")
    eusebio.writes("El código de tu caso", f"{told[:-1]}{'2' if told[-1] != '2' else '3'}")
    eusebio.presses("Añadir el caso")
    eusebio.sees("Ese código tiene algún error al copiarlo.")
    eusebio.writes("El código de tu caso", told.lower())
    eusebio.presses("Añadir el caso")
    eusebio.sees("El caso está en tu espacio.")
    eusebio.follows("El puente del río")
    eusebio.sees("Se envió la propuesta")
    eusebio.opens(f"/propuestas/seguir/{told}/")  # the code still opens it
    eusebio.sees("El puente del río")
    assert [*trust.verify(), *cases.verify()] == []


def test_a_code_of_somebody_else_and_one_of_nobody_are_answered_alike() -> None:
    hers = Case.objects.filter(applicant=account("rosa"))[0]
    client, said = signed_in("eusebio"), []
    for typed in (hers.code, code("123456789")):
        answer = client.post(reverse("public_service:add_case"), {"code": typed})
        said.append(re.findall(r'class="error"[^>]*>(.*?)<', answer.content.decode(), re.S))
        assert answer.status_code == 200
    assert said[0] == said[1] != []
    hers.refresh_from_db()
    assert hers.applicant == account("rosa")


def test_who_tries_many_codes_has_to_wait_and_others_do_not() -> None:
    path, client = reverse("public_service:add_case"), signed_in("eusebio")
    codes = [code(letter * 9) for letter in ALPHABET[:11]]
    answers = [client.post(path, {"code": typed}).status_code for typed in codes]
    assert answers == [200] * 10 + [429]
    mine = a_proposal().case.code
    assert client.post(path, {"code": mine}).status_code == 429
    assert signed_in("rosa").post(path, {"code": mine}).status_code == 302


@pytest.mark.by_forms
def test_a_draft_goes_on_elsewhere_and_can_be_thrown_away(rosa: Person) -> None:
    rosa.signs_in()
    writes(rosa, "Bancas con sombra")
    rosa.opens("/mi-espacio/borradores/")
    rosa.follows("Bancas con sombra")
    rosa.sees("Revisa y envía")
    rosa.opens("/mi-espacio/borradores/")
    rosa.follows("Borrar")
    rosa.presses("Borrar el borrador")
    rosa.sees("El borrador se borró.")
    rosa.sees("No tienes borradores")


def test_what_is_typed_into_the_draft_of_another_is_given_back_and_changes_nothing() -> None:
    draft = uuid4()
    hers = {"title": "Una idea de Rosa"}
    actions.keep(draft=draft, words=hers, at=timezone.now(), person=account("rosa"))
    path = reverse("cocreation:draft_step", args=[draft, "solucion"])
    for client in (Client(), signed_in("eusebio")):
        assert client.get(path).status_code == 404
        answer = client.post(path, {"solution": "Otra cosa que escribí aquí."})
        assert answer.status_code == 404
        assert "Otra cosa que escribí aquí." in answer.content.decode()
    assert signed_in("rosa").get(path).status_code == 200
    assert Draft.objects.get(pk=draft).words == hers


@pytest.mark.by_forms
def test_a_draft_begun_without_an_account_is_taken_along(rosa: Person, nadie: Person) -> None:
    writes(nadie, "Bancas con sombra")
    draft = Draft.objects.latest("kept_at")
    assert draft.person is None
    rosa.signs_in()
    rosa.opens("/mi-espacio/borradores/")
    rosa.follows("Traer un borrador por su dirección")
    rosa.writes("La dirección del borrador", "no es una dirección")
    rosa.presses("Traer el borrador")
    rosa.sees("Esa no es la dirección de un borrador.")
    address = reverse("cocreation:draft_step", args=[draft.pk, "alcance"])
    rosa.writes("La dirección del borrador", f"https://minga.example{address}")
    rosa.presses("Traer el borrador")
    rosa.sees("El borrador está en tu espacio.")
    rosa.follows("Bancas con sombra")
    rosa.sees("Revisa y envía")
    draft.refresh_from_db()
    assert draft.person == account("rosa")


@pytest.mark.by_forms
def test_a_draft_of_nobody_sent_with_an_account_is_a_case_of_whoever_sent_it(
    rosa: Person, nadie: Person
) -> None:
    writes(nadie, "Bancas con sombra")
    nadie.writes("Correo electrónico", "otra@correo.example")
    nadie.presses("Guardar y continuar")
    draft = Draft.objects.latest("kept_at")
    rosa.signs_in()
    rosa.opens(reverse("cocreation:draft", args=[draft.pk]))
    rosa.sees("Este borrador no está en tu cuenta")
    rosa.presses("Enviar la propuesta")
    case = Case.objects.latest("pk")
    assert case.applicant == account("rosa")
    assert not Contact.objects.filter(case=case).exists()
    assert Letter.objects.latest("pk").to == "rosa@demo.minga"


def test_whose_notice_draft_or_case_it_is_not_finds_nothing() -> None:
    hers = Case.objects.filter(applicant=account("rosa"))[0]
    told = Notice.objects.filter(person=account("rosa"))[0]
    client = signed_in("eusebio")
    for path in (
        reverse("cocreation:mine", args=[hers.pk]),
        reverse("public_service:notice", args=[told.pk]),
    ):
        assert client.get(path).status_code == 404
        assert client.post(path, {"read": "1", "rev": "2", "message": "x"}).status_code == 404
    told.refresh_from_db()
    assert told.read_at is None


def test_reading_a_notice_writes_nothing_until_its_reader_says_so() -> None:
    client, notice = signed_in("rosa"), Notice.objects.filter(person=account("rosa"))[0]
    path = reverse("public_service:notice", args=[notice.pk])
    client.get(path)
    notice.refresh_from_db()
    assert notice.read_at is None
    client.post(path, {"read": "1"})
    notice.refresh_from_db()
    first = notice.read_at
    client.post(path, {"read": "1"})
    notice.refresh_from_db()
    assert first == notice.read_at is not None


@pytest.mark.by_forms
def test_all_are_read_but_those_that_came_since(rosa: Person) -> None:
    rosa.signs_in()
    rosa.opens("/mi-espacio/avisos/")
    unread = Notice.objects.filter(person=account("rosa"), read_at=None)
    before = set(unread.values_list("pk", flat=True))
    actions.decide(
        proposal=Proposal.objects.get(title="Datos de siniestros viales para colegios"),
        move="accept",
        post=official().post,
        rev=2,
        at=timezone.now(),
    )
    rosa.presses("Marcar todos como leídos")
    rosa.sees("Marcados como leídos.")
    assert before
    assert set(unread.values_list("pk", flat=True)).isdisjoint(before)
    assert unread.count() == 1
    rosa.sees("Mi espacio 1 avisos sin leer")


@pytest.mark.by_forms
def test_rosa_chooses_what_she_is_written(rosa: Person) -> None:
    rosa.signs_in()
    rosa.opens("/mi-espacio/avisos/temas/")
    rosa.sees("Sobre tu cuenta te escribimos siempre")
    mailbox.choose(person=account("rosa"), offered={Topic.CASES}, wanted=())
    letters = Letter.objects.count()
    actions.decide(
        proposal=Proposal.objects.get(title="Datos de siniestros viales para colegios"),
        move="accept",
        post=official().post,
        rev=2,
        at=timezone.now(),
    )
    assert Letter.objects.count() == letters
    rosa.opens(reverse("public_service:notice", args=[Notice.objects.latest("pk").pk]))
    rosa.sees("No te escribimos por correo: así lo elegiste para este tema.")
    rosa.opens("/mi-espacio/avisos/temas/")
    rosa.chooses("Lo que pasa con tus casos")
    rosa.presses("Guardar")
    rosa.sees("Guardamos de qué quieres que te escribamos.")
    assert not account("rosa").silences.exists()


@pytest.mark.by_forms
def test_rosa_corrects_her_name(rosa: Person) -> None:
    rosa.signs_in()
    rosa.opens("/mi-espacio/datos/")
    rosa.follows("Corregir mi nombre")
    rosa.writes("Tu nombre", "  Rosa   María Lema ")
    rosa.presses("Guardar")
    rosa.sees("Tu nombre quedó corregido.")
    rosa.sees("Rosa María Lema")
    rosa.sees("Corregiste tu nombre")
    entries = list(trust.entries(account("rosa").stream))
    assert entries[-1].kind == "name"
    assert not any("María" in entry.body for entry in entries)


def test_eusebio_closes_his_account(eusebio: Person, new_person: Callable[[str], Person]) -> None:
    him = account("eusebio")
    codes = set(Case.objects.filter(applicant=him).values_list("code", flat=True))
    eusebio.signs_in()
    elsewhere = new_person("eusebio")
    elsewhere.signs_in()
    eusebio.opens("/mi-espacio/datos/")
    eusebio.follows("Ver qué se borra y qué se queda si cierro mi cuenta")
    eusebio.follows("Continuar y confirmar que soy yo")
    eusebio.sees("Escribe otra vez tu contraseña para continuar.")
    eusebio.writes("Contraseña", "no es esta")
    eusebio.presses("Confirmar")
    eusebio.writes("Contraseña", DEMO_PASSWORD)
    eusebio.presses("Confirmar")
    eusebio.writes("Escribe «cerrar mi cuenta»", "cerrar")
    eusebio.presses("Cerrar mi cuenta para siempre")
    eusebio.sees("No es igual.")
    eusebio.writes("Escribe «cerrar mi cuenta»", "Cerrar mi cuenta")
    eusebio.presses("Cerrar mi cuenta para siempre")
    eusebio.sees("Cuenta cerrada")
    eusebio.sees("Entrar")
    elsewhere.opens("/mi-espacio/")
    elsewhere.sees("Olvidé mi contraseña")
    him.refresh_from_db()
    assert (him.name, him.is_active, him.closed_at is None) == ("Cuenta cerrada", False, False)
    assert "eusebio" not in him.email
    assert not him.has_usable_password()
    assert not him.notices.exists()
    assert not him.drafts.exists()
    [last] = Letter.objects.filter(to="eusebio@demo.minga")
    assert last.subject == "Tu cuenta se cerró"
    assert set(Case.objects.filter(applicant=him).values_list("code", flat=True)) == codes
    assert [*trust.verify(), *cases.verify()] == []
    eusebio.opens(f"/propuestas/seguir/{min(codes)}/")
    eusebio.sees("Lo que enviaste")


@pytest.mark.by_forms
def test_who_holds_a_post_cannot_close_and_reads_who_can_end_it(ines: Person) -> None:
    ines.signs_in()
    ines.opens("/mi-espacio/cerrar/")
    ines.sees("Mientras ocupes un puesto")
    ines.sees("Analista de participación")


def test_who_holds_a_post_cannot_close_by_sending_the_form() -> None:
    client = signed_in("ines")
    path = reverse("public_service:close_account")
    answer = client.post(path, {"words": "cerrar mi cuenta"})
    assert answer["Location"].startswith("/cuenta/reautenticar/")
    told = {"password": DEMO_PASSWORD, "next": path}
    assert client.post(answer["Location"], told)["Location"] == reverse("public_service:closing")
    assert account("ines").closed_at is None


def test_the_menu_shows_each_what_is_theirs(rosa: Person, ines: Person, nadie: Person) -> None:
    nadie.opens("/")
    nadie.sees("Entrar")
    rosa.signs_in()
    rosa.opens("/")
    rosa.sees("Mi espacio")
    ines.signs_in()
    ines.sees("Mi espacio")
    ines.sees("Mesa de trabajo")


def test_who_holds_no_post_is_shown_no_desk() -> None:
    assert "Mesa de trabajo" not in signed_in("rosa").get("/").content.decode()


def test_a_long_mailbox_is_leafed_through_and_nothing_is_shown_twice() -> None:
    rosa, now = account("rosa"), timezone.now()
    for number in range(45):
        notice = mailbox.notify(person=rosa, topic=Topic.CASES, title=f"n{number}.", at=now)
        if number % 3 == 0:
            mailbox.read(notice=notice, at=now)
    client, path, seen = signed_in("rosa"), reverse("public_service:notices"), []
    while path:
        page = client.get(path).content.decode()
        seen += re.findall(r">(n\d+)\.<", page)
        more = re.search(r'href="(\?[^"]+)"[^>]*rel="next"', page)
        path = f"{reverse('public_service:notices')}{more[1].replace('&amp;', '&')}" if more else ""
    assert len(seen) == len(set(seen)) == 45
    read = [int(title[1:]) % 3 == 0 for title in seen]
    assert read == sorted(read), "unread first"


def test_a_document_is_masked_and_what_was_said_only_to_count_is_hers_too() -> None:
    rosa, draft, now = account("rosa"), uuid4(), timezone.now()
    IdentityDocument.objects.create(person=rosa, kind="ci", number="1710034065")
    said = words(cycle="demostracion", title="Agua para todos", sex="woman")
    actions.keep(draft=draft, words=said, at=now, person=rosa)
    actions.send(draft=draft, at=now, person=rosa)
    client = signed_in("rosa")
    page = client.get(reverse("public_service:my_data")).content.decode()
    text = client.get(reverse("public_service:my_data_file")).getvalue().decode()
    for shown in (page, text):
        assert "•••••4065" in shown
        assert "1710034065" not in shown
    [case] = [c for c in json.loads(text)["casos"] if c["codigo"] == Case.objects.latest("pk").code]
    assert case["lo_que_dijiste"]["sex"] == "woman"
    assert "salt" not in case["lo_que_dijiste"]


@pytest.mark.by_forms
def test_rosa_goes_from_a_notice_to_what_it_is_about(rosa: Person) -> None:
    told = Notice.objects.filter(person=account("rosa"))[0]
    rosa.signs_in()
    rosa.opens(reverse("public_service:notice", args=[told.pk]))
    rosa.presses("Ver de qué se trata")
    rosa.sees("Qué ha pasado")
    rosa.opens(reverse("public_service:notice", args=[told.pk]))
    rosa.sees("Lo marcaste como leído")
    rosa.follows("Ver de qué se trata")
    rosa.sees("Qué ha pasado")
