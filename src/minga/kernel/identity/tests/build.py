"""Organisations, posts and officials for tests, made with the actions."""

from datetime import date
from hashlib import sha256

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from minga.kernel.identity import actions
from minga.kernel.identity.models import Organisation, Person, Post

INES = "ines@municipio.example"
PASSWORD = "una clave larga"  # noqa: S105  # of nobody
MONDAY = date(2026, 3, 2)


def an_organisation(key: str = "otavalo", name: str = "Municipio de Otavalo") -> Organisation:
    return actions.know_organisation(key=key, name=name, source="dato de prueba")


def a_post(title: str = "Analista", organisation: Organisation | None = None) -> Post:
    return actions.know_post(organisation=organisation or an_organisation(), title=title)


def a_passkey(person: Person) -> Authenticator:
    """One that nobody has."""
    secret = ec.generate_private_key(ec.SECP256R1())
    key = AttestedCredentialData.create(
        bytes(16),
        b"llave",
        ES256.from_cryptography_key(secret.public_key()),  # type: ignore[no-untyped-call]  # fido2
    )
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    told = AuthenticatorData.create(sha256(b"localhost").digest(), flags, 0, key)
    client = CollectedClientData.create("webauthn.create", b"reto", "http://localhost")
    response = {
        "clientDataJSON": websafe_encode(client),
        "attestationObject": websafe_encode(AttestationObject.create("none", told, {})),
    }
    credential = {
        "id": websafe_encode(b"llave"),
        "rawId": websafe_encode(b"llave"),
        "type": "public-key",
    }
    key = WebAuthn.add(person, "Mi llave", {**credential, "response": response}).instance
    fixed = 10_000 + person.pk  # its address is the same, however often the world is made
    Authenticator.objects.filter(pk=fixed).delete()
    Authenticator.objects.filter(pk=key.pk).update(id=fixed)
    return Authenticator.objects.get(pk=fixed)


def an_official(*, post: Post | None = None, email: str = INES, since: date = MONDAY) -> Person:
    return actions.appoint(
        email=email, name="Inés", password=PASSWORD, post=post or a_post(), since=since
    )
