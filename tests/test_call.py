"""An installation without the invented town gets its first call from the terminal."""

from datetime import date

import pytest

from minga.kernel.identity import actions as identity_actions
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Organisation, Person
from minga.project.commands import call
from minga.services.cocreation import queries as cocreation

ORDER = [
    *("2027-1", "Convocatoria 2027", "--institution", "Municipio de prueba", "--post", "Analista"),
    *("--name", "Inés", "--email", "ines@prueba.minga"),
    *("--from", "2127-01-01", "--until", "2127-03-31"),
]


@pytest.mark.django_db
def test_a_call_is_opened_once_and_somebody_answers_for_it() -> None:
    for _ in range(2):
        call.convene(call.understand(ORDER))  # the same again changes nothing
    cycle = cocreation.open_cycles(on=date(2127, 3, 31)).first()
    assert cycle
    assert not cycle.convener.demo
    ines = Person.objects.get(email="ines@prueba.minga")
    [post] = identity.posts_of(ines, on=date(2127, 1, 1))
    assert post.organisation == cycle.convener
    assert not ines.has_usable_password()


@pytest.mark.django_db
def test_what_stands_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(call, "stand_up", lambda: None)
    identity_actions.appoint(
        email="ines@prueba.minga",
        name="Inés Morales",
        password="x" * 12,
        post=identity_actions.know_post(
            organisation=identity_actions.know_organisation(key="x", name="X", source="prueba"),
            title="Analista",
        ),
        since=date(2026, 1, 1),
    )
    assert call.main(ORDER) == 0
    assert capsys.readouterr().out.splitlines() == [
        "La convocatoria «Convocatoria 2027» (2027-1), de Municipio de prueba,"
        " recibe propuestas del 2127-01-01 al 2127-03-31.",
        "Inés Morales entra con el correo ines@prueba.minga.",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "other"),
    [
        ("Convocatoria 2027", "Convocatoria 2028"),
        ("2127-01-01", "2127-01-02"),
        ("2127-03-31", "2127-04-30"),
        ("Municipio de prueba", "Otro municipio"),
    ],
)
def test_another_call_of_the_same_key_is_refused_and_changes_nothing(
    given: str, other: str
) -> None:
    call.convene(call.understand(ORDER))
    order = [other if part == given else part for part in ORDER]
    order[order.index("ines@prueba.minga")] = "alvaro@prueba.minga"
    with pytest.raises(SystemExit) as stop:
        call.convene(call.understand(order))
    assert stop.value.code == (
        "Nada cambió, porque esa clave es de otra convocatoria: «Convocatoria 2027» (2027-1),"
        " de Municipio de prueba, recibe propuestas del 2127-01-01 al 2127-03-31."
    )
    assert not Person.objects.filter(email="alvaro@prueba.minga").exists()
    assert not Organisation.objects.filter(name="Otro municipio").exists()


@pytest.mark.django_db
def test_a_post_that_somebody_holds_is_refused_by_name_and_nothing_changes() -> None:
    call.convene(call.understand(ORDER))
    order = ["otra-clave", *ORDER[1:]]
    order[order.index("ines@prueba.minga")] = "alvaro@prueba.minga"
    with pytest.raises(SystemExit, match="Inés ya ocupa el puesto «Analista»"):
        call.convene(call.understand(order))
    assert not Person.objects.filter(email="alvaro@prueba.minga").exists()
    assert not cocreation.cycle("otra-clave")


def test_a_call_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(SystemExit, match="No se entiende"):
        call.understand([*ORDER[:-1], "2126-12-31"])
