"""What strangers try at the door, and what a browser or a log may keep of it."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from time import time
from typing import Any
from urllib.parse import quote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from minga.kernel.identity import actions, queries
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.models import Person, Session
from minga.kernel.identity.tests.build import INES, PASSWORD, an_official
from minga.kernel.identity.urls import changing, entering, ours
from minga.kernel.mailbox.models import Letter, Notice

pytestmark = pytest.mark.django_db
LOGIN, REGISTER, FORGOTTEN = map(
    reverse, ("account_login", "account_signup", "account_reset_password")
)
COOKIE = django_settings.SESSION_COOKIE_NAME
UNKNOWN = "nadie@municipio.example"


@pytest.fixture(autouse=True)
def house(settings: Settings) -> Iterator[None]:
    settings.EMAIL_BACKEND = "minga.kernel.mailbox.backend.Outbox"
    an_official(since=timezone.localdate())
    cache.clear()
    yield
    cache.clear()


WRONG, HASH = "no es esta", "hash"


def enter(
    client: Client, *, email: str = INES, password: str = PASSWORD, path: str = LOGIN, **more: Any
) -> Any:
    return client.post(path, {"login": email, "password": password}, **more)


def is_in(client: Client) -> bool:
    return bool(client.get(reverse("identity:account")).status_code == 200)


def signed_in() -> Client:
    client = Client()
    assert enter(client).status_code == 302
    return client


def told(answer: Any) -> str:
    page: str = answer.content.decode()
    return page


def say_again(client: Client) -> None:
    """The password, as before anything is changed."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


# Who has an account is nobody's business


def said_and_done(path: str, typed: dict[str, str]) -> tuple[int, str, list[str], int]:
    """Status, words, statements by their first words, letters; without the address itself."""
    cache.clear()
    before = Letter.objects.count()
    with CaptureQueriesContext(connection) as asked:
        answer = Client().post(path, typed)
    words = told(answer).replace(INES, "…").replace(UNKNOWN, "…")
    words = "".join(line for line in words.splitlines() if "csrfmiddlewaretoken" not in line)
    shapes = [re.sub(r"'[^']*'|\d+", "…", query["sql"]) for query in asked.captured_queries]
    shapes = [re.sub(r'VEPOINT ".*"|IN \(.*\)', "", shape)[:300] for shape in shapes]
    return answer.status_code, words, shapes, Letter.objects.count() - before


@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        (LOGIN, "login", {"password": "no es esta"}),
        (FORGOTTEN, "email", {}),
        (REGISTER, "email", {"name": "Rosa", "password": "tres llamas y un cóndor"}),
    ],
)
def test_known_and_unknown_addresses_get_the_same_and_cost_the_same(
    path: str, field: str, more: dict[str, str]
) -> None:
    known, unknown = (said_and_done(path, {field: one, **more}) for one in (INES, UNKNOWN))
    assert known == unknown


def test_both_are_hashed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dear part of the time, counted instead of measured."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    counts = []
    for email in (INES, UNKNOWN):
        for path, typed in (
            (LOGIN, {"login": email, "password": "no es esta"}),
            (REGISTER, {"email": email, "name": "Rosa", "password": "tres llamas y un cóndor"}),
        ):
            hashed.clear()
            Client().post(path, typed)
            counts.append(len(hashed))
    assert counts == [1, 1, 1, 1]


def test_who_has_an_account_gets_a_letter_without_a_code_and_no_code_opens_another() -> None:
    client = Client()
    typed = {"email": INES, "name": "Rosa", "password": "tres llamas y un cóndor"}
    assert client.post(REGISTER, typed).status_code == 302
    assert "ya tiene una" in Letter.objects.get(to=INES).body
    code = client.session["registration"]["code"]
    page = told(client.post(reverse("identity:confirm"), {"code": code}))
    assert "Ese código no es correcto" in page
    assert not is_in(client)
    assert Person.objects.get().name == "Inés"


def test_a_code_is_tried_three_times_and_sent_three_times_not_at_once() -> None:
    client, confirm = Client(), reverse("identity:confirm")
    typed = {"email": UNKNOWN, "name": "Rosa", "password": "tres llamas y un cóndor"}
    client.post(REGISTER, typed)
    assert "Espera un momento" in told(client.post(confirm, {"again": "1"}, follow=True))
    for _ in range(3):
        page = told(client.post(confirm, {"code": "000000x"}))
    assert "Ese código ya no sirve" in page
    client.post(confirm, {"code": client.session["registration"]["code"]})
    assert not Person.objects.filter(email=UNKNOWN).exists()
    for _ in range(3):
        session = client.session
        session["registration"] = {**session["registration"], "sent": time() - 60}
        session.save()
        page = told(client.post(confirm, {"again": "1"}, follow=True))
    assert "Ya te enviamos tres códigos." in page
    assert Letter.objects.filter(to=UNKNOWN).count() == 3
    client.post(confirm, {"code": client.session["registration"]["code"]})
    assert is_in(client)


