from datetime import date

from django.db.models import Q, QuerySet

from .models import Membership, Organisation, Person, Post


def posts_of(person: Person, *, on: date) -> QuerySet[Post]:
    """The posts somebody holds on a day."""
    holds = Q(memberships__person=person, memberships__starts_on__lte=on) & (
        Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gte=on)
    )
    return Post.objects.filter(holds).select_related("organisation").distinct().order_by("pk")


def organisation(key: str) -> Organisation | None:
    return Organisation.objects.filter(key=key).first()


def demo_members() -> QuerySet[Membership]:
    """The invented officials, who may sign in with the password that is told to all."""
    members = Membership.objects.filter(post__organisation__demo=True)
    return members.select_related("person", "post__organisation").order_by("person__email")
