"""The invented institution that convenes, and who attends to it there."""

from datetime import datetime

from django.utils.timezone import localdate

from minga.kernel.identity import actions as identity
from minga.kernel.identity.models import Person, Post

NAME = "Secretaría de Participación de Villa Minga (demostración)"


def convener(since: datetime) -> tuple[Person, Post]:
    """The same again changes nothing."""
    organisation = identity.know_organisation(
        key="villa-minga-participacion",
        name=NAME,
        source="dato de demostración",
        demo=True,
        at=since,
    )
    post = identity.know_post(
        organisation=organisation, title="Analista de participación", at=since
    )
    ines = identity.appoint(
        email="ines@demo.minga",
        name="Inés Quilca",
        password=identity.DEMO_PASSWORD,
        post=post,
        since=localdate(since),
    )
    return ines, post
