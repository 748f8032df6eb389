"""People and their accounts: what they enter with, their papers, how sure the State is of them."""

from collections.abc import Collection, Mapping
from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from minga.kernel.identity import queries
from minga.kernel.identity.models import Assurance, IdentityDocument, Person, Post, Session
from minga.kernel.identity.rules import Level
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts


def know_address(*, person: Person, verified: bool) -> bool:
    """The address somebody enters with, where the sign-in library looks for it: whether it
    was not known before. Verified: it is theirs, and no letter has to show it."""
    said = {"verified": verified, "primary": True}
    return bool(
        EmailAddress.objects.get_or_create(user=person, email=person.email, defaults=said)[1]
    )


@transaction.atomic
def open_account(*, email: str, name: str, password: str, at: datetime) -> Person | None:
    """A person, with the address that a letter reached and the hash of their password; the
    same again changes nothing. None: the address is somebody else's."""
    email = Person.objects.normalize_email(email)
    new = Person(email=email, name=name, password=password)
    Person.objects.bulk_create([new], ignore_conflicts=True)
    person = Person.objects.get(email=email)
    if person.password != password:
        return None
    if know_address(person=person, verified=True):
        note(person=person, kind="account_opened", at=at)
    return person


def note(
    *, person: Person, kind: str, at: datetime, actor: str = "", facts: Facts | None = None
) -> None:
    """What happened to an account, in the stream of its person."""
    who = actor or person.stream
    trust.record(stream=person.stream, kind=kind, actor=who, at=at, facts=facts or {})


@transaction.atomic
def note_and_tell(
    *, person: Person, letter: str, said: Mapping[str, object], at: datetime, also: str = ""
) -> None:
    """What happened to an account, told to its person in the same transaction; `also`: the
    address that was theirs before."""
    note(person=person, kind=letter.rpartition("/")[2], at=at)
    get_adapter().tell(letter, person, said, at=at, also=also)


@transaction.atomic
def choose_password(*, person: Person, password: str, but: str | None) -> None:
    """Another password, and every session closed but the one in which it was chosen."""
    person.set_password(password)
    person.save(update_fields=["password"])
    close_sessions(person=person, but=but)


def close_sessions(
    *, person: Person, only: Collection[str] | None = None, but: str | None = None
) -> int:
    """Sessions that are dead from now on: how many."""
    found = Session.objects.filter(person=person).exclude(session_key=but or "")
    return (found if only is None else found.filter(session_key__in=only)).delete()[0]


@transaction.atomic
def spend(*, authenticator: Authenticator, code: str) -> bool:
    """Whether a code of an application counts: none does twice, nor one before the last."""
    kept = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    secret, last = decrypt(kept.data["secret"]), kept.data.get("last", 0)
    for counter in totp.yield_hotp_counters_from_time():
        value = totp.format_hotp_value(totp.hotp_value(secret, counter))
        if counter > last and compare_user_code(actual=code, expected=value):
            kept.data["last"] = counter
            kept.save(update_fields=["data"])
            return True
    return False


class DocumentTaken(Exception):
    """Another account has this document; which one is nobody's business."""


class DocumentStands(Exception):
    """A level stands on the document: it stays."""


@transaction.atomic
def give_document(*, person: Person, kind: str, number: str, at: datetime) -> None:
    """Say which document one has; said again before a level stands on it, it is changed."""
    Person.objects.select_for_update().get(pk=person.pk)
    if not queries.may_change_document(person):
        raise DocumentStands
    if IdentityDocument.objects.filter(kind=kind, number=number).exclude(person=person).exists():
        raise DocumentTaken
    IdentityDocument.objects.filter(person=person).delete()
    new = IdentityDocument(person=person, kind=kind, number=number)
    IdentityDocument.objects.bulk_create([new], ignore_conflicts=True)
    if not IdentityDocument.objects.filter(person=person).exists():
        raise DocumentTaken  # at the same moment
    note(person=person, kind="document_given", at=at, facts={"document": kind})


@transaction.atomic
def remove_document(*, person: Person, at: datetime) -> None:
    Person.objects.select_for_update().get(pk=person.pk)
    if not queries.may_change_document(person):
        raise DocumentStands
    if IdentityDocument.objects.filter(person=person).delete()[0]:
        note(person=person, kind="document_removed", at=at)


class NotTheDocument(Exception):
    """What the official read is not what the person gave, or they gave none."""


@transaction.atomic
def verify_in_person(*, person: Person, number: str, post: Post, at: datetime) -> Assurance:
    """An official saw somebody and their document; the same again changes nothing."""
    Person.objects.select_for_update().get(pk=person.pk)
    if not IdentityDocument.objects.filter(person=person, number=number).exists():
        raise NotTheDocument
    said = {"method": "in_person", "given_at": at, "given_by": post.stream}
    assurance, new = Assurance.objects.get_or_create(
        person=person, level=Level.IN_PERSON, defaults=said
    )
    if new:
        facts: Facts = {"level": int(Level.IN_PERSON)}
        note(person=person, kind="verified_in_person", at=at, actor=post.stream, facts=facts)
        get_adapter().tell("identity/letters/verified_in_person", person, {}, at=at)
    return assurance


@transaction.atomic
def enter_person(*, email: str, name: str, password: str | None) -> Person:
    """The person of this address, entered when nobody had it; the same again changes nothing."""
    email = Person.objects.normalize_email(email)
    person = Person.objects.filter(email=email).first()
    person = person or Person.objects.create_user(email, password, name=name)
    if person.is_active:
        know_address(person=person, verified=password is not None)
    return person


@transaction.atomic
def correct_name(*, person: Person, name: str, at: datetime) -> None:
    """Somebody writes their name as it is. The history says that they did, not the name."""
    if Person.objects.filter(pk=person.pk, closed_at=None).exclude(name=name).update(name=name):
        note(person=person, kind="name", at=at)


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
    close_sessions(person=now)
    document = queries.document_of(now)
    now.mark = queries.mark_of(document, now) if document else ""
    IdentityDocument.objects.filter(person=now).delete()
    Assurance.objects.filter(person=now).delete()
    # A changed password ends every session; nobody can write to .invalid (RFC 2606).
    now.name, now.email = gettext("Cuenta cerrada"), f"cerrada-{now.pk}@cuenta.invalid"
    now.password, now.is_active, now.closed_at = make_password(None), False, at
    now.save(update_fields=["name", "email", "password", "is_active", "closed_at", "mark"])
    note(person=now, kind="close", at=at)
    return True
