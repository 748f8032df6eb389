from collections.abc import Iterable
from itertools import permutations

import pytest

from minga.kernel.assemblies import actions, queries
from minga.kernel.assemblies.actions import NotAMember, Undecided
from minga.kernel.assemblies.models import Delegate, Item, Vote
from minga.kernel.assemblies.rules import Choice, Verdict
from minga.kernel.identity import actions as identity
from minga.kernel.trust import queries as trust

from .build import MEMBERS, NOON, a_body, a_person, a_point, a_session, seats

pytestmark = pytest.mark.django_db
FOR, AGAINST = Choice.FOR, Choice.AGAINST


def votes(item: Item, names: Iterable[str], choice: Choice = FOR) -> Item:
    for name in names:
        item = actions.vote(item=item, person=a_person(name), choice=choice, at=NOON)
    return item


def test_seats_brought_in_again_keep_who_speaks_in_them() -> None:
    body = a_body()
    before = list(Delegate.objects.values_list("pk", "seat__member__key"))
    again = seats(body)
    for place, seat in enumerate(reversed(again), start=1):
        seat.position = place
    identity.seat(body=body, seats=again)
    assert list(Delegate.objects.values_list("pk", "seat__member__key")) == before
    assert [seat.member.key for seat in queries.seats(body)] == list(reversed(MEMBERS))


def test_a_session_decides_once_all_who_are_there_voted() -> None:
    session = a_session("ana", "caro", "dario")
    item = votes(a_point(session), ["ana", "caro"])
    assert item.outcome == ""
    item = votes(item, ["dario"], AGAINST)
    assert (item.outcome, item.decided_at) == ("carried", NOON)
    assert votes(item, ["ana"], AGAINST).outcome == "carried"
    assert Vote.objects.count() == 3
    assert [*trust.verify(), *queries.verify()] == []


def test_the_same_votes_in_any_order_decide_the_same() -> None:
    session = a_session(*MEMBERS)
    said = {"ana": FOR, "beto": FOR, "caro": FOR, "dario": AGAINST}
    for order in list(permutations(said))[::5]:
        item = a_point(session)
        for name in order:
            item = votes(item, [name], said[name])
        assert item.outcome == "carried"


def test_who_does_not_sit_in_it_or_is_not_there_has_no_vote() -> None:
    item = a_point(a_session("ana"))
    with pytest.raises(NotAMember):
        votes(item, ["zoe"])
    with pytest.raises(Undecided) as refused:
        votes(item, ["caro"])
    assert refused.value.verdict == Verdict.ABSENT


def test_a_lone_member_concludes_nothing() -> None:
    session = a_session(*MEMBERS)
    item = votes(a_point(session), ["ana"])
    with pytest.raises(Undecided) as refused:
        actions.conclude(item=item, person=a_person("ana"), at=NOON)
    assert refused.value.verdict == Verdict.ALONE
    item = votes(item, ["beto", "dario"])
    assert actions.conclude(item=item, person=a_person("ana"), at=NOON).outcome == "carried"


def test_a_point_that_waits_is_put_once_however_often_it_is_sent() -> None:
    session = a_session("ana", "caro")
    item = a_point(session)
    assert a_point(session) == item
    votes(item, ["ana", "caro"])
    assert a_point(session) != item


def test_an_alternate_counts_only_while_the_principal_is_absent() -> None:
    session, luis = a_session("ana", "caro"), a_person("luis")
    seat = session.body.seats.get(member__key="dario")
    told = {"since": NOON.date(), "by": "house", "at": NOON, "alternate": True}
    actions.delegate(seat=seat, person=luis, **told)  # type: ignore[arg-type]
    assert actions.attend(session=session, person=luis, at=NOON).alternate
    actions.attend(session=session, person=a_person("dario"), at=NOON)
    assert not actions.attend(session=session, person=luis, at=NOON).alternate
    with pytest.raises(Undecided):
        votes(a_point(session), ["luis"])
    assert session.attendances.count() == 3
    assert [*queries.verify()] == []


def test_sessions_are_numbered_after_the_last_one_and_their_minutes_approved() -> None:
    body = a_body()
    told = {"person": a_person("ana"), "virtual": False, "at": NOON}
    first = actions.call(body=body, held_on=NOON.date(), first=24, **told)  # type: ignore[arg-type]
    again = actions.call(body=body, held_on=NOON.date(), **told)  # type: ignore[arg-type]
    assert (first.number, again) == (24, first)
    for name in ("ana", "caro"):
        actions.attend(session=first, person=a_person(name), at=NOON)
    votes(a_point(first, f"minutes:{first.pk}"), ["ana", "caro"])
    first.refresh_from_db()
    assert first.approved_at == NOON
    after = actions.call(body=body, held_on=NOON.date(), **told)  # type: ignore[arg-type]
    assert after.number == 25


def test_a_vote_that_was_changed_behind_the_house_is_named() -> None:
    votes(a_point(a_session("ana", "caro")), ["ana", "caro"])
    Vote.objects.filter(seat__member__key="ana").update(choice=AGAINST)
    assert len(list(queries.verify())) == 1
