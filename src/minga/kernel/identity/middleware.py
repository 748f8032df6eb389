from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone

from minga.kernel.design.menu import Audience

from . import queries
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
            case Audience.OFFICIAL:
                return self._official(request)
            case _:
                raise PermissionDenied

    def _official(self, request: HttpRequest) -> HttpResponse | None:
        if not isinstance(request.user, Person) and request.method == "POST":
            return render(request, "identity/session_ended.html", status=403)
        if not isinstance(request.user, Person):
            return redirect_to_login(request.get_full_path(), resolve_url("account_login"))
        held = list(queries.posts_of(request.user, on=timezone.localdate()))
        if not held:
            raise PermissionDenied
        request.posts = held  # type: ignore[attr-defined]  # read by posts(), nowhere else
        return None


def posts(request: HttpRequest) -> list[Post]:
    """The posts in which an official acts on a page that is open to officials only."""
    held: list[Post] = request.posts  # type: ignore[attr-defined]  # set above
    return held
