"""Workshops: their calendar, who comes, who came."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from minga.kernel.identity.models import Person
from minga.kernel.mailbox.models import Letter
from minga.services.cocreation.actions import workshops as actions
from minga.services.cocreation.datasets.workshops import attendance
from minga.services.cocreation.models import Guest, Registration, Workshop
from minga.services.cocreation.queries import history
from minga.services.cocreation.queries import workshops as queries
from minga.services.cocreation.rules import workshops as rules
from minga.services.cocreation.rules.workshops import NotPossible, Place, Problem

from .build import NOON, a_cycle, a_whole_cycle, a_workshop, registered

BEFORE = NOON - timedelta(days=3)
Together = Callable[[Callable[[], object]], list[object]]


# Rules

MOVES = st.lists(st.one_of(st.just("come"), st.integers(0, 12)), max_size=30)


@pytest.mark.slow
@given(capacity=st.one_of(st.none(), st.integers(1, 4)), moves=MOVES)
def test_nobody_overtakes_and_no_place_is_given_twice_or_left_empty(
    capacity: int | None, moves: list[str | int]
) -> None:
    inside: list[int] = []
    waiting: list[int] = []
    for number, move in enumerate(moves):
        if move == "come":
            place = rules.place(capacity, len(inside), len(waiting))
            (inside if place == Place.REGISTERED else waiting).append(number)
        elif (line := inside + waiting) and int(move) < len(line):
            gone = line[int(move)]
            (inside if gone in inside else waiting).remove(gone)
        room = rules.room(capacity, len(inside), len(waiting))
        inside, waiting = inside + waiting[:room], waiting[room:]
        assert capacity is None or len(inside) <= capacity
        assert not waiting or len(inside) == capacity
        assert [*inside, *waiting] == sorted([*inside, *waiting], key=lambda n: (n in waiting, n))


CELLS = st.dictionaries(
    st.tuples(st.sampled_from("123"), st.sampled_from("abcd")), st.integers(1, 30), max_size=12
)


def test_every_process_of_a_server_hides_the_same_numbers() -> None:
    """Else two answers together would tell both. Names that begin otherwise hash otherwise."""
    dice = random.Random(1)  # noqa: S311  # seeded
    found = defaultdict[str, list[set[rules.Cell]]](list)
    for _ in range(40):
        people = {
            place: dice.randint(1, 12) for place in product("1234", ("man", "other", "woman"))
        }
        for before in ("", "a", "b", "c"):
            named = {(f"{before}{row}", f"{before}{kind}"): n for (row, kind), n in people.items()}
            gone = rules.hidden(rules.counted(named), 5)
            found[before].append(
                {(r.removeprefix(before), k.removeprefix(before)) for r, k in gone}
            )
    assert found[""] == found["a"] == found["b"] == found["c"]


@given(people=CELLS, small=st.integers(1, 8))
def test_small_numbers_cannot_be_found_by_subtracting(
    people: Mapping[rules.Cell, int], small: int
) -> None:
    whole = rules.counted(people)
    gone = rules.hidden(whole, small)
    assert {cell for cell, many in whole.items() if many < small} <= gone
    for side in (0, 1):
        for value in {cell[side] for cell in whole}:
            cells = {cell for cell in whole if cell[side] == value}
            assert len(cells & gone) != 1
    assert not gone or min(whole[cell] for cell in gone) < small, "nothing is hidden for nothing"


def test_the_steps_come_in_the_order_of_the_document() -> None:
    done: list[str] = []
    while step := rules.next_phase(done):
        done.append(step)
    assert done == list(rules.Phase)


# Places


@pytest.mark.django_db
def test_the_line_moves_up_when_somebody_leaves_and_whoever_waits_is_told() -> None:
    workshop = a_workshop(capacity=1)
    first = registered(workshop)
    second = registered(workshop, email="luz@prueba.minga")
    third = registered(workshop)
    assert [first.place, second.place, third.place] == ["registered", "waiting", "waiting"]
    actions.leave(registration=first, at=BEFORE)
    actions.leave(registration=first, at=BEFORE)
    second.refresh_from_db()
    third.refresh_from_db()
    assert [second.place, third.place] == ["registered", "waiting"]
    assert not Guest.objects.filter(registration=first).exists()
    subjects = Letter.objects.filter(to="luz@prueba.minga").values_list("subject", flat=True)
    assert list(subjects) == [
        "Estás en la lista de espera de un taller",
        "Se liberó un lugar: ya puedes venir al taller",
    ]
    assert list(history.verify()) == []


@pytest.mark.usefixtures("own_database")
def test_of_four_at_once_two_get_the_two_last_places(together: Together) -> None:
    workshop = a_workshop(capacity=2)
    places = together(lambda: registered(workshop).place)
    assert sorted(map(str, places)) == ["registered", "registered", "waiting", "waiting"]
    same = uuid4()
    assert len({r.pk for r in together(lambda: registered(workshop, key=same))}) == 1  # type: ignore[attr-defined]
    assert list(history.verify()) == []


@pytest.mark.django_db
def test_more_room_lets_in_who_waits_and_less_than_is_taken_is_refused() -> None:
    workshop = a_workshop(capacity=1)
    people = [registered(workshop) for _ in range(3)]
    told = {"workshop": workshop, "by": "house", "at": BEFORE, "reason": "Otra sala."}
    changed = actions.change(said={"capacity": 2}, rev=1, **told)  # type: ignore[arg-type]
    places = Registration.objects.order_by("pk").values_list("place", flat=True)
    assert list(places) == ["registered", "registered", "waiting"]
    with pytest.raises(NotPossible) as refused:
        actions.change(said={"capacity": 1}, rev=changed.rev, **told)  # type: ignore[arg-type]
    assert refused.value.problem == Problem.TOO_MANY
    with pytest.raises(NotPossible) as refused:
        actions.change(said={"capacity": 9}, rev=1, **told)  # type: ignore[arg-type]
    assert refused.value.problem == Problem.OUTDATED
    assert len(people) == 3


@pytest.mark.django_db
def test_a_cancelled_workshop_tells_who_registered_why_and_takes_nobody() -> None:
    workshop = a_workshop()
    registered(workshop, email="luz@prueba.minga")
    for _ in range(2):
        said = {"reason": "Se inundó la sala.", "rev": 1, "by": "house", "at": BEFORE}
        actions.cancel(workshop=workshop, **said)  # type: ignore[arg-type]
    letter = Letter.objects.filter(subject="El taller no se hará").get()
    assert "Se inundó la sala." in letter.body
    with pytest.raises(NotPossible):
        registered(workshop)


# People


@pytest.mark.django_db
def test_who_came_is_counted_by_hand_and_at_the_door_once() -> None:
    workshop = a_workshop()
    rosa = registered(workshop)
    told = {"by": "house", "at": NOON}
    with pytest.raises(NotPossible):
        actions.attend(registration=rosa, attended=True, by="house", at=BEFORE)
    for attended in (True, True, False, True):
        actions.attend(registration=rosa, attended=attended, **told)  # type: ignore[arg-type]
    key = uuid4()
    said = {"workshop": workshop, "sex": "man", "sector": "public"}
    for _ in range(2):
        actions.walk_in(key=key, people=12, **said, **told)  # type: ignore[arg-type]
    mistake = actions.walk_in(key=uuid4(), people=3, **said, **told)  # type: ignore[arg-type]
    actions.miscounted(registration=mistake, **told)  # type: ignore[arg-type]
    assert queries.how_many_came(workshop) == 13
    assert list(history.verify()) == []
    Registration.objects.filter(pk=rosa.pk).update(attended=False)
    assert len(list(history.verify())) == 1


@pytest.mark.django_db
def test_names_are_forgotten_and_what_is_counted_stays() -> None:
    workshop = a_workshop()
    registered(workshop, email="luz@prueba.minga")
    assert actions.forget(at=NOON + rules.FORGET_NAMES) == 0
    assert actions.forget(at=NOON + rules.FORGET_NAMES + timedelta(days=1)) == 1
    assert Registration.objects.count() == 1


@pytest.mark.django_db
def test_who_comes_tomorrow_is_reminded_once() -> None:
    registered(a_workshop(), email="luz@prueba.minga")
    assert actions.remind(at=NOON - timedelta(days=2)) == 0
    assert [actions.remind(at=NOON - timedelta(days=1)) for _ in range(2)] == [1, 0]


@pytest.mark.django_db
def test_few_people_are_not_counted_in_open_data() -> None:
    workshop = a_workshop()
    for sex, sector, people in (("man", "public", 20), ("woman", "academia", 3)):
        said = {"sex": sex, "sector": sector, "people": people, "by": "house", "at": NOON}
        actions.walk_in(workshop=workshop, key=uuid4(), **said)  # type: ignore[arg-type]
    rows = [row for row in attendance.rows() if row["workshop"] == str(workshop.pk)]
    told = {row["value"]: row["people"] for row in rows}
    assert told == {"woman": None, "man": None, "academia": None, "public": None, "": 23}


@pytest.mark.slow
@pytest.mark.django_db
def test_the_printed_figures_come_out_of_what_is_counted_at_the_doors(client: Client) -> None:
    """PAGA I, l. 653-661: 223 men and 196 women; 45 % civil society, 34 % public, 21 % academia."""
    sectors = {"civil_society": (100, 89), "public": (76, 66), "academia": (47, 41)}
    workshops = [a_workshop() for _ in range(8)]
    for sector, both in sectors.items():
        for sex, whole in zip(("man", "woman"), both, strict=True):
            for place, workshop in enumerate(workshops):
                people = whole // 8 + (place < whole % 8)
                told = {"sex": sex, "sector": sector, "people": people, "by": "house"}
                actions.walk_in(workshop=workshop, key=uuid4(), at=NOON, **told)  # type: ignore[arg-type]
    rows = [row for row in attendance.rows() if not row["workshop"]]
    assert {row["value"]: row["people"] for row in rows} == {
        "": 419,
        "man": 223,
        "woman": 196,
        "civil_society": 189,
        "public": 142,
        "academia": 88,
    }
    page = " ".join(client.get(reverse("cocreation:came")).content.decode().split())
    words = "Organización de la sociedad civil, 45; Academia, 21; Sector público, 34."
    assert words in page


@pytest.mark.django_db
def test_what_the_documents_announce_is_brought_once_and_to_no_invented_process() -> None:
    cycle = a_whole_cycle()
    assert actions.announce(cycle=cycle, by="house", at=NOON) == []
    cycle.convener.demo = False
    made = [actions.announce(cycle=cycle, by="house", at=NOON) for _ in range(2)]
    assert made[0] == made[1]
    told = [(row.city, str(row.on), row.host) for row in Workshop.objects.order_by("on")]
    assert len(told) == 8
    assert told[0] == ("Ambato", "2018-11-27", "Universidad Técnica de Ambato")
    assert queries.came()["sex"] == {}, "nobody knows, and nobody says"


# Pages


@pytest.fixture
def ines(db: None) -> Client:
    """Of whoever convenes."""
    a_cycle()
    client = Client()
    client.force_login(Person.objects.get(email="ines@prueba.minga"))
    return client


def form_of(**changed: object) -> dict[str, object]:
    soon = timezone.localdate() + timedelta(days=5)
    said = {"key": uuid4(), "sort": "territorial", "title": "Mesa del valle", "city": "Valle"}
    where = {"territory": a_cycle() and a_workshop().territory_id, "on": soon.isoformat()}
    return {**said, **where, "hours": "08h00 a 13h00", "capacity": "1"} | changed


@pytest.mark.slow
def test_from_the_calendar_to_a_place_and_out_again(ines: Client, client: Client) -> None:
    place = reverse("cocreation:create_workshop", args=["prueba"])
    said = form_of()
    made = [ines.post(place, said)["Location"] for _ in range(2)]
    assert made[0] == made[1], "the same form twice is one workshop"
    workshop = Workshop.objects.get(title="Mesa del valle")
    register = reverse("cocreation:register", args=[workshop.pk])
    wrong = client.post(register, {"key": uuid4(), "name": "Rosa", "sector": "citizen"})
    assert "Elige una respuesta." in wrong.content.decode()
    assert 'value="Rosa"' in wrong.content.decode()
    mine = {"key": uuid4(), "name": "Rosa", "sex": "woman", "sector": "citizen"}
    page = client.post(register, mine)["Location"]
    assert "Tienes un lugar" in client.get(page).content.decode()
    assert "lista de espera" in client.get(register).content.decode()
    assert (
        "Rosa"
        not in client.get(reverse("cocreation:workshop", args=[workshop.pk])).content.decode()
    )
    assert "Rosa" in ines.get(reverse("cocreation:attendance", args=[workshop.pk])).content.decode()
    client.post(page)
    assert "Dejaste tu lugar" in client.get(page).content.decode()
    assert client.get(reverse("cocreation:registration", args=[UUID(int=1)])).status_code == 404


def test_only_who_convenes_changes_a_workshop_and_two_tabs_are_told(ines: Client) -> None:
    workshop = a_workshop()
    place = reverse("cocreation:change_workshop", args=[workshop.pk])
    later = form_of(rev=1, reason="Otra sala.", hours="10h00 a 12h00")
    assert ines.post(place, later).status_code == 302
    again = ines.post(place, {**later, "hours": "11h00"})
    assert "otra persona cambió esto" in again.content.decode()
    assert 'value="11h00"' in again.content.decode(), "what was typed stays"
    assert Workshop.objects.get(pk=workshop.pk).hours == "10h00 a 12h00"
