"""Something public in the catalogue, an institution that answers for it, and people who talk."""

from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

from minga.kernel.catalogue.tests.build import a_record
from minga.kernel.conversation import actions, queries
from minga.kernel.conversation.models import Comment, Matter, Thread
from minga.kernel.identity import actions as identity
from minga.kernel.identity.actions.accounts import enter_person
from minga.kernel.identity.models import Person, Post

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
minutes = count(1)


def somebody(name: str) -> Person:
    return enter_person(email=f"{name}@prueba.minga", name=name.title(), password="x" * 12)


def officials() -> list[tuple[Post, Person]]:
    """Two people of the institution that answers for what is said."""
    body = identity.know_organisation(key="plaza", name="Plaza", source="prueba", demo=True)
    made = []
    for name in ("olga", "pablo"):
        post = identity.know_post(organisation=body, title=f"Puesto de {name}")
        told = {"email": f"{name}@prueba.minga", "name": name.title(), "password": "x" * 12}
        made.append((post, identity.appoint(post=post, since=NOON.date(), **told)))  # type: ignore[arg-type]
    return made


def a_thread(author: Person | None = None) -> Thread:
    record = a_record(title="Agua para el barrio", text="Palabras que no deben volver")
    holder = officials()[0][0].organisation
    about = {"type": record.type, "reference": record.reference, "address": record.address}
    return actions.open_thread(**about, holder=holder, author=author, level=1, demo=True)


def said(thread: Thread, person: Person, body: str = "Me parece bien", to: int = 0) -> Comment:
    at = NOON + timedelta(minutes=next(minutes))
    return actions.say(thread=thread, person=person, body=body, key=uuid4(), at=at, to=to or None)


def reported(thread: Thread, comment: Comment | None, person: Person) -> Matter:
    told = {"person": person, "reason": "offence", "at": NOON}
    matter = actions.report(thread=thread, comment=comment, **told)  # type: ignore[arg-type]
    return queries.whole().get(pk=matter.pk)


def decided(matter: Matter, reason: str, by: tuple[Post, Person] | None = None) -> Matter:
    post, person = by or officials()[0]
    rev = Matter.objects.get(pk=matter.pk).rev
    return actions.decide(matter=matter, reason=reason, post=post, person=person, rev=rev, at=NOON)
