from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.crypto import salted_hmac

from minga.kernel.design.menu import Audience

from .models import (
    Assurance,
    Deputy,
    IdentityDocument,
    Membership,
    Organisation,
    Person,
    Post,
    Session,
)
from .rules import Level


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


def level_of(person: Person) -> Level:
    """How sure the State is of who somebody is."""
    verified = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
    told = Person.objects.filter(pk=person.pk).annotate(
        verified=Exists(verified), highest=Max("assurances__level")
    )
    email, highest = told.values_list("verified", "highest").get()
    return max(Level(highest or Level.DECLARED), Level.EMAIL if email else Level.DECLARED)


def document_of(person: Person) -> IdentityDocument | None:
    return IdentityDocument.objects.filter(person=person).first()


def may_change_document(person: Person) -> bool:
    """Not while a level stands on it."""
    return not Assurance.objects.filter(person=person, level__gte=Level.IN_PERSON).exists()


def person_at_counter(words: str) -> Person | None:
    """Whose exact address or document number this is."""
    known = Q(email=Person.objects.normalize_email(words)) | Q(identitydocument__number=words)
    found = list(Person.objects.filter(known, is_active=True).distinct()[:2])
    return found[0] if len(found) == 1 else None


def sessions_of(person: Person, *, at: datetime) -> QuerySet[Session]:
    open_ones = Session.objects.filter(person=person, expire_date__gt=at)
    return open_ones.order_by("-began_at", "session_key").defer("session_data")


def handle(session_key: str) -> str:
    """A name for a session that opens nothing, to say which one is meant."""
    return salted_hmac("minga.session", session_key, algorithm="sha256").hexdigest()[:20]


def device_token(person: Person) -> str:
    """What a browser keeps once somebody entered with it; another password forgets it."""
    said = f"{person.pk}:{person.password}"
    return salted_hmac("minga.device", said, algorithm="sha256").hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Keys:
    """With what somebody enters, besides their password."""

    app: Authenticator | None
    codes: Authenticator | None
    passkeys: Sequence[Authenticator]


def keys_of(person: Person) -> Keys:
    found = list(Authenticator.objects.filter(user=person).order_by("pk"))
    kinds = {key.type: key for key in found}
    types = Authenticator.Type
    passkeys = [key for key in found if key.type == types.WEBAUTHN]
    return Keys(kinds.get(types.TOTP), kinds.get(types.RECOVERY_CODES), passkeys)
