"""Organisations, posts and officials for tests, made with the actions."""

from datetime import date

from minga.kernel.identity import actions
from minga.kernel.identity.models import Organisation, Person, Post

INES = "ines@municipio.example"
PASSWORD = "una clave larga"  # noqa: S105  # of nobody
MONDAY = date(2026, 3, 2)


def an_organisation(key: str = "otavalo", name: str = "Municipio de Otavalo") -> Organisation:
    return actions.know_organisation(key=key, name=name, source="dato de prueba")


def a_post(title: str = "Analista", organisation: Organisation | None = None) -> Post:
    return actions.know_post(organisation=organisation or an_organisation(), title=title)


def an_official(*, post: Post | None = None, email: str = INES, since: date = MONDAY) -> Person:
    return actions.appoint(
        email=email, name="Inés", password=PASSWORD, post=post or a_post(), since=since
    )
