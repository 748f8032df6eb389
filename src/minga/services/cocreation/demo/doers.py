"""Invented organisations that would carry out what is proposed, and who heads each."""

from datetime import datetime
from typing import NamedTuple

from django.utils.timezone import localdate

from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Organisation, Post
from minga.kernel.identity.rules import DEMO

SOURCE = "dato de demostración"
HEAD = "Dirección general"


class Doer(NamedTuple):
    key: str
    name: str
    email: str
    person: str


RESPONSIBLE = (
    Doer(
        *("villa-minga-obras", "Dirección de Obras de Villa Minga (demostración)"),
        *("marta", "Marta Anchundia"),
    ),
    Doer(
        *("villa-minga-ambiente", "Dirección de Ambiente de Villa Minga (demostración)"),
        *("raul", "Raúl Ante"),
    ),
)
COUNTERPART = (
    Doer("barrios-unidos", "Asociación Barrios Unidos (demostración)", "pablo", "Pablo Yupa"),
    Doer("camara-de-talleres", "Cámara de Talleres (demostración)", "sara", "Sara Limache"),
)


def doer(said: Doer, at: datetime) -> Organisation:
    """The organisation, with its highest authority; the same again changes nothing."""
    body = identity.know_organisation(key=said.key, name=said.name, source=SOURCE, demo=True, at=at)
    post = identity.know_post(organisation=body, title=HEAD, at=at)
    if not post.heads:
        _head(post, at)
        identity.appoint(
            email=f"{said.email}{DEMO}",
            name=said.person,
            password=identity.DEMO_PASSWORD,
            post=post,
            since=localdate(at),
            at=at,
        )
    return body


def _head(post: Post, at: datetime) -> None:
    identity.change_post(
        post=post, rev=post.rev, said={"heads": True}, instead_of=None, by="house", at=at
    )