# Limits


def test_wrong_passwords_are_counted_by_origin_and_told_with_how_long() -> None:
    for _ in range(5):
        assert "no son correctos" in told(enter(Client(), password=WRONG))
    page = told(enter(Client(), password=PASSWORD))
    assert "Hubo demasiados intentos. Espera 5 minutos" in page
    assert enter(Client(), REMOTE_ADDR="192.0.2.7").status_code == 302


@pytest.mark.slow
def test_who_knows_nothing_of_an_account_does_not_keep_its_owner_out() -> None:
    """From as many places as there are; at home the owner enters, and with a passkey too."""
    owner = signed_in()
    owner.post(reverse("account_logout"))
    for n in range(61):
        page = told(enter(Client(), password=WRONG, REMOTE_ADDR=f"192.0.2.{n}"))
    assert "Espera 60 minutos" in page
    assert "Espera 60 minutos" in told(enter(Client(), REMOTE_ADDR="198.51.100.1"))
    assert enter(owner).status_code == 302
    asked = Client().get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    assert asked.json()["request_options"]["publicKey"]["challenge"]


def test_a_browser_that_is_known_is_counted_too() -> None:
    owner = signed_in()
    owner.post(reverse("account_logout"))
    for _ in range(5):
        assert "no son correctos" in told(enter(owner, password=WRONG))
    assert "Espera 5 minutos" in told(enter(owner))
    assert enter(Client()).status_code == 302


def test_one_origin_tries_ten_a_minute_and_others_are_not_affected() -> None:
    """Nor who shares it and has entered before: a whole town may have one address."""
    neighbour = signed_in()
    neighbour.post(reverse("account_logout"))
    for n in range(10):
        enter(Client(), email=f"nadie{n}@prueba.minga", password=WRONG)
    assert "Hubo demasiados intentos. Espera 1 minuto," in told(enter(Client()))
    assert enter(Client(), REMOTE_ADDR="192.0.2.9").status_code == 302
    assert enter(neighbour).status_code == 302


# Sessions


def test_entering_gives_another_session_than_the_one_before() -> None:
    client = Client()
    client.post(REGISTER, {"email": UNKNOWN, "name": "Rosa", "password": "tres llamas y más"})
    before = client.cookies[COOKIE].value
    enter(client)
    after = client.cookies[COOKIE].value
    assert before != after
    assert not Session.objects.filter(session_key=before).exists()
    client.cookies[COOKIE] = "a" * 32  # one that a stranger chose
    enter(client)
    assert client.cookies[COOKIE].value != "a" * 32


def test_a_new_password_closes_the_other_sessions_and_a_forgotten_one_all() -> None:
    here, there = signed_in(), signed_in()
    typed = {
        "oldpassword": PASSWORD,
        "password1": "otra clave larga",
        "password2": "otra clave larga",
    }
    assert here.post(reverse("account_change_password"), typed).status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert Session.objects.exclude(person=None).count() == 1
    Client().post(FORGOTTEN, {"email": INES})
    link = next(w for w in Letter.objects.latest("pk").body.split() if w.startswith("http"))
    stranger = Client()
    form = stranger.get(link)
    new = {"password1": "la tercera clave", "password2": "la tercera clave"}
    assert stranger.post(form["Location"], new).status_code == 302
    assert not is_in(here)
    assert not Session.objects.exclude(person=None).exists()
    titles = set(Notice.objects.values_list("title", flat=True))
    assert {"Cambiaste tu contraseña", "Elegiste otra contraseña"} <= titles


def test_a_session_is_closed_by_its_owner_only_and_is_never_named_by_its_key() -> None:
    rosa = accounts.open_account(email=UNKNOWN, name="Rosa", password=HASH, at=timezone.now())
    stranger, here, there = Client(), signed_in(), signed_in()
    stranger.force_login(rosa)  # type: ignore[arg-type]  # she has an account
    key = there.cookies[COOKIE].value
    page = told(here.get(reverse("identity:sessions")))
    assert key not in page
    assert queries.handle(key) in page
    stranger.post(reverse("identity:sessions"), {"close": queries.handle(key)})
    stranger.post(reverse("identity:sessions"), {"close": "others"})
    assert is_in(there)
    say_again(here)
    here.post(reverse("identity:sessions"), {"close": queries.handle(key)})
    assert (is_in(here), is_in(there)) == (True, False)


