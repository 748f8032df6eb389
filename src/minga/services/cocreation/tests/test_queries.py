from datetime import UTC, datetime, timedelta

import pytest

from minga.kernel.identity.models import Post
from minga.services.cocreation import datasets, queries
from minga.services.cocreation.forms import SECTORS

from .build import NOON, a_cycle, a_post, a_proposal, accepted

pytestmark = pytest.mark.django_db


def test_a_call_is_open_from_its_first_day_to_its_last() -> None:
    cycle = a_cycle()
    for day, there in ((-31, False), (-30, True), (30, True), (31, False)):
        found = queries.open_cycles(on=NOON.date() + timedelta(days=day))
        assert (cycle in found) is there


def test_nobody_sees_what_is_not_accepted_but_those_who_hold_it() -> None:
    waiting, public = a_proposal(), accepted()
    holder = Post.objects.get(organisation=public.case.holder)
    stranger = a_post("Otra secretaría", "otra@prueba.minga")
    assert list(queries.visible_to([])) == [public]
    assert list(queries.visible_to([stranger])) == [public]
    assert set(queries.visible_to([holder])) == {waiting, public}
    assert queries.held(waiting.pk, [stranger]) is None
    assert queries.held(waiting.pk, [holder]) == waiting


def test_the_list_is_narrowed_by_goal_place_and_sector() -> None:
    one, general = accepted(goal=4), accepted(goal=None, sector="academia")
    assert list(queries.narrowed(queries.public(), goal=4)) == [one]
    assert list(queries.narrowed(queries.public(), goal=0)) == [general]
    assert list(queries.narrowed(queries.public(), sector="academia")) == [general]
    assert list(queries.narrowed(queries.public(), territory="XX")) == []


def test_open_data_says_nothing_of_who_proposed() -> None:
    accepted(email="rosa@prueba.minga", sex="woman", age_group="to_25")
    a_proposal(title="Todavía nadie la leyó")
    [row] = datasets.rows()
    assert set(row) == set(datasets.proposals.columns)
    text = " ".join(map(str, row.values()))
    assert "Datos de demostración" in text
    for personal in ("rosa@", "woman", "to_25"):
        assert personal not in text


def test_only_what_is_public_is_counted_and_nothing_of_who_proposed() -> None:
    a_proposal(title="Todavía nadie la leyó")
    one = accepted(goal=4, sex="woman", age_group="to_25")
    accepted(goal=None, sector="academia")
    here = one.territory_id
    assert queries.by_place()[here].value == 2
    assert queries.by_place()[here].url.endswith(f"?lugar={here}")
    assert sum(figure.value or 0 for figure in queries.by_place().values()) == 2
    assert [(str(f.label), f.value) for f in queries.by_goal()] == [
        ("Es muy general para elegir uno", 1),
        ("4. Educación de calidad", 1),
    ]
    said = {str(figure.label): figure.value for figure in queries.by_sector(SECTORS)}
    assert said["Academia"] == 1
    assert said["Sector privado"] == 0
    [call] = queries.by_call()
    assert [(str(part.label), part.value) for part in call.parts] == [("Aceptada", 2)]
    rows = list(datasets.count_rows())
    assert {row["by"] for row in rows} == set(datasets.KINDS.values())
    assert all(row["demo"] for row in rows)
    assert "woman" not in str(rows)


def test_a_month_in_which_nothing_came_is_counted_as_none() -> None:
    a_cycle()
    for month in (2, 4):
        proposal = accepted()
        proposal.received_at = datetime(2026, month, 1, 3, tzinfo=UTC)  # still the day before
        proposal.save()
    assert [(f.label, f.value) for f in queries.by_month()] == [
        ("ene 2026", 1),
        ("feb 2026", 0),
        ("mar 2026", 1),
    ]
