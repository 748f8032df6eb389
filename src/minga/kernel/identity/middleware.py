from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.crypto import salted_hmac

from minga.kernel.design.menu import Audience

from . import queries, rules
from .models import Person, Post


class Access:
    """Every address is refused unless its view says for whom it is (design.menu.open_to)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_: Any
    ) -> HttpResponse | None:
        match getattr(view, "audience", None):
            case Audience.EVERYONE | Audience.APPLICANT:  # an applicant shows the case's code
                return None
            case Audience.PERSON:
                return self._door(request)
            case Audience.OFFICIAL | Audience.ADMINISTRATOR | Audience.STEWARD as audience:
                if door := self._door(request):
                    return door
                self._take_posts(request, audience)
                return None
            case _:
                raise PermissionDenied

    def _door(self, request: HttpRequest) -> HttpResponse | None:
        """Who is not signed in is sent to the door; what they typed is not lost."""
        if isinstance(request.user, Person):
            return None
        if request.method == "POST":
            return render(request, "identity/session_ended.html", status=403)
        return redirect_to_login(request.get_full_path(), resolve_url("account_login"))

    def _take_posts(self, request: HttpRequest, audience: Audience) -> None:
        fit = [post for post in held(request) if queries.fits(post, audience)]
        if not fit:
            raise PermissionDenied
        request.posts = fit  # type: ignore[attr-defined]  # read by posts(), nowhere else


def is_guessing(request: HttpRequest, what: str) -> bool:
    """Whether too many wrong codes of a kind were tried from where this is asked."""
    return int(cache.get(_place(request, what), 0)) >= rules.WRONG_CODES


def guessed(request: HttpRequest, what: str) -> None:
    """One more wrong code of a kind came from there."""
    place = _place(request, what)
    cache.add(place, 0, int(rules.GUESSING.total_seconds()))
    cache.incr(place)


def _place(request: HttpRequest, what: str) -> str:
    """Where somebody asks for something from, so that it can be counted and not read."""
    address = get_adapter().get_client_ip(request)
    return f"{what}:{salted_hmac('minga.kernel.identity.place', address).hexdigest()}"


def person(request: HttpRequest) -> Person:
    """Who is signed in, on a page that is open to nobody else."""
    assert isinstance(request.user, Person)
    return request.user


def posts(request: HttpRequest) -> list[Post]:
    """The posts in which somebody acts on a page that is open to officials, or to fewer."""
    held: list[Post] = request.posts  # type: ignore[attr-defined]  # set above
    return held


def reader(request: HttpRequest) -> Person | None:
    """Who is signed in, on a page that is open to others too."""
    return request.user if isinstance(request.user, Person) else None


def held(request: HttpRequest) -> list[Post]:
    """All posts of who is signed in, today: one statement a page, whoever asks for them."""
    if not hasattr(request, "held"):
        mine = queries.posts_of(person(request), on=timezone.localdate())
        request.held = list(mine)  # type: ignore[attr-defined]  # read here, nowhere else
    found: list[Post] = request.held  # type: ignore[attr-defined]
    return found
