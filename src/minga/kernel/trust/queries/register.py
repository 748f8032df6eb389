"""The register: what of the history is published, so that anybody can check it."""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from minga.kernel.trust.models import Checkpoint, Entry, Leaf, Stream
from minga.kernel.trust.rules import Fault, note, tree
from minga.kernel.trust.rules.note import Key

from . import entries

STREAM = "registro"  # its own: which keys signed it
KEY, REFUSED = "key", "refused"
HOUSE = "house"
APART = timedelta(minutes=1)  # between two signatures
LEAVES, CHECKPOINTS = 1_000, 100  # of one page


def size() -> int:
    last = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if last is None else last + 1


def waiting() -> QuerySet[Stream]:
    """The streams that have entries without a leaf. A stream's entries become visible in
    their order and together with its head, however late a transaction ends: none is missed."""
    return Stream.objects.filter(placed__lt=F("seq"))


def latest() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


def is_due(at: datetime) -> bool:
    """Whether there are leaves that no checkpoint holds, and the last one is a minute old."""
    leaves, last = size(), latest()
    return leaves > (last.size if last else 0) and (last is None or at - last.at >= APART)


def checkpoint(size: int) -> Checkpoint | None:
    return Checkpoint.objects.filter(size=size).first()


@dataclass(frozen=True, slots=True)
class Signer:
    """A key, and how many leaves there were when it was taken into use."""

    key: Key
    since: int
    on: date


@dataclass(frozen=True, slots=True)
class Signers:
    """All that ever signed, the first first; and the strange key that was refused since."""

    known: Sequence[Signer]
    refused: Signer | None

    @property
    def now(self) -> Signer | None:
        return self.known[-1] if self.known else None

    def of(self, size: int) -> Iterator[Key]:
        """Who may have signed at this size: two, where one followed the other."""
        ends = [*(signer.since for signer in self.known[1:]), size]
        for signer, end in zip(self.known, ends, strict=False):  # none that can be read: nobody's
            if signer.since <= size <= end:
                yield signer.key


def signers() -> Signers:
    """One statement. What cannot be read is named by trust.verify."""
    known, refused = [], None
    for entry in entries(STREAM):
        if signer := _signer(entry):
            refused = signer if entry.kind == REFUSED else None
            if entry.kind == KEY:
                known.append(signer)
    return Signers(known, refused)


def strange(signers: Signers, latest: Checkpoint | None) -> Signer | None:
    """The key that was refused, for as long as the known one has not signed again."""
    refused = signers.refused
    return None if refused and latest and latest.size > refused.since else refused


