from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from minga.kernel.jurisdiction import queries
from minga.kernel.jurisdiction.declaration import (
    Jurisdiction,
    Legal,
    NotOffered,
    jurisdictions,
    read,
    written,
)

each_country = pytest.mark.parametrize("country", list(jurisdictions), ids=lambda c: c.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    days: Legal[int]
    name: Legal[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTerms:
    days: Legal[int]


words = st.text("aáñ1 ", min_size=1, max_size=5)


def legal(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Legal[Any]]:
    sources = {"source": words, "on": st.dates(), "confirmed_by": st.none() | words}
    return st.builds(Legal, st.none() | values, **sources)


@given(st.builds(Terms, days=legal(st.integers(0, 1000)), name=legal(words | st.tuples(words))))
def test_terms_are_the_same_after_freezing(terms: Terms) -> None:
    assert read(Terms, written(terms)) == terms


def test_terms_come_back_with_the_types_they_were_said_in() -> None:
    terms = Terms(days=a_legal(10), name=a_legal(None))
    assert read(Terms, written(terms)).days.on == date(2026, 1, 1)
    assert read(Terms, written(terms)).name.value is None


def test_what_is_not_offered_says_why() -> None:
    assert written(NotOffered(Terms, reason="no hay")) == {"not_offered": "no hay"}


def test_a_country_answers_by_the_type_it_is_asked_for() -> None:
    terms, refusal = Terms(days=a_legal(1), name=a_legal("x")), NotOffered(OtherTerms, reason="no")
    country = a_country([refusal, terms])
    assert country.terms_for(Terms) is terms
    assert country.terms_for(OtherTerms) is refusal


@each_country
def test_a_country_that_says_nothing_about_a_service_is_an_error(country: Jurisdiction) -> None:
    with pytest.raises(LookupError, match=country.key):
        country.terms_for(Terms)


@each_country
def test_every_country_answers_with_values_whose_source_is_named(country: Jurisdiction) -> None:
    assert country.answers
    for answer in country.answers:
        if isinstance(answer, NotOffered):
            assert answer.reason
            continue
        values: list[Any] = [getattr(answer, field.name) for field in fields(answer)]  # type: ignore[arg-type]
        assert all(isinstance(value, Legal) and value.source for value in values)
        assert read(type(answer), written(answer)) == answer


@each_country
def test_every_country_names_itself_and_brings_its_files(
    country: Jurisdiction, settings: Settings
) -> None:
    settings.MINGA_COUNTRY = country.key
    assert queries.current() is country
    assert (len(country.iso), len(country.currency)) == (2, 3)
    named = {file.name for file in queries.files("jurisdiction")}
    assert {"territories.csv", "holidays.csv"} <= named
    assert queries.files("plans")
    assert queries.files("nobody") == []


@each_country
def test_identifiers_refuse_what_is_no_number(country: Jurisdiction) -> None:
    for identifier in country.identifiers:
        assert identifier.name
        assert not identifier.is_valid("")
        assert not identifier.is_valid("123")
        assert not identifier.is_valid("no es un número")


def a_legal(value: Any) -> Legal[Any]:
    return Legal(value, source="valor de prueba", on=date(2026, 1, 1))


def a_country(answers: list[object]) -> Jurisdiction:
    return Jurisdiction(
        key="somewhere",
        iso="XX",
        name="Alguna parte",
        currency="XXX",
        zone="UTC",
        identifiers=[],
        answers=answers,
    )
