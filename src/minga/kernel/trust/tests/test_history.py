from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import CharField

from minga.kernel.trust import actions, queries
from minga.kernel.trust.models import AppendOnly, Entry, Stream
from minga.kernel.trust.tests.build import (
    NOON,
    a_beginning,
    an_entry,
    drop,
    sql,
    triggers_of,
    without_triggers,
)

Together = Callable[[Callable[[], object]], list[object]]


@pytest.mark.django_db
def test_entries_form_one_chain_per_stream() -> None:
    first, second, other = an_entry(), an_entry(), an_entry("test:2")
    assert (first.seq, second.seq, other.seq) == (1, 2, 1)
    assert (first.previous, second.previous, other.previous) == ("", first.hash, "")
    assert [entry.pk for entry in queries.entries("test:1")] == [first.pk, second.pk]
    assert (first.at, first.facts["what"]) == (NOON, "sí")
    assert list(queries.verify()) == []


@pytest.mark.django_db
def test_what_begins_a_stream_is_gone_on_with() -> None:
    first, second = a_beginning(), an_entry()
    assert (first.seq, first.previous) == (1, "")
    assert (second.seq, second.previous) == (2, first.hash)
    assert list(queries.verify()) == []


@pytest.mark.django_db
def test_a_stream_begins_once() -> None:
    an_entry()
    with pytest.raises(IntegrityError), transaction.atomic():
        a_beginning()
    assert queries.entries("test:1").count() == 1
    assert list(queries.verify()) == []


@pytest.mark.django_db
def test_what_is_rolled_back_leaves_no_gap() -> None:
    an_entry()
    with transaction.atomic():
        an_entry()
        transaction.set_rollback(True)
    assert an_entry().seq == 2
    assert list(queries.verify()) == []


CHANGES = [
    "UPDATE trust_entry SET actor = 'somebody else'",
    "UPDATE trust_entry SET actor = actor",
    "DELETE FROM trust_entry WHERE seq = 1",
    "UPDATE cases_definition SET snapshot = '{}'",
    "DELETE FROM cases_definition",
]
OVERWRITE = {
    "postgresql": ["TRUNCATE trust_entry", "TRUNCATE trust_stream, trust_entry CASCADE"],
    "sqlite": ["REPLACE INTO trust_entry SELECT * FROM trust_entry"],
}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", CHANGES + OVERWRITE[connection.vendor])
def test_the_database_refuses_to_change_the_past(statement: str) -> None:
    an_entry()
    with pytest.raises(DatabaseError, match="append-only"):
        sql(statement)
    assert Entry.objects.get(stream="test:1").actor == "person:1"


@pytest.mark.django_db
def test_a_number_is_taken_once_in_a_stream() -> None:
    entry = an_entry()
    twin = Entry(stream=entry.stream, seq=entry.seq, kind="said", actor="x", body="{}")
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.django_db
def test_every_append_only_table_is_guarded_by_every_trigger() -> None:
    concrete = {m._meta.db_table for m in apps.get_models() if issubclass(m, AppendOnly)}
    assert {"trust_entry", "cases_definition"} <= concrete == set(queries.append_only_tables())
    assert queries.missing_tables() == queries.missing_triggers() == []
    for table in concrete:
        events = {trigger.rpartition("_")[2] for trigger in triggers_of(table)}
        assert {"update", "delete"} <= events
        for trigger in triggers_of(table):
            drop(trigger, table)
            assert [fault.place for fault in queries.verify()] == [trigger]
            actions.guard()
    assert list(queries.verify()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE trust_entry SET actor = 'x' WHERE seq = 2", "test:1 2"),
        ("UPDATE trust_entry SET kind = 'x' WHERE seq = 1", "test:1 1"),
        ("UPDATE trust_entry SET body = '{}' WHERE seq > 1", "test:1 2"),
        ("UPDATE trust_entry SET hash = 'x' WHERE seq = 3", "test:1 3"),
        ("UPDATE trust_entry SET previous = '' WHERE seq = 2", "test:1 2"),
        ("UPDATE trust_entry SET stream = 'test:3' WHERE seq = 3", "test:3 3"),
        ("DELETE FROM trust_entry WHERE seq = 1", "test:1 2"),
        ("DELETE FROM trust_entry WHERE seq = 2", "test:1 3"),
        ("DELETE FROM trust_entry WHERE seq = 3", "test:1"),
        ("DELETE FROM trust_entry WHERE seq > 0", "test:1"),
    ],
)
def test_the_first_row_changed_behind_our_back_is_named(statement: str, named: str) -> None:
    for _ in range(3):
        an_entry()
    an_entry("test:2")
    without_triggers(statement + " AND stream = 'test:1'")
    places = [fault.place for fault in queries.verify()]
    assert named in places
    assert set(places) <= {named, "test:1"}  # a moved row is missing where it was, too


@pytest.mark.django_db
def test_a_tail_cut_off_with_its_head_is_still_seen_by_its_hash() -> None:
    for _ in range(3):
        an_entry()
    without_triggers("DELETE FROM trust_entry WHERE stream = 'test:1' AND seq = 3")
    Stream.objects.filter(key="test:1").update(seq=2)
    assert [fault.place for fault in queries.verify()] == ["test:1"]


@pytest.mark.usefixtures("own_database")
def test_triggers_lost_when_a_table_is_rebuilt_come_back_after_migrate() -> None:
    with connection.schema_editor() as editor:  # SQLite makes the table anew, without them
        longer = CharField(max_length=120)
        longer.set_attributes_from_name("kind")
        editor.alter_field(Entry, Entry._meta.get_field("kind"), longer)
    if connection.vendor == "postgresql":  # keeps them: somebody takes one away
        drop("trust_entry_no_update", "trust_entry")
    assert "trust_entry_no_update" in [fault.place for fault in queries.verify()]
    actions.guard()
    actions.guard()
    assert list(queries.verify()) == []
    an_entry()
    with pytest.raises(DatabaseError, match="append-only"):
        sql("DELETE FROM trust_entry")


@pytest.mark.usefixtures("own_database")
def test_writers_at_the_same_moment_share_one_chain(together: Together) -> None:
    results = together(an_entry)
    assert sorted(entry.seq for entry in results if isinstance(entry, Entry)) == [1, 2, 3, 4]
    assert list(queries.verify()) == []


@pytest.mark.usefixtures("own_database")
def test_of_many_who_begin_the_same_stream_one_does(together: Together) -> None:
    results = together(a_beginning)
    assert sorted(type(result).__name__ for result in results) == ["Entry"] + 3 * ["IntegrityError"]
    assert list(queries.verify()) == []


@pytest.mark.usefixtures("own_database")
def test_who_verifies_sees_one_moment_and_keeps_nobody_waiting(together: Together) -> None:
    an_entry()
    with queries.as_of_now():
        assert queries.entries("test:1").count() == 1
        together(an_entry)  # by others, and committed
        assert queries.entries("test:1").count() == 1
        assert list(queries.verify()) == []
    assert queries.entries("test:1").count() == 5
