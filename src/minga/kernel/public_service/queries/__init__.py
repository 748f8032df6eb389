from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from minga.kernel.base.text import Text
from minga.kernel.cases import queries as cases
from minga.kernel.cases.declaration import Turn, case_types
from minga.kernel.cases.models import Case
from minga.kernel.cases.queries import desk
from minga.kernel.cases.queries.desk import LIST, Filters
from minga.kernel.design.menu import Audience
from minga.kernel.identity import queries as identity
from minga.kernel.identity.middleware import held, reader
from minga.kernel.identity.models import Person, Post
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.mailbox import queries as mailbox
from minga.kernel.mailbox.rules import MOST_UNREAD
from minga.kernel.public_service.declaration import services

NOTHING: Mapping[int, Text] = {}


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
    address: str  # of the site, as others write it
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
            address=settings.MINGA_ADDRESS,
            account=account(request.path, held(request)) if person else (),
            unread=unread(request, person) if person else 0,
        )
    }


def unread(request: HttpRequest, person: Person) -> int:
    """How many notices wait for a person, up to the most that a menu says; a page that counts
    them along with something else has said so already (`count_unread`)."""
    told: int | None = getattr(request, "unread", None)
    return mailbox.unread(person)[:MOST_UNREAD].count() if told is None else told


def count_unread(request: HttpRequest, counted: int) -> None:
    request.unread = min(counted, MOST_UNREAD)  # type: ignore[attr-defined]  # read above


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One case as the desk lists it."""

    case: Case
    title: str
    kind: Text
    label: Text
    url: str
    days: int  # since its last step
    due: str  # how its day stands: "", "later", "today" or "late"
    seen: str  # with whom and due when it was shown, to be sent back with a change
    becomes: Text  # what a change makes of it, or made

    @property
    def held_by(self) -> str | None:
        return getattr(self.case, "held_by", None)


def desk_rows(
    found: Sequence[Case], filters: Filters, *, on: date, becomes: Mapping[int, Text] = NOTHING
) -> list[DeskRow]:
    """What the desk calls each case: one statement for each type of case among them. Their
    pages know the list by its filters."""
    query = f"?{urlencode({LIST: filters.query})}" if filters.query else ""
    titles = cases.titles_of(found)
    return [
        DeskRow(
            case=case,
            title=titles.get(case.pk, ""),
            kind=case_types[case.type].name,
            label=cases.label(case),
            url=desk.address(case) + query,
            days=(on - timezone.localdate(case.moved_at)).days,
            due=_stands(case, on),
            seen=f"{case.pk}.{case.assigned_id or ''}.{case.due_on or ''}",
            becomes=becomes.get(case.pk, ""),
        )
        for case in found
    ]


def _stands(case: Case, on: date) -> str:
    if case.due_on is None or case.turn == Turn.OVER:
        return ""
    if case.due_on == on:
        return "today"
    return "late" if case.due_on < on else "later"


def ticks(query: QueryDict) -> list[int]:
    """The cases that an address names: those ticked, or all of a page."""
    named = query.get("todos", "").split(".") if "pagina" in query else query.getlist("caso")
    return [int(pk) for pk in named if pk.isascii() and pk.isdecimal() and len(pk) < 10]


def seen(sent: Sequence[str], found: Sequence[Case]) -> dict[int, tuple[int | None, date | None]]:
    """With whom and due when each of these cases was shown, as DeskRow.seen said it."""
    told = {text.partition(".")[0]: text.split(".") for text in sent if text.count(".") == 2}
    return {case.pk: _seen(*told[str(case.pk)]) for case in found if str(case.pk) in told}


def _seen(_case: str, post: str, day: str) -> tuple[int | None, date | None]:
    try:
        return int(post) if post else None, date.fromisoformat(day) if day else None
    except ValueError:
        return 0, date.min  # nothing that was ever shown: the case changed meanwhile


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
