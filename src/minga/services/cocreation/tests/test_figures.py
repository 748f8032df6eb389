"""Small numbers are protected, and what a document prints comes out of public data."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from minga.services.cocreation import actions
from minga.services.cocreation.actions import screening, stages
from minga.services.cocreation.datasets.cycles import cycle_counts
from minga.services.cocreation.demo import replay as demo
from minga.services.cocreation.demo.replay.world import Script, World
from minga.services.cocreation.models import Integrated, Join, Placement, Proposal
from minga.services.cocreation.queries import history
from minga.services.cocreation.rules.figures import protected, share
from minga.services.cocreation.rules.published import Match, Pick, Printed, compared

from .build import NOON, a_proposal, a_whole_cycle, accepted
from .test_screening import YES, now

TOP = 6


@pytest.mark.parametrize("least", [2, 3, 5])
@pytest.mark.parametrize("kinds", [2, 3])
def test_whoever_knows_the_rule_and_the_whole_finds_no_small_number(kinds: int, least: int) -> None:
    """By brute force: of all tables that would be published alike, two at least differ in each
    number that is too small to be said."""
    published = defaultdict(list)
    for table in product(range(TOP + 1), repeat=kinds):
        said = protected(dict(enumerate(table)), least)
        published[tuple(said.items()), sum(table)].append(table)
    for (shown, _whole), tables in published.items():
        for kind, many in shown:
            if many is None and max(map(max, tables)) < TOP:  # else there are tables beyond ours
                small = {table[kind] for table in tables}
                assert len(small) > 1 or not 0 < small.pop() < least, (shown, tables)


@pytest.mark.slow
@given(
    counts=st.dictionaries(st.integers(0, 30), st.integers(0, 400), min_size=1),
    least=st.integers(1, 20),
)
def test_what_is_said_is_true_and_never_a_small_number(counts: dict[int, int], least: int) -> None:
    said = protected(counts, least)
    hidden = [counts[kind] for kind, many in said.items() if many is None]
    assert all(many is None or many == counts[kind] for kind, many in said.items())
    assert all(not 0 < many < least for many in said.values() if many is not None)
    assert len(hidden) != 1 or len(counts) == 1
    assert not hidden or sum(hidden) >= least or len(hidden) == len(counts)


def test_shares_are_printed_as_the_document_prints_them() -> None:
    printed = [(118, 297, "39.73"), (60, 297, "20.20"), (237, 297, "79.80"), (13, 335, "3.88")]
    assert [share(part, whole) for part, whole, _said in printed] == [p[2] for p in printed]
    assert share(1, 0) == ""


def rows(cycle: str) -> list[Mapping[str, str]]:
    """What anybody downloads."""
    answer = Client().get(reverse("cocreation:cycle_counts_csv"))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    _headings, *lines = csv.reader(text.splitlines())
    found = [dict(zip(cycle_counts.columns, line, strict=True)) for line in lines]
    return [row for row in found if row["cycle"] == cycle]


def printed(published: str, **pick: str) -> Printed:
    over = [Pick(by="all")] if "%" in published else []
    return Printed(title="x", source="y", published=published, read=[Pick(**pick)], over=over)


def test_a_figure_is_the_same_another_rounded_otherwise_or_missing() -> None:
    public = [
        {"by": "all", "channel": "web", "value": "", "many": "297"},
        {"by": "group", "channel": "web", "value": "a", "many": "16"},
        {"by": "group", "channel": "web", "value": "b", "many": ""},
    ]
    told = {"by": "group", "value": "a"}
    results = [
        compared(printed("16", **told), public),
        compared(printed("17", **told), public),
        compared(printed("5,40 %", **told), public),
        compared(printed("5,4 %", **told), public),
        compared(printed("6 %", **told), public),
        compared(printed("16", by="group", value="b"), public),
        compared(printed("16", by="nothing"), public),
    ]
    assert [one.match for one in results] == [
        *(Match.SAME, Match.OTHER, Match.ROUNDING, Match.SAME),
        *(Match.OTHER, Match.MISSING, Match.MISSING),
    ]
    assert results[2].interval == "ninguna de 297"
    assert results[3].interval == "16 de 297"


SORTED = [step for step in demo.STEPS if not step.in_groups]


@pytest.fixture
def small() -> World:
    published = demo.published("paga-1")
    if published is None:
        pytest.skip("this country prints no figures of a cycle")
    script = Script.small(published, "chica", "Un proceso chico", 6)
    return demo.replay(script, timezone.now(), steps=SORTED)


def outcomes(key: str) -> dict[str, int]:
    found = [row for row in rows(key) if row["by"] == "outcome"]
    return {
        value: sum(int(row["many"]) for row in found if row["value"] == value)
        for value in ("related", "not_related")
    }


@pytest.mark.slow
@pytest.mark.django_db
def test_one_proposal_screened_otherwise_changes_the_printed_figure(small: World) -> None:
    key = small.script.key
    before = outcomes(key)
    assert before == {"related": small.script.related, "not_related": 6 - small.script.related}
    tomorrow = timezone.now() + timedelta(days=1)
    again = demo.replay(small.script, tomorrow, steps=SORTED)  # twice is once
    assert outcomes(key) == before
    assert (again.begin, list(history.verify())) == (small.begin, [])
    proposal = Proposal.objects.filter(cycle__key=key, case__state="not_related").first()
    assert proposal
    at, said = small.at(12), "Falta decir quién lo publicaría."
    for move, words in (("reopen", said), ("accept", "")):
        found = now(proposal)
        told = {"move": move, "post": small.post, "rev": found.case.rev, "at": at}
        actions.decide(proposal=found, message=words, **told)  # type: ignore[arg-type]
    found = now(proposal)
    told = {"proposal": found, "at": at}
    made = screening.propose(
        person=small.speaks("nadia"),
        verdict=YES,
        rev=found.case.rev,
        **told,  # type: ignore[arg-type]
    )
    screening.agree(person=small.speaks("elena"), shown=made.pk, **told)  # type: ignore[arg-type]
    assert outcomes(key) == {
        "related": before["related"] + 1,
        "not_related": before["not_related"] - 1,
    }
    page = Client().get(reverse("cocreation:cycle_figures", args=[key])).content.decode()
    assert "Datos de demostración" in page


@pytest.mark.django_db
def test_what_people_said_of_themselves_is_counted_only_once_nothing_comes_any_more() -> None:
    accepted(sex="woman")
    waits = a_proposal(sex="man")
    about_people = {"sex", "age_group", "ethnic_group"}
    assert not about_people & {row["by"] for row in rows("prueba")}
    assert waits.received_at == NOON


@pytest.mark.django_db
def test_categories_are_counted_as_they_were_selected_and_as_they_are_now() -> None:
    """PAGA I, l. 553: what was possible goes to another one, once the first are confirmed."""
    cycle, proposal = a_whole_cycle("seleccion"), accepted()
    told = {"cycle": cycle, "number": 1, "title": "Una", "sort_title": "una"}
    whole = Integrated.objects.create(made_at=NOON, **told)
    why = {"reason": "x", "joined_at": NOON, "joined_by": "house"}
    Join.objects.create(integrated=whole, proposal=proposal, **why)
    placed = {"integrated": whole, "by_score": 2, "decision": "d"}
    Placement.objects.create(category=2, placed_at=NOON, **placed)
    hour = timedelta(hours=1)
    stages.advance(cycle=cycle, to="confirmacion", by="house", at=NOON + hour)
    Placement.objects.update(current=False)
    again = {**placed, "reason": "Se confirmaron las primeras."}
    Placement.objects.create(category=3, placed_at=NOON + 2 * hour, **again)
    counted = {(row["by"], row["value"]): row["many"] for row in rows(cycle.key)}
    assert (counted["integrated", ""], counted["category", "2"]) == ("1", "1")
    assert counted["category_now", "3"] == "1"
    assert ("category", "3") not in counted
