from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import Lower

from minga.kernel.identity.models import Person, Post

from . import rules
from .models import Letter, Notice, Silence, Task


def due(*, at: datetime) -> QuerySet[Letter]:
    """Letters to be tried now, the oldest first."""
    return Letter.objects.filter(due_at__lte=at).order_by("due_at", "pk")


def written(*, to: str, since: datetime) -> int:
    """How many letters one address was written, in large or small letters."""
    return letters_to(to).filter(written_at__gt=since).count()


def owed(posts: Iterable[Post]) -> QuerySet[Task]:
    """What these posts owe besides their cases."""
    return Task.objects.filter(post__in=posts, done_at=None).select_related("post")


def letters_to(address: str) -> QuerySet[Letter]:
    return Letter.objects.alias(address=Lower("to")).filter(address=Lower(Value(address)))


def notices_of(person: Person) -> QuerySet[Notice]:
    """What was told to somebody, and to nobody else; those unread can be put first."""
    seen = Case(When(read_at=None, then=Value(0)), default=Value(1))
    return Notice.objects.filter(person=person).annotate(seen=seen).select_related("letter")


def unread(person: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(person=person, read_at=None)


def silenced(person: Person) -> set[str]:
    return set(Silence.objects.filter(person=person).values_list("topic", flat=True))


def delivery(notice: Notice) -> rules.Delivery:
    """What became of its e-mail; the letter came with the notice."""
    letter = notice.letter
    return rules.delivery(
        notice.mail,
        kept=letter is not None,
        attempts=letter.attempts if letter else 0,
        due_at=letter.due_at if letter else None,
        delivered_at=letter.delivered_at if letter else None,
    )
