from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from minga.kernel.catalogue import actions, queries, rules
from minga.kernel.catalogue.declaration import RecordType, record_types
from minga.kernel.catalogue.models import Link, Publication, Record

from .build import NOON, a_record

pytestmark = pytest.mark.usefixtures("nothing_public")


def the_stamp() -> str:
    return queries.stamp(0.0)


def a_link(**changes: Any) -> None:
    said: dict[str, Any] = {"kind": "adopted", "reason": "", "by": "person:1", "at": NOON}
    actions.link(**said | changes)


def test_publishing_takes_two_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _new, title in ((True, "Agua"), (False, "Agua para todos")):
        with django_assert_num_queries(2):  # in the action's transaction, without a savepoint
            a_record(title, reference="1")


def test_what_is_published_again_is_one_record_and_keeps_its_day() -> None:
    first = a_record("Agua", "con cloro", reference="1")
    again = a_record("Agua", "con flúor", reference="1")
    assert again.pk == first.pk
    again.refresh_from_db()
    assert again.published_at == first.published_at
    assert again.text == "con flúor"
    assert queries.search("cloro").count == 0
    assert queries.search("fluor").count == 1


def test_hiding_leaves_nothing_behind_in_the_same_transaction() -> None:
    here, there = a_record("Agua", reference="1"), a_record("Agua", reference="2")
    a_link(from_record=here, to_record=there)
    with transaction.atomic():
        assert actions.hide(type="test.thing", reference="1")
        assert queries.search("agua").count == 1
        assert not Link.objects.exists()
        transaction.set_rollback(True)
    assert queries.search("agua").count == 2
    with CaptureQueriesContext(connection) as done:
        assert actions.hide(type="test.thing", reference="1")
    assert len(done) == 6
    assert not actions.hide(type="test.thing", reference="1")
    assert [found.record.reference for found in queries.search("agua").hits] == ["2"]


def test_a_row_deleted_behind_our_back_is_not_found_either() -> None:
    a_record("Agua")
    Record.objects.all().delete()
    assert queries.search("agua").count == 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # raises when index and rows differ
            cursor.execute(
                "INSERT INTO catalogue_search(catalogue_search, rank) VALUES ('integrity-check', 1)"
            )


def test_whatever_people_can_see_raises_the_stamp() -> None:
    stamps = [the_stamp()]
    here, there = a_record(reference="1"), a_record(reference="2")
    stamps.append(the_stamp())
    a_link(from_record=here, to_record=there)
    stamps.append(the_stamp())
    actions.touch()
    stamps.append(the_stamp())
    actions.hide(type="test.thing", reference="1")
    stamps.append(the_stamp())
    assert len(set(stamps)) == len(stamps)
    actions.hide(type="test.thing", reference="1")
    assert the_stamp() == stamps[-1]


def test_a_stamp_taken_back_never_comes_again() -> None:
    seen = set()
    for _ in range(2):
        with transaction.atomic():
            actions.touch()
            seen.add(the_stamp())
            transaction.set_rollback(True)
    assert len(seen) == 2


def test_a_link_is_said_once_and_read_from_both_ends() -> None:
    proposal, commitment = a_record("Propuesta"), a_record("Compromiso")
    for reason in ("se integró", "otra vez"):
        a_link(from_record=proposal, to_record=commitment, reason=reason)
    first, second = (
        queries.trace(type=record.type, reference=record.reference)
        for record in (proposal, commitment)
    )
    assert [link.to_record for link in first.outcomes] == [commitment]
    assert [link.reason for link in second.origins] == ["se integró"]
    assert not first.origins
    assert not second.outcomes


@pytest.mark.parametrize("address", ["//elsewhere.example/", "https://elsewhere.example", ""])
def test_a_record_leads_to_a_page_of_this_site(address: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.publish(
            type="test.thing",
            reference="1",
            title="",
            text="",
            address=address,
            demo=False,
            at=NOON,
        )


def test_what_nobody_may_store_is_left_out_and_long_titles_are_cut() -> None:
    record = a_record("Agua\x00 \u202eclara" + "s" * 400, "luz\x07" + "palabra" * 9999)
    assert record.title.startswith("Agua clara")
    assert len(record.title) == 300
    assert queries.search("agua").count == 1


def test_roots_of_older_rules_are_written_anew() -> None:
    a_record("Ciudades abiertas")
    Record.objects.update(roots="old", title_roots="old")
    actions.prepare_search()
    assert queries.search("ciudad").count == 0
    Publication.objects.update(roots_version="0")
    actions.prepare_search()
    assert queries.search("ciudad").count == 1


def test_changed_roots_have_a_new_version() -> None:
    """Where this fails, raise rules.VERSION: what is stored must be written anew."""
    text = "Ciudades luces interés raíces Año llaktakuna ch'amani COVID-19 más de la participación"
    now = "ciud luc luz inter raic raiz ano llaktakun chamani cov 19 particip"
    assert (rules.VERSION, rules.written(text)) == ("1", now)


def test_what_is_found_and_not_public_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record_types, "_items", {})
    said = RecordType(
        key="test.thing", label="Cosa", page="catalogue:search", public=lambda: ("shown",)
    )
    record_types.add(said)
    for reference in ("shown", "left"):
        a_record(reference=reference)
    assert [fault.place for fault in queries.verify()] == ["test.thing left"]
