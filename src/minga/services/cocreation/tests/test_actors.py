import pytest
from django.test import Client
from django.urls import reverse

from minga.kernel.identity.actions.accounts import enter_person
from minga.kernel.identity.models import Membership
from minga.kernel.jurisdiction import queries as places
from minga.kernel.mailbox.models import Notice, Task
from minga.services.cocreation.actions import actors as actions
from minga.services.cocreation.datasets import actors as datasets
from minga.services.cocreation.models import Cycle, Stakeholder
from minga.services.cocreation.queries import history

from .build import NOON, a_cycle

pytestmark = pytest.mark.django_db


def said(**changed: object) -> dict[str, object]:
    return {
        "name": "Colectivo Río Vivo (prueba)",
        "does": "Mide la calidad del agua con escuelas del valle.",
        "sector": "civil_society",
        "reach": "subnational",
        "territory": places.territories()[0].iso,
        "themes": ["6", "13"],
    } | changed


def page(cycle: Cycle, query: str = "") -> str:
    path = reverse("cocreation:actors", args=[cycle.key])
    return Client().get(path + query).content.decode()


@pytest.mark.slow
def test_an_organisation_asks_for_a_place_and_who_convenes_lists_it() -> None:
    cycle = a_cycle()
    rosa = enter_person(email="rosa@prueba.minga", name="Rosa Lema", password="x" * 12)
    asks, lists = Client(), Client()
    asks.force_login(rosa)
    lists.force_login(Membership.objects.get(post__organisation=cycle.convener).person)
    place = reverse("cocreation:join_actors", args=[cycle.key])
    assert "Te avisaremos" in asks.post(place, said()).content.decode()
    assert "ya está en el mapa" in asks.post(place, said()).content.decode()
    assert "Río Vivo" not in page(cycle)
    actor = Stakeholder.objects.get()
    decide = reverse("cocreation:review_actor", args=[cycle.key, actor.pk])
    assert asks.get(decide).status_code == 403
    assert lists.post(decide, {"rev": 1, "reason": ""}).status_code == 302
    assert "Otra persona ya decidió" in lists.post(decide, {"rev": 1}).content.decode()
    assert "Río Vivo" in page(cycle)
    assert Notice.objects.get().person == rosa
    assert Task.objects.get().done_at
    for query, there in (("tema=6", 1), ("tema=7", 0), ("estado=si", 0), ("alcance=national", 0)):
        assert ("Río Vivo" in page(cycle, f"?{query}")) is bool(there), query
    [row] = datasets.rows()
    assert (row["goals"], row["governmental"]) == ("6 13", "no")
    assert "Rosa" not in str(row)
    assert not list(history.verify())


def test_what_is_taken_off_the_map_has_a_reason_and_is_seen_no_more() -> None:
    cycle = a_cycle()
    post = Membership.objects.get(post__organisation=cycle.convener).post
    actor = actions.enter(cycle=cycle, said=said(), post=post, at=NOON)
    actions.review(actor=actor, reason="Dejó de existir.", post=post, rev=1, at=NOON)
    assert "Río Vivo" not in page(cycle)
    assert not list(datasets.rows())
    assert not list(history.verify())
    Stakeholder.objects.update(state="listed")
    assert list(history.verify())


def test_who_works_in_a_part_of_the_country_says_in_which() -> None:
    cycle = a_cycle()
    client = Client()
    client.force_login(enter_person(email="r@prueba.minga", name="R", password="x" * 12))
    place = reverse("cocreation:join_actors", args=[cycle.key])
    answer = client.post(place, said(territory="")).content.decode()
    assert "Elige la parte del país" in answer
    assert "Mide la calidad del agua" in answer  # nothing typed is lost
