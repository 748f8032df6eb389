"""The spine: a promise is read, a proposal goes in, somebody answers, nobody rewrites it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from minga.project.commands._testing import postgresql
from tests.installation import Installation, installed
from tests.people import BrowserPerson

# What a reader of each country goes through to a real promise: links, and what is there.
PROMISES = {
    "ec": (
        ["Plan de Acción de Gobierno Abierto 2019-2022", "Re-diseño y actualización del portal"],
        "Planifica Ecuador",
    ),
    "bo": (
        ["Plan de Gobierno Electrónico 2017-2025", "Gobierno Soberano", "Infraestructura"],
        "70 %",
    ),
}
PLACES = {"ec": "Imbabura", "bo": "La Paz"}
# Each country and each database once: the fast stories try the other two pairs.
INSTALLATIONS = [("ec", "sqlite"), ("bo", "postgresql")]


@pytest.fixture(params=INSTALLATIONS, ids="-".join)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Installation]]:
    country, database = request.param
    if database == "postgresql" and not postgresql():
        pytest.skip("no PostgreSQL answers")
    with installed(tmp_path, country=country, database=database) as installation:
        yield country, installation


@pytest.mark.slow
def test_main_job(place: tuple[str, Installation], chromium: Any) -> None:
    country, installation = place
    rosa, ines = (somebody(chromium, installation, name) for name in ("rosa", "ines"))
    reads_a_promise(rosa, country)
    code = sends_a_proposal(rosa, country)
    follows_it(rosa, code)
    ines.signs_in()
    ines.follows("Bancas con sombra en la parada")
    ines.follows("Pedir una aclaración")
    ines.writes("Mensaje para la persona", "¿En qué paradas es más urgente?")
    ines.presses("Pedir una aclaración")
    rosa.opens(f"/propuestas/seguir/{code}/")
    rosa.sees("¿En qué paradas es más urgente?")
    rosa.writes("Tu respuesta", "En la del mercado.")
    rosa.presses("Enviar la respuesta")
    ines.opens("/mesa/")
    ines.follows("Bancas con sombra en la parada")
    ines.sees("En la del mercado.")
    ines.follows("Aceptar la propuesta")
    ines.presses("Aceptar la propuesta")
    rosa.opens(f"/propuestas/seguir/{code}/")
    rosa.sees("Aceptada")
    rosa.opens("/buscar/?q=BANCA")
    rosa.sees("Bancas con sombra en la parada")
    nobody_rewrites_it(installation)


def somebody(chromium: Any, installation: Installation, name: str) -> BrowserPerson:
    return BrowserPerson(chromium.new_context().new_page(), installation.address, name)


def reads_a_promise(rosa: BrowserPerson, country: str) -> None:
    links, there = PROMISES[country]
    rosa.opens("/planes/")
    for link in links:
        rosa.follows(link)
    rosa.sees(there)
    rosa.sees("Sin datos")


def sends_a_proposal(rosa: BrowserPerson, country: str) -> str:
    rosa.opens("/propuestas/")
    rosa.follows("Enviar una propuesta")
    rosa.follows("Empezar")
    rosa.writes("Un nombre corto para tu propuesta", "Bancas con sombra en la parada")
    rosa.writes("¿Qué problema ves?", "La gente mayor espera el bus de pie y bajo el sol.")
    rosa.presses("Guardar y continuar")
    rosa.writes("¿Qué propones para resolverlo?", "Una banca y un techo en cada parada.")
    rosa.presses("Guardar y continuar")
    rosa.chooses("¿De qué lugar nos escribes?", PLACES[country])
    rosa.chooses("Ciudadanía, sin afiliación a una organización")
    rosa.presses("Guardar y continuar")
    rosa.presses("Guardar y continuar")
    rosa.sees("Una banca y un techo en cada parada.")
    rosa.presses("Enviar la propuesta")
    return rosa.reads(r"\b(\w{3}-\w{3}-\w{4})\b")


def follows_it(rosa: BrowserPerson, code: str) -> None:
    rosa.opens("/propuestas/seguir/")
    rosa.writes("Tu código", code[:-1] + ("2" if code[-1] == "1" else "1"))
    rosa.presses("Ver mi propuesta")
    rosa.sees("Ese código tiene algún error al copiarlo.")
    rosa.writes("Tu código", code.lower().replace("-", " "))
    rosa.presses("Ver mi propuesta")
    rosa.sees("Recibida")


def nobody_rewrites_it(installation: Installation) -> None:
    whole = installation.runs("verify")
    assert (whole.returncode, whole.stdout.strip()) == (0, "La historia está completa.")
    installation.sql("UPDATE cocreation_proposal SET problem = 'otra cosa' WHERE case_id = 3")
    broken = installation.runs("verify")
    assert broken.returncode == 1
    assert "case:3" in broken.stderr
