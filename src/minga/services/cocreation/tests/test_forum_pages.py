"""A cycle from a selection to a commitment, told by filling in forms as the members would."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from minga.kernel.identity.models import Person
from minga.kernel.trust.models import Entry
from minga.services.cocreation.actions import stages
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.queries import backlog
from minga.services.cocreation.queries import selection as placed
from minga.services.cocreation.rules.backlog import LATER

from .build import NOON, speaks
from .build_selection import FORUM, a_scored_cycle, olga

pytestmark = pytest.mark.django_db
DESK = ("cocreation:selection_desk", "prueba")
SESSION = ("cocreation:room_session", "prueba", "villa-minga-foro", 1)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def send(client: Client, page: tuple[object, ...], **said: object) -> str:
    """What is told after a form was sent."""
    answer = client.post(reverse(str(page[0]), args=page[1:]), said, follow=True)
    assert answer.status_code in (200, 403)
    return answer.content.decode()


def read(client: Client, *page: object) -> str:
    return client.get(reverse(str(page[0]), args=page[1:])).content.decode()


@pytest.mark.slow
def test_the_forum_selects_and_both_sides_confirm() -> None:
    a_scored_cycle("2.5", "0.5")
    carla, anybody = signed_in(speaks("carla")), Client()
    send(carla, DESK, do="rank")
    assert "Falta el tema del plan." in read(carla, *DESK)
    place = ("cocreation:selection_place", "prueba", 2)
    half = {"rev": 1, "category": 3, "anchor": "Un plan con nombre"}
    told = send(carla, place, **half)
    assert "Falta la entidad que lo llevaría." in told
    assert "Un plan con nombre" in told
    send(carla, place, **half, entity="Obras")
    late = send(carla, place, **half, entity="Otra")
    assert "Otra persona del foro la cambió" in late
    assert 'value="Otra"' in late
    assert 'name="rev" value="2"' in late
    assert "Otra persona del foro la cambió" in send(
        carla, place, **{**half, "rev": 10**30}, entity="Z"
    )
    send(carla, ("cocreation:selection_place", "prueba", 1), rev=1, category=1, axis="open-data")
    room = ("cocreation:room", "prueba", "villa-minga-foro")
    send(carla, room, held_on=NOON.date().isoformat(), virtual="on", first=24)
    session = (*SESSION[:3], 24)
    send(carla, DESK, do="put", session="24")
    assert "todavía no decidió" in read(anybody, "cocreation:selection", "prueba")
    for name in FORUM:
        member = signed_in(speaks(name))
        send(member, session, do="attend")
        send(member, session, **{"do": "vote:1", "1-choice": "for"})
    assert "Propuesta integrada 1" in read(anybody, "cocreation:selection", "prueba")
    minutes = read(anybody, "cocreation:session", "villa-minga-foro", 24)
    assert "Fundación Puente Claro (demostración): A favor" in minutes
    assert "Carla Fierro" not in minutes
    send(carla, session, do="minutes:24")
    for name in FORUM:
        send(signed_in(speaks(name)), session, **{"do": "vote:2", "2-choice": "for"})
    assert "Acta aprobada" in read(anybody, "cocreation:session", "villa-minga-foro", 24)
    assert "Carla Fierro" in read(carla, *room)
    stages.advance(cycle=Cycle.objects.get(), to="confirmacion", by="house", at=NOON)
    send(carla, ("cocreation:confirmation_desk", "prueba"), do="ask")
    answer = ("cocreation:confirm", "prueba", 1)
    assert "Escribe aquí por qué" in send(signed_in(olga()), answer, said="declined")
    for person in (olga(), speaks("bruno")):
        send(signed_in(person), answer, said="confirmed")
    page = read(anybody, "cocreation:commitment", "prueba", 1)
    assert "Es el compromiso" in page
    assert "Dirección general" in page
    assert "Olga" not in page
    assert "Se está preparando" in read(anybody, "cocreation:act", "prueba", 1)


@pytest.mark.slow
def test_a_lone_member_is_told_the_rule_and_it_is_kept_that_they_tried() -> None:
    a_scored_cycle("2.5")
    carla, stranger = signed_in(speaks("carla")), signed_in(speaks("elena"))
    send(carla, DESK, do="rank")
    send(carla, ("cocreation:selection_place", "prueba", 1), rev=1, category=1, axis="open-data")
    send(carla, ("cocreation:room", "prueba", "villa-minga-foro"), held_on="2026-03-02", first=1)
    send(carla, DESK, do="put", session="1")
    send(carla, SESSION, do="attend")
    send(carla, SESSION, **{"do": "vote:1", "1-choice": "for"})
    told = send(carla, SESSION, do="conclude:1")
    assert "ni un solo miembro" in told
    assert "integran el grupo" in send(stranger, SESSION, do="attend")
    refused = [e.facts["rule"] for e in Entry.objects.filter(kind="refused").order_by("seq")]
    assert refused == ["alone", "not_a_member"]
    assert not placed.decided(Cycle.objects.get())


def test_what_was_left_for_later_is_read_by_everybody() -> None:
    page, printed = read(Client(), "cocreation:backlog"), backlog.printed()
    rows = [row for one in printed for row in one.left]
    assert all(escape(row.name) in page for row in rows)
    untold = [row for row in rows if row.category == LATER and not row.reason]
    assert page.count("El documento no da el motivo") == len(untold)
    assert printed or "Todavía no quedó ninguna" in page
