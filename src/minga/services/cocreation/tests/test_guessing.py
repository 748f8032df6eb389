"""A code is a key: it can be mistyped, and not be guessed."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from minga.kernel.cases.rules import code
from minga.kernel.identity.rules import WRONG_CODES

from .build import a_proposal

pytestmark = pytest.mark.django_db
WRONG = code("123456789")


@pytest.fixture(autouse=True)
def nobody_tried() -> None:
    cache.clear()


def ask(what: str, *, place: str = "192.0.2.1", page: str = "followed") -> int:
    address = reverse(f"cocreation:{page}", args=[what])
    return Client(REMOTE_ADDR=place).get(address).status_code


def test_who_mistypes_is_told_how_a_code_looks() -> None:
    answer = Client().get(reverse("cocreation:followed", args=[WRONG]))
    assert answer.status_code == 404
    assert "No encontramos ese código" in answer.content.decode()


@pytest.mark.slow
@pytest.mark.parametrize("page", ["followed", "receipt"])
def test_who_guesses_waits_and_is_told_of_no_right_code_meanwhile(page: str) -> None:
    right = a_proposal().case.code
    for _ in range(WRONG_CODES):
        assert ask(right, page=page) == 200
        assert ask(WRONG, page=page) == 404
    assert ask(right, page=page) == ask(WRONG, page=page) == 429
    assert ask(right, place="198.51.100.7", page=page) == 200, "others do not wait"


def test_who_reads_a_plan_waits_for_nobody() -> None:
    for _ in range(WRONG_CODES):
        ask(WRONG)
    assert Client(REMOTE_ADDR="192.0.2.1").get("/planes/nada/c1/").status_code == 404
