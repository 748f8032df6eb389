import logging
from collections.abc import Callable, Collection
from datetime import date, datetime
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from minga.kernel.identity.models import Person, Post

from . import queries, rules
from .models import Letter, Notice, Silence, Task

log = logging.getLogger(__name__)


def write(*, to: str, subject: str, body: str, at: datetime) -> Letter | None:
    """Put a letter into the outbox, in the transaction of whatever it tells. None: this
    address was written enough for a day, and whoever asks for more only annoys it."""
    if queries.written(to=to, since=at - rules.DAY) >= rules.MOST_A_DAY:
        log.warning("a letter not written: its address got %s in a day", rules.MOST_A_DAY)
        return None
    line = " ".join(subject.split())[:300]
    return Letter.objects.create(
        key=uuid4(), to=to, subject=line, body=body, written_at=at, due_at=at
    )


@transaction.atomic(savepoint=False)
def notify(  # noqa: PLR0913  # a notice has this many parts
    *,
    person: Person,
    topic: rules.Topic,
    title: str,
    at: datetime,
    body: str = "",
    address: str = "",
) -> Notice:
    """Tell somebody in their mailbox, and by e-mail unless they silenced the topic."""
    told = Notice(person=person, topic=topic, title=title[:300], body=body, address=address, at=at)
    silenced = Silence.objects.filter(person=person, topic=topic).exists()
    told.mail = rules.Mail.SILENCED
    if topic in rules.ALWAYS or not silenced:
        place = f"{settings.MINGA_ADDRESS}{address}" if address else ""
        words = "\n\n".join(part for part in (body, place) if part)
        told.letter = write(to=person.email, subject=title, body=words, at=at)
        told.mail = rules.Mail.WRITTEN if told.letter else rules.Mail.TOO_MANY
    told.save(force_insert=True)
    return told


def owe(  # noqa: PLR0913  # a task has this many parts
    *,
    post: Post,
    kind: str,
    reference: str,
    title: str,
    address: str,
    at: datetime,
    due_on: date | None = None,
) -> None:
    """Say that a post owes something; said again before it is done, it is owed once."""
    task = Task(post=post, kind=kind, reference=reference, title=title[:300], address=address)
    task.made_at, task.due_on = at, due_on
    Task.objects.bulk_create([task], ignore_conflicts=True)


def done(*, kind: str, reference: str, at: datetime) -> int:
    """Whatever was owed of this is done: how many posts owed it."""
    open_tasks = Task.objects.filter(kind=kind, reference=reference, done_at=None)
    return open_tasks.update(done_at=at)


def deliver(*, now: Callable[[], datetime], most: int = 100) -> int:
    """Deliver what is due: how many went out. Each letter is claimed from the moment it is
    tried, not from when the round began, so no other worker tries it meanwhile; and it
    carries the same Message-ID each time."""
    return sum(_deliver(letter, now) for letter in queries.due(at=now())[:most])


def forget(*, at: datetime) -> int:
    """Throw away old letters that are not due any more, delivered or given up: how many."""
    return Letter.objects.filter(due_at=None, written_at__lt=at - rules.KEPT).delete()[0]


def _deliver(letter: Letter, now: Callable[[], datetime]) -> bool:
    waiting = Letter.objects.filter(pk=letter.pk, due_at=letter.due_at)
    claimed = now() + rules.CLAIM
    if not waiting.update(due_at=claimed, attempts=letter.attempts + 1):
        return False
    mine = Letter.objects.filter(pk=letter.pk, due_at=claimed)
    try:
        _send(letter)
    except (OSError, ValueError) as problem:  # smtplib's are OSErrors, bad addresses ValueErrors
        log.warning("letter %s not delivered: %s", letter.key, type(problem).__name__)
        pause = rules.wait(letter.attempts + 1)
        mine.update(due_at=now() + pause if pause else None)
        return False
    mine.update(due_at=None, delivered_at=now(), body="")
    return True


def _send(letter: Letter) -> None:
    carrier = _carrier()
    try:
        EmailMessage(
            letter.subject,
            letter.body,
            to=[letter.to],
            headers={"Message-ID": f"<{letter.key}@minga>"},
            connection=carrier,
        ).send()
    finally:
        carrier.close()  # also of what was opened half-way


def _carrier() -> BaseEmailBackend:
    """The mail server of the installation, or a folder when it has none. A password goes
    over an encrypted line only: from its start (smtps), or from STARTTLS on."""
    if not settings.MINGA_MAIL:
        settings.MINGA_MAIL_FOLDER.mkdir(parents=True, exist_ok=True)
        folder = "django.core.mail.backends.filebased.EmailBackend"
        carrier: BaseEmailBackend = get_connection(folder, file_path=settings.MINGA_MAIL_FOLDER)
        return carrier
    url = urlsplit(settings.MINGA_MAIL)
    encrypted = url.scheme == "smtps"
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=url.hostname,
        port=url.port or (465 if encrypted else 587 if url.username else 25),
        username=unquote(url.username or ""),
        password=unquote(url.password or ""),
        use_ssl=encrypted,
        use_tls=not encrypted and bool(url.username),
        timeout=20,
    )


def read(*, notice: Notice, at: datetime) -> None:
    """Its reader says so themselves; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at)


def read_all(*, person: Person, until: int, at: datetime) -> int:
    """All that somebody was shown, up to the newest of it: how many. What came since stays."""
    shown = Notice.objects.filter(person=person, pk__lte=until, read_at=None)
    return shown.update(read_at=at)


@transaction.atomic
def choose(
    *, person: Person, offered: Collection[rules.Topic], wanted: Collection[rules.Topic]
) -> None:
    """Of the topics that were offered, which somebody wants by e-mail too."""
    silent = set(offered) - set(wanted) - rules.ALWAYS
    Silence.objects.filter(person=person, topic__in=set(offered) - silent).delete()
    rows = [Silence(person=person, topic=topic) for topic in sorted(silent)]
    Silence.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def forget_person(*, person: Person, address: str) -> None:
    """What was told to somebody, and every letter to the address they had, sent or waiting."""
    Notice.objects.filter(person=person).delete()
    Silence.objects.filter(person=person).delete()
    queries.letters_to(address).delete()
