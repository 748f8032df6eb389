from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from minga.kernel.design.menu import Audience

from . import rules
from .models import Deputy, Membership, Organisation, Person, Post


def posts_of(person: Person, *, on: date) -> QuerySet[Post]:
    """The posts somebody holds on a day, and those where they stand in for the holder."""
    holds = held(on=on).filter(person=person, post=OuterRef("pk"))
    stands_in = Deputy.objects.filter(
        person=person, post=OuterRef("pk"), starts_on__lte=on, ends_on__gte=on
    )
    posts = Post.objects.filter(Exists(holds) | Exists(stands_in))
    return posts.select_related("organisation", "unit").order_by("pk")


def fits(post: Post, audience: Audience) -> bool:
    """Whether the holder of a post is of an audience that posts make."""
    match audience:
        case Audience.STEWARD:
            return post.stewards
        case Audience.ADMINISTRATOR:
            return post.administers or post.stewards
        case _:
            return True


def held(*, on: date) -> QuerySet[Membership]:
    """Who holds which post on a day."""
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return Membership.objects.filter(still, starts_on__lte=on)


def holder(post: Post, *, on: date) -> Person | None:
    membership = held(on=on).filter(post=post).select_related("person").first()
    return membership.person if membership else None


def organisation(key: str) -> Organisation | None:
    return Organisation.objects.filter(key=key).first()


def demo_members() -> QuerySet[Membership]:
    """The invented officials, who may sign in with the password that is told to all."""
    members = Membership.objects.filter(post__organisation__demo=True)
    return members.select_related("person", "post__organisation", "post__unit").order_by(
        "person__email"
    )


def demo_citizens() -> QuerySet[Person]:
    """The invented people who have an account and never held a post."""
    invented = Person.objects.filter(email__endswith=rules.DEMO, closed_at=None)
    return invented.filter(memberships=None).order_by("email")


def is_invented(person: Person) -> bool:
    return person.email.endswith(rules.DEMO)


def bound(person: Person, *, on: date) -> list[Post]:
    """The posts somebody holds on a day or later, and those where they stand in."""
    later = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    holds = Membership.objects.filter(later, person=person, post=OuterRef("pk"))
    stands_in = Deputy.objects.filter(person=person, post=OuterRef("pk"), ends_on__gte=on)
    posts = Post.objects.filter(Exists(holds) | Exists(stands_in))
    return list(posts.select_related("organisation", "unit").order_by("pk"))


def runners(post: Post, *, on: date) -> list[Post]:
    """The posts whose holders can end who holds a post: of its institution, or else of the
    register of all."""
    filled = Post.objects.filter(Exists(held(on=on).filter(post=OuterRef("pk"))))
    filled = filled.select_related("organisation", "unit").order_by("pk")
    own = list(filled.filter(organisation=post.organisation_id, administers=True))
    return own or list(filled.filter(stewards=True))


def kept_to_sign_in() -> Sequence[Any]:
    """What the sign-in library keeps of somebody: addresses, factors, sessions, as relations."""
    relations = [
        r for r in Person._meta.related_objects if r.field.model.__module__.startswith("allauth.")
    ]
    return sorted(relations, key=lambda relation: relation.related_model._meta.label_lower)
