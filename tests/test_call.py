"""An installation without the invented town gets its first call from the terminal."""

from datetime import date

import pytest

from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Person
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
        call.convene(call.understand(ORDER))
    cycle = cocreation.open_cycles(on=date(2127, 3, 31)).first()
    assert cycle
    assert not cycle.convener.demo
    ines = Person.objects.get(email="ines@prueba.minga")
    [post] = identity.posts_of(ines, on=date(2127, 1, 1))
    assert post.organisation == cycle.convener
    assert not ines.has_usable_password()


def test_a_call_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(SystemExit, match="No se entiende"):
        call.understand([*ORDER[:-1], "2126-12-31"])
