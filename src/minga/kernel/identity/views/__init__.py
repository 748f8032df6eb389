"""Pages of one's own account, of its keys, and of an official at a counter."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from allauth.core import ratelimit
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from minga.kernel.design.menu import Audience, open_to
from minga.kernel.design.middleware import permissions

View = Callable[..., HttpResponseBase]
PASSKEYS = permissions("publickey-credentials-create", "publickey-credentials-get")


def page(audience: Audience, view: View, *, passkeys: bool = False) -> View:
    """A page of an account, ours or the library's: kept by nobody, and told what the one
    before had to say (`request.told`)."""

    @open_to(audience)
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.told = partial(get_messages, request)  # type: ignore[attr-defined]
        answer = view(request, *args, **kwargs)
        if passkeys:
            answer.headers["Permissions-Policy"] = PASSKEYS
        return answer

    return shown


def too_many(request: HttpRequest) -> HttpResponseBase:
    answer: HttpResponseBase = ratelimit.respond_429(request)
    return answer
