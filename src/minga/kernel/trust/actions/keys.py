"""The private key that signs: in a file that only its owner reads, made once."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from minga.kernel.trust.rules import note

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


class Unreadable(Exception):
    """What is there is no key."""


def place() -> Path:
    return Path(settings.MINGA_KEYS, "registro.pem")


def at_hand() -> "Ed25519PrivateKey | None":
    """The key that the operator gave, or else that of the file."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    given = settings.MINGA_REGISTER_KEY.encode()
    if not given and not place().exists():
        return None
    try:
        key = load_pem_private_key(given or place().read_bytes(), None)
    except (ValueError, TypeError) as error:
        raise Unreadable from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Unreadable
    return key


def make() -> "Ed25519PrivateKey":
    """A new one, in place of none: of two who make it at once, both get the same."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    pem = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    place().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = place().with_name(f"{os.getpid()}.new")  # never seen half-written
    half.unlink(missing_ok=True)
    with open(half, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(half, place())
    except FileExistsError:
        pass
    finally:
        half.unlink()
    found = at_hand()
    assert found
    return found


def put_aside() -> Path:
    """The file of the old key, under the mark of its public half: nothing is thrown away."""
    key = at_hand()
    assert key
    there = place().with_name(f"registro-{note.Key('', note.public_half(key)).mark.hex()}.pem")
    place().rename(there)
    return there
