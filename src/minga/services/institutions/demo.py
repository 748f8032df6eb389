"""An invented town with its institutions, posts and people, made with the same actions as
real ones."""

import io
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Organisation, Post, Seat
from minga.kernel.identity.rules import Form

from . import actions, queries
from .actions import faces as faces_of
from .queries import faces
from .rules.logos import redrawn
from .rules.themes import Choice

SOURCE = "dato de demostración"
TOWN, OFFICE, WATER = "villa-minga", "villa-minga-participacion", "villa-minga-agua"
DAY = timedelta(days=1)


class Body(NamedTuple):
    """One invented institution."""

    key: str
    name: str
    form: str = ""
    parent: str = ""
    kind: str = "public"


class Place(NamedTuple):
    """One invented post and who holds it."""

    body: str
    title: str
    email: str = ""
    name: str = ""
    supervises: bool = False
    administers: bool = False
    stewards: bool = False
    is_egov_officer: bool = False


BODIES = [
    Body(TOWN, "Municipio de Villa Minga (demostración)", Form.OTHER),
    Body(OFFICE, "Secretaría de Participación de Villa Minga (demostración)", parent=TOWN),
    Body("ministerio-de-aguas-demo", "Ministerio de Aguas (demostración)", Form.MINISTRY),
    Body(
        "servicio-de-riego-demo",
        "Servicio de Riego (demostración)",
        Form.ATTACHED,
        parent="ministerio-de-aguas-demo",
    ),
    Body("junta-de-agua-demo", "Junta de Agua de Villa Minga (demostración)"),
    Body(WATER, "Empresa de Agua de Villa Minga (demostración)", Form.GOVERNED),
]
BOARD = ("ministerio-de-aguas-demo", "servicio-de-riego-demo", TOWN)
PLACES = [
    Place(TOWN, "Registro de instituciones", "alvaro@demo.minga", "Álvaro Mamani", stewards=True),
    Place(
        TOWN,
        "Responsable de gobierno electrónico",
        "julia@demo.minga",
        "Julia Cando",
        is_egov_officer=True,
    ),
    Place(OFFICE, "Analista de participación 2", "tomas@demo.minga", "Tomás Guamán"),
    Place(
        OFFICE,
        "Jefatura de participación",
        "marta@demo.minga",
        "Marta Choque",
        supervises=True,
        administers=True,
    ),
    Place(OFFICE, "Responsable de datos abiertos"),
]
DEPUTY = ("julia@demo.minga", "Julia Cando")


def build(at: datetime) -> None:
    """The invented town; the same again changes nothing."""
    start = at - 60 * DAY
    bodies = {body.key: _body(body, start) for body in BODIES}
    for body in BODIES:
        if body.parent:
            above = bodies[body.parent]
            told: dict[str, Any] = {"source": SOURCE, "by": identity.HOUSE, "at": start}
            identity.depend(organisation=bodies[body.key], parent=above, **told)
    actions.succeed(
        original=bodies["junta-de-agua-demo"],
        resulting=bodies[WATER],
        on=timezone.localdate(start),
        act="Ordenanza de demostración 1",
        by=identity.HOUSE,
        at=start,
    )
    _board(bodies)
    identity.know_post(  # whoever holds it comes with what they attend to
        organisation=bodies[OFFICE], title="Analista de participación", at=start
    )
    posts = {place.title: _place(bodies[place.body], place, start) for place in PLACES}
    _deputy(posts["Jefatura de participación"], at)
    _faces(bodies, start)


def _body(said: Body, at: datetime) -> Organisation:
    known = queries.institution(said.key)
    if known:
        return known
    told: dict[str, Any] = {"name": said.name, "form": str(said.form), "kind": said.kind}
    told |= {"source": SOURCE, "demo": True}
    return actions.enter(key=said.key, said=told, parent=None, by=identity.HOUSE, at=at)


def _board(bodies: dict[str, Organisation]) -> None:
    body = bodies[WATER]
    seats = [
        Seat(body=body, member=bodies[key], position=place, role="delegate", source=SOURCE)
        for place, key in enumerate(BOARD, start=1)
    ]
    identity.seat(body=body, seats=seats)


def _place(body: Organisation, said: Place, at: datetime) -> Post:
    known = Post.objects.filter(organisation=body, title=said.title).first()
    if known:
        return known
    duties = ("supervises", "administers", "stewards", "is_egov_officer")
    told: dict[str, Any] = {name: getattr(said, name) for name in duties}
    told["title"] = said.title
    post = actions.enter_post(
        organisation=body, said=told, instead_of=None, by=identity.HOUSE, at=at
    )
    if said.email:
        identity.appoint(
            email=said.email,
            name=said.name,
            password=identity.DEMO_PASSWORD,
            post=post,
            since=timezone.localdate(at),
            at=at,
        )
    return post


def _deputy(post: Post, at: datetime) -> None:
    """Somebody stands in for the head in three weeks."""
    if post.deputies.exists():
        return
    email, name = DEPUTY
    first = timezone.localdate(at) + 21 * DAY
    identity.deputise(
        post=post,
        person=identity.known_person(email=email, name=name),
        starts_on=first,
        ends_on=first + 7 * DAY,
        rev=Post.objects.get(pk=post.pk).rev,
        act="Acción de demostración 2",
        by=identity.HOUSE,
        at=at,
    )


def _faces(bodies: dict[str, Organisation], at: datetime) -> None:
    """One institution has its own colours and an emblem, and lets one site show its frame."""
    office = bodies[OFFICE]
    if faces.face(office).rev:
        return
    told: dict[str, Any] = {"organisation": office, "by": identity.HOUSE, "at": at}
    green = Choice(hue=155, strength=2, lightness=38, accent=320)
    faces_of.dress(choice=green, rev=0, **told)
    words = "Tres rombos tejidos, emblema de demostración"
    faces_of.put_logo(logo=redrawn(_emblem()), words=words, rev=1, **told)
    faces_of.let_show(hosts=["https://villa-minga.example"], rev=2, **told)


def _emblem() -> bytes:
    from PIL import Image, ImageDraw  # only the invented world draws

    picture = Image.new("RGB", (480, 160), "white")
    pen = ImageDraw.Draw(picture)
    for x, dye in ((80, "#0b5d3b"), (240, "#8a2a78"), (400, "#0b5d3b")):
        pen.polygon([(x, 10), (x + 70, 80), (x, 150), (x - 70, 80)], fill=dye)
        pen.polygon([(x, 50), (x + 30, 80), (x, 110), (x - 30, 80)], fill="white")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
