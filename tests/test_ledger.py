"""What pages and forms ask of the database is written down, and does not grow with rows."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from minga.kernel.identity.actions.accounts import enter_person
from minga.kernel.identity.models import Person, Post
from minga.services.cocreation import actions
from minga.services.cocreation.models import Integrated, Join
from minga.services.cocreation.tests.build import NOON, a_post, a_proposal, accepted, decided, words
from tests import ledger
from tests.crawl import Visited, patterns, visit


def test_pages_ask_what_the_ledger_says(
    visited: list[Visited], request: pytest.FixtureRequest
) -> None:
    counts = ledger.measured(visited)
    if request.config.getoption("--accept-queries"):
        ledger.accept(counts, {name for name, _ in patterns()})
    written = ledger.written(counts)
    wrong = {
        name: f"asks {asked}, and its ledger says {written.get(name)}"
        for name, asked in counts.items()
        if asked > written.get(name, -1) or (ledger.is_reference() and asked < written.get(name, 0))
    }
    assert not wrong, f"{wrong}: if it is meant, ./minga test --accept-queries"


def test_no_page_asks_much(visited: list[Visited]) -> None:
    dear = [page for page in visited if len(page.statements) > ledger.most(page.name)]
    assert not dear, "\n".join((str(dear[0]), *dear[0].statements))


LISTS = [
    reverse("public_service:home"),
    reverse("catalogue:search") + "?q=presupuesto",
    reverse("cocreation:proposals"),
    reverse("cocreation:proposals") + "?orden=nombre&sector=citizen",
    reverse("cocreation:proposals_csv"),
]
EXPORTS = [name for name, _ in patterns() if name.startswith("cocreation:") and "_csv" in name]
DESKS = [reverse("public_service:desk") + query for query in ("", "?ver=terminados")]


@pytest.mark.django_db
@pytest.mark.parametrize("path", LISTS + DESKS)
def test_a_list_of_three_asks_what_a_list_of_one_asks(path: str) -> None:
    asked = []
    for more in (1, 2):
        for _ in range(more):
            accepted()
            a_proposal()
        reader = Client()
        if path in DESKS:
            reader.force_login(Person.objects.get(email="ines@prueba.minga"))
        page = visit(reader, "", path)
        assert page.status == 200
        assert page.words.count("Presupuesto del barrio") >= more
        asked.append(len(page.statements))
    assert asked[0] == asked[1], "\n".join(page.statements)
    assert asked[0] <= ledger.MOST


@pytest.mark.django_db
def test_exports_of_three_processes_ask_what_those_of_one_ask() -> None:
    asked: list[dict[str, int]] = []
    days = {"opens": NOON, "closes": NOON + timedelta(days=40)}
    for key in ("prueba", "dos", "tres"):
        if asked:
            actions.convene(key=key, title=key, convener=Post.objects.all()[0], **days)
        proposal = accepted(cycle=key)
        told = {"cycle": proposal.cycle, "number": 1, "title": key, "sort_title": key}
        whole = Integrated.objects.create(made_at=NOON, **told)
        why = {"reason": "x", "joined_at": NOON, "joined_by": "house"}
        Join.objects.create(integrated=whole, proposal=proposal, **why)
        asked.append({n: len(visit(Client(), "", reverse(n)).statements) for n in EXPORTS})
    assert asked[0] == asked[1] == asked[2]
    assert asked[0]["cocreation:outcomes_csv"] == 1


SPACE = [
    reverse(f"public_service:{name}")
    for name in ("space", "my_cases", "my_drafts", "notices", "my_data", "my_data_file")
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", SPACE)
def test_a_space_of_three_asks_what_a_space_of_one_asks(path: str) -> None:
    rosa = enter_person(email="rosa@prueba.minga", name="Rosa", password=None)
    asked = []
    for more in (1, 2):
        for _ in range(more):
            proposal = a_proposal(person=rosa)
            decided(proposal, "ask", message="¿A quién se refiere, y desde cuándo?")
            actions.keep(draft=uuid4(), words=words(), at=NOON, person=rosa)
        reader = Client()
        reader.force_login(rosa)
        page = visit(reader, "", path)
        assert page.status == 200
        asked.append(len(page.statements))
    assert asked[0] == asked[1] <= ledger.MOST, "\n".join(page.statements)


@pytest.mark.django_db
def test_a_long_story_asks_what_a_short_one_asks() -> None:
    proposal, asked = a_proposal(), []
    for _ in range(3):
        page = visit(Client(), "", reverse("cocreation:followed", args=[proposal.case.code]))
        asked.append(len(page.statements))
        proposal = decided(proposal, "ask", message="¿A quién se refiere, y desde cuándo?")
        rev = proposal.case.rev
        actions.reply(proposal=proposal, message="A todos.", rev=rev, at=NOON)
        proposal.refresh_from_db()
    assert len(set(asked)) == 1, asked


@pytest.mark.usefixtures("own_database")
@pytest.mark.parametrize(
    ("more", "count"),
    [
        ({}, 10),
        # What somebody chose to add is kept apart: three rows, after a look at the day's letters.
        ({"email": "rosa@prueba.minga", "sex": "woman"}, 14),
    ],
    ids=["bare", "told"],
)
def test_sending_a_proposal_is_one_short_transaction(more: dict[str, str], count: int) -> None:
    now, draft = timezone.now(), uuid4()
    actions.convene(
        key="hoy", title="Hoy", convener=a_post(), opens=now, closes=now + timedelta(days=1)
    )
    actions.keep(draft=draft, words=words(cycle="hoy", **more), at=now)
    with CaptureQueriesContext(connection) as told:
        answer = Client().post(reverse("cocreation:draft_step", args=[draft, "revisar"]))
    statements = [query["sql"] for query in told.captured_queries]
    assert answer.status_code == 302
    assert "recibo" in answer["Location"]
    assert [s.split()[0] for s in statements].count("BEGIN") == 1, "\n".join(statements)
    assert statements[-1] == "COMMIT"
    assert len(statements) == count, "\n".join(statements)


@pytest.mark.usefixtures("own_database")
def test_sending_with_an_account_is_one_short_transaction_too() -> None:
    now, draft, reader = timezone.now(), uuid4(), Client()
    rosa = enter_person(email="rosa@prueba.minga", name="Rosa", password=None)
    reader.force_login(rosa)
    actions.convene(
        key="hoy", title="Hoy", convener=a_post(), opens=now, closes=now + timedelta(days=1)
    )
    actions.keep(draft=draft, words=words(cycle="hoy"), at=now, person=rosa)
    with CaptureQueriesContext(connection) as told:
        answer = reader.post(reverse("cocreation:draft_step", args=[draft, "revisar"]))
    statements = [query["sql"] for query in told.captured_queries]
    assert answer.status_code == 302
    assert [s.split()[0] for s in statements].count("BEGIN") == 1, "\n".join(statements)
    assert statements[-1] == "COMMIT"
    # Besides the ten: session, person, whether the topic is silenced, the day's letters, letter
    # and notice.
    assert len(statements) == 16, "\n".join(statements)
