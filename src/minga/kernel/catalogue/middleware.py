"""Public pages are made once for everybody, and kept until something public changes."""

import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from gzip import compress
from hashlib import blake2b
from itertools import chain
from sys import getsizeof
from threading import Lock
from time import monotonic, time
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags

from minga.kernel.design.menu import Audience

from . import queries, rules
from .actions import note_visit

CACHE_CONTROL = "public, max-age=0, must-revalidate"
LONGEST_QUERY = 512  # characters: more is made each time
LARGEST_PAGE = 1 << 20  # bytes
KEPT_FOR = 300.0  # seconds: a page may say what day it is
SMALLEST_ZIPPED = 200
PAGE = "minga.catalogue.page"  # in request.META: the public page that is answered
STAMP = "minga.catalogue.stamp"  # in request.META: the view may be kept under this stamp
# What makes a page somebody's own, or no page at all: never kept.
TOKEN = re.compile(rb"""csrfmiddlewaretoken|x-csrftoken|method=["']?post""", re.IGNORECASE)
ZIPPED = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))")

View = TypeVar("View", bound=Callable[..., Any])
Key = tuple[str, str, str]  # scheme, path, query
log = logging.getLogger(__name__)


def public_page(view: View) -> View:
    """Mark a view whose page is the same for everybody who is not signed in, at whichever
    host they ask (it never says get_host), and shows only what raises the stamp of the
    catalogue when it changes. It has no POST form."""
    view.is_public_page = True  # type: ignore[attr-defined]
    return view


@dataclass(frozen=True, slots=True)
class Kept:
    """A finished answer, ready for whoever asks next."""

    stamp: str
    until: float
    etag: str
    headers: dict[str, str]
    body: bytes
    zipped: bytes
    page: str

    @property
    def size(self) -> int:
        return len(self.body) + len(self.zipped) + 1_000

    def is_fresh(self, now: float) -> bool:
        return now < self.until and self.stamp == queries.stamp(now)

    def answer(self, request: HttpRequest) -> HttpResponse:
        request.META[PAGE] = self.page
        asked = request.META.get("HTTP_IF_NONE_MATCH", "")
        if asked and (self.etag in parse_etags(asked) or asked == "*"):
            return HttpResponseNotModified(headers=self.shared())
        zipped = self.zipped and ZIPPED.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        body = self.zipped if zipped else self.body
        headers = self.headers | self.shared() | {"Content-Length": str(len(body))}
        if zipped:
            headers["Content-Encoding"] = "gzip"
        return HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)

    def shared(self) -> dict[str, str]:
        return {"ETag": self.etag, "Cache-Control": CACHE_CONTROL, "Vary": "Accept-Encoding"}


def kept(response: HttpResponseBase, body: bytes, stamp: str, page: str) -> Kept:
    """The ETag is of all that is sent, so a new release needs no key of its own."""
    own = {"content-length", "vary"}
    headers = {name: value for name, value in response.items() if name.lower() not in own}
    digest = blake2b(repr(sorted(headers.items())).encode() + body, digest_size=12).hexdigest()
    zipped = compress(body, 6, mtime=0) if len(body) >= SMALLEST_ZIPPED else b""
    zipped = zipped if len(zipped) < len(body) else b""
    until = monotonic() + KEPT_FOR
    return Kept(stamp, until, f'W/"{digest}"', headers, body, zipped, page)


def body_of(response: HttpResponseBase) -> bytes | None:
    """All of an answer, a streamed one too; None when it is too large to keep."""
    if isinstance(response, HttpResponse):
        return response.content if len(response.content) <= LARGEST_PAGE else None
    assert isinstance(response, StreamingHttpResponse)
    parts, size, stream = [], 0, iter(response)
    for part in stream:
        parts.append(part)
        size += len(part)
        if size > LARGEST_PAGE:
            response.streaming_content = chain(parts, stream)
            return None
    response.streaming_content = parts
    return b"".join(parts)


