"""A small body for tests: four seats of three sectors, and who speaks in each."""

from datetime import UTC, datetime
from fractions import Fraction

from minga.kernel.assemblies import actions
from minga.kernel.assemblies.models import Item, Session
from minga.kernel.assemblies.rules import Terms
from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Organisation, Person, Seat

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
TERMS = Terms(quorum=Fraction(1, 2), sectors_needed=2)
MEMBERS = {"ana": "civil_society", "beto": "civil_society", "caro": "academia", "dario": "public"}


def an_organisation(name: str) -> Organisation:
    return identity.know_organisation(key=name, name=name, source="prueba", demo=True)


def seats(body: Organisation) -> list[Seat]:
    return [
        Seat(body=body, member=an_organisation(key), position=n, sector=sector, source="prueba")
        for n, (key, sector) in enumerate(MEMBERS.items(), start=1)
    ]


def a_person(name: str) -> Person:
    return identity.known_person(email=f"{name}@prueba.minga", name=name.title())


def a_body() -> Organisation:
    body = an_organisation("foro")
    identity.seat(body=body, seats=seats(body))
    for seat, name in zip(body.seats.order_by("position"), MEMBERS, strict=True):
        actions.delegate(seat=seat, person=a_person(name), since=NOON.date(), by="house", at=NOON)
    return body


def a_session(*present: str) -> Session:
    body = Organisation.objects.filter(key="foro").first() or a_body()
    told = {"held_on": NOON.date(), "virtual": True, "at": NOON}
    session = actions.call(body=body, person=a_person("ana"), **told)  # type: ignore[arg-type]
    for name in present:
        actions.attend(session=session, person=a_person(name), at=NOON)
    return session


def a_point(session: Session, subject: str = "") -> Item:
    told = {"title": "Aprobar la lista", "terms": TERMS, "at": NOON, "subject": subject}
    return actions.put(session=session, person=a_person("ana"), **told)  # type: ignore[arg-type]
