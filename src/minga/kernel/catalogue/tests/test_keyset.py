from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import CharField, F, IntegerField, QuerySet, Value
from django.db.models.functions import Length, NullIf
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from minga.kernel.base.pages import Order, Page, keyset
from minga.kernel.catalogue.models import Record

START = datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)
ORDERS = [
    [Order("published_at", descending=True)],
    [Order("title"), Order("published_at", descending=True)],
    [Order("filled", nulls="last")],
    [Order("filled", descending=True, nulls="first"), Order("long")],
    [Order("filled", descending=True, nulls="last"), Order("title", descending=True)],
    [Order("pk", descending=True)],
    [],
]
rows = st.lists(st.tuples(st.sampled_from(["", "a", "ñ", "Z🌽"]), st.integers(0, 3)), max_size=12)


def a_list(rows: list[tuple[str, int]]) -> QuerySet[Record]:
    Record.objects.bulk_create(
        Record(
            type="test.thing",
            reference=str(number),
            title=title,
            address="/",
            published_at=START + timedelta(microseconds=minute),
            demo=False,
        )
        for number, (title, minute) in enumerate(rows)
    )
    empty = NullIf(F("title"), Value(""), output_field=CharField())
    return Record.objects.annotate(filled=empty, long=Length("title", output_field=IntegerField()))


def walk(
    turn: Callable[[str], Page[Record]], side: str, start: str = ""
) -> list[list[tuple[int, str]]]:
    pages, query = [], start
    while True:
        page = turn(query)
        pages.append([(row.pk, row.title) for row in page.rows])
        query = str(getattr(page, side))
        if not query:
            return pages


@pytest.mark.usefixtures("nothing_public")
@settings(max_examples=12)
@given(rows=rows, order=st.sampled_from(ORDERS), size=st.integers(1, 5))
def test_walking_meets_each_row_once_in_order_and_back_the_same(
    rows: list[tuple[str, int]], order: list[Order], size: int
) -> None:
    with transaction.atomic():
        found = a_list(rows)

        def turn(query: str) -> Page[Record]:
            return keyset(found, order=order, query=QueryDict(query[1:]), size=size)

        forward = walk(turn, "next")
        whole = [row for page in forward for row in page]
        turned = order[-1].descending if order else False
        expected = found.order_by(
            *(column.expression() for column in order), "-pk" if turned else "pk"
        )
        assert whole == [(row.pk, row.title) for row in expected]
        assert all(len(page) == size for page in forward[:-1])
        last = ""
        for _ in forward[1:]:
            last = turn(last).next
        assert walk(turn, "previous", last) == forward[::-1]
        backward = walk(turn, "previous", turn("").last)
        assert [row for page in backward[::-1] for row in page] == whole
        transaction.set_rollback(True)


@pytest.mark.usefixtures("nothing_public")
def test_a_page_takes_one_statement_and_keeps_the_filters(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    found = a_list([("a", n) for n in range(9)])
    order = [Order("title"), Order("published_at")]
    query = QueryDict("tema=agua&tema=luz")
    for side in ("next", "last", "previous", "first"):
        with django_assert_num_queries(1):
            page = keyset(found, order=order, query=query, size=2)
        assert getattr(page, side).startswith("?tema=agua&tema=luz")
        if side == "first":
            assert getattr(page, side) == "?tema=agua&tema=luz"
        query = QueryDict(getattr(page, side)[1:])
    assert keyset(found, order=order, query={}, size=9).next == ""


@pytest.mark.usefixtures("nothing_public")
def test_an_address_we_did_not_write_is_the_first_page() -> None:
    found = a_list([("a", n) for n in range(5)])
    by_day = [Order("published_at")]
    page = keyset(found, order=by_day, query={}, size=2)
    ours = QueryDict(page.next[1:])["pagina"]
    wrong = ["", "2", "despues", "antes..", "despues.e30.x", "ñ\x00\ud800", "." * 9999]
    for token in [*wrong, ours[:-1], ours + "A", ours.replace("despues", "antes")]:
        assert keyset(found, order=by_day, query={"pagina": token}, size=2).rows == page.rows
    other = keyset(found, order=[Order("title")], query={"pagina": ours}, size=2)
    assert other.rows == page.rows


@pytest.mark.usefixtures("nothing_public")
def test_rows_added_and_hidden_meanwhile_move_nobody() -> None:
    found = a_list([("a", n) for n in range(6)])
    by_day = [Order("published_at")]
    query = QueryDict(keyset(found, order=by_day, query={}, size=2).next[1:])
    second = keyset(found, order=by_day, query=query, size=2).rows
    Record.objects.filter(reference__in=["0", "1"]).delete()
    assert keyset(found, order=by_day, query=query, size=2).rows == second
    Record.objects.all().delete()
    nothing = keyset(found, order=by_day, query=query, size=2)
    assert not nothing.rows
    assert nothing.first


def test_what_may_be_empty_must_say_where_the_empty_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Record._meta.get_field("published_at"), "null", True)
    with pytest.raises(ValueError, match="published_at"):
        keyset(Record.objects.all(), order=[Order("published_at")], query={})