def _signer(entry: Entry) -> Signer | None:
    try:
        said = entry.facts
        b64decode(said["key"], validate=True)
        key = Key(str(said["origin"]), str(said["key"]))
        return Signer(key, int(said["since"]), localdate(entry.at))
    except (ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class Standing:
    """How the register stands today."""

    latest: Checkpoint | None
    unsigned: int
    signers: Sequence[Signer]
    refused: Signer | None


def standing() -> Standing:
    """Three statements."""
    last, known = latest(), signers()
    unsigned = size() - (last.size if last else 0)
    return Standing(last, unsigned, known.known, strange(known, last))


def content(leaf: Leaf) -> bytes:
    """What a leaf is the hash of: the salt gives nothing of the entry away."""
    return f"{leaf.salt} {leaf.day.isoformat()} {leaf.entry}".encode()


def peaks(size: int) -> list[bytes]:
    """The whole subtrees that a tree of this size is made of: one statement."""
    wholes = tree.wholes(tree.Part(0, size))
    return hashes([tree.Part(w.number << w.level, w.last + 1) for w in wholes])


def hashes(path: Sequence[tree.Part]) -> list[bytes]:
    """What a proof is made of: one statement, of as many rows as the tree is deep twice."""
    wanted = {whole.last for part in path for whole in tree.wholes(part)}
    rows = Leaf.objects.filter(index__in=wanted).values_list("index", "hash", "above")
    there = {index: bytes.fromhex(hash + above) for index, hash, above in rows}

    def known(whole: tree.Whole) -> bytes:
        return there[whole.last][32 * whole.level : 32 * (whole.level + 1)]

    return tree.hashes(path, known)


@dataclass(frozen=True, slots=True)
class Found:
    """What the register knows of a seal. `leaf`: it has its place; `checkpoint`: signed."""

    leaf: Leaf | None = None
    checkpoint: Checkpoint | None = None
    path: Sequence[tree.Part] = ()
    proof: Sequence[bytes] = ()
    is_waiting: bool = False

    @property
    def number(self) -> int:
        """As people count."""
        return self.leaf.index + 1 if self.leaf else 0

    @property
    def steps(self) -> list[tuple[str, bool]]:
        """What is joined to the leaf, one after the other, and whether it comes before it."""
        index = self.leaf.index if self.leaf else 0
        walked = zip(self.path, self.proof, strict=True)
        return [(hashed.hex(), part.start < index) for part, hashed in walked]


def find(hashed: str) -> Found:
    """By the hash of an entry, which only its holder knows; at most four statements."""
    leaf = Leaf.objects.filter(entry=hashed).first()
    if leaf is None:
        return Found(is_waiting=_is_waiting(hashed))
    return proven(leaf, latest())


def proven(leaf: Leaf, by: Checkpoint | None) -> Found:
    if by is None or by.size <= leaf.index:
        return Found(leaf)
    path = tree.inclusion(leaf.index, by.size)
    return Found(leaf, by, path, hashes(path))


def _is_waiting(hashed: str) -> bool:
    """Among the entries of the streams that wait, which are few."""
    placed = Subquery(waiting().filter(key=OuterRef("stream")).values("placed"))
    found = Entry.objects.filter(stream__in=waiting().values("key"), seq__gt=placed, hash=hashed)
    return found.exists()


def receipt(hashed: str) -> Mapping[str, Any] | None:
    """What the holder of a seal may take away, and check anywhere."""
    found = find(hashed)
    if found.leaf is None or found.checkpoint is None:
        return None
    leaf, origin = found.leaf, found.checkpoint.text.partition("\n")[0]
    key = next((k for k in signers().of(found.checkpoint.size) if k.origin == origin), "")
    return {
        "sello": leaf.entry,
        "sal": leaf.salt,
        "dia": leaf.day.isoformat(),
        "hoja": leaf.index,
        "prueba": [one.hex() for one in found.proof],
        "punto": found.checkpoint.text,
        "llave": str(key),
    }


def leaf_of(hashed: str) -> Leaf | None:
    """By what is published of it, or by the hash of its entry."""
    return Leaf.objects.filter(Q(hash=hashed) | Q(entry=hashed)).first()


def published(start: int) -> list[dict[str, Any]]:
    """Leaves as anybody may keep them; of public streams with the whole entry. At most two
    statements."""
    rows = list(Leaf.objects.filter(index__gte=start).order_by("index")[:LEAVES])
    public = tuple(settings.MINGA_PUBLIC_STREAMS)
    open_ones = {leaf.stream for leaf in rows if leaf.stream.startswith(public)}
    whole = _entries(open_ones, [leaf.seq for leaf in rows]) if open_ones else {}
    return [_shown(leaf, whole.get((leaf.stream, leaf.seq))) for leaf in rows]


def _entries(streams: Iterable[str], seqs: Sequence[int]) -> Mapping[tuple[str, int], Entry]:
    """What may be published whole: of these streams, what was no person's act."""
    found = Entry.objects.filter(stream__in=streams, seq__range=(min(seqs), max(seqs)), actor=HOUSE)
    return {(entry.stream, entry.seq): entry for entry in found}


def _shown(leaf: Leaf, entry: Entry | None) -> dict[str, Any]:
    shown: dict[str, Any] = {"hoja": leaf.index, "hash": leaf.hash, "dia": leaf.day.isoformat()}
    if entry:
        parts = (entry.previous, entry.stream, entry.seq, entry.kind, entry.actor, entry.body)
        shown |= {"sal": leaf.salt, "anotacion": parts}
    return shown


def checkpoints(start: int) -> list[Checkpoint]:
    return list(Checkpoint.objects.filter(size__gte=start).order_by("size")[:CHECKPOINTS])


def verify() -> Iterator[Fault]:
    """Each entry has one leaf or waits, each leaf is its entry's, each signed root is that of
    the leaves, each signature that of a key the history knows."""
    yield from _left_out()
    yield from _leaves()
    if refused := strange(signers(), latest()):
        reason = _("una llave extraña quiso firmar con {size} hojas, y no se firmó nada más")
        yield Fault(STREAM, reason.format(size=refused.since))


def _left_out() -> Iterator[Fault]:
    place = Leaf.objects.filter(stream=OuterRef("stream"), seq=OuterRef("seq"))
    placed = Stream.objects.filter(key=OuterRef("stream"), placed__gte=OuterRef("seq"))
    for entry in Entry.objects.filter(Exists(placed), ~Exists(place)).order_by("pk").iterator():
        yield Fault(f"{entry.stream} {entry.seq}", _("se dio por puesta, y no tiene hoja"))
    counted = Stream.objects.filter(placed__gt=F("seq"))
    for key in counted.order_by("key").values_list("key", flat=True):
        yield Fault(key, _("se dieron por puestas más anotaciones de las que hay"))
    early = Stream.objects.filter(key=OuterRef("stream"), placed__lt=OuterRef("seq"))
    for leaf in Leaf.objects.filter(Exists(early)).order_by("index").iterator():
        yield Fault(f"{leaf.stream} {leaf.seq}", _("tiene hoja, y se dio por no puesta"))


def _leaves() -> Iterator[Fault]:
    """The tree is grown again, leaf by leaf, and compared at each checkpoint."""
    now = Subquery(
        Entry.objects.filter(stream=OuterRef("stream"), seq=OuterRef("seq")).values("hash")
    )
    signed, by = {row.size: row for row in Checkpoint.objects.iterator()}, signers()
    grown: list[bytes] = []
    leaves = Leaf.objects.annotate(now=now).order_by("index")
    for index, leaf in enumerate(leaves.iterator()):
        hashed = tree.leaf(content(leaf))
        above = b"".join(tree.grow(grown, index, hashed)).hex()
        if leaf.index != index:
            yield Fault(f"leaf:{index}", _("falta esta hoja"))
            return
        if leaf.now != leaf.entry:
            yield Fault(str(leaf), _("no es la de su anotación"))
        if leaf.hash != hashed.hex() or leaf.above != above:
            yield Fault(str(leaf), _("su contenido no es el que se puso"))
        if found := signed.pop(index + 1, None):
            yield from _differs(found, tree.root(grown), list(by.of(found.size)))
    for left in signed.values():
        yield Fault(str(left), _("se firmaron más hojas de las que hay"))


def _differs(found: Checkpoint, root: bytes, keys: Sequence[Key]) -> Iterator[Fault]:
    texts = {key: note.body(key.origin, found.size, root, found.day) for key in keys}
    if found.root != root.hex():
        yield Fault(str(found), _("la raíz no es la de las hojas"))
    elif not any(note.is_signed(found.text, text, key) for key, text in texts.items()):
        yield Fault(str(found), _("la firma no es de una llave de este registro"))
