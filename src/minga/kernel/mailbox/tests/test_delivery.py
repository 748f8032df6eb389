from collections.abc import Callable
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage as Received
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, send_mail
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from minga.kernel.mailbox import actions, queries, rules
from minga.kernel.mailbox.models import Letter
from minga.kernel.mailbox.tests.build import DAY, MINUTE, NOON, a_letter, deliver
from minga.kernel.mailbox.tests.post_office import DROP, PostOffice

Together = Callable[[Callable[[], object]], list[object]]
LAST_IS_SENT = 8  # looks: before, at what is due, and two for each of three letters


def received(folder: Path) -> list[Received]:
    found = [file.read_bytes() for file in sorted(folder.glob("*"))] if folder.exists() else []
    parts = [part for text in found for part in text.split(b"-" * 79) if part.strip()]
    return [
        message_from_bytes(part.strip(), _class=Received, policy=policy.default) for part in parts
    ]


@pytest.mark.django_db
def test_what_is_due_is_laid_into_the_folder(folder: Path) -> None:
    letter = a_letter()
    assert deliver(NOON) == 1
    [mail] = received(folder)
    assert (mail["To"], mail["Subject"]) == ("rosa@example.org", "Hay noticias")
    assert mail.get_content().strip() == "Tu caso dio un paso: ñ."
    assert mail["Message-ID"] == f"<{letter.key}@minga>"
    assert deliver(NOON + MINUTE) == 0
    assert len(received(folder)) == 1


@pytest.mark.django_db
def test_words_are_forgotten_once_they_are_delivered() -> None:
    a_letter()
    deliver(NOON)
    letter = Letter.objects.get()
    assert (letter.body, letter.due_at, letter.delivered_at) == ("", None, NOON)


@pytest.mark.django_db
def test_what_is_not_due_yet_waits() -> None:
    a_letter()
    assert deliver(NOON - MINUTE) == 0
    assert [letter.attempts for letter in queries.due(at=NOON)] == [0]


@pytest.mark.django_db
def test_no_more_than_asked_are_tried_and_the_oldest_first(folder: Path) -> None:
    for number in range(3):
        actions.write(to="x@example.org", subject=str(number), body="x", at=NOON - number * MINUTE)
    for oldest in ("2", "1", "0"):
        before = {mail["Message-ID"] for mail in received(folder)}
        assert deliver(NOON, most=1) == 1
        [mail] = [mail for mail in received(folder) if mail["Message-ID"] not in before]
        assert mail["Subject"] == oldest


@pytest.mark.django_db
def test_a_failed_letter_is_kept_and_tried_again(office: PostOffice) -> None:
    a_letter()
    office.answers += [DROP, "451 come back later"]
    assert deliver(NOON) == 0
    letter = Letter.objects.get()
    assert (letter.attempts, letter.due_at) == (1, NOON + MINUTE)
    assert letter.body
    assert deliver(NOON + MINUTE / 2) == 0
    assert deliver(NOON + MINUTE) == 0
    letter.refresh_from_db()
    assert (letter.attempts, letter.due_at) == (2, NOON + 3 * MINUTE)
    assert deliver(NOON + 3 * MINUTE) == 1
    letter.refresh_from_db()
    assert letter.delivered_at == NOON + 3 * MINUTE


@pytest.mark.django_db
def test_the_same_letter_keeps_its_message_id(folder: Path, settings: Settings) -> None:
    """A server that took a letter and lost the connection sees the same one again."""
    letter = a_letter()
    for _ in range(2):
        Letter.objects.update(due_at=NOON, delivered_at=None)
        deliver(NOON)
    assert [mail["Message-ID"] for mail in received(folder)] == 2 * [f"<{letter.key}@minga>"]


@pytest.mark.django_db
def test_a_letter_that_never_arrives_is_given_up_and_kept(office: PostOffice) -> None:
    a_letter()
    office.answers += rules.ATTEMPTS * ["550 nobody of this name"]
    at = NOON
    for _ in range(rules.ATTEMPTS):
        assert deliver(at) == 0
        at = Letter.objects.get().due_at or at
    letter = Letter.objects.get()
    assert (letter.due_at, letter.delivered_at) == (None, None)
    assert letter.body
    assert deliver(at + timedelta(days=365)) == 0


@pytest.mark.django_db
def test_a_subject_is_one_line_of_bounded_length(folder: Path) -> None:
    a_letter("Hay\r\nBcc: todos@example.org\nnoticias")
    a_letter("ñ" * 1000)
    assert deliver(NOON) == 2
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
            deliver(NOON)
    assert deliver(NOON + rules.CLAIM - MINUTE) == 0
    assert deliver(NOON + rules.CLAIM) == 1
    assert len(received(folder)) == 1


@pytest.mark.django_db
def test_what_another_worker_took_meanwhile_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    letter = a_letter()
    Letter.objects.update(due_at=NOON + rules.CLAIM)
    monkeypatch.setattr(queries, "due", lambda at: [letter])  # as it was read before
    assert deliver(NOON) == 0
    assert received(folder) == []


@pytest.mark.django_db
def test_a_letter_at_the_end_of_a_slow_round_is_still_held(folder: Path) -> None:
    """Each look at the clock is four minutes later; another worker comes by while the
    last letter is in the air, half an hour after the round began."""
    for _ in range(3):
        a_letter()
    looks, others = [NOON], []

    def now() -> datetime:
        looks.append(looks[-1] + 4 * MINUTE)
        if len(looks) == LAST_IS_SENT:
            others.append(deliver(looks[-1]))
        return looks[-1]

    assert actions.deliver(now=now) == 3
    assert others == [0]
    assert len(received(folder)) == 3


@pytest.mark.usefixtures("own_database")
def test_workers_at_the_same_moment_send_a_letter_once(together: Together, folder: Path) -> None:
    for _ in range(5):
        a_letter()
    sent = together(lambda: deliver(NOON))
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


@pytest.mark.django_db
def test_nobody_is_buried_in_letters(caplog: pytest.LogCaptureFixture) -> None:
    """In large or small letters it is one address; others are written to all the same."""
    for n in range(rules.MOST_A_DAY):
        a_letter(to=("rosa@example.org", "Rosa@Example.org")[n % 2], at=NOON + n * MINUTE)
    assert actions.write(to="ROSA@example.org", subject="x", body="x", at=NOON + DAY / 2) is None
    assert "rosa" not in caplog.text.lower()
    assert a_letter(to="ines@example.org", at=NOON + DAY / 2)
    assert a_letter(at=NOON + DAY)
    assert Letter.objects.count() == rules.MOST_A_DAY + 2


@pytest.mark.django_db
def test_writing_a_letter_is_two_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(2):
        a_letter()


@pytest.mark.django_db
def test_old_letters_are_forgotten_unless_they_are_due(folder: Path) -> None:
    a_letter()
    assert deliver(NOON) == 1
    given_up, waiting = a_letter(), a_letter()
    Letter.objects.filter(pk=given_up.pk).update(due_at=None)
    assert actions.forget(at=NOON + rules.KEPT) == 0
    assert actions.forget(at=NOON + rules.KEPT + MINUTE) == 2
    assert Letter.objects.get() == waiting
