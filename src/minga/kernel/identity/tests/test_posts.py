from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from minga.kernel.identity import actions, queries
from minga.kernel.identity.models import Deputy, Membership, Person, Post
from minga.kernel.identity.tests.build import MONDAY, a_post, an_official, an_organisation

DAY = timedelta(days=1)


def held(person: Person, on: date) -> list[Post]:
    return list(queries.posts_of(person, on=on))


def leave(person: Person, on: date) -> None:
    Membership.objects.filter(person=person).update(ends_on=on)


@pytest.mark.django_db
def test_a_post_is_held_from_its_first_day_to_its_last() -> None:
    ines, post = an_official(), a_post()
    assert held(ines, MONDAY - DAY) == []
    assert held(ines, MONDAY) == held(ines, date(2099, 1, 1)) == [post]
    leave(ines, MONDAY + DAY)
    assert held(ines, MONDAY + DAY) == [post]
    assert held(ines, MONDAY + 2 * DAY) == []


@pytest.mark.django_db
def test_somebody_holds_their_own_posts_and_no_others() -> None:
    first, second = a_post("Analista"), a_post("Alcaldesa")
    ines = an_official(post=first)
    alvaro = an_official(post=second, email="alvaro@municipio.example")
    assert held(ines, MONDAY) == [first]
    third = a_post("Jefa")
    an_official(post=third)
    assert held(ines, MONDAY) == [first, third]
    assert held(alvaro, MONDAY) == [second]


@pytest.mark.django_db
def test_a_post_has_one_holder_at_a_time_and_it_is_said_who() -> None:
    ines = an_official()
    with pytest.raises(actions.PostHeld) as refused:
        an_official(email="alvaro@municipio.example")
    assert refused.value.membership.person == ines
    leave(ines, MONDAY + DAY)
    with pytest.raises(actions.PostHeld):
        an_official(email="alvaro@municipio.example", since=MONDAY + DAY)
    alvaro = an_official(email="alvaro@municipio.example", since=MONDAY + 2 * DAY)
    assert held(alvaro, MONDAY + 2 * DAY) == [a_post()]
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=ines, post=a_post(), starts_on=MONDAY + 3 * DAY)


@pytest.mark.django_db
def test_who_stands_in_for_a_holder_acts_in_the_post_until_the_last_day() -> None:
    post = a_post()
    an_official(post=post)
    eusebio = Person.objects.create_user("eusebio@municipio.example", name="Eusebio")
    Deputy.objects.create(post=post, person=eusebio, starts_on=MONDAY, ends_on=MONDAY + DAY)
    assert [held(eusebio, MONDAY + n * DAY) for n in range(-1, 3)] == [[], [post], [post], []]
    assert queries.holder(post, on=MONDAY) != eusebio


@pytest.mark.django_db
def test_the_days_of_one_membership_do_not_lend_themselves_to_another() -> None:
    """One row must fit the day: not its start in one, and its end in the other."""
    first, second = a_post("Analista"), a_post("Alcaldesa")
    ines = an_official(post=first, since=MONDAY)
    leave(ines, MONDAY + DAY)
    an_official(post=second, since=MONDAY + 10 * DAY)
    assert held(ines, MONDAY + 5 * DAY) == []


@pytest.mark.django_db
def test_who_is_appointed_again_holds_the_post_once() -> None:
    ines = an_official()
    an_official(since=MONDAY + 30 * DAY)
    assert Membership.objects.count() == 1
    leave(ines, MONDAY + 40 * DAY)
    an_official(since=MONDAY + 50 * DAY)
    assert Membership.objects.count() == 2  # gone, and back again
    assert held(ines, MONDAY + 45 * DAY) == []
    assert held(ines, MONDAY + 50 * DAY) == [a_post()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "email", ["ines@municipio.example", "ines@MUNICIPIO.example", "Ines@municipio.example"]
)
def test_appointing_the_same_again_changes_nothing(email: str) -> None:
    ines = an_official()
    password = ines.password
    assert an_official(email=email) == ines
    assert Person.objects.get(pk=ines.pk).password == password
    assert ines.memberships.count() == an_organisation().posts.count() == 1


@pytest.mark.django_db
def test_passwords_are_kept_as_hashes_only() -> None:
    ines = an_official()
    assert ines.check_password("una clave larga")
    assert "una clave larga" not in ines.password


@pytest.mark.django_db
def test_nobody_leaves_a_post_before_they_came() -> None:
    ines = an_official()
    with pytest.raises(IntegrityError), transaction.atomic():
        leave(ines, MONDAY - DAY)


@pytest.mark.django_db
def test_an_organisation_keeps_what_was_said_first_and_gains_what_was_missing() -> None:
    first = an_organisation(name="Ñuñoa")
    assert (first.acronym, first.sort_name) == ("", "nzzunzzoa")
    actions.know_organisation(key="otavalo", name="Otro", source="otra", acronym="GADMO")
    actions.know_organisation(key="otavalo", name="Otro", source="otra", kind="public")
    known = queries.organisation("otavalo")
    assert known
    assert (known.name, known.source) == ("Ñuñoa", "dato de prueba")
    assert (known.acronym, known.kind) == ("GADMO", "public")
    assert queries.organisation("nobody") is None


@pytest.mark.django_db
def test_knowing_an_organisation_again_writes_nothing(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    actions.know_organisation(key="x", name="X", source="s", acronym="X", kind="public")
    for acronym, kind in (("", ""), ("X", ""), ("", "public")):
        with django_assert_num_queries(1):
            actions.know_organisation(key="x", name="X", source="s", acronym=acronym, kind=kind)


@pytest.mark.django_db
def test_a_post_is_known_by_organisation_unit_and_title() -> None:
    other = an_organisation("cotacachi", "Municipio de Cotacachi")
    with_unit = actions.know_post(organisation=other, title="Analista", unit="Obras")
    assert a_post() == a_post()
    assert len({a_post(), a_post("Alcaldesa"), a_post(organisation=other), with_unit}) == 4
    assert (str(a_post()), str(with_unit)) == ("Analista", "Analista, Obras")


@pytest.mark.django_db
def test_only_officials_of_invented_bodies_are_told_to_all() -> None:
    an_official()
    invented = actions.know_organisation(key="villa", name="Villa", source="demo", demo=True)
    eusebio = an_official(email="eusebio@demo.example", post=a_post(organisation=invented))
    assert [member.person for member in queries.demo_members()] == [eusebio]
