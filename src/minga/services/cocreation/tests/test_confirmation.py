"""What was selected becomes a commitment: both sides confirm, or the reserve comes forward."""

from datetime import date, timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.identity.models import Post
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.mailbox.models import Notice, Task
from minga.kernel.plans import queries as plans
from minga.kernel.plans.models import Node
from minga.kernel.trust import queries as trust
from minga.services.cocreation.actions import confirmation, stages
from minga.services.cocreation.queries import confirmation as queries
from minga.services.cocreation.queries import selection as placed
from minga.services.cocreation.rules.breaches import Breach, Rule
from minga.services.cocreation.rules.confirmation import (
    Answer,
    Side,
    Standing,
    contradicted,
    months,
    standing,
)

from .build import NOON, speaks
from .build_selection import a_session, asked, olga, selected, voted

CONFIRMED, COUNTERED, DECLINED = Answer
answers = st.lists(
    st.tuples(st.sampled_from(list(Side)), st.sampled_from(["", *Answer])), max_size=5
)


@given(answers)
def test_only_both_sides_make_a_commitment_in_whichever_order(said: list[tuple[str, str]]) -> None:
    now = standing(said)
    assert all(standing(order) == now for order in list(permutations(said))[:6])
    if now == Standing.CONFIRMED:
        assert {side for side, _answer in said} == set(Side)
        assert {answer for _side, answer in said} == {CONFIRMED}


@given(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(0, 2000))
def test_months_grow_with_the_days(first: date, days: int) -> None:
    last = first + timedelta(days=days)
    assert 0 <= months(first, last) <= months(first, last + timedelta(days=1))


def test_two_years_to_the_day_are_where_the_document_contradicts_itself() -> None:
    assert contradicted(date(2020, 1, 1), date(2021, 12, 31))
    assert not contradicted(date(2020, 1, 1), date(2022, 1, 1))
    assert not contradicted(date(2020, 1, 1), date(2021, 12, 30))
    assert not contradicted(None, date(2021, 12, 31))


def says(
    cycle: object, person: object, said: Answer, number: int = 1, message: str = ""
) -> Standing:
    told = {"cycle": cycle, "person": person, "said": said, "message": message}
    return confirmation.answer(number=number, at=NOON, **told)  # type: ignore[arg-type]


@pytest.mark.slow
@pytest.mark.django_db
def test_what_both_sides_confirm_is_written_into_the_plan() -> None:
    cycle = asked("2.5")
    assert Notice.objects.filter(person=olga(), title__contains="Confirmar").exists()
    task = Task.objects.get(kind="cocreation.confirm")
    working_days = jurisdiction.calendar(known_on=NOON.date())
    due_on = working_days.add_working_days(NOON.date(), 15)
    assert (task.due_on, task.done_at) == (due_on, None)
    assert says(cycle, olga(), CONFIRMED) == Standing.WAITING
    assert not Node.objects.filter(edition__plan__key="plan-prueba").exists()
    assert says(cycle, olga(), CONFIRMED) == Standing.WAITING
    assert says(cycle, speaks("bruno"), CONFIRMED) == Standing.CONFIRMED
    node = Node.objects.get(edition__plan__key="plan-prueba", kind="commitment")
    assert node.parent
    assert node.parent.title == "Datos abiertos (demostración)"
    assert [step.title for step in node.milestones.all()] == ["Un hito"]
    assert [one.role for one in node.involved.order_by("position")] == list(Side)
    assert node.edition.plan.demo
    task.refresh_from_db()
    assert task.done_at == NOON
    faults = [*trust.verify(), *plans.verify(), *queries.verify(), *placed.verify()]
    assert faults == []


@pytest.mark.slow
@pytest.mark.django_db
def test_a_side_for_which_nobody_speaks_stays_open_until_somebody_does() -> None:
    cycle = selected("2.5")
    Post.objects.filter(heads=True).update(heads=False)
    told = {"cycle": cycle, "person": speaks("carla"), "at": NOON}
    assert confirmation.ask(**told) == 1  # type: ignore[arg-type]
    assert says(cycle, speaks("bruno"), CONFIRMED) == Standing.WAITING
    found = queries.commitment(cycle, 1)
    assert found
    assert [party.organisation.key for party in found.missing] == ["obras"]
    Post.objects.filter(organisation__key="obras").update(heads=True)
    assert confirmation.ask(**told) == 1  # type: ignore[arg-type]
    assert confirmation.ask(**told) == 0  # type: ignore[arg-type]
    assert says(cycle, olga(), CONFIRMED) == Standing.CONFIRMED


