from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from minga.kernel.base.text import Text
from minga.kernel.cases import queries as cases
from minga.kernel.cases.declaration import case_types
from minga.kernel.cases.models import Case
from minga.kernel.design.menu import Audience
from minga.kernel.identity.models import Person
from minga.kernel.jurisdiction import queries as jurisdiction

from .declaration import services


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


def house(request: HttpRequest) -> Mapping[str, object]:
    """Context of every template; asks the database only for somebody who is signed in."""
    signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and hasattr(request, "user")
    person = request.user if signed_in else None
    return {
        "house": House(
            country=jurisdiction.current().name,
            menu=menu(request.path),
            demo=settings.MINGA_DEMO,
            person=person if isinstance(person, Person) else None,
            version=release(),
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
    """The entries for everyone; the longest address that fits is where the reader is."""
    items = [
        (item.label, reverse(item.url_name))
        for service in services
        for item in service.menu
        if item.audience is Audience.EVERYONE
    ]
    here = max((url for _, url in items if path.startswith(url)), key=len, default="")
    return [Place(label, url, url == here) for label, url in items]


@cache
def release() -> str:
    try:
        return version("minga")
    except PackageNotFoundError:
        return "0"
