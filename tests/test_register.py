"""The register of institutions where it meets the services that hold cases."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from minga.kernel.cases import queries as cases
from minga.kernel.identity.models import Organisation, Post
from minga.services.cocreation.tests.build import a_proposal
from minga.services.institutions import actions, queries
from minga.services.institutions.rules import Fate, Fault
from minga.services.institutions.tests.build import a_body, a_row
from tests.people import Person

AT = datetime(2026, 5, 4, 15, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.usefixtures("demo_world")
def test_an_institution_that_holds_cases_ends_when_another_receives_them(
    marta: Person, alvaro: Person
) -> None:
    marta.signs_in()
    marta.opens("/instituciones/administrar/villa-minga-participacion/")
    marta.follows("Termina")
    marta.writes("Último día", "2027-06-30")
    marta.presses("Terminar")
    marta.sees("Elige quién los recibe: nadie puede quedarse sin respuesta.")
    marta.writes("Quién recibe sus casos abiertos", "Municipio de Villa Minga (demostración)")
    marta.presses("Terminar")
    marta.sees("Guardado.")
    alvaro.signs_in()
    alvaro.opens("/mesa/")
    alvaro.sees("Escuelas de datos en las bibliotecas")


def close(body: Organisation, to: Organisation | None) -> int:
    post = Post.objects.get(organisation=body)
    told: dict[str, Any] = {"last_day": date(2026, 12, 31), "post": post, "at": AT}
    return actions.close(organisation=body, rev=body.rev, to=to, **told)


@pytest.mark.django_db
def test_nothing_ends_and_nothing_passes_when_nobody_receives_the_cases() -> None:
    case = a_proposal().case
    with pytest.raises(actions.HoldsCases):
        close(case.holder, None)
    assert Organisation.objects.get(pk=case.holder_id).ends_on is None
    assert close(case.holder, a_body()) == 1
    assert list(queries.open_cases(case.holder)) == []
    assert [str(fault) for fault in cases.verify()] == []


@pytest.mark.django_db
def test_an_institution_does_not_end_by_spreadsheet_while_it_holds_cases() -> None:
    holder = a_proposal().case.holder
    [line] = queries.compared([a_row(holder.name, key=holder.key, ends_on="2027-01-01")])
    assert line.fate is Fate.REFUSED
    assert [wrong.fault for wrong in line.wrong] == [Fault.HOLDS_CASES]