def test_reading_ones_sessions_writes_nothing() -> None:
    client = signed_in()
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("identity:sessions"))
        client.get(reverse("identity:account"))
    assert {query["sql"].split()[0] for query in asked.captured_queries} == {"SELECT"}


def test_of_a_session_neither_address_nor_the_whole_browser_is_kept() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    client = Client()
    enter(client, REMOTE_ADDR="192.0.2.77", headers={"user-agent": agent})
    kept = Session.objects.get(session_key=client.cookies[COOKIE].value)
    assert kept.device == "computer:Firefox"
    assert kept.began_at
    decoded = client.session.items()
    assert "192.0.2.77" not in str(decoded)
    assert "x86_64" not in str(decoded)


def test_saying_who_one_is_again_gives_another_key_and_what_was_sent_is_done() -> None:
    here, there = signed_in(), signed_in()
    before, path = here.cookies[COOKIE].value, reverse("identity:sessions")
    asked = here.post(path, {"close": "others"})
    assert asked["Location"] == f"{reverse('account_reauthenticate')}?next={quote(path, safe='')}"
    assert is_in(there)
    done = here.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"] == path
    assert (is_in(here), is_in(there)) == (True, False)
    old = Client()
    old.cookies[COOKIE] = before
    assert not is_in(old)


# Where one is led, and what is kept


@pytest.mark.parametrize(
    "place", ["https://otro.example/", "//otro.example/", "javascript:alert(1)", "/\\otro.example"]
)
def test_nobody_is_led_to_another_site(place: str) -> None:
    answer = Client().post(LOGIN, {"login": INES, "password": PASSWORD, "next": place})
    assert answer["Location"] == reverse("public_service:arrived")
    answer = enter(Client(), path=f"{LOGIN}?next={place}")
    assert answer["Location"] == reverse("public_service:arrived")


def test_a_place_on_this_site_is_where_one_is_led() -> None:
    place = reverse("identity:sessions")
    assert enter(Client(), path=f"{LOGIN}?next={place}")["Location"] == place


@pytest.mark.parametrize(
    ("place", "led"), [(reverse("identity:sessions"),) * 2, ("//otro.example", None)]
)
def test_whoever_opens_an_account_goes_on_to_where_they_were_going(
    place: str, led: str | None
) -> None:
    client = Client()
    typed = {"email": UNKNOWN, "name": "Rosa", "password": "tres llamas y un cóndor"}
    client.post(f"{REGISTER}?next={place}", typed)
    code = client.session["registration"]["code"]
    answer = client.post(reverse("identity:confirm"), {"code": code})
    assert answer["Location"] == (led or reverse("public_service:arrived"))


@pytest.mark.parametrize("part", [*entering, *changing, *ours], ids=lambda part: part.name)
def test_no_page_of_an_account_is_kept(part: Any) -> None:
    if part.pattern.regex.groups:
        pytest.skip("filled in elsewhere")
    name = part.name if part not in ours else f"identity:{part.name}"
    for client in (Client(), signed_in()):
        answer = client.get(reverse(name))
        if answer.status_code != 302 or "next=" not in answer["Location"]:
            assert "no-store" in answer["Cache-Control"], name


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_pages_are_read_and_sent_to_and_nothing_else(method: str) -> None:
    for path in (LOGIN, REGISTER, reverse("identity:account"), reverse("mfa_index")):
        assert getattr(signed_in(), method)(path).status_code == 405


def test_only_pages_of_passkeys_may_use_them() -> None:
    for path, may in ((LOGIN, "self"), (REGISTER, "")):
        policy = Client().get(path)["Permissions-Policy"]
        assert f"publickey-credentials-get=({may})" in policy
        assert f"publickey-credentials-create=({may})" in policy
        assert "camera=()" in policy


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_for_this_site_and_no_script(secure: bool, settings: Settings) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = secure
    client = Client()
    client.get(LOGIN)
    enter(client)
    assert set(client.cookies) == {COOKIE, "formulario", "equipo"}
    for cookie in client.cookies.values():
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert bool(cookie["secure"]) is secure


