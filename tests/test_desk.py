"""The desk, by the words that officials read; and what two of them do to each other there."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from minga.kernel.cases.actions import desk
from minga.kernel.cases.actions.desk import Official
from minga.kernel.cases.models import Answer, Case
from minga.kernel.cases.queries import desk as queries
from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Post
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.models import Notice, Task
from minga.kernel.trust import queries as trust
from tests.crawl import ines as member
from tests.people import BrowserPerson, Person

SCHOOLS, POWER = "Escuelas de datos en las bibliotecas", "Un solo lugar para los avisos"
NewPerson = Callable[..., Person]


def a_colleague(name: str = "colega", *, supervises: bool = False) -> Official:
    """Somebody else where Inés works, who signs in like everybody of the invented world."""
    post = identity.know_post(organisation=member().post.organisation, title=f"Puesto de {name}")
    Post.objects.filter(pk=post.pk).update(supervises=supervises)
    person = identity.appoint(
        email=f"{name}@demo.minga",
        name=name.title(),
        password=identity.DEMO_PASSWORD,
        post=post,
        since=date(2020, 1, 1),
    )
    return Official(Post.objects.get(pk=post.pk), person)


# Told as a story


@pytest.mark.slow
@pytest.mark.usefixtures("demo_world")
def test_ines_takes_a_case_tells_a_colleague_and_he_goes_on_with_her_answer(
    ines: Person, new_person: NewPerson
) -> None:
    a_colleague()
    ines.signs_in()
    ines.follows(SCHOOLS)
    ines.sees("Nadie todavía")
    ines.presses("Tomar el caso")
    ines.sees("Inés Quilca (tu puesto)")
    ines.presses("Guardar la nota")
    ines.sees("Escribe la nota para poder guardarla.")
    ines.writes("Nota interna", "¿Tenemos convenio con las bibliotecas?")
    ines.chooses("Avisar a", "Colega · Puesto de colega")
    ines.presses("Guardar la nota")
    ines.sees("@Colega: ¿Tenemos convenio con las bibliotecas?")
    ines.follows("Pedir una aclaración")
    ines.writes("Mensaje para la persona", "¿En qué bibliotecas")
    ines.presses("Guardar borrador")
    ines.sees("El borrador quedó guardado para todos los de tu institución.")
    colleague = new_person("colega")
    colleague.signs_in()
    colleague.follows(SCHOOLS)
    colleague.sees("Hay un borrador de «Pedir una aclaración»: lo guardó Inés Quilca")
    colleague.follows("Pedir una aclaración")
    colleague.sees("Este texto es un borrador que guardó Inés Quilca")
    colleague.writes("Mensaje para la persona", "¿En qué bibliotecas y qué días sería?")
    colleague.presses("Pedir una aclaración")
    colleague.sees("Espera una aclaración")
    colleague.sees("¿En qué bibliotecas y qué días sería?")
    assert not Answer.objects.filter(case__in=Case.objects.filter(state="asked")).exists()


@pytest.mark.slow
@pytest.mark.usefixtures("demo_world")
@pytest.mark.by_forms
def test_marta_gives_out_the_work_and_sees_who_has_what(new_person: NewPerson) -> None:
    a_colleague()
    a_colleague("jefa", supervises=True)
    marta = new_person("jefa")
    marta.signs_in()
    marta.follows("Sin asignar")
    marta.chooses(f"Marcar «{SCHOOLS}»")
    marta.presses("Cambiar los marcados")
    marta.presses("Ver qué pasará")
    marta.sees("Elige qué hacer con ellos.")
    marta.chooses("Dárselos a alguien")
    marta.chooses("A cargo de", "Colega · Puesto de colega")
    marta.presses("Ver qué pasará")
    marta.sees("Todavía no se cambió nada.")
    marta.sees("A cargo de: Colega · Puesto de colega")
    marta.presses("Hacerlo")
    marta.sees("Esto es lo que se hizo con cada caso. ")
    marta.sees(f"{SCHOOLS} Hecho")
    marta.opens(reverse("public_service:desk"))
    marta.follows("Quién tiene qué")
    marta.sees("Colega · Puesto de colega")
    colleague = new_person("colega")
    colleague.signs_in()
    colleague.follows("Míos")
    colleague.follows(SCHOOLS)
    colleague.follows("Poner una fecha interna")
    colleague.presses("Guardar la fecha")
    colleague.sees("Elige un día.")
    colleague.writes("Fecha interna", "2020-01-31")
    colleague.presses("Guardar la fecha")
    colleague.sees("Ese día ya pasó.")
    colleague.writes("Fecha interna", "2090-01-31")
    colleague.presses("Guardar la fecha")
    colleague.sees("31 de enero de 2090")


@pytest.mark.slow
@pytest.mark.usefixtures("demo_world")
@pytest.mark.by_forms
def test_ines_keeps_the_view_she_uses_most(ines: Person) -> None:
    ines.signs_in()
    ines.opens(f"{reverse('public_service:desk')}?ver=espera&de=mios&tipo=&nada=x")
    ines.sees("Datos de siniestros viales")
    ines.follows("Guardar esta vista")
    ines.sees("Míos · En espera de otros")
    ines.presses("Guardar la vista")
    ines.sees("Escribe un nombre para reconocerla.")
    ines.writes("Nombre de la vista", "Los que esperan")
    ines.presses("Guardar la vista")
    ines.opens(reverse("public_service:desk"))
    ines.follows("Los que esperan")
    ines.sees("Datos de siniestros viales")
    ines.opens(reverse("public_service:saved_views"))
    ines.presses("Borrar «Los que esperan»")
    ines.opens(reverse("public_service:desk"))
    assert not member().person.saved_views.exists()


@pytest.mark.slow
@pytest.mark.usefixtures("demo_world")
def test_keys_do_what_their_page_says_and_never_while_typing(
    chromium: object, ines: BrowserPerson
) -> None:
    focused = "document.activeElement.closest('.desk li')?.innerText || ''"
    keyboard = ines.page.keyboard
    ines.signs_in()
    for key in "jjk":
        keyboard.press(key)
    assert ines.page.evaluate(focused) == ines.page.locator(".desk li").first.inner_text()
    keyboard.press("/")
    keyboard.type("ja?k/")
    assert ines.page.input_value("#id_palabras") == "ja?k/"
    ines.opens(f"{reverse('public_service:desk')}?de=nadie")
    keyboard.press("j")
    for key in ("Enter", "a", "?"):
        with ines.page.expect_navigation():
            keyboard.press(key)
    ines.sees("Todo en la mesa se puede hacer con las teclas de siempre")
    ines.page.get_by_role("button", name="Apagar los atajos").click()
    ines.opens(f"{reverse('public_service:desk')}?de=mios")
    ines.sees(POWER)
    keyboard.press("j")
    assert ines.page.evaluate(focused) == ""


# What two do to each other


@pytest.fixture
def case(demo_world: None) -> Case:
    return Case.objects.filter(state="received", assigned=None).order_by("pk")[0]


def session(official: Official | None = None) -> Client:
    client = Client()
    client.force_login(official.person if official else member().person)
    return client


def words(answer: object) -> str:
    html = answer.content.decode()  # type: ignore[attr-defined]  # of a response
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def step(case: Case, move: str = "ask") -> str:
    return reverse("cocreation:take_step", args=[case.pk, move])


HERS, HIS = "¿En qué barrio sería, y quién lo cuidaría?", "¿Cuánto costaría y quién lo pagaría?"


def test_a_draft_over_one_that_was_not_read_shows_both_and_loses_neither(case: Case) -> None:
    hers, his = session(), session(a_colleague())
    said = {"rev": case.rev, "version": 0, "draft": "1"}
    assert hers.post(step(case), {**said, "message": HERS}).status_code == 302
    lost = his.post(step(case), {**said, "message": HIS})
    assert lost.status_code == 409
    assert HERS in words(lost)
    assert f">{HIS}</textarea>" in lost.content.decode()
    assert Answer.objects.get(case=case).message == HERS
    read = {**said, "version": 1, "message": f"{HERS} {HIS}"}
    assert his.post(step(case), read).status_code == 302
    assert Answer.objects.get(case=case).message == f"{HERS} {HIS}"


def test_an_answer_over_a_draft_that_was_not_read_is_not_sent(case: Case) -> None:
    hers, his = session(), session(a_colleague())
    said = {"rev": case.rev, "version": 0}
    hers.post(step(case), {**said, "message": HERS, "draft": "1"})
    lost = his.post(step(case), {**said, "message": HIS})
    assert (lost.status_code, HERS in words(lost), HIS in lost.content.decode()) == (
        409,
        True,
        True,
    )
    assert Case.objects.get(pk=case.pk).rev == case.rev
    sent = his.post(step(case), {**said, "version": 1, "message": HIS})
    assert sent.status_code == 302
    assert not Answer.objects.filter(case=case).exists()


def test_who_takes_a_case_that_somebody_took_is_told_who(case: Case) -> None:
    colleague, path = a_colleague(), reverse("public_service:assign", args=[case.pk])
    taken = {"shown": "", "to": str(colleague.post.pk)}
    assert session(colleague).post(path, taken).status_code == 302
    late = session().post(path, {"shown": "", "to": str(member().post_id)})
    assert late.status_code == 409
    assert "quedó a cargo de Colega (Puesto de colega)" in words(late)
    assert session(colleague).post(path, taken).status_code == 302, "pressed twice"
    assert Case.objects.get(pk=case.pk).assigned == colleague.post
    back = {"shown": str(colleague.post.pk), "back": "1"}
    assert session().post(path, back).status_code == 302
    assert Case.objects.get(pk=case.pk).assigned is None


def test_done_with_several_is_what_was_shown_and_twice_is_once(case: Case) -> None:
    marta, colleague = a_colleague("jefa", supervises=True), a_colleague()
    other = Case.objects.filter(state="received", assigned=None).exclude(pk=case.pk)[0]
    asked = f"?caso={case.pk}&caso={other.pk}&hacer=dar&cargo={colleague.post.pk}"
    path = reverse("public_service:several") + asked
    plan = session(marta).get(path).content.decode()
    seen = re.findall(r'name="visto" value="([^"]+)"', plan)
    assert len(seen) == 2
    desk.assign(cases={other.pk: None}, to=marta.post, by=marta, at=timezone.now())
    done = words(session(marta).post(path, {"visto": seen}))
    assert ("Hecho" in done, "No se hizo: cambió mientras tanto" in done) == (True, True)
    again = words(session(marta).post(path, {"visto": seen}))
    assert ("Ya estaba así" in again, "No se hizo" in again) == (True, True)
    assert Case.objects.get(pk=case.pk).assigned == colleague.post
    assert Case.objects.get(pk=other.pk).assigned == marta.post
    assert Notice.objects.filter(person=colleague.person).count() == 1
    assert [*trust.verify(), *queries.verify()] == []


def test_done_with_several_without_having_seen_them_is_done_with_none(case: Case) -> None:
    path = f"{reverse('public_service:several')}?caso={case.pk}&hacer=fecha&fecha=2090-01-01"
    for seen in ([], ["x"], [f"{case.pk}.9.2026-99-99"], [f"{case.pk}.."], ["..", f"{case.pk}.x."]):
        if seen != [f"{case.pk}.."]:
            session().post(path, {"visto": seen})
            assert Case.objects.get(pk=case.pk).due_on is None
    session().post(path, {"visto": [f"{case.pk}.."]})
    assert Case.objects.get(pk=case.pk).due_on == date(2090, 1, 1)


# Who sees what


def test_what_is_said_at_the_desk_is_nowhere_else(case: Case) -> None:
    ines = Official(member().post, member().person)
    aside = "Parece un invento, preguntar a la policía."
    now = timezone.now()
    desk.note(case=case, body=aside, by=ines, at=now)
    desk.assign(cases={case.pk: None}, to=ines.post, by=ines, at=now)
    half = {"move": "ask", "message": aside, "version": 0}
    desk.keep_answer(case=case, person=ines.person, at=now, **half)  # type: ignore[arg-type]  # mixed
    for name in ("followed", "receipt"):
        page = words(Client().get(reverse(f"cocreation:{name}", args=[case.code])))
        assert aside not in page
        assert "Inés" not in page
    inside = session().get(reverse("cocreation:handle", args=[case.pk]))
    assert aside in words(inside)
    printed = session().get(f"{inside.request['PATH_INFO']}?imprimir=caso")
    assert aside not in words(printed)
    assert aside in words(session().get(f"{inside.request['PATH_INFO']}?imprimir=notas"))


def test_the_page_of_a_case_leads_through_the_list_its_reader_came_from(case: Case) -> None:
    list_page = session().get(f"{reverse('public_service:desk')}?de=nadie&orden=vence")
    rows = re.findall(r'href="(/propuestas/mesa/\d+/\?lista=[^"]+)"', list_page.content.decode())
    assert len(rows) == len(set(rows)) >= 2
    page = session().get(rows[0]).content.decode()
    assert f'href="{rows[1]}" data-key="j"' in page
    assert f'href="{reverse("public_service:desk")}?de=nadie&amp;orden=vence"' in page


@pytest.mark.usefixtures("demo_world")
def test_tasks_stand_above_the_cases_and_have_their_own_page() -> None:
    now, post = timezone.now(), member().post
    Task.objects.filter(post=post).update(done_at=now)  # what the invented world left to do
    for number in range(5):
        address = reverse("public_service:about")
        title, said = f"Confirmar {number}", {"kind": "test", "reference": str(number)}
        mailbox.owe(post=post, title=title, address=address, at=now, due_on=None, **said)
    above = words(session().get(reverse("public_service:desk")))
    assert ("Confirmar 2" in above, "Confirmar 3" in above) == (True, False)
    assert "Ver todas las tareas" in above
    assert "Confirmar 4" in words(session().get(reverse("public_service:tasks")))
    other = session(a_colleague())
    assert "Confirmar" not in words(other.get(reverse("public_service:tasks")))


@pytest.mark.usefixtures("demo_world")
def test_only_who_supervises_sees_who_has_what() -> None:
    a_colleague("jefa", supervises=True)
    path = reverse("public_service:workload")
    assert session().get(path).status_code == 404
    shown = session(a_colleague("jefa", supervises=True)).get(path)
    assert shown.status_code == 200
    assert "Inés Quilca" in words(shown)


@pytest.mark.usefixtures("demo_world")
def test_a_view_of_somebody_else_is_not_deleted() -> None:
    path = reverse("public_service:saved_views")
    session().post(f"{path}?de=mios", {"name": "Lo mío"})
    view = member().person.saved_views.get()
    assert view.query == "de=mios"
    session(a_colleague()).post(path, {"delete": str(view.pk)})
    assert member().person.saved_views.exists()
