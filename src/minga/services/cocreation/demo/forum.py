"""An invented forum, working group and commission, with who speaks in each seat."""

from datetime import datetime
from typing import NamedTuple

from django.utils.timezone import localdate

from minga.kernel.assemblies import actions as assemblies
from minga.kernel.identity import actions as identity
from minga.kernel.identity.actions.accounts import enter_person
from minga.kernel.identity.models import Organisation, Person, Seat
from minga.kernel.identity.rules import DEMO

SOURCE = "dato de demostración"
PUBLIC, CIVIL, ACADEMIA = "public", "civil_society", "academia"


class Member(NamedTuple):
    """An invented organisation, and who speaks for it."""

    key: str
    name: str
    sector: str
    email: str
    person: str


INES = Member("villa-minga-participacion", "", PUBLIC, "ines", "Inés Quilca")
NADIA = Member(
    *("villa-minga-planificacion", "Dirección de Planificación de Villa Minga (demostración)"),
    *(PUBLIC, "nadia", "Nadia Cusi"),
)
CARLA = Member(
    *("puente-claro", "Fundación Puente Claro (demostración)", CIVIL, "carla", "Carla Fierro")
)
BRUNO = Member(
    *("datos-del-rio", "Colectivo Datos del Río (demostración)", CIVIL, "bruno", "Bruno Tapia")
)
ELENA = Member(
    *("red-de-jovenes", "Red de Jóvenes de Villa Minga (demostración)", CIVIL),
    *("elena", "Elena Choque"),
)
DIEGO = Member(
    *("universidad-del-paramo", "Universidad del Páramo (demostración)", ACADEMIA),
    *("diego", "Diego Salas"),
)
FELIX = Member(
    *("instituto-del-valle", "Instituto Técnico del Valle (demostración)", ACADEMIA),
    *("felix", "Félix Moreno"),
)

FORUM = ("villa-minga-foro", "Foro de Gobierno Abierto de Villa Minga (demostración)")
GROUP = ("villa-minga-grupo-de-trabajo", "Grupo de Trabajo de Villa Minga (demostración)")
COMMISSION = ("villa-minga-comision", "Comisión de Evaluación de Villa Minga (demostración)")
BODIES = {
    FORUM: (CARLA, BRUNO, DIEGO, INES),
    GROUP: (ELENA, FELIX, NADIA),
    COMMISSION: (CARLA, DIEGO, INES),
}


def bodies(at: datetime) -> tuple[Organisation, Organisation, Organisation]:
    """The forum, the working group and the commission; the same again changes nothing."""
    forum, group, commission = (_body(*named, at) for named in BODIES)
    return forum, group, commission


def _body(key: str, name: str, at: datetime) -> Organisation:
    body = _organisation(key, name, at)
    if not body.seats.exists():
        identity.seat(body=body, seats=list(_seats(body, BODIES[key, name], at)))
    for seat, member in zip(body.seats.order_by("position"), BODIES[key, name], strict=True):
        assemblies.delegate(
            seat=seat, person=_person(member), since=localdate(at), by="house", at=at
        )
    return body


def _seats(body: Organisation, members: tuple[Member, ...], at: datetime) -> list[Seat]:
    return [
        Seat(
            body=body,
            member=_organisation(member.key, member.name, at),
            position=position,
            sector=member.sector,
            source=SOURCE,
        )
        for position, member in enumerate(members, start=1)
    ]


def _organisation(key: str, name: str, at: datetime) -> Organisation:
    return identity.know_organisation(key=key, name=name, source=SOURCE, demo=True, at=at)


def _person(member: Member) -> Person:
    told = {"name": member.person, "password": identity.DEMO_PASSWORD}
    return enter_person(email=f"{member.email}{DEMO}", **told)
