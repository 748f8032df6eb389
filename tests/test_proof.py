"""From a receipt to its proof, and the keys that sign: what a citizen, a stranger and an
operator see of it."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from minga.kernel.trust.actions import keys, register
from minga.kernel.trust.queries import register as queries
from minga.kernel.trust.rules import note
from minga.kernel.trust.tests.build import stranger
from minga.project.commands import key, work
from minga.project.commands.verify import checks
from minga.services.cocreation.tests.build import a_proposal


@pytest.fixture(autouse=True)
def own_key(settings: Settings, tmp_path: Path) -> None:
    settings.MINGA_KEYS = tmp_path / "keys"


def worker() -> bool:
    work.place_all()
    return work.sign()


def faults() -> list[str]:
    return [str(fault.reason) for check in checks() for fault in check()]


@pytest.mark.slow
@pytest.mark.django_db
def test_whoever_sent_something_finds_it_in_one_click_and_proves_it_elsewhere(
    client: Client, tmp_path: Path
) -> None:
    worker()
    sent = a_proposal()
    receipt = client.get(reverse("cocreation:receipt", args=[sent.case.code])).content.decode()
    link = BeautifulSoup(receipt, "html.parser").select_one("a[href*='?sello=']")
    assert link
    address = str(link["href"])
    assert sent.case.code not in address
    assert "en unos segundos" in client.get(address).content.decode()
    work.place()
    at = timezone.now() + timedelta(minutes=2)
    assert register.sign(key=keys.at_hand(), at=at)
    found = BeautifulSoup(client.get(address).content, "html.parser")
    assert "está en el registro desde" in found.get_text()
    assert sent.title not in found.get_text()
    download = found.select_one("a.button")
    assert download
    kept = client.get(str(download["href"]))
    (tmp_path / "comprobante.json").write_bytes(kept.content)
    signer = queries.signers().now
    assert signer
    done = stranger(tmp_path, "comprobante", "comprobante.json", "--llave", str(signer.key))
    assert done.returncode == 0, done.stderr
    assert str(json.loads(kept.content)["sello"]) in done.stdout


@pytest.mark.slow
@pytest.mark.django_db
def test_the_worker_says_when_the_key_is_not_the_known_one_and_an_order_changes_it(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    first, before = keys.make(), timezone.now() - timedelta(minutes=2)
    assert register.recognise(public=note.public_half(first), at=before)
    assert work.place()
    assert register.sign(key=first, at=before)
    key.tell()
    a_proposal()
    pem = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    settings.MINGA_REGISTER_KEY = Ed25519PrivateKey.generate().private_bytes(*pem).decode()
    with caplog.at_level(logging.ERROR):
        assert work.place()
        assert not work.sign()
    assert "nada se firma" in caplog.text
    assert any("llave extraña" in reason for reason in faults())
    with pytest.raises(SystemExit, match="no es la última"):
        key.tell()
    key.accept()
    work.place()
    assert register.sign(key=keys.at_hand(), at=timezone.now() + timedelta(minutes=2))
    assert faults() == []
    settings.MINGA_REGISTER_KEY = ""
    key.renew()
    assert "registro-" in capsys.readouterr().out
    key.tell()
    signers = queries.signers().known
    assert signers[0].key.public == note.public_half(first)
    assert len({signer.key.public for signer in signers}) == 3
