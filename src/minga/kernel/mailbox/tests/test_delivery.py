import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage as Received
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import BadHeaderError, EmailMessage, send_mail
from django.db import IntegrityError, transaction
from pytest_django import Settings

from minga.kernel.mailbox import actions, queries, rules
from minga.kernel.mailbox.models import Letter

Together = Callable[[Callable[[], object]], list[object]]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """No mail server: letters are laid into a folder."""
    settings.MINGA_MAIL, settings.MINGA_MAIL_FOLDER = "", tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """A mail server that answers what the list holds, and then takes everything."""
    answers: list[Any] = []

    def send(letter: Letter) -> None:
        if answers and (answer := answers.pop(0)):
            raise answer

    monkeypatch.setattr(actions, "_send", send)
    yield answers
    assert answers == []


def a_letter(subject: str = "Hay noticias", to: str = "rosa@example.org") -> Letter:
    return actions.write(to=to, subject=subject, body="Tu caso dio un paso: ñ.", at=NOON)


def received(folder: Path) -> list[Received]:
    found = [file.read_bytes() for file in sorted(folder.glob("*"))] if folder.exists() else []
    parts = [part for text in found for part in text.split(b"-" * 79) if part.strip()]
    return [
        message_from_bytes(part.strip(), _class=Received, policy=policy.default) for part in parts
    ]


@pytest.mark.django_db
def test_what_is_due_is_laid_into_the_folder(folder: Path) -> None:
    letter = a_letter()
    assert actions.deliver(at=NOON) == 1
    [mail] = received(folder)
    assert (mail["To"], mail["Subject"]) == ("rosa@example.org", "Hay noticias")
    assert mail.get_content().strip() == "Tu caso dio un paso: ñ."
    assert mail["Message-ID"] == f"<{letter.key}@minga>"
    assert actions.deliver(at=NOON + MINUTE) == 0
    assert len(received(folder)) == 1


@pytest.mark.django_db
def test_words_are_forgotten_once_they_are_delivered() -> None:
    a_letter()
    actions.deliver(at=NOON)
    letter = Letter.objects.get()
    assert (letter.body, letter.due_at, letter.delivered_at) == ("", None, NOON)


@pytest.mark.django_db
def test_what_is_not_due_yet_waits() -> None:
    a_letter()
    assert actions.deliver(at=NOON - MINUTE) == 0
    assert [letter.attempts for letter in queries.due(at=NOON)] == [0]


@pytest.mark.django_db
def test_no_more_than_asked_are_tried_and_the_oldest_first(folder: Path) -> None:
    for number in range(3):
        actions.write(to="x@example.org", subject=str(number), body="x", at=NOON - number * MINUTE)
    for oldest in ("2", "1", "0"):
        before = {mail["Message-ID"] for mail in received(folder)}
        assert actions.deliver(at=NOON, most=1) == 1
        [mail] = [mail for mail in received(folder) if mail["Message-ID"] not in before]
        assert mail["Subject"] == oldest


@pytest.mark.django_db
def test_a_failed_letter_is_kept_and_tried_again(server: list[Any], folder: Path) -> None:
    a_letter()
    server += [smtplib.SMTPServerDisconnected("gone"), ConnectionRefusedError()]
    assert actions.deliver(at=NOON) == 0
    letter = Letter.objects.get()
    assert (letter.attempts, letter.due_at) == (1, NOON + MINUTE)
    assert letter.body
    assert actions.deliver(at=NOON + MINUTE / 2) == 0
    assert actions.deliver(at=NOON + MINUTE) == 0
    letter.refresh_from_db()
    assert (letter.attempts, letter.due_at) == (2, NOON + 3 * MINUTE)
    assert actions.deliver(at=NOON + 3 * MINUTE) == 1
    letter.refresh_from_db()
    assert letter.delivered_at == NOON + 3 * MINUTE


@pytest.mark.django_db
def test_the_same_letter_keeps_its_message_id(folder: Path, settings: Settings) -> None:
    """A server that took a letter and lost the connection sees the same one again."""
    letter = a_letter()
    for _ in range(2):
        Letter.objects.update(due_at=NOON, delivered_at=None)
        actions.deliver(at=NOON)
    assert [mail["Message-ID"] for mail in received(folder)] == 2 * [f"<{letter.key}@minga>"]


