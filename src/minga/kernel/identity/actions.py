from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from minga.kernel.base.text import sort_key
from minga.kernel.trust import actions as trust

from . import queries
from .models import Assurance, IdentityDocument, Membership, Organisation, Person, Post, Unit

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
    person = enter_person(email=email, name=name, password=password)
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


@transaction.atomic
def enter_person(*, email: str, name: str, password: str | None) -> Person:
    """The person of this address, entered when nobody had it; the same again changes nothing."""
    person = Person.objects.filter(email=Person.objects.normalize_email(email)).first()
    return person or Person.objects.create_user(email, password, name=name)


@transaction.atomic
def correct_name(*, person: Person, name: str, at: datetime) -> None:
    """Somebody writes their name as it is. The history says that they did, not the name."""
    if Person.objects.filter(pk=person.pk, closed_at=None).exclude(name=name).update(name=name):
        _tell(person, "name", at)


class HoldsPosts(Exception):
    """Who holds a post, or stands in for its holder, cannot close their account."""


@transaction.atomic
def close_account(*, person: Person, at: datetime) -> bool:
    """Empty a person: what is theirs goes, the row stays for what was done in it, and the
    address may open another account. Again, and at the same time, it is done once."""
    now = Person.objects.select_for_update().get(pk=person.pk)
    if now.closed_at:
        return False
    if queries.bound(now, on=timezone.localdate(at)):
        raise HoldsPosts
    for relation in queries.kept_to_sign_in():
        relation.related_model._base_manager.filter(**{relation.field.name: now}).delete()
    IdentityDocument.objects.filter(person=now).delete()
    Assurance.objects.filter(person=now).delete()
    # A changed password ends every session; nobody can write to .invalid (RFC 2606).
    now.name, now.email = gettext("Cuenta cerrada"), f"cerrada-{now.pk}@cuenta.invalid"
    now.password, now.is_active, now.closed_at = make_password(None), False, at
    now.save(update_fields=["name", "email", "password", "is_active", "closed_at"])
    _tell(now, "close", at)
    return True


def _tell(person: Person, kind: str, at: datetime) -> None:
    trust.record(stream=person.stream, kind=kind, actor=person.stream, at=at, facts={})