@pytest.mark.parametrize("path", [LOGIN, REGISTER, reverse("mfa_login_webauthn")])
def test_a_form_of_another_site_is_refused(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert enter(client, path=path).status_code == 403


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    lines: list[str] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(f"{record.getMessage()} {record.exc_info}")

    kept, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        root.removeHandler(kept)
        root.setLevel(level)


def test_nothing_personal_is_in_the_log() -> None:
    secrets = (INES, UNKNOWN, "1710034065", "no es esta", PASSWORD, "000000")
    with everything_logged() as lines:
        client = signed_in()
        enter(Client(), password=WRONG)
        Client().post(FORGOTTEN, {"email": UNKNOWN})
        for number in ("1710034065", "1710034066"):
            client.post(reverse("identity:document"), {"kind": "ci", "number": number})
        client.post(reverse("identity:verify"), {"words": "1710034065"})
        client.get(f"{LOGIN}no-hay/{INES}/")
    assert not [line for line in lines for secret in secrets if secret in line]


# The second step


def an_application(person: Person) -> str:
    secret: str = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return secret


def code(secret: str, later: int = 0) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time()) // 30 + later)))


def test_the_password_alone_is_not_enough_and_a_code_counts_once() -> None:
    secret = an_application(Person.objects.get())
    step = reverse("mfa_authenticate")
    first, second = Client(), Client()
    for client in (first, second):
        assert enter(client)["Location"] == step
        assert not is_in(client)
    said = {"code": code(secret)}
    cache.clear()  # whatever the library remembers
    assert first.post(step, said).status_code == 302
    cache.clear()
    assert "ya se usó" in told(second.post(step, said))
    assert "ya se usó" in told(second.post(step, {"code": code(secret, -1)}))
    assert (is_in(first), is_in(second)) == (True, False)
    assert second.post(step, {"code": code(secret, 1)}).status_code == 302


def test_a_forgotten_password_leaves_the_second_step_as_it_was() -> None:
    an_application(Person.objects.get())
    Client().post(FORGOTTEN, {"email": INES})
    link = next(w for w in Letter.objects.latest("pk").body.split() if w.startswith("http"))
    client, new = Client(), {"password1": "otra clave larga", "password2": "otra clave larga"}
    client.post(client.get(link)["Location"], new)
    assert not is_in(client)
    step = enter(client, password=new["password1"])["Location"]
    assert step == reverse("mfa_authenticate")
    assert not is_in(client)


def test_secrets_are_not_kept_as_they_are() -> None:
    secret = an_application(Person.objects.get())
    assert secret not in str(Authenticator.objects.get().data)
    assert Authenticator.objects.get().wrap().validate_code(code(secret))


@pytest.mark.parametrize(
    "name", ["account_email", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"]
)
def test_nothing_of_this_is_changed_without_saying_who_one_is_again(name: str) -> None:
    client = signed_in()
    an_application(Person.objects.get()) if name.endswith("codes") else None
    for answer in (client.get(reverse(name)), client.post(reverse(name), {"email": UNKNOWN})):
        assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not Letter.objects.filter(to=UNKNOWN).exists()


# Officials


def test_an_official_without_a_password_chooses_it_by_e_mail_which_verifies_the_address() -> None:
    from minga.kernel.identity.tests.build import a_post

    alvaro = actions.appoint(
        email="alvaro@municipio.example",
        name="Álvaro",
        password=None,
        post=a_post("Auditor"),
        since=timezone.localdate(),
    )
    assert queries.level_of(alvaro) == 0
    Client().post(FORGOTTEN, {"email": alvaro.email})
    link = next(w for w in Letter.objects.get(to=alvaro.email).body.split() if "http" in w)
    client = Client()
    new = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(client.get(link)["Location"], new).status_code == 302
    assert queries.level_of(alvaro) == 1
    assert enter(client, email=alvaro.email)["Location"] == reverse("public_service:arrived")


def test_who_was_never_verified_types_a_code_at_the_door() -> None:
    """An account of before: it has a password, and nobody knows whether the address is theirs."""
    old = Person.objects.create_user("vieja@municipio.example", PASSWORD, name="Vieja")
    client = Client()
    assert "codigo" in enter(client, email=old.email)["Location"]
    assert not is_in(client)
    letter = Letter.objects.get(to=old.email)
    typed = next(line for line in letter.body.splitlines() if line.isdecimal())
    path = reverse("account_email_verification_sent")
    assert client.post(path, {"code": typed, "action": "verify"}).status_code == 302
    assert is_in(client)
