"""What the worker does for the register: leaves are placed, and roots signed."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from minga.kernel.trust.models import Checkpoint, Entry, Leaf, Stream
from minga.kernel.trust.queries import register as queries
from minga.kernel.trust.rules import Facts, note, tree

from . import head, record

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

TOGETHER = 500  # leaves in one transaction


@transaction.atomic(savepoint=False)
def place(*, at: datetime) -> int:
    """Give their leaf to entries that have none: how many. Whole or not at all, one at a time.

    A stream that somebody writes to at this moment is left for the next round: who places
    waits for nobody while others may wait for it."""
    head(queries.STREAM)
    passing = connection.features.has_select_for_update_skip_locked
    streams = list(
        queries.waiting().select_for_update(skip_locked=passing).order_by("key")[:TOGETHER]
    )
    placed = Subquery(Stream.objects.filter(key=OuterRef("stream")).values("placed"))
    entries = Entry.objects.filter(stream__in=[stream.key for stream in streams], seq__gt=placed)
    batch = sorted(entries.order_by("stream", "seq")[:TOGETHER], key=lambda entry: entry.pk)
    Leaf.objects.bulk_create(_leaves(batch, at))
    last = Leaf.objects.filter(stream=OuterRef("key")).order_by("-seq").values("seq")[:1]
    moved = Stream.objects.filter(key__in={entry.stream for entry in batch})
    moved.update(placed=Subquery(last))
    return len(batch)


def _leaves(batch: list[Entry], at: datetime) -> list[Leaf]:
    size, day = queries.size(), timezone.localdate(at)
    peaks, made = queries.peaks(size), []
    for index, entry in enumerate(batch, size):
        leaf = Leaf(index=index, stream=entry.stream, seq=entry.seq, entry=entry.hash, day=day)
        leaf.salt = secrets.token_hex(16)
        hashed = tree.leaf(queries.content(leaf))
        above = tree.grow(peaks, index, hashed)
        leaf.hash, leaf.above = hashed.hex(), b"".join(above).hex()
        made.append(leaf)
    return made


@transaction.atomic(savepoint=False)
def sign(*, key: "Ed25519PrivateKey | None", at: datetime) -> Checkpoint | None:
    """Sign the root of all leaves, unless that was done, or less than a minute ago."""
    head(queries.STREAM)
    if not queries.is_due(at):
        return None
    size = queries.size()
    signer, public = queries.signers().now, note.public_half(key) if key else ""
    if signer is None or key is None or signer.key.public != public:
        return None
    root, day = tree.root(queries.peaks(size)), timezone.localdate(at)
    text = note.signed(note.body(signer.key.origin, size, root, day), signer.key, key)
    return Checkpoint.objects.create(size=size, root=root.hex(), at=at, day=day, text=text)


@transaction.atomic(savepoint=False)
def recognise(*, public: str, at: datetime) -> bool:
    """Whether this key is the register's, as the first that is ever at hand becomes. Another
    one, or none, is refused, and the history says so once."""
    head(queries.STREAM)
    signers = queries.signers()
    if signers.now is None and public:
        _tell(queries.KEY, _new_origin(), public, at)
        return True
    if signers.now is None or signers.now.key.public == public:
        return signers.now is not None
    if signers.refused is None or signers.refused.key.public != public:
        _tell(queries.REFUSED, signers.now.key.origin, public, at)
    return False


@transaction.atomic(savepoint=False)
def change_key(*, public: str, at: datetime) -> None:
    """On purpose: from here on this key signs. The history has both, one after the other."""
    head(queries.STREAM)
    now = queries.signers().now
    if now is None or now.key.public != public:
        _tell(queries.KEY, now.key.origin if now else _new_origin(), public, at)


def _new_origin() -> str:
    """The name of this history: no other has it, even where two are at one address."""
    return f"{urlsplit(settings.MINGA_ADDRESS).netloc}/registro/{secrets.token_hex(4)}"


def _tell(kind: str, origin: str, public: str, at: datetime) -> None:
    facts: Facts = {"origin": origin, "key": public, "since": queries.size()}
    record(stream=queries.STREAM, kind=kind, actor=queries.HOUSE, at=at, facts=facts)
