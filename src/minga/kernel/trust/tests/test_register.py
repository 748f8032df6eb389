"""What anybody can check of the history, and what somebody with the keys could do to it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as tries
from hypothesis import strategies as st
from pytest_django import Settings

from minga.kernel.trust.actions import keys, register
from minga.kernel.trust.models import Checkpoint, Entry, Leaf, Stream
from minga.kernel.trust.queries import hash_of, verify
from minga.kernel.trust.queries import register as queries
from minga.kernel.trust.rules.note import public_half
from minga.kernel.trust.tests.build import (
    NOON,
    an_entry,
    published,
    sql,
    stranger,
    verifier,
    without_triggers,
)

Together = Callable[[Callable[[], object]], list[object]]


@pytest.fixture(autouse=True)
def own_key(settings: Settings, tmp_path: Path) -> None:
    settings.MINGA_KEYS = tmp_path / "keys"


def get(name: str, status: int = 200, **asked: Any) -> Any:
    answer = Client().get(reverse(f"trust:{name}"), asked)
    assert answer.status_code == status, answer.content
    is_json = answer["Content-Type"] == "application/json"
    return answer.json() if is_json else answer.content.decode()


def faults() -> list[str]:
    return [fault.place for fault in queries.verify()]


# Placing


@pytest.mark.django_db
def test_every_entry_gets_one_leaf_in_the_order_of_its_stream() -> None:
    for turn in range(12):
        an_entry(f"test:{turn % 5}")
    published()
    published()  # twice is once
    placed = Leaf.objects.order_by("index").values_list("index", "stream", "seq")
    assert [index for index, _, _ in placed] == list(range(Entry.objects.count()))
    for stream in {stream for _, stream, _ in placed}:
        seqs = [seq for _, there, seq in placed if there == stream]
        assert seqs == list(range(1, len(seqs) + 1))
    assert faults() == []


@pytest.mark.usefixtures("own_database")
def test_an_entry_whose_transaction_ends_late_is_not_missed() -> None:
    """Its number in the table is smaller than those of leaves that are placed already."""
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time: nobody can be late")
    published()
    recorded, placed = Event(), Event()

    def late() -> None:
        try:
            with transaction.atomic():
                an_entry("test:late")
                an_entry("test:both")
                recorded.set()
                placed.wait(10)
        finally:
            connection.close()

    somebody = Thread(target=late)
    somebody.start()
    assert recorded.wait(10)
    early = an_entry("test:early")
    assert register.place(at=NOON) == 1  # waits for nobody
    placed.set()
    somebody.join()
    assert Entry.objects.get(stream="test:late").pk < early.pk
    assert register.place(at=NOON) == 2
    assert faults() == []


@pytest.mark.usefixtures("own_database")
def test_of_many_who_place_at_once_each_entry_is_placed_once(together: Together) -> None:
    for turn in range(20):
        an_entry(f"test:{turn}")
    waiting = sum(stream.seq - stream.placed for stream in queries.waiting())
    assert sum(together(lambda: register.place(at=NOON))) == waiting  # type: ignore[arg-type]
    assert faults() == []


@pytest.mark.usefixtures("own_database")
def test_a_round_that_is_killed_leaves_nothing_behind() -> None:
    an_entry()
    before = queries.size()

    @transaction.atomic
    def killed() -> None:
        register.place(at=NOON)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    assert queries.size() == before
    published()
    assert faults() == []


@pytest.mark.django_db
def test_without_a_key_that_can_be_read_every_signature_is_named() -> None:
    an_entry()
    published()
    latest = queries.latest()
    assert latest
    without_triggers("UPDATE trust_entry SET body = '{' WHERE kind = 'key'")
    assert str(latest) in [fault.place for fault in queries.verify()]


# Signing


@pytest.mark.django_db
def test_a_checkpoint_is_signed_at_most_once_a_minute_and_again_when_something_came() -> None:
    an_entry()
    key = published()
    first = queries.latest()
    assert first
    an_entry()
    register.place(at=NOON)
    for seconds, size in ((59, first.size), (60, queries.size()), (600, queries.size())):
        register.sign(key=key, at=NOON + timedelta(seconds=seconds))
        assert Checkpoint.objects.order_by("-size")[0].size == size
    assert faults() == []


@pytest.mark.django_db
def test_a_strange_key_signs_nothing_and_is_told_until_the_known_one_is_back() -> None:
    an_entry()
    key = published()
    page = reverse("trust:register")
    strange, later = Ed25519PrivateKey.generate(), NOON + timedelta(hours=1)
    for _ in range(2):
        assert not register.recognise(public=public_half(strange), at=later)
    register.place(at=later)
    assert register.sign(key=strange, at=later) is None
    assert Entry.objects.filter(stream=queries.STREAM, kind=queries.REFUSED).count() == 1
    assert faults() == [queries.STREAM]
    assert "no es la conocida" in Client().get(page).content.decode()
    assert register.recognise(public=public_half(key), at=later)
    assert register.sign(key=key, at=later)
    assert faults() == []
    assert "no es la conocida" not in Client().get(page).content.decode()


@pytest.mark.django_db
def test_a_key_changed_on_purpose_goes_on_and_the_old_signatures_still_hold() -> None:
    an_entry()
    old, later = published(), NOON + timedelta(hours=1)
    keys.put_aside()
    new = keys.make()
    register.change_key(public=public_half(new), at=later)
    assert register.recognise(public=public_half(new), at=later)
    register.place(at=later)
    assert register.sign(key=old, at=later) is None
    assert register.sign(key=new, at=later)
    assert faults() == []
    shown = Client().get(reverse("trust:register")).content.decode()
    assert public_half(old)[:20] not in shown  # a vkey holds the kind as well
    for signer in queries.signers().known:
        assert str(signer.key).replace("+", "&#43;") in shown or str(signer.key) in shown


@pytest.mark.django_db
def test_the_key_is_made_once_for_its_owner_only() -> None:
    first, second = keys.make(), keys.make()
    assert public_half(first) == public_half(second)
    assert keys.place().stat().st_mode & 0o777 == 0o600
    assert [file.name for file in keys.place().parent.iterdir()] == ["registro.pem"]
    keys.place().write_text("-----BEGIN PRIVATE KEY-----\ncortada")
    with pytest.raises(keys.Unreadable):
        keys.at_hand()


# Verifying


TAMPERED = [
    ("UPDATE trust_leaf SET hash = entry WHERE ind = 2", ["leaf:2"]),
    ("UPDATE trust_leaf SET salt = '' WHERE ind = 2", ["leaf:2"]),
    ("UPDATE trust_leaf SET day = '2020-01-01' WHERE ind = 2", ["leaf:2"]),
    ("UPDATE trust_leaf SET above = '' WHERE ind = 3", ["leaf:3"]),
    ("UPDATE trust_leaf SET stream = 'x' WHERE ind = 4", ["leaf:4"]),
    ("DELETE FROM trust_leaf WHERE ind = 2", ["leaf:2"]),
    ("DELETE FROM trust_leaf WHERE ind > 3", ["checkpoint:"]),
    ("UPDATE trust_checkpoint SET root = '' WHERE size > 0", ["checkpoint:"]),
    ("UPDATE trust_checkpoint SET day = '2020-01-01' WHERE size > 0", ["checkpoint:"]),
    ("UPDATE trust_checkpoint SET text = '' WHERE size > 0", ["checkpoint:"]),
    ("UPDATE trust_stream SET placed = 99 WHERE key = 'test:1'", ["test:1"]),
    ("UPDATE trust_stream SET placed = 0 WHERE key = 'test:1'", ["test:1 1"]),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("statement", "named"), TAMPERED)
def test_what_is_changed_in_the_register_is_named(statement: str, named: list[str]) -> None:
    for _ in range(6):
        an_entry()
    published()
    table = statement.split()[2 if statement.startswith("DELETE") else 1]
    said = statement.replace("ind ", '"index" ')
    sql(said) if table == "trust_stream" else without_triggers(said, table)
    assert any(place.startswith(name) for name in named for place in faults())


@pytest.mark.django_db
def test_a_history_rewritten_whole_is_seen_by_who_kept_a_checkpoint() -> None:
    """Entries, heads and leaves made anew fit each other; the kept root does not fit them."""
    an_entry()
    published()
    kept = get("checkpoint")
    without_triggers("UPDATE trust_entry SET actor = 'x' WHERE stream = 'test:1'")
    changed = Entry.objects.get(stream="test:1")
    forged = hash_of(changed)
    said = "UPDATE trust_entry SET hash = '{}' WHERE stream = 'test:1'"
    without_triggers(said.format(forged))
    Stream.objects.filter(key="test:1").update(hash=forged)
    assert [fault for fault in verify() if fault.place.startswith("test:1")] == []
    assert [place.partition(":")[0] for place in faults()] == ["leaf"]
    assert get("checkpoint") == kept


@pytest.mark.django_db
@pytest.mark.parametrize("table", [Leaf, Checkpoint])
def test_the_database_refuses_to_change_what_was_published(table: Any) -> None:
    an_entry()
    published()
    with pytest.raises(DatabaseError, match="append-only"):
        table.objects.all().delete()


# Asking


@pytest.fixture
def world(db: None) -> list[Entry]:
    entries = [an_entry(f"case:{turn}") for turn in range(20)]
    published()
    return entries


@pytest.mark.usefixtures("world")
def test_reserved_streams_give_away_a_hash_and_the_day_and_nothing_else() -> None:
    pages = get("leaves")["hojas"] + get("leaves", desde=5)["hojas"]
    by_index = dict(Leaf.objects.values_list("index", "stream"))
    for shown in pages:
        if by_index[shown["hoja"]].startswith("case:"):
            assert set(shown) == {"hoja", "hash", "dia"}
    assert any("anotacion" in shown for shown in pages)
    secrets = {*Leaf.objects.filter(stream__startswith="case:").values_list("entry", flat=True)}
    secrets |= {*Leaf.objects.filter(stream__startswith="case:").values_list("salt", flat=True)}
    assert not [one for one in secrets if one in json.dumps(pages) + get("checkpoint")]
    assert "12:00" not in get("checkpoint") + json.dumps(get("checkpoints"))


@pytest.mark.django_db
def test_what_somebody_did_in_a_public_stream_is_not_published_whole(settings: Settings) -> None:
    settings.MINGA_PUBLIC_STREAMS = ["test:"]
    an_entry()  # by a person
    published()
    leaf = Leaf.objects.get(stream="test:1")
    assert set(get("leaves", desde=leaf.index)["hojas"][0]) == {"hoja", "hash", "dia"}


@pytest.mark.slow
def test_a_seal_is_found_waiting_or_was_never_here(world: list[Entry]) -> None:
    page, client = reverse("trust:register"), Client()
    here = world[3].hash
    for typed in (here, f" {here.upper()} ", f"{here[:30]}\n{here[30:]}"):
        answer = client.get(page, {"sello": typed}).content.decode()
        assert "está en el registro desde el 2 de marzo de 2026" in answer
        assert "case:3" not in answer
    new = an_entry("case:3")
    assert "en unos segundos" in client.get(page, {"sello": new.hash}).content.decode()
    register.place(at=NOON)
    assert "Falta que se firme" in client.get(page, {"sello": new.hash}).content.decode()
    assert "nunca se anotó" in client.get(page, {"sello": "0" * 64}).content.decode()
    for wrong, said in (("abc", "tiene 64"), (here[:-1] + "z", "«z»"), ("", "Falta el sello")):
        assert said in client.get(page, {"sello": wrong}).content.decode()


def test_what_cannot_be_answered_says_why(world: list[Entry]) -> None:
    size, late = queries.size(), an_entry("case:1")
    register.place(at=NOON)
    for name, status, asked, said in (
        ("inclusion", 400, {"hash": "x"}, "«x»"),
        ("inclusion", 400, {"tamano": size}, "Falta el sello"),
        ("inclusion", 404, {"hash": "0" * 64}, "de ninguna hoja"),
        ("inclusion", 404, {"hash": late.hash}, "después del punto"),
        ("inclusion", 404, {"hash": world[0].hash, "tamano": 10**30}, "no tiene tantas"),
        ("inclusion", 404, {"hash": world[0].hash, "tamano": 1}, "de ese tamaño"),
        ("consistency", 400, {"a": "-1", "de": size}, "número entero"),
        ("consistency", 404, {"de": 0}, f"de 1 a {size}"),
        ("consistency", 404, {"de": 10**30}, f"de 1 a {size}"),
        ("consistency", 404, {"de": 1, "a": 10**30}, "no tiene tantas"),
        ("consistency", 400, {"a": size}, "Falta «de»"),
        ("checkpoint", 404, {"tamano": 10**30}, "no tiene tantas"),
        ("receipt", 404, {"sello": late.hash}, "todavía"),
        ("leaves", 400, {"desde": "²"}, "número entero"),
    ):
        assert said in get(name, status, **asked)["error"], (name, asked)
    assert get("leaves", desde=10**30) == {"hojas": [], "siguiente": None}


# The program of a stranger


@pytest.fixture
def files(world: list[Entry], tmp_path: Path) -> Path:
    """An empty folder, and what somebody downloaded into it on two days."""
    folder, key = tmp_path / "downloads", keys.at_hand()
    folder.mkdir()
    (folder / "viejo.txt").write_text(get("checkpoint"))
    (folder / "comprobante.json").write_text(json.dumps(get("receipt", sello=world[7].hash)))
    for turn in range(9):
        an_entry(f"case:{turn}")
    later = NOON + timedelta(days=1)
    register.place(at=later)
    register.sign(key=key, at=later)
    (folder / "nuevo.txt").write_text(get("checkpoint"))
    size = (folder / "viejo.txt").read_text().split("\n")[1]
    (folder / "prueba.json").write_text(json.dumps(get("consistency", de=size)))
    (folder / "hojas.json").write_text(json.dumps(get("leaves")))
    return folder


CONSISTENT = ("consistencia", "viejo.txt", "nuevo.txt", "prueba.json")


@pytest.mark.slow
def test_a_stranger_checks_it_with_one_file_and_no_network(files: Path) -> None:
    signer = queries.signers().now
    assert signer
    for order in (
        ("comprobante", "comprobante.json"),
        CONSISTENT,
        ("espejo", "nuevo.txt", "hojas.json"),
        ("espejo", "viejo.txt", "hojas.json"),
    ):
        done = stranger(files, *order, "--llave", str(signer.key))
        assert (done.returncode, done.stdout[:4]) == (0, "Bien"), done.stderr


def test_the_stranger_is_told_what_does_not_fit(files: Path) -> None:
    program = verifier()

    def says(*order: str) -> str:
        return str(program["main"]([order[0], *(str(files / name) for name in order[1:])]))

    whole = json.loads((files / "comprobante.json").read_text())
    other = whole["llave"].replace("/registro/", "/otro/")
    for changed, said in (
        ({**whole, "sello": "0" * 64}, "no lleva a la raíz"),
        ({**whole, "dia": "2020-01-01"}, "no lleva a la raíz"),
        ({**whole, "hoja": 0}, "no lleva a la raíz"),
        ({**whole, "hoja": "siete"}, "no lleva a la raíz"),
        ({**whole, "prueba": whole["prueba"][1:]}, "no lleva a la raíz"),
        ({**whole, "prueba": ["x"]}, "no tiene la forma"),
        ({**whole, "punto": whole["punto"].replace("\n2", "\n3", 1)}, "alguien cambió el punto"),
        ({**whole, "punto": whole["punto"][:40]}, "cortado"),
        ({**whole, "llave": other}, "otro registro"),
        ({**whole, "llave": "llave"}, "no está completa"),
        ({}, "cortado"),
    ):
        (files / "malo.json").write_text(json.dumps(changed))
        assert said in says("comprobante", "malo.json"), changed
    (files / "malo.json").write_text((files / "comprobante.json").read_text()[:100])
    assert "cortado" in says("comprobante", "malo.json")
    assert "No se puede leer" in says("comprobante", "no-hay.json")
    assert "al revés" in says("consistencia", "nuevo.txt", "viejo.txt", "prueba.json")
    text = (files / "nuevo.txt").read_text()
    (files / "otro.txt").write_text(text.replace("/registro/", "/otro/"))
    assert "dos registros" in says("consistencia", "viejo.txt", "otro.txt", "prueba.json")
    rewritten = text.split("\n")
    rewritten[2] = "A" * 43 + "="
    (files / "otro.txt").write_text("\n".join(rewritten))
    assert "NO: las" in says("consistencia", "viejo.txt", "otro.txt", "prueba.json")
    pages = json.loads((files / "hojas.json").read_text())
    public = next(leaf for leaf in pages["hojas"] if "anotacion" in leaf)
    public["anotacion"][5] += " "
    (files / "malo.json").write_text(json.dumps(pages))
    assert "no es la que se anotó" in says("espejo", "nuevo.txt", "malo.json")
    (files / "malo.json").write_text(json.dumps({"hojas": pages["hojas"][1:]}))
    assert "falta la hoja 0" in says("espejo", "nuevo.txt", "malo.json")
    assert "Solo necesita Python" in says("nada")


@pytest.mark.slow
@tries(max_examples=20)
@given(st.binary(max_size=60), st.integers(0, 63), st.integers(1, 255))
def test_its_signatures_are_those_of_everybody(text: bytes, at: int, change: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(31) + bytes([at]))
    public, signature = key.public_key().public_bytes_raw(), key.sign(text)
    is_signed = verifier()["is_signed"]
    assert is_signed(public, text, signature)
    wrong = bytearray(signature)
    wrong[at] ^= change
    assert not is_signed(public, text, bytes(wrong))
    assert not is_signed(public, text + b".", signature)
