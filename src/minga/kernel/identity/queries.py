from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from minga.kernel.design.menu import Audience
from minga.kernel.trust.models import Entry
from minga.kernel.trust.rules import Facts, Fault, readable

from . import rules
from .models import (
    Assurance,
    Dependence,
    Deputy,
    IdentityDocument,
    Membership,
    Organisation,
    Person,
    Post,
    Session,
    Succession,
    Unit,
)
from .rules import Level

# What the history tells of each, whenever it changes.
ORGANISATION = (
    *("key", "name", "acronym", "kind", "form", "level", "function", "sector", "territory_id"),
    *("starts_on", "ends_on", "source", "demo"),
)
POST = (
    *("organisation_id", "unit_id", "title", "supervises", "administers", "stewards"),
    *("is_egov_officer", "heads", "ends_on"),
)
DAYS = ("starts_on", "ends_on")
UNDOABLE = ("change", "depend", "hold", "leave", "replace", "deputise")


def posts_of(person: Person, *, on: date) -> QuerySet[Post]:
    """The posts somebody holds on a day, and those where they stand in for the holder."""
    holds = held(on=on).filter(person=person, post=OuterRef("pk"))
    stands_in = Deputy.objects.filter(
        person=person, post=OuterRef("pk"), starts_on__lte=on, ends_on__gte=on, undone=False
    )
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    posts = Post.objects.filter(Exists(holds) | Exists(stands_in), in_force)
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
    return Membership.objects.filter(still, starts_on__lte=on, undone=False)


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


def demo_citizens() -> QuerySet[Person]:
    """The invented people who have an account and never held a post."""
    invented = Person.objects.filter(email__endswith=rules.DEMO, closed_at=None)
    return invented.filter(memberships=None).order_by("email")


def is_invented(person: Person) -> bool:
    return person.email.endswith(rules.DEMO)


def bound(person: Person, *, on: date) -> list[Post]:
    """The posts somebody holds on a day or later, and those where they stand in."""
    later = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    holds = Membership.objects.filter(later, person=person, post=OuterRef("pk"), undone=False)
    stands_in = Deputy.objects.filter(
        person=person, post=OuterRef("pk"), ends_on__gte=on, undone=False
    )
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


def seen(thing: Organisation | Post) -> dict[str, str | int | bool | None]:
    """What the history tells of an institution or a post as it is now."""
    names = ORGANISATION if isinstance(thing, Organisation) else POST
    return {name: _plain(getattr(thing, name)) for name in names}


def _plain(value: Any) -> str | int | bool | None:
    return value.isoformat() if isinstance(value, date) else value


def before(kind: type[Organisation] | type[Post], facts: Facts) -> dict[str, Any]:
    """What a change replaced, as columns."""
    names = ORGANISATION if kind is Organisation else POST
    was = {name: facts[f"was_{name}"] for name in names if f"was_{name}" in facts}
    return {n: _day(value) if n in DAYS else value for n, value in was.items()}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None


def act_seal(act: str) -> str:
    """Of the words of an act, which may name people and so stay out of the history."""
    return sha256(act.encode()).hexdigest()[:16] if act else ""


def parents() -> dict[int, int]:
    """On which body each one depends now."""
    standing = Dependence.objects.filter(ends_on=None)
    return dict(standing.values_list("organisation_id", "parent_id"))


def comes_from(body: Organisation, other: Organisation) -> bool:
    """Whether a body is `other`, or came to be from it through others."""
    came: dict[int, list[int]] = {}
    for original, resulting in Succession.objects.values_list("original_id", "resulting_id"):
        came.setdefault(resulting, []).append(original)
    ahead, seen_bodies = [body.pk], set()
    while ahead:
        here = ahead.pop()
        if here == other.pk:
            return True
        if here not in seen_bodies:
            seen_bodies.add(here)
            ahead += came.get(here, [])
    return False


def undoable(thing: Organisation | Post) -> Entry | None:
    """The last thing that happened, if it can be taken back."""
    last = Entry.objects.filter(stream=thing.stream).order_by("-seq").first()
    if last is None:
        return None
    is_change = last.kind in UNDOABLE or (last.kind == "unit" and "was_title" in last.facts)
    return last if is_change else None


def acted(post: Post, *, since: Entry) -> bool:
    """Whether a post signed anything after an entry of its own."""
    return Entry.objects.filter(pk__gt=since.pk, actor=f"post:{post.pk}").exists()


def head(organisation: Organisation) -> Post | None:
    """The post of the highest authority of an institution, as its register says."""
    return Post.objects.filter(organisation=organisation, heads=True, ends_on=None).first()


def administrators(organisation: Organisation, *, on: date) -> QuerySet[Person]:
    """Who runs the people and posts of an institution on a day."""
    posts = Post.objects.filter(organisation=organisation, administers=True)
    holders = held(on=on).filter(post__in=posts).values("person")
    return Person.objects.filter(pk__in=holders, is_active=True).order_by("pk")