@pytest.mark.django_db
def test_nobody_answers_for_others_nor_takes_back_what_they_said() -> None:
    cycle = asked("2.5")
    with pytest.raises(Breach) as others:
        says(cycle, speaks("diego"), CONFIRMED)
    says(cycle, olga(), CONFIRMED)
    with pytest.raises(Breach) as twice:
        says(cycle, olga(), DECLINED, message="Ya no.")
    assert (others.value.rule, twice.value.rule) == (Rule.NOT_YOURS, Rule.SETTLED)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_decline_brings_the_best_reserve_forward_when_the_forum_says_so() -> None:
    cycle = asked("2.5", "1.2", "1.5")
    assert says(cycle, olga(), DECLINED, message="No tenemos los recursos.") == Standing.DECLINED
    told = {"cycle": cycle, "number": 1, "person": speaks("carla"), "at": NOON}
    item = confirmation.put(session=a_session(cycle), **told)  # type: ignore[arg-type]
    assert confirmation.put(session=item.session, **told) == item  # type: ignore[arg-type]
    voted(item)
    now = {row.integrated.number: row for row in placed.placements(cycle)}
    assert {number: row.category for number, row in now.items()} == {1: 4, 2: 2, 3: 1}
    assert now[1].deferral == "No tenemos los recursos."
    assert now[3].reason.startswith("Entra en lugar de la propuesta 1")
    assert [one.integrated.number for one in queries.commitments(cycle)] == [3]
    assert says(cycle, olga(), CONFIRMED, number=3) == Standing.WAITING
    assert [*queries.verify(), *placed.verify()] == []


@pytest.mark.slow
@pytest.mark.django_db
def test_another_text_goes_back_to_the_forum_and_both_sides_are_asked_again() -> None:
    cycle = asked("2.5")
    says(cycle, olga(), CONFIRMED)
    says(cycle, speaks("bruno"), COUNTERED, message="Lo mismo, pero con datos abiertos.")
    told = {"cycle": cycle, "number": 1, "person": speaks("carla"), "at": NOON}
    voted(confirmation.put(session=a_session(cycle), **told))  # type: ignore[arg-type]
    found = queries.commitment(cycle, 1)
    assert found
    assert found.standing == Standing.WAITING
    assert found.integrated.solution == "Lo mismo, pero con datos abiertos."
    was = found.integrated.confirmations.get(answer=COUNTERED)
    assert (was.current, was.replaced) == (False, "Lo que se haría, 1.")
    assert says(cycle, olga(), CONFIRMED) == Standing.WAITING
    assert says(cycle, speaks("bruno"), CONFIRMED) == Standing.CONFIRMED


@pytest.mark.django_db
def test_when_the_confirmations_end_the_reserve_goes_where_it_was_marked_to_go() -> None:
    cycle = asked("2.5", "1.5")
    stages.advance(cycle=cycle, to="rendicion", by="house", at=NOON)
    last = placed.placements(cycle).get(integrated__number=2)
    assert (last.category, last.reserve_for) == (4, None)
    assert last.reason == "Quedó en reserva y no hizo falta."
    assert list(placed.verify()) == []
    with pytest.raises(Breach):
        says(cycle, olga(), CONFIRMED)


@pytest.mark.slow
@pytest.mark.django_db
def test_more_commitments_are_not_more_statements(client: Client) -> None:
    cycle = asked("2.5", "2.4", "2.3")
    many = []
    for number in (1, 2, 3):
        for person in (olga(), speaks("bruno")):
            told = {"cycle": cycle, "number": number, "person": person, "at": NOON}
            confirmation.answer(said=CONFIRMED, **told)  # type: ignore[arg-type]
        with CaptureQueriesContext(connection) as counted:
            client.get(reverse("cocreation:commitments", args=[cycle.key]), {"n": number})
        many.append(len(counted))
    assert many[0] == many[2], many
