from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

from minga.kernel.identity.models import Post

from .models import Letter, Task


def due(*, at: datetime) -> QuerySet[Letter]:
    """Letters to be tried now, the oldest first."""
    return Letter.objects.filter(due_at__lte=at).order_by("due_at", "pk")


def written(*, to: str, since: datetime) -> int:
    """How many letters one address was written, in large or small letters."""
    same = Letter.objects.alias(address=Lower("to")).filter(address=Lower(Value(to)))
    return same.filter(written_at__gt=since).count()


def owed(posts: Iterable[Post]) -> QuerySet[Task]:
    """What these posts owe besides their cases."""
    return Task.objects.filter(post__in=posts, done_at=None).select_related("post")
