"""Checkpoints as others read and keep them: C2SP signed-note and tlog-checkpoint. Pure Python,
but for the signature itself."""

from base64 import b64decode, b64encode
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"


class Key(NamedTuple):
    """Whose signature it is: the name of this history, and the public half, in base64."""

    origin: str
    public: str

    @property
    def mark(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(f"{self.origin}\n".encode() + ED25519 + b64decode(self.public)).digest()[:4]

    def __str__(self) -> str:
        """As tools of others want it (a «vkey»)."""
        public = b64encode(ED25519 + b64decode(self.public)).decode()
        return f"{self.origin}+{self.mark.hex()}+{public}"


def body(origin: str, size: int, root: bytes, day: date) -> str:
    """What is signed: whose history, how long, its root; and the day, as an extension."""
    return f"{origin}\n{size}\n{b64encode(root).decode()}\n{day.isoformat()}\n"


def public_half(private: "Ed25519PrivateKey") -> str:
    return b64encode(private.public_key().public_bytes_raw()).decode()


def signed(text: str, key: Key, private: "Ed25519PrivateKey") -> str:
    mark = b64encode(key.mark + private.sign(text.encode())).decode()
    return f"{text}\n\u2014 {key.origin} {mark}\n"


def is_signed(note: str, text: str, key: Key) -> bool:
    """Whether a note is this text, signed with this key and nothing else."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    before = f"{text}\n\u2014 {key.origin} "
    try:
        said = b64decode(note.removeprefix(before).rstrip("\n"), validate=True)
        Ed25519PublicKey.from_public_bytes(b64decode(key.public)).verify(said[4:], text.encode())
    except (ValueError, InvalidSignature):
        return False
    return note == f"{before}{b64encode(said).decode()}\n" and said[:4] == key.mark
