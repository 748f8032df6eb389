"""What is public, for programs that look for it: news, the map of the site, where to look."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import RoutePattern
from django.utils.feedgenerator import Atom1Feed
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minga.kernel.catalogue import queries as catalogue
from minga.kernel.catalogue.declaration import record_types
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.catalogue.models import Record
from minga.kernel.catalogue.rules import is_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.jurisdiction import queries as jurisdiction

NEWEST = 50
SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
everyone = open_to(Audience.EVERYONE)


@everyone
@public_page
@require_safe
def news(request: HttpRequest) -> HttpResponse:
    """What became public last, of all types or of one (Atom)."""
    kind = request.GET.get("tipo", "")
    if kind and kind not in record_types:
        raise Http404
    words = record_types[kind].label if kind else _("Todo lo que se hace público")
    feed = Atom1Feed(
        title=f"{words} · Minga {jurisdiction.current().name}",
        link=whole(reverse("public_service:home")),
        description="",
        language=get_language(),
        feed_url=whole(request.get_full_path()),
    )
    for record in catalogue.newest(type=kind)[:NEWEST]:
        feed.add_item(**_item(record))
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    feed.write(answer, "utf-8")
    return answer


def _item(record: Record) -> dict[str, Any]:
    host, day = urlsplit(settings.MINGA_ADDRESS).hostname, localdate(record.published_at)
    label = record_types[record.type].label if record.type in record_types else ""
    return {
        "title": record.title,
        "link": whole(record.address),
        "description": _("Datos de demostración") if record.demo else "",
        "unique_id": f"tag:{host},{day}:{record.type}/{record.reference}",
        "pubdate": record.published_at,
        "updateddate": record.published_at,
        "categories": [str(label)] if label else [],
    }


def whole(address: str) -> str:
    """An address of this site as others write it."""
    return f"{settings.MINGA_ADDRESS}{address}"


@everyone
@public_page
@require_safe
def sitemap(request: HttpRequest) -> StreamingHttpResponse:
    """The parts of the map of the site: the pages of the house, and the records by thousands."""
    parts = [reverse("public_service:sitemap_pages")]
    parts += [
        reverse("public_service:sitemap_records", args=[part])
        for part in range(catalogue.parts_of_all())
    ]
    listed = "".join(f"<sitemap><loc>{escape(whole(part))}</loc></sitemap>" for part in parts)
    return _xml([f'<sitemapindex xmlns="{SITEMAPS}">', listed, "</sitemapindex>\n"])


@everyone
@public_page
@require_safe
def sitemap_pages(request: HttpRequest) -> StreamingHttpResponse:
    """Public pages with nothing to fill in."""
    pages = (
        (reverse(name), None)
        for name, route, view in views()
        if _is_open(view) and "<" not in route and is_page(route)
    )
    return _xml(_map(pages))


@everyone
@public_page
@require_safe
def sitemap_records(request: HttpRequest, part: int) -> StreamingHttpResponse:
    if part >= catalogue.parts_of_all():
        raise Http404
    rows = catalogue.part_of_all(part).values_list("address", "published_at")
    return _xml(_map(rows.iterator(chunk_size=2_000)))


def _map(pages: Iterable[tuple[str, datetime | None]]) -> Iterator[str]:
    yield f'<urlset xmlns="{SITEMAPS}">'
    for address, at in pages:
        day = f"<lastmod>{localdate(at)}</lastmod>" if at else ""
        yield f"<url><loc>{escape(whole(address))}</loc>{day}</url>\n"
    yield "</urlset>\n"


def _xml(parts: Iterable[str]) -> StreamingHttpResponse:
    def lines() -> Iterator[str]:
        yield '<?xml version="1.0" encoding="UTF-8"?>\n'
        yield from parts

    return StreamingHttpResponse(lines(), content_type="application/xml; charset=utf-8")


@everyone
@public_page
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Where there is nothing for everybody: below these addresses somebody must be known."""
    closed = {
        f"/{route.partition('<')[0]}"
        for _name, route, view in views()
        if getattr(view, "audience", None) is not Audience.EVERYONE
    }
    open_ = {f"/{route.partition('<')[0]}" for _name, route, view in views() if _is_open(view)}
    lines = [f"Disallow: {path}" for path in sorted(closed - open_ - {"/"})]
    lines = ["User-agent: *", *lines, f"Sitemap: {whole(reverse('public_service:sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _is_open(view: Any) -> bool:
    """Whether everybody sees it, and it is no file."""
    is_public = getattr(view, "is_public_page", False)
    return is_public and getattr(view, "audience", None) is Audience.EVERYONE


def views(
    resolver: URLResolver | None = None, space: str = "", above: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Every address of the house: the name to reverse it by, its route and its view."""
    for part in (resolver or get_resolver()).url_patterns:
        route = f"{above}{part.pattern}" if isinstance(part.pattern, RoutePattern) else above
        if isinstance(part, URLPattern):
            yield f"{space}{part.name}", route, part.callback
        else:
            inner = f"{space}{part.namespace}:" if part.namespace else space
            yield from views(part, inner, route)
