from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from minga.kernel.design.menu import Audience

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


def staff(organisation: int, *, on: date) -> QuerySet[Post]:
    """The posts of an organisation that last, each with who holds it on a day: `held_by`, the
    name, and `held_by_id`; None when nobody does."""
    members = held(on=on).filter(post=OuterRef("pk"))
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    return (
        Post.objects.filter(lasting, organisation=organisation)
        .select_related("unit")
        .annotate(
            held_by=Subquery(members.values("person__name")[:1]),
            held_by_id=Subquery(members.values("person")[:1]),
        )
    )


def organisation(key: str) -> Organisation | None:
    return Organisation.objects.filter(key=key).first()


def demo_members() -> QuerySet[Membership]:
    """The invented officials, who may sign in with the password that is told to all."""
    members = Membership.objects.filter(post__organisation__demo=True)
    return members.select_related("person", "post__organisation", "post__unit").order_by(
        "person__email"
    )