def objection(response: HttpResponseBase, body: bytes) -> str:
    """Why a page that a view marked as public may not be kept; "" when it may."""
    if response.cookies:
        return "sets a cookie"
    vary = {name.strip().lower() for name in response.get("Vary", "").split(",")}
    if other := vary - {"", "accept-encoding", "cookie"}:  # asked without the cookies that count
        return f"varies by {', '.join(sorted(other))}"
    if response.has_header("Content-Encoding"):
        return "is encoded already"
    if TOKEN.search(body):
        return "contains a form to send"
    return ""


class Shelf:
    """The pages used last, bounded in number and in bytes."""

    def __init__(self, *, most: int, largest: int) -> None:
        self.most, self.largest = most, largest
        self.pages: OrderedDict[Key, Kept] = OrderedDict()
        self.bytes = 0  # of pages and of their keys, which strangers write
        self.lock = Lock()

    def get(self, key: Key) -> Kept | None:
        with self.lock:
            page = self.pages.get(key)
            if page:
                self.pages.move_to_end(key)
            return page

    def put(self, key: Key, page: Kept) -> None:
        with self.lock:
            if old := self.pages.pop(key, None):
                self.bytes -= weight(key, old)
            self.pages[key] = page
            self.bytes += weight(key, page)
            while len(self.pages) > self.most or self.bytes > self.largest:
                self.bytes -= weight(*self.pages.popitem(last=False))


def weight(key: Key, page: Kept) -> int:
    return page.size + sum(map(getsizeof, key))


class Visits:
    """The first of the stack: counts the pages for everybody that were answered, those out of
    the cache too. Of who asked, nothing is kept, and nothing of what filled the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        page = request.META.get(PAGE)
        if page and request.method == "GET" and response.status_code in (200, 304):
            note_visit(page=page, at=time())
        return response

    def process_view(self, request: HttpRequest, view: Any, args: object, kwargs: object) -> None:
        route = request.resolver_match.route if request.resolver_match else "?"
        if getattr(view, "audience", None) is Audience.EVERYONE and rules.is_page(route):
            request.META[PAGE] = rules.page_of(route)


class PublicPageCache:
    """The second of the stack: what it has kept is answered without the rest.

    Whatever no view called public, and said nothing else about, is stored nowhere (no-store)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.pages = Shelf(most=2_000, largest=24 << 20)
        self.asked = Shelf(most=500, largest=8 << 20)  # with a query: cannot push the others out
        language = settings.LANGUAGE_COOKIE_NAME
        self.own = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name, language}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.is_anybodys(request):
            return closed(self.get_response(request))
        query = request.META.get("QUERY_STRING", "")
        shelf = self.asked if query else self.pages
        key = (request.scheme or "", request.path, query)
        page = shelf.get(key)
        if page and page.is_fresh(monotonic()):
            return page.answer(request)
        response = self.get_response(request)
        if isinstance(made := finished(request, response), HttpResponseBase):
            return made
        if request.method == "GET" and len(query) <= LONGEST_QUERY:
            shelf.put(key, made)
        return made.answer(request)

    def process_view(self, request: HttpRequest, view: Any, args: object, kwargs: object) -> None:
        """The stamp of before the page is made: what changes meanwhile makes it old."""
        if getattr(view, "is_public_page", False) and self.is_anybodys(request):
            request.META[STAMP] = queries.stamp(monotonic())

    def is_anybodys(self, request: HttpRequest) -> bool:
        """Asked for at a host of ours, without any cookie that could change what is seen."""
        if request.method not in ("GET", "HEAD") or not self.own.isdisjoint(request.COOKIES):
            return False
        try:
            request.get_host()
        except DisallowedHost:  # refused further on
            return False
        return True


def finished(request: HttpRequest, response: HttpResponseBase) -> Kept | HttpResponseBase:
    """What may be kept of an answer, or the answer as it has to be sent."""
    stamp = request.META.get(STAMP)
    if stamp is None or response.status_code != 200 or response.has_header("Cache-Control"):
        return closed(response)
    body = body_of(response)
    if reason := objection(response, body or b""):
        log.warning("%s is marked public, and %s", request.path, reason)
        return closed(response)
    if body is None:
        response["Cache-Control"] = CACHE_CONTROL
        return response
    return kept(response, body, stamp, request.META.get(PAGE, ""))


def closed(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", "no-store")
    return response
