from types import SimpleNamespace

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from minga.kernel.catalogue import actions, queries


@pytest.mark.django_db
def test_the_stamp_is_read_once_a_second(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(queries, "connection", SimpleNamespace(in_atomic_block=False))
    queries.forget_stamp()
    with django_assert_num_queries(2):
        for now in (100.0, 100.9, 101.1, 102.0):
            queries.stamp(now)
    with django_assert_num_queries(1):
        queries.forget_stamp()
        queries.stamp(102.0)
    queries.forget_stamp()


@pytest.mark.usefixtures("own_database")
def test_what_this_process_commits_it_shows_at_once() -> None:
    before = queries.stamp(100.0)
    actions.touch()
    after = queries.stamp(100.1)
    assert after != before
    with connection.cursor() as cursor:  # as another process would
        cursor.execute("UPDATE catalogue_publication SET number = number + 1")
    assert queries.stamp(100.2) == after
    assert queries.stamp(101.2) != after
    queries.forget_stamp()
