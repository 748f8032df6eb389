"""Files of a case: who sees which, and whether they are what was received."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from minga.kernel.base.text import Text
from minga.kernel.cases import rules, scanner
from minga.kernel.cases.models import Attachment, Case
from minga.kernel.cases.queries import APPLICANT, Names, held_by
from minga.kernel.cases.rules import Scan
from minga.kernel.forms import backend
from minga.kernel.forms.forms import KINDS
from minga.kernel.forms.rules import MOST
from minga.kernel.identity.models import Person, Post
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, moment, readable

OFFICIAL = "official"  # the role of whoever adds a file without taking a step


def visible_to(
    *, posts: Sequence[Post] = (), person: Person | None = None, code: str = ""
) -> QuerySet[Attachment]:
    """The files of the cases that officials see; and, without the internal ones, those of
    whoever opened a case: signed in, or with its code."""
    theirs = Q(case__in=held_by(posts)) if posts else Q(pk__in=[])
    own = Q(case__applicant=person) if person else Q(pk__in=[])
    coded = Q(case__code=code) if code else Q(pk__in=[])
    return Attachment.objects.filter(theirs | (own | coded) & Q(internal=False))


@dataclass(frozen=True, slots=True)
class Attached:
    """One file as a page lists it."""

    name: str
    kind: Text
    size: int
    by: Text
    at: datetime
    internal: bool
    scan: str
    address: str


@dataclass(frozen=True, slots=True)
class Files:
    """What a page says of the files of a case."""

    rows: list[Attached]
    room: int  # how many more the reader's side may add
    attach: str = ""  # where an official adds one that only officials see
    unguarded: bool = False  # an official is told that no antivirus looks into them


def for_officials(case: Case, names: Names) -> Files:
    """All of them, on the page of an official who sees the case. One statement."""
    found = _of(Attachment.objects.filter(case=case))
    rows = _listed(found, names, lambda row: reverse("cases:attachment", args=[row.place]))
    attach = reverse("cases:attach", args=[case.pk])
    return Files(rows, _room(found, applicant=False), attach, scanner.is_embedded())


def for_code(case: Case, names: Names) -> Files:
    """What whoever has the code sees of them. One statement."""

    def address(row: Attachment) -> str:
        return reverse("cases:attachment_of_code", args=[case.code, row.place])

    found = _of(visible_to(code=case.code))
    return Files(_listed(found, names, address), _room(found, applicant=True))


def for_person(case: Case, person: Person, names: Names) -> Files:
    """What the one who opened the case sees of them, signed in. One statement."""
    found = _of(visible_to(person=person).filter(case=case))
    rows = _listed(found, names, lambda row: reverse("cases:attachment_of_mine", args=[row.place]))
    return Files(rows, _room(found, applicant=True))


def taken(case: Case, *, applicant: bool) -> int:
    """How many files one side has given to a case and has in it."""
    of_side = Q(role=APPLICANT) if applicant else ~Q(role=APPLICANT)
    return Attachment.objects.filter(of_side, case=case).exclude(scan=Scan.REFUSED).count()


def waiting() -> QuerySet[Attachment]:
    """What nobody has looked into, the oldest first."""
    return Attachment.objects.filter(scan=Scan.WAITING).order_by("at", "pk")


def stored(place: str) -> Iterator[bytes]:
    """The bytes of a file, part by part."""
    return backend.stored(rules.path(place))


def lying_in(folder: str) -> set[str]:
    """What lies in one folder of the store."""
    try:
        return set(default_storage.listdir(folder)[1])
    except FileNotFoundError:  # nothing was ever kept in it
        return set()


def _of(found: QuerySet[Attachment]) -> list[Attachment]:
    return list(found.select_related("post__unit").order_by("pk"))


def _room(found: Iterable[Attachment], *, applicant: bool) -> int:
    there = [row for row in found if row.scan != Scan.REFUSED]
    return max(MOST - sum((row.role == APPLICANT) == applicant for row in there), 0)


def _listed(
    found: Iterable[Attachment], names: Names, address: Callable[[Attachment], str]
) -> list[Attached]:
    return [
        Attached(
            name=row.name,
            kind=KINDS.get(row.media_type, ""),
            size=row.size,
            by=names.get(row.role) or str(row.post or ""),
            at=row.at,
            internal=row.internal,
            scan=row.scan,
            address=address(row) if row.scan == Scan.CLEAN else "",
        )
        for row in found
    ]


class Told(NamedTuple):
    """What the history says of a file."""

    stream: str
    sha256: str
    scan: str
    post: str  # "" from whoever opened the case
    at: str


def verify() -> Iterator[Fault]:
    """Files that are not those the history tells of."""
    told: dict[int, Told] = {}
    kinds = (rules.RECEIVED, rules.SCANNED)
    for entry in Entry.objects.filter(kind__in=kinds).order_by("stream", "seq").iterator():
        facts = readable(entry.body)
        number, scan = facts.get("attachment", 0), facts.get("scan", "")
        if entry.kind == rules.RECEIVED:
            post = entry.actor if entry.actor.startswith("post:") else ""
            at = facts.get("at", "")
            told[number] = Told(entry.stream, facts.get("sha256", ""), scan, post, at)
        elif number in told:
            told[number] = told[number]._replace(scan=scan)
    for row in Attachment.objects.select_related("case").iterator():
        post = f"post:{row.post_id}" if row.post_id else ""
        stands = Told(row.stream, row.sha256, row.scan, post, moment(row.at))
        if told.pop(row.pk, None) != stands:
            yield Fault(f"{row.stream} {row.pk}", _("el archivo no es el que dice la historia"))
    for number, said in told.items():
        yield Fault(f"{said.stream} {number}", _("falta un archivo que se recibió"))


def verify_stored() -> Iterator[Fault]:
    """Files of which the bytes in the store are not those that were received. Reads all of
    them, a part at a time."""
    for row in Attachment.objects.exclude(scan=Scan.REFUSED).select_related("case").iterator():
        digest = backend.digest_of(rules.path(row.place))
        if not digest:
            yield Fault(f"{row.stream} {row.pk}", _("no está el archivo"))
        elif digest != row.sha256:
            yield Fault(f"{row.stream} {row.pk}", _("el archivo guardado no es el recibido"))
