"""Files that are given to a case: kept first, then entered, then looked into."""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from minga.kernel.cases import rules, scanner
from minga.kernel.cases.declaration import Actor, Conflict, Refused
from minga.kernel.cases.models import Attachment, Case
from minga.kernel.cases.queries import APPLICANT, attachments
from minga.kernel.cases.rules import Scan
from minga.kernel.forms.backend import settle
from minga.kernel.forms.rules import MOST, Received
from minga.kernel.identity.models import Post
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts

log = logging.getLogger(__name__)


class Kept(NamedTuple):
    """A file in the store that no case has yet."""

    received: Received
    place: str
    scan: Scan


@contextmanager
def kept(files: Sequence[Received]) -> Iterator[list[Kept]]:
    """Put files into the store before the transaction that gives them to a case; what was
    then refused is taken away again. Whoever dies in between leaves files without a row,
    which `forget_orphans` finds."""
    done: list[Kept] = []
    try:
        for received in files:
            done.append(_keep(received))
        yield done
    except (Conflict, Refused):  # so nothing was committed
        for file in done:
            default_storage.delete(rules.path(file.place))
        raise


def _keep(received: Received) -> Kept:
    place = rules.new_place()
    default_storage.save(rules.path(place), File(received.content))
    settle(rules.path(place))
    if not scanner.is_embedded():
        return Kept(received, place, Scan.WAITING)
    clean = scanner.is_clean(attachments.stored(place))
    return Kept(received, place, Scan.CLEAN if clean else Scan.REFUSED)


@transaction.atomic(savepoint=False)
def attach(  # noqa: PLR0913  # who gives what to which case, and who may see it
    *,
    case: Case,
    files: Iterable[Kept],
    by: Actor,
    at: datetime,
    post: Post | None = None,
    internal: bool = False,
) -> list[Attachment]:
    """Give to a case what `kept` has in the store. Whoever comes at the same moment waits."""
    if not (files := list(files)):
        return []
    Case.objects.select_for_update().get(pk=case.pk)
    if attachments.taken(case, applicant=by.role == APPLICANT) + len(files) > MOST:
        raise Refused(f"{case.pk} has room for {MOST} files of one side")
    return [_enter(case, file, by, at, post, internal) for file in files]


def _enter(  # noqa: PLR0913, PLR0917  # a file has this many facts
    case: Case, file: Kept, by: Actor, at: datetime, post: Post | None, internal: bool
) -> Attachment:
    row = Attachment.objects.create(
        case=case,
        role=by.role,
        post=post,
        internal=internal,
        name=file.received.name,
        media_type=file.received.media_type,
        size=file.received.size,
        sha256=file.received.sha256,
        place=file.place,
        scan=file.scan,
        at=at,
    )
    facts: Facts = {"attachment": row.pk, "sha256": row.sha256, "scan": row.scan}
    trust.record(stream=row.stream, kind=rules.RECEIVED, actor=by.reference, at=at, facts=facts)
    if row.scan == Scan.REFUSED:
        transaction.on_commit(lambda: default_storage.delete(rules.path(row.place)))
    return row


def add_internal(*, case: Case, files: Sequence[Received], post: Post, at: datetime) -> None:
    """An official adds to a case what only officials see."""
    by = Actor(reference=f"post:{post.pk}", role=attachments.OFFICIAL)
    with kept(files) as stored:
        attach(case=case, files=stored, by=by, at=at, post=post, internal=True)


def scan(*, now: Callable[[], datetime], most: int = 100) -> int:
    """Look into what waits: how many files. What the scanner cannot read waits on and holds
    up no other; when the scanner is away, all of them wait."""
    looked = 0
    for row in attachments.waiting().select_related("case")[:most]:
        try:
            clean = scanner.is_clean(attachments.stored(row.place))
        except (FileNotFoundError, scanner.Unanswered) as problem:
            log.warning("attachment %s not scanned: %s", row.pk, type(problem).__name__)
        except OSError as problem:
            log.warning("the scanner does not answer: %s", type(problem).__name__)
            break
        else:
            looked += _told(row, Scan.CLEAN if clean else Scan.REFUSED, now())
    return looked


def _told(row: Attachment, scan: Scan, at: datetime) -> bool:
    """Write down what the scanner said; False: another worker has."""
    with transaction.atomic():
        still = Attachment.objects.filter(pk=row.pk, scan=Scan.WAITING)
        if not still.update(scan=scan):
            return False
        facts: Facts = {"attachment": row.pk, "scan": scan}
        trust.record(stream=row.stream, kind=rules.SCANNED, actor="house", at=at, facts=facts)
    if scan == Scan.REFUSED:
        default_storage.delete(rules.path(row.place))
    return True


def forget_orphans(*, at: datetime) -> int:
    """Throw away files that no row names and that are older than a day: how many. Rows
    without their file are named in the log."""
    gone = 0
    for folder in rules.FOLDERS:
        here = (folder, f"{folder}g")  # g comes after the digits: a range, for the index
        rows = Attachment.objects.exclude(scan=Scan.REFUSED).filter(place__range=here)
        known = dict(rows.values_list("place", "pk"))  # first: its file was there before a row
        there = attachments.lying_in(folder)
        gone += sum(_forget(rules.path(place), at) for place in there - known.keys())
        for place in known.keys() - there:
            log.error("attachment %s has no file", known[place])
    return gone


def _forget(path: str, at: datetime) -> bool:
    try:
        old = default_storage.get_modified_time(path) < at - rules.FILE_KEPT
    except FileNotFoundError:  # another worker was faster
        return False
    if old:
        default_storage.delete(path)
    return old
