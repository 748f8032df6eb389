"""With a real server on this machine: what it is told, and what is done with its answers."""

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage as Received

import pytest
from pytest_django import Settings

from minga.kernel.mailbox import actions
from minga.kernel.mailbox.models import Letter
from minga.kernel.mailbox.tests.build import MINUTE, NOON, a_letter, deliver
from minga.kernel.mailbox.tests.post_office import DROP, PostOffice, post_office

HANDSHAKE = b"\x16"  # the first byte of whoever begins to speak TLS


@pytest.mark.django_db
def test_a_mail_server_takes_what_is_due(office: PostOffice) -> None:
    letter = a_letter()
    assert deliver(NOON) == 1
    [mail] = [message_from_bytes(m, _class=Received, policy=policy.default) for m in office.letters]
    assert (mail["To"], mail["Subject"]) == ("rosa@example.org", "Hay noticias")
    assert mail.get_content().strip() == "Tu caso dio un paso: ñ."
    assert mail["Message-ID"] == f"<{letter.key}@minga>"


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["rosa@", "rosa@example.org\nBcc: x@example.org"])
def test_an_address_that_nobody_takes_stops_no_other(bad: str, office: PostOffice) -> None:
    wrong, good = a_letter(to=bad), a_letter()
    assert deliver(NOON) == 1
    assert Letter.objects.get(pk=good.pk).delivered_at == NOON
    assert Letter.objects.get(pk=wrong.pk).due_at == NOON + MINUTE


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [DROP, "451 come back later", "550 nobody of this name"])
def test_a_letter_that_nobody_takes_stops_no_other(answer: str, office: PostOffice) -> None:
    bad, good = a_letter(), a_letter()
    office.answers.append(answer)
    assert deliver(NOON) == 1
    assert Letter.objects.get(pk=good.pk).delivered_at == NOON
    assert Letter.objects.get(pk=bad.pk).due_at == NOON + MINUTE


@pytest.mark.django_db
def test_a_mail_server_that_is_away_is_waited_for(office: PostOffice, settings: Settings) -> None:
    a_letter()
    there = settings.MINGA_MAIL
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.MINGA_MAIL = f"smtp://127.0.0.1:{closed.getsockname()[1]}"
        assert deliver(NOON) == 0
    settings.MINGA_MAIL = there
    assert deliver(NOON + MINUTE) == 1


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("smtp://correo.example", {"port": 25, "use_tls": False, "use_ssl": False}),
        ("smtp://rosa:a@correo.example", {"port": 587, "use_tls": True, "use_ssl": False}),
        ("smtps://rosa:a@correo.example", {"port": 465, "use_tls": False, "use_ssl": True}),
        ("smtps://correo.example:2465", {"host": "correo.example", "port": 2465}),
        ("smtp://rosa%40x:a%2Fb@correo.example", {"username": "rosa@x", "password": "a/b"}),
    ],
)
def test_the_mail_server_is_the_one_of_the_installation(
    url: str, told: dict[str, object], settings: Settings
) -> None:
    settings.MINGA_MAIL = url
    carrier = actions._carrier()
    assert {name: getattr(carrier, name) for name in told} == told


@pytest.mark.django_db
@pytest.mark.parametrize("encrypts", [True, False])
def test_a_password_is_never_said_in_the_clear(encrypts: bool, settings: Settings) -> None:
    """With STARTTLS its handshake begins; without it nothing more is said."""
    a_letter()
    with post_office(encrypts=encrypts) as office:
        settings.MINGA_MAIL = f"smtp://rosa:secreta@{office.address}"
        assert deliver(NOON) == 0
    verbs = [words[:4].upper() for words in office.heard]
    assert verbs == ([b"EHLO", b"STAR", HANDSHAKE] if encrypts else [b"EHLO", b"QUIT"])
    assert Letter.objects.get().due_at == NOON + MINUTE


@pytest.mark.django_db
def test_smtps_is_encrypted_from_the_first_byte(settings: Settings) -> None:
    a_letter()
    with post_office(greets=False) as office:
        settings.MINGA_MAIL = f"smtps://{office.address}"
        assert deliver(NOON) == 0
    assert office.heard == [HANDSHAKE]
