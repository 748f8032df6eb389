import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from minga.kernel.base.text import refused
from minga.kernel.forms.backend import settle
from minga.kernel.identity.models import Organisation
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts

from . import queries, rules
from .declaration import Paper
from .models import Document
from .press import Jammed, pressed
from .press.sheet import sheet
from .rules import Reason, State

HOUSE = "house"
log = logging.getLogger(__name__)


class Unfit(ValueError):
    """A paper that says what nobody can read: a NUL, or marks that turn a line around."""


@transaction.atomic
def issue(  # noqa: PLR0913  # a paper has this many facts
    *,
    kind: str,
    reference: str,
    paper: Paper,
    at: datetime,
    issuer: Organisation | None = None,
    public: bool = False,
) -> Document:
    """Issue a paper, or find the one that says the same of the same thing: however often it
    is asked for, it is one. What could not be made is put into the press again."""
    said = paper.said()
    if any(refused(text) for text in _texts(said)):
        raise Unfit(kind)
    asked = {"issuer": issuer, "data": said, "public": public, "asked_at": at, "due_at": at}
    document, is_new = Document.objects.get_or_create(
        kind=kind,
        reference=reference,
        seal=paper.seal,
        annulled_at=None,
        defaults={"code": rules.new_code(), "place": rules.new_place(), **asked},
    )
    if is_new:
        facts: Facts = {"kind": kind, "reference": reference, "seal": document.seal}
        trust.begin(stream=document.stream, kind=rules.ISSUED, actor=HOUSE, at=at, facts=facts)
    elif document.state == State.FAILED:
        failed = Document.objects.filter(pk=document.pk, made_at=None, due_at=None)
        failed.filter(annulled_at=None).update(due_at=at, attempts=0)
        document.refresh_from_db()
    return document


def _texts(said: Any) -> Iterator[str]:
    match said:
        case str():
            yield said
        case dict():
            yield from _texts(list(said.values()))
        case list() | tuple():
            for part in said:
                yield from _texts(part)


def _record(document: Document, kind: str, at: datetime, facts: Facts, actor: str = HOUSE) -> None:
    trust.record(stream=document.stream, kind=kind, actor=actor, at=at, facts=facts)


@transaction.atomic
def annul(*, code: str, reason: Reason, actor: str, at: datetime) -> bool:
    """From now on it is worth nothing, and whoever verifies it is told why. Once: False when
    there is none, or it was annulled before."""
    document = Document.objects.filter(code=code, annulled_at=None).first()
    if document is None:
        return False
    still = Document.objects.filter(pk=document.pk, annulled_at=None)
    if not still.update(annulled_at=at, reason=reason, due_at=None):
        return False
    _record(document, rules.ANNULLED, at, {"reason": reason}, actor)
    return True


def make(*, now: Callable[[], datetime], most: int = 5) -> int:
    """Make what waits: how many papers. Each is claimed from the moment it is put into the
    press; whoever dies with it gives it back, three times at most."""
    return sum(_make(document, now) for document in queries.due(at=now())[:most])


def _make(document: Document, now: Callable[[], datetime]) -> bool:
    waiting = Document.objects.filter(pk=document.pk, due_at=document.due_at)
    if document.attempts >= rules.TRIES:  # whoever had it last died with it
        waiting.update(due_at=None)
        return False
    claimed, attempts = now() + rules.CLAIM, document.attempts + 1
    if not waiting.update(due_at=claimed, attempts=attempts):
        return False
    mine = Document.objects.filter(pk=document.pk, due_at=claimed)
    try:
        made = pressed(sheet(document))
    except Jammed as problem:  # says how it ended, and nothing of the paper
        log.warning("document %s not made: %s", document.pk, problem)
        mine.update(due_at=None if attempts >= rules.TRIES else now())
        return False
    if not mine.exists():
        return False
    _store(document.place, made)
    return _made(document, mine, made, now())


def _store(place: str, made: bytes) -> None:
    """The file is there before its row says so; what a killed worker left is overwritten."""
    default_storage.delete(place)
    default_storage.save(place, ContentFile(made))
    settle(place)


@transaction.atomic
def _made(document: Document, mine: Any, made: bytes, at: datetime) -> bool:
    digest = sha256(made).hexdigest()
    if not mine.update(due_at=None, made_at=at, sha256=digest, size=len(made)):
        return False  # annulled meanwhile
    _record(document, rules.MADE, at, {"sha256": digest, "size": len(made)})
    return True
