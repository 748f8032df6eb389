from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from minga.kernel.identity import actions, queries
from minga.kernel.identity.actions import Outdated, PostHeld, Refused
from minga.kernel.identity.models import Deputy, Membership, Organisation, Person, Post, Unit
from minga.kernel.identity.rules import Problem
from minga.kernel.identity.tests.build import MONDAY
from minga.kernel.trust import actions as trust
from minga.kernel.trust import queries as history

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
DAY = timedelta(days=1)
BY: dict[str, Any] = {"by": "post:1", "at": AT}
pytestmark = pytest.mark.django_db


def a_body(name: str = "Otavalo") -> Organisation:
    said: dict[str, Any] = {"name": name, "source": "dato de prueba"}
    return actions.enter_organisation(key=name.lower(), said=said, **BY)


def a_place(body: Organisation | None = None, **duties: object) -> Post:
    said: dict[str, Any] = {"title": "Analista", **duties}
    return actions.enter_post(organisation=body or a_body(), said=said, instead_of=None, **BY)


def somebody(name: str) -> Person:
    return actions.known_person(email=f"{name}@prueba.minga", name=name)


def now(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def faults() -> list[str]:
    return [fault.place for fault in queries.verify()]


def refused(problem: Problem, act: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.problem is problem
    return refusal.value.names


def named(post: Post, name: str, since: date = MONDAY) -> Membership:
    return actions.hold(post=post, person=somebody(name), since=since, rev=now(post).rev, **BY)


def test_one_act_ends_one_holder_and_begins_the_next() -> None:
    post = a_place()
    named(post, "ines")
    told: dict[str, Any] = {"person": somebody("luz"), "since": MONDAY + 9 * DAY, "act": "Acción 2"}
    left, came = actions.replace(post=post, rev=now(post).rev, **told, **BY)
    assert (left.ends_on, came.starts_on) == (MONDAY + 8 * DAY, MONDAY + 9 * DAY)
    assert queries.holder(post, on=MONDAY + 8 * DAY) == somebody("ines")
    assert queries.holder(post, on=MONDAY + 9 * DAY) == somebody("luz")
    assert [entry.kind for entry in history.entries(post.stream)] == ["enter", "hold", "replace"]
    assert "luz" not in history.entries(post.stream)[2].body
    assert "Acción" not in history.entries(post.stream)[2].body
    assert faults() == []


def test_undoing_gives_the_post_back_and_deletes_nothing() -> None:
    post = a_place()
    named(post, "ines")
    told: dict[str, Any] = {"person": somebody("luz"), "since": MONDAY + 9 * DAY, "act": ""}
    actions.replace(post=post, rev=now(post).rev, **told, **BY)
    actions.undo(thing=post, rev=now(post).rev, **BY)
    assert queries.holder(post, on=MONDAY + 30 * DAY) == somebody("ines")
    assert queries.posts_of(somebody("luz"), on=MONDAY + 30 * DAY).count() == 0
    assert Membership.objects.count() == 2
    refused(Problem.NOTHING, lambda: actions.undo(thing=post, rev=now(post).rev, **BY))
    named_again = actions.replace(post=post, rev=now(post).rev, **told, **BY)
    assert named_again[1].person == somebody("luz")
    assert faults() == []


def test_each_act_on_holders_can_be_undone() -> None:
    post = a_place()
    named(post, "ines")
    actions.undo(thing=post, rev=now(post).rev, **BY)
    assert queries.holder(post, on=MONDAY) is None
    named(post, "ines")
    actions.leave(post=post, last_day=MONDAY + DAY, rev=now(post).rev, **BY)
    assert queries.holder(post, on=MONDAY + 2 * DAY) is None
    actions.undo(thing=post, rev=now(post).rev, **BY)
    assert queries.holder(post, on=MONDAY + 2 * DAY) == somebody("ines")
    deputised(post, "tomas", 1, 5)
    assert post in queries.posts_of(somebody("tomas"), on=MONDAY + 3 * DAY)
    actions.undo(thing=post, rev=now(post).rev, **BY)
    assert post not in queries.posts_of(somebody("tomas"), on=MONDAY + 3 * DAY)
    assert faults() == []


def deputised(post: Post, name: str, first: int, last: int, **more: object) -> Deputy:
    days: dict[str, Any] = {"starts_on": MONDAY + first * DAY, "ends_on": MONDAY + last * DAY}
    told: dict[str, Any] = {"person": somebody(name), "act": "Acción 3", **days, **more, **BY}
    return actions.deputise(post=post, rev=now(post).rev, **told)


def test_what_a_post_signed_since_keeps_its_last_change() -> None:
    post = a_place()
    named(post, "ines")
    trust.record(stream="case:1", kind="ask", actor=f"post:{post.pk}", at=AT, facts={})
    refused(Problem.LATER, lambda: actions.undo(thing=post, rev=now(post).rev, **BY))
    assert queries.holder(post, on=MONDAY) == somebody("ines")


def test_who_stands_in_needs_a_holder_is_another_and_is_alone() -> None:
    post = a_place()
    refused(Problem.NO_HOLDER, lambda: deputised(post, "tomas", 1, 5))
    named(post, "ines")
    refused(Problem.OWN_DEPUTY, lambda: deputised(post, "ines", 1, 5))
    refused(Problem.BACKWARDS, lambda: deputised(post, "tomas", 5, 1))
    deputised(post, "tomas", 1, 5)
    assert refused(Problem.DEPUTIES, lambda: deputised(post, "luz", 5, 9))[0] == "tomas"
    deputised(post, "luz", 6, 9)
    by_deputy: dict[str, Any] = {"named_by": somebody("tomas")}
    refused(Problem.DEPUTY_OF_DEPUTY, lambda: deputised(post, "nadie", 20, 30, **by_deputy))
    assert faults() == []


def test_nobody_leaves_before_they_came_nor_is_replaced_by_themselves() -> None:
    post = a_place()
    refused(
        Problem.NO_HOLDER,
        lambda: actions.leave(post=post, last_day=MONDAY, rev=now(post).rev, **BY),
    )
    named(post, "ines")
    early: dict[str, Any] = {"last_day": MONDAY - DAY, "rev": now(post).rev}
    refused(Problem.BACKWARDS, lambda: actions.leave(post=post, **early, **BY))
    again: dict[str, Any] = {
        "person": somebody("ines"),
        "since": MONDAY + DAY,
        "act": "",
        "rev": now(post).rev,
    }
    refused(Problem.SAME, lambda: actions.replace(post=post, **again, **BY))
    with pytest.raises(PostHeld):
        named(post, "luz", MONDAY + 5 * DAY)


def test_whoever_saw_something_older_changes_nothing() -> None:
    post = a_place()
    seen = post.rev
    named(post, "ines")
    with pytest.raises(Outdated):
        actions.leave(post=post, last_day=MONDAY, rev=seen, **BY)
    body = post.organisation
    said: dict[str, Any] = {"acronym": "GADMO"}
    assert actions.change_organisation(organisation=body, rev=body.rev, said=said, **BY)
    with pytest.raises(Outdated):
        actions.change_organisation(organisation=body, rev=body.rev, said={"acronym": "X"}, **BY)
    assert Organisation.objects.get(pk=body.pk).acronym == "GADMO"


def test_a_change_of_an_institution_is_told_with_what_was_and_undone() -> None:
    body = a_body()
    said: dict[str, Any] = {"name": "Municipio de Otavalo", "acronym": "GADMO"}
    actions.change_organisation(organisation=body, rev=body.rev, said=said, **BY)
    last = history.entries(body.stream).last()
    assert last
    assert (last.facts["name"], last.facts["was_name"]) == ("Municipio de Otavalo", "Otavalo")
    body = Organisation.objects.get(pk=body.pk)
    actions.undo(thing=body, rev=body.rev, **BY)
    body = Organisation.objects.get(pk=body.pk)
    assert (body.name, body.sort_name, body.acronym) == ("Otavalo", "otavalo", "")
    same: dict[str, Any] = {"organisation": body, "rev": body.rev, "said": {"name": "Otavalo"}}
    assert actions.change_organisation(**same, **BY) is False
    assert faults() == []


def test_a_ring_is_refused_with_all_its_bodies() -> None:
    bodies = [a_body(name) for name in ("A", "B", "C")]
    for child, parent in ((0, 1), (1, 2)):
        above = bodies[parent]
        actions.depend(organisation=bodies[child], parent=above, source="prueba", **BY)
    closing: dict[str, Any] = {"organisation": bodies[2], "parent": bodies[0], "source": "prueba"}
    assert set(refused(Problem.LOOP, lambda: actions.depend(**closing, **BY))) == {"A", "B", "C"}
    itself: dict[str, Any] = {"organisation": bodies[0], "parent": bodies[0], "source": "prueba"}
    assert refused(Problem.LOOP, lambda: actions.depend(**itself, **BY)) == ["A"]


def test_a_dependence_moves_on_a_day_and_back() -> None:
    a, b, c = (a_body(name) for name in ("A", "B", "C"))
    actions.depend(organisation=a, parent=b, source="prueba", **BY)
    actions.depend(organisation=a, parent=c, source="prueba", on=MONDAY, **BY)
    assert [(d.parent, d.ends_on) for d in a.dependences.order_by("pk")] == [(b, MONDAY), (c, None)]
    a.refresh_from_db()
    actions.undo(thing=a, rev=a.rev, **BY)
    assert queries.parents()[a.pk] == b.pk
    assert faults() == []


def test_nothing_comes_from_what_came_from_it() -> None:
    a, b, c = (a_body(name) for name in ("A", "B", "C"))
    told: dict[str, Any] = {"on": MONDAY, "act": "Decreto 1", "source": "prueba", **BY}
    actions.succeed(original=a, resulting=b, **told)
    actions.succeed(original=b, resulting=c, **told)
    actions.succeed(original=b, resulting=c, **told)
    refused(Problem.CIRCLE, lambda: actions.succeed(original=c, resulting=a, **told))
    refused(Problem.CIRCLE, lambda: actions.succeed(original=c, resulting=c, **told))


def test_an_institution_has_one_officer_who_is_taken_knowingly() -> None:
    first = a_place(is_egov_officer=True)
    body = first.organisation
    said: dict[str, Any] = {"title": "Sistemas", "is_egov_officer": True}
    told: dict[str, Any] = {"organisation": body, "said": said, **BY}
    names = refused(Problem.OFFICER, lambda: actions.enter_post(instead_of=None, **told))
    second = actions.enter_post(instead_of=int(names[0]), **told)
    assert list(body.posts.filter(is_egov_officer=True)) == [second]
    back: dict[str, Any] = {
        "said": {"is_egov_officer": True},
        "rev": now(first).rev,
        "instead_of": second.pk,
    }
    actions.change_post(post=first, **back, **BY)
    assert list(body.posts.filter(is_egov_officer=True)) == [first]
    assert faults() == []


def test_a_name_is_given_once() -> None:
    body = a_body()
    refused(Problem.KNOWN, a_body)
    a_place(body)
    refused(Problem.KNOWN, lambda: a_place(body))
    works = actions.know_unit(organisation=body, name="Obras", **BY)
    actions.know_unit(organisation=body, name="Agua", **BY)
    named_so: dict[str, Any] = {"name": "Agua", "ends_on": None, "shown": "Obras"}
    refused(Problem.KNOWN, lambda: actions.change_unit(unit=works, **named_so, **BY))


def test_a_unit_is_called_otherwise_and_back() -> None:
    body = a_body()
    works = actions.know_unit(organisation=body, name="Obras", **BY)
    told: dict[str, Any] = {"unit": works, "name": "Vías", "ends_on": None, **BY}
    actions.change_unit(shown="Obras", **told)
    with pytest.raises(Outdated):
        actions.change_unit(shown="Obras", **told)
    body.refresh_from_db()
    actions.undo(thing=body, rev=body.rev, **BY)
    assert Unit.objects.get(pk=works.pk).name == "Obras"
    assert faults() == []


def test_an_end_comes_after_the_start() -> None:
    body = a_body()
    said: dict[str, Any] = {"starts_on": MONDAY, "ends_on": MONDAY - DAY}
    told: dict[str, Any] = {"organisation": body, "rev": body.rev, "said": said}
    refused(Problem.BACKWARDS, lambda: actions.change_organisation(**told, **BY))
    post = a_place(body, ends_on=MONDAY)
    refused(Problem.ENDED, lambda: named(post, "ines", MONDAY + DAY))


def test_a_post_that_ended_lets_nobody_act() -> None:
    post = a_place()
    named(post, "ines")
    actions.change_post(
        post=post, rev=now(post).rev, said={"ends_on": MONDAY + DAY}, instead_of=None, **BY
    )
    assert post in queries.posts_of(somebody("ines"), on=MONDAY + DAY)
    assert post not in queries.posts_of(somebody("ines"), on=MONDAY + 2 * DAY)


def test_a_closed_account_gets_no_post() -> None:
    Person.objects.create_user("nadie@prueba.minga", name="", is_active=False)
    refused(Problem.CLOSED, lambda: somebody("nadie"))


TAMPERING = {
    "a holder": "UPDATE identity_membership SET person_id = {other}",
    "a day": "UPDATE identity_membership SET ends_on = '2026-03-09'",
    "an act": "UPDATE identity_membership SET act = 'Otra'",
    "a membership": "DELETE FROM identity_membership",
    "one more": "INSERT INTO identity_membership (person_id, post_id, starts_on, ends_on, act,"
    " undone) VALUES ({other}, {post}, '2025-01-01', '2025-02-01', '', false)",
    "a deputy": "UPDATE identity_deputy SET ends_on = '2027-01-01'",
    "a duty": "UPDATE identity_post SET stewards = true",
    "a name": "UPDATE identity_organisation SET name = 'Otro'",
    "a unit": "UPDATE identity_unit SET name = 'Otra' WHERE name = 'Obras'",
}


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING)
def test_rows_that_the_history_contradicts_are_named(statement: str) -> None:
    post, other = a_place(), somebody("luz")
    named(post, "ines")
    deputised(post, "tomas", 1, 5)
    actions.know_unit(organisation=post.organisation, name="Obras", **BY)
    assert faults() == []
    with connection.cursor() as cursor:
        cursor.execute(statement.format(other=other.pk, post=post.pk))
    assert faults()


def test_an_institution_has_one_highest_authority() -> None:
    body = a_body()
    told = {"organisation": body, "instead_of": None, **BY}
    first = actions.enter_post(said={"title": "Ministerio", "heads": True}, **told)
    second = actions.enter_post(said={"title": "Secretaría", "heads": True}, **told)
    assert queries.head(body) == second
    first.refresh_from_db()
    assert not first.heads
    assert list(queries.verify()) == []