class Told:
    """What the history says of the register: everything of one kind by its number."""

    def __init__(self) -> None:
        self.organisations: dict[int, Mapping[str, Any]] = {}
        self.parents: dict[int, int | None] = {}
        self.successions: dict[int, tuple[Any, ...]] = {}
        self.units: dict[int, tuple[Any, ...]] = {}
        self.posts: dict[int, Mapping[str, Any]] = {}
        self.memberships: dict[int, list[Any]] = {}
        self.deputies: dict[int, list[Any]] = {}

    def hear_organisation(self, number: int, facts: Mapping[str, Any]) -> None:
        if "name" in facts:
            self.organisations[number] = facts
        if "parent" in facts:
            self.parents[number] = facts["parent"]
        if "succession" in facts:
            bodies = (facts["original"], facts["resulting"])
            self.successions[facts["succession"]] = (*bodies, facts["on"])
        if "unit" in facts:
            self.units[facts["unit"]] = (number, facts["title"], facts.get("ends_on"))

    def hear_post(self, number: int, facts: Mapping[str, Any]) -> None:
        if "stewards" in facts:
            self.posts[number] = {"heads": False, **facts}  # older entries do not say it
        if "membership" in facts:
            self._hear(self.memberships, facts["membership"], number, facts, None)
        if "deputy" in facts:
            self._hear(self.deputies, facts["deputy"], number, facts, facts.get("ends_on"))
        if facts.get("left") in self.memberships:
            self.memberships[facts["left"]][3] = facts["left_on"]

    def _hear(
        self, told: dict[int, list[Any]], key: int, post: int, facts: Mapping[str, Any], end: Any
    ) -> None:
        if facts.get("undone") and key in told:
            told[key][5] = True
        else:
            started, act = facts.get("starts_on"), facts.get("act")
            told[key] = [post, facts.get("person"), started, end, act, False]


def told() -> Told:
    """The history of the register, read once."""
    heard = Told()
    kinds: dict[str, Callable[[int, Mapping[str, Any]], None]] = {
        "organisation": heard.hear_organisation,
        "post": heard.hear_post,
    }
    for kind, hear in kinds.items():
        entries = Entry.objects.filter(stream__startswith=f"{kind}:").order_by("stream", "seq")
        for entry in entries.iterator():
            hear(int(entry.stream.partition(":")[2]), readable(entry.body))
    return heard


def verify() -> Iterator[Fault]:
    """Rows of the register that are not what the history says of them. An institution or a
    post that it never told is left; who holds a post is always told."""
    heard = told()
    yield from _changed(Organisation, heard.organisations)
    yield from _changed(Post, heard.posts)
    units = Unit.objects.values_list("pk", "organisation_id", "name", "ends_on")
    there = {pk: (body, name, _plain(end)) for pk, body, name, end in units}
    for pk in sorted(pk for pk, said in heard.units.items() if there.get(pk) != said):
        yield Fault(f"unit:{pk}", _("la unidad no es la que dice la historia"))
    above = parents()
    for pk in sorted(pk for pk, body in heard.parents.items() if above.get(pk) != body):
        yield Fault(f"organisation:{pk}", _("no depende de quien dice la historia"))
    rows = Succession.objects.values_list("pk", "original_id", "resulting_id", "on")
    became = {pk: (old, new, _plain(on)) for pk, old, new, on in rows}
    for pk in sorted(
        pk for pk in became | heard.successions if became.get(pk) != heard.successions.get(pk)
    ):
        yield Fault(f"succession:{pk}", _("la sucesión no es la que se anotó"))
    yield from _held(Membership, heard.memberships, _("quien lo ocupa no es quien se anotó"))
    yield from _held(Deputy, heard.deputies, _("la suplencia no es la que se anotó"))


def _changed(
    kind: type[Organisation] | type[Post], heard: Mapping[int, Mapping[str, Any]]
) -> Iterator[Fault]:
    left = dict(heard)
    for row in kind._default_manager.order_by("pk").iterator():
        said = left.pop(row.pk, None)
        now = seen(row)
        if said is not None and any(said.get(name) != now[name] for name in now):
            yield Fault(row.stream, _("no es lo que dice su historia"))
    for pk in sorted(left):
        kind_name = "organisation" if kind is Organisation else "post"
        yield Fault(f"{kind_name}:{pk}", _("falta, y su historia está"))


def _held(
    kind: type[Membership] | type[Deputy], heard: Mapping[int, list[Any]], fault: str
) -> Iterator[Fault]:
    left = dict(heard)
    for row in kind._default_manager.order_by("pk").iterator():
        days = row.starts_on.isoformat(), _plain(row.ends_on)
        now = [row.post_id, row.person_id, *days, act_seal(row.act), row.undone]
        if left.pop(row.pk, None) != now:
            yield Fault(f"post:{row.post_id}", fault)
    for said in left.values():
        yield Fault(f"post:{said[0]}", fault)


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


def mark_of(document: IdentityDocument | None, person: Person) -> str:
    """By what somebody is known to be the same, whichever account they use: by a document when
    they gave one. Nobody can tell who it is without the key of this house."""
    known = f"{document.kind}:{document.number}" if document else person.stream
    return salted_hmac("minga.kernel.identity.mark", known, algorithm="sha256").hexdigest()


def accounts_of(person: Person, mark: str) -> QuerySet[Person]:
    """Somebody, and the accounts that they closed."""
    return Person.objects.filter(Q(pk=person.pk) | Q(mark=mark))


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
