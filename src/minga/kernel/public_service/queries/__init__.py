from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from minga.kernel.base.text import Text
from minga.kernel.cases import queries as cases
from minga.kernel.cases.declaration import case_types
from minga.kernel.cases.models import Case
from minga.kernel.design.menu import Audience
from minga.kernel.identity import queries as identity
from minga.kernel.identity.middleware import held, reader
from minga.kernel.identity.models import Person, Post
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.mailbox import queries as mailbox
from minga.kernel.public_service.declaration import services


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the menu, and whether the reader is there."""

    label: Text
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class House:
    """What the frame of every page shows."""

    country: Text
    menu: list[Place]
    demo: bool
    person: Person | None
    version: str
    account: Sequence[Place] = ()  # of whoever is signed in
    unread: int = 0


def house(request: HttpRequest) -> Mapping[str, object]:
    """Context of every template; asks the database only for somebody who is signed in."""
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "user")
    person = reader(request) if signed_in else None
    return {
        "house": House(
            country=jurisdiction.current().name,
            menu=menu(request.path),
            demo=settings.MINGA_DEMO,
            person=person,
            version=release(),
            account=account(request.path, held(request)) if person else (),
            unread=mailbox.unread(person) if person else 0,
        )
    }


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One case as the desk lists it."""

    case: Case
    title: str
    kind: Text
    label: Text
    url: str


def desk_rows(found: Sequence[Case]) -> list[DeskRow]:
    """What the desk calls each case: one statement for each type of case among them."""
    ids: dict[str, list[int]] = {}
    for case in found:
        ids.setdefault(case.type, []).append(case.pk)
    titles = {key: case_types[key].titles(some) for key, some in ids.items()}
    return [
        DeskRow(
            case=case,
            title=titles[case.type].get(case.pk, ""),
            kind=case_types[case.type].name,
            label=cases.label(case),
            url=reverse(case_types[case.type].page, args=[case.pk]),
        )
        for case in found
    ]


def menu(path: str) -> list[Place]:
    """The entries for everyone."""
    return _places(path, _declared(Audience.EVERYONE))


def account(path: str, posts: Sequence[Post]) -> list[Place]:
    """The entries of somebody who is signed in: what their posts open, as each view says."""
    items: list[tuple[Text, str]] = [(_("Mi espacio"), reverse("public_service:space"))]
    items += _declared(Audience.PERSON)
    if posts:
        items.append((_("Mesa de trabajo"), reverse("public_service:desk")))
    for audience in (Audience.OFFICIAL, Audience.ADMINISTRATOR, Audience.STEWARD):
        if any(identity.fits(post, audience) for post in posts):
            items += _declared(audience)
    return _places(path, items)


def _declared(audience: Audience) -> list[tuple[Text, str]]:
    """What services bring into the menu of an audience."""
    found = [item for service in services for item in service.menu if item.audience is audience]
    return [(item.label, reverse(item.url_name)) for item in found]


def _places(path: str, items: Sequence[tuple[Text, str]]) -> list[Place]:
    """The longest address that fits is where the reader is."""
    here = max((url for _label, url in items if path.startswith(url)), key=len, default="")
    return [Place(label, url, url == here) for label, url in items]


@cache
def release() -> str:
    try:
        return version("minga")
    except PackageNotFoundError:
        return "0"
