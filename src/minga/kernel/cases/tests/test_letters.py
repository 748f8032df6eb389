from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import Settings

from minga.kernel.cases import actions
from minga.kernel.cases.declaration import Refused
from minga.kernel.cases.models import Case, Contact
from minga.kernel.cases.tests.build import NOON, an_errand, asked, replied, step
from minga.kernel.mailbox.models import Letter
from minga.kernel.trust import queries as trust

pytestmark = pytest.mark.django_db
EMAIL = "rosa@example.org"
WORDS: Mapping[str, str] = {
    "finish": "{% autoescape off %}Se hizo\n\nTu caso {{ case.code }} & más:\n{{ site }}/x/\n\n"
    "{% endautoescape %}",
    "ask": "Te preguntan\n\nMira {{ case.code }}.",
    "reply": "Respondiste\n\nNo debería llegar.",
}


@pytest.fixture(autouse=True)
def letters(settings: Settings, tmp_path: Path) -> None:
    """The words that the service of errands has for some of its steps."""
    folder = tmp_path / "test" / "letters"
    folder.mkdir(parents=True)
    for kind, words in WORDS.items():
        (folder / f"{kind}.txt").write_text(words, "utf-8")
    engine: dict[str, Any] = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]
    settings.MINGA_ADDRESS = "https://minga.example"


def told(case: Case) -> Case:
    Contact.objects.create(case=case, email=EMAIL)
    return case


def test_who_left_an_address_is_told_what_happened() -> None:
    case = step(told(an_errand()), "finish")
    letter = Letter.objects.get()
    assert (letter.to, letter.subject) == (EMAIL, "Se hizo")
    assert letter.body == f"Tu caso {case.code} & más:\nhttps://minga.example/x/"
    assert (letter.written_at, letter.due_at) == (NOON, NOON)


def test_who_left_no_address_is_not_told() -> None:
    step(an_errand(), "finish")
    assert not Letter.objects.exists()


def test_nobody_is_told_what_they_did_themselves() -> None:
    case = asked(told(an_errand()))
    replied(case)
    assert [letter.subject for letter in Letter.objects.all()] == ["Te preguntan"]


def test_a_step_the_service_has_no_words_for_is_taken_in_silence() -> None:
    case = step(told(an_errand()), "refuse", reason="late")
    assert case.state == "refused"
    assert not Letter.objects.exists()


def test_a_letter_goes_with_the_step_it_tells_of() -> None:
    case = told(an_errand())
    with transaction.atomic():
        step(case, "finish")
        assert Letter.objects.count() == 1
        transaction.set_rollback(True)
    case.refresh_from_db()
    assert (case.state, Letter.objects.count()) == ("received", 0)
    assert trust.entries(case.stream).count() == 1


def test_a_step_whose_letter_fails_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    case = told(an_errand())

    def fail(**_: object) -> None:
        raise RuntimeError("no outbox")

    monkeypatch.setattr("minga.kernel.mailbox.actions.write", fail)
    with pytest.raises(RuntimeError):
        step(case, "finish")
    case.refresh_from_db()
    assert (case.state, trust.entries(case.stream).count()) == ("received", 1)


def test_a_refused_step_tells_nobody() -> None:
    case = told(an_errand())
    with pytest.raises(Refused):
        step(case, "ask")
    assert not Letter.objects.exists()


def test_a_service_may_tell_of_what_is_no_step() -> None:
    actions.tell(case=an_errand(), kind="ask", email=EMAIL, title="x", at=NOON)
    actions.tell(case=an_errand(), kind="nothing", email=EMAIL, title="x", at=NOON)
    assert [letter.to for letter in Letter.objects.all()] == [EMAIL]


def test_a_letter_holds_no_word_of_the_messages() -> None:
    asked(told(an_errand(title="Puente")), "¿Quién es tu vecino?")
    assert "vecino" not in Letter.objects.get().body
