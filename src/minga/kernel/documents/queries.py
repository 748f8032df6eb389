from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from minga.kernel.forms.backend import digest_of
from minga.kernel.forms.rules import Received, parts
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Fault, readable

from . import rules
from .models import Document
from .rules import Answer, State

ANSWERS = {
    State.READY: Answer.AUTHENTIC,
    State.ANNULLED: Answer.ANNULLED,
    State.WAITING: Answer.PREPARING,
    State.FAILED: Answer.PREPARING,  # nobody has it in their hands yet, and it may be asked again
}


def visible_to(*, reference: str = "") -> QuerySet[Document]:
    """The papers that somebody may read whole: the public ones, and those about the one thing
    whose key they have shown to whoever keeps it. The code of a paper opens none."""
    of_that = Q(reference=reference) if reference else Q(pk__in=[])
    return Document.objects.filter(Q(public=True) | of_that)


def standing(*, kind: str, reference: str, seal: str) -> Document | None:
    """The paper about something that says just this, and was not annulled."""
    about = Document.objects.filter(kind=kind, reference=reference, annulled_at=None)
    return about.filter(seal=seal).first()


def references(kind: str) -> list[str]:
    """What there are papers of one kind about."""
    return list(Document.objects.filter(kind=kind).values_list("reference", flat=True).distinct())


def due(*, at: datetime) -> QuerySet[Document]:
    return Document.objects.filter(due_at__lte=at).order_by("due_at", "pk")


class Verified(NamedTuple):
    """What is told of a paper, and of which; `newer`: another one has come after it."""

    answer: Answer
    document: Document | None = None
    newer: Document | None = None


def by_code(code: str) -> Verified:
    """What stands of the paper of a code: at most two statements."""
    found = Document.objects.select_related("issuer").filter(code=code).first()
    return _verified(found) if found else Verified(Answer.UNKNOWN)


def by_bytes(received: Received) -> Verified:
    """What a file is: one that was issued, byte by byte, or one that only says so."""
    issued = Document.objects.select_related("issuer").filter(sha256=received.sha256).first()
    if issued:
        return _verified(issued)
    code = rules.printed_code(parts(received.content))
    named = by_code(code) if code else Verified(Answer.UNKNOWN)
    return named._replace(answer=Answer.ALTERED, newer=None) if named.document else named


def _verified(found: Document) -> Verified:
    answer = ANSWERS[found.state]
    if answer != Answer.AUTHENTIC:
        return Verified(answer, found)
    about = Document.objects.filter(kind=found.kind, reference=found.reference, annulled_at=None)
    later = about.filter(asked_at__gt=found.asked_at).exclude(made_at=None)
    return Verified(answer, found, later.order_by("-asked_at", "-pk").first())


class Told(NamedTuple):
    """What the history says of a paper."""

    seal: str
    sha256: str = ""
    size: int = 0
    reason: str = ""


def verify() -> Iterator[Fault]:
    """Papers that are not those the history tells of."""
    told: dict[str, Told] = {}
    for entry in Entry.objects.filter(kind__in=rules.ENTRIES).order_by("stream", "seq").iterator():
        said = readable(entry.body)
        facts = {name: said[name] for name in Told._fields if name in said}
        told[entry.stream] = told.get(entry.stream, Told(""))._replace(**facts)
    for row in Document.objects.iterator():
        now = Told(rules.seal(row.data), row.sha256, row.size, row.reason)
        if told.pop(row.stream, None) != now or row.seal != now.seal:
            yield Fault(row.stream, _("el documento no es el que dice la historia"))
    for stream in told:
        yield Fault(stream, _("falta un documento que se emitió"))


def verify_stored() -> Iterator[Fault]:
    """Papers of which the file in the store is not the one that was made. Reads all of them."""
    for row in Document.objects.exclude(made_at=None).iterator():
        digest = digest_of(row.place)
        if not digest:
            yield Fault(row.stream, _("no está el archivo"))
        elif digest != row.sha256:
            yield Fault(row.stream, _("el archivo guardado no es el que se hizo"))
