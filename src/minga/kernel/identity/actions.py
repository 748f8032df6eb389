from datetime import date

from django.db import transaction
from django.db.models import Q

from minga.kernel.base.text import sort_key

from . import queries
from .models import Membership, Organisation, Person, Post, Unit

DEMO_PASSWORD = "minga-demo"  # noqa: S105  # of invented people only; `start` prints it


def know_organisation(  # noqa: PLR0913  # an organisation has this many facts
    *, key: str, name: str, source: str, acronym: str = "", kind: str = "", demo: bool = False
) -> Organisation:
    """The organisation of this key, entered when nobody named it before."""
    named = {
        "name": name,
        "sort_name": sort_key(name)[:300],
        "acronym": acronym,
        "kind": kind,
        "source": source,
        "demo": demo,
    }
    known, new = Organisation.objects.get_or_create(key=key, defaults=named)
    told = (acronym or known.acronym, kind or known.kind)
    if not new and told != (known.acronym, known.kind):
        known.acronym, known.kind = told
        known.save(update_fields=["acronym", "kind"])
    return known


def know_post(*, organisation: Organisation, title: str, unit: str = "") -> Post:
    """The post of this title, in a unit of this name; both entered when nobody knew them."""
    part = Unit.objects.get_or_create(organisation=organisation, name=unit)[0] if unit else None
    return Post.objects.get_or_create(organisation=organisation, title=title, unit=part)[0]


class PostHeld(Exception):
    """Somebody else holds the post on one of these days."""

    def __init__(self, membership: Membership) -> None:
        super().__init__(str(membership))
        self.membership = membership


@transaction.atomic
def appoint(*, email: str, name: str, password: str | None, post: Post, since: date) -> Person:
    """Enter an official who holds a post from a day on; the same again changes nothing.
    Without a password they choose one by e-mail."""
    person = Person.objects.filter(email=Person.objects.normalize_email(email)).first()
    if person is None:
        person = Person.objects.create_user(email, password, name=name)
    if post not in queries.posts_of(person, on=since):
        hold(post=post, person=person, since=since)
    return person


@transaction.atomic
def hold(*, post: Post, person: Person, since: date, act: str = "") -> Membership:
    """Somebody holds a post from a day on. One at a time: PostHeld says who already does."""
    Post.objects.select_for_update().get(pk=post.pk)
    later = Q(ends_on__isnull=True) | Q(ends_on__gte=since)
    if already := post.memberships.filter(later).select_related("person").first():
        raise PostHeld(already)
    return Membership.objects.create(person=person, post=post, starts_on=since, act=act)