@pytest.mark.django_db
def test_a_letter_that_never_arrives_is_given_up_and_kept(server: list[Any]) -> None:
    a_letter()
    server += [OSError() for _ in range(rules.ATTEMPTS)]
    at = NOON
    for _ in range(rules.ATTEMPTS):
        assert actions.deliver(at=at) == 0
        at = Letter.objects.get().due_at or at
    letter = Letter.objects.get()
    assert (letter.due_at, letter.delivered_at) == (None, None)
    assert letter.body
    assert actions.deliver(at=at + timedelta(days=365)) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("problem", [BadHeaderError(), UnicodeError(), OSError()])
def test_a_letter_that_nobody_takes_stops_no_other(server: list[Any], problem: Exception) -> None:
    bad, good = a_letter(to="rosa@"), a_letter()
    server += [problem, None]
    assert actions.deliver(at=NOON) == 1
    assert Letter.objects.get(pk=good.pk).delivered_at == NOON
    assert Letter.objects.get(pk=bad.pk).due_at == NOON + MINUTE


@pytest.mark.django_db
def test_a_subject_is_one_line_of_bounded_length(folder: Path) -> None:
    a_letter("Hay\r\nBcc: todos@example.org\nnoticias")
    a_letter("ñ" * 1000)
    assert actions.deliver(at=NOON) == 2
    assert sorted(mail["Subject"].strip() for mail in received(folder)) == [
        "Hay Bcc: todos@example.org noticias",
        "ñ" * 300,
    ]
    assert {mail["Bcc"] for mail in received(folder)} == {None}


@pytest.mark.django_db
def test_a_worker_that_died_gives_its_letter_back(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    def die(letter: Letter) -> None:
        raise KeyboardInterrupt

    a_letter()
    with monkeypatch.context() as patch:
        patch.setattr(actions, "_send", die)
        with pytest.raises(KeyboardInterrupt):
            actions.deliver(at=NOON)
    assert actions.deliver(at=NOON + rules.CLAIM - MINUTE) == 0
    assert actions.deliver(at=NOON + rules.CLAIM) == 1
    assert len(received(folder)) == 1


@pytest.mark.django_db
def test_what_another_worker_took_meanwhile_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    letter = a_letter()
    Letter.objects.update(due_at=NOON + rules.CLAIM)
    monkeypatch.setattr(queries, "due", lambda at: [letter])  # as it was read before
    assert actions.deliver(at=NOON) == 0
    assert received(folder) == []


@pytest.mark.usefixtures("own_database")
def test_workers_at_the_same_moment_send_a_letter_once(together: Together, folder: Path) -> None:
    for _ in range(5):
        a_letter()
    sent = together(lambda: actions.deliver(at=NOON))
    assert sum(number for number in sent if isinstance(number, int)) == 5, sent
    assert len(received(folder)) == 5
    assert [letter.attempts for letter in Letter.objects.all()] == 5 * [1]


@pytest.mark.django_db
def test_what_libraries_send_waits_in_the_outbox(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "minga.kernel.mailbox.backend.Outbox"
    assert send_mail("Tu clave", "Aquí está.", None, ["rosa@example.org"]) == 1
    EmailMessage("Dos", "x", to=["a@example.org"], cc=["b@example.org"]).send()
    letters = Letter.objects.order_by("pk")
    assert [letter.to for letter in letters] == [
        "rosa@example.org",
        "a@example.org",
        "b@example.org",
    ]
    assert (letters[0].subject, letters[0].body) == ("Tu clave", "Aquí está.")
    assert len({letter.key for letter in letters}) == 3
    assert {letter.due_at for letter in letters} == {letter.written_at for letter in letters}


@pytest.mark.django_db
def test_a_letter_goes_with_the_transaction_it_tells_of() -> None:
    with transaction.atomic():
        a_letter()
        transaction.set_rollback(True)
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_a_delivered_letter_is_not_due() -> None:
    a_letter()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(delivered_at=NOON)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://correo.example", {"host": "correo.example", "port": 25, "use_tls": False}),
        (
            "smtps://rosa%40x:a%2Fb@correo.example:587",
            {"port": 587, "username": "rosa@x", "password": "a/b", "use_tls": True},
        ),
    ],
)
def test_the_mail_server_is_the_one_of_the_installation(
    url: str, told: dict[str, object], settings: Settings
) -> None:
    settings.MINGA_MAIL = url
    carrier = actions._carrier()
    assert {name: getattr(carrier, name) for name in told} == told
