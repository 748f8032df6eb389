from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from minga.kernel.base.pages import Order, keyset
from minga.kernel.catalogue.feeds import as_csv
from minga.kernel.catalogue.middleware import public_page
from minga.kernel.design.menu import Audience, open_to
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Membership, Organisation, Person, Post
from minga.services.institutions import datasets, queries
from minga.services.institutions.forms import SearchForm
from minga.services.institutions.queries import faces

everyone = open_to(Audience.EVERYONE)
BY_NAME = (Order("sort_name"),)


@everyone
@public_page
@require_safe
def institutions(request: HttpRequest) -> HttpResponse:
    form = SearchForm(request.GET)
    wanted = form.wanted()
    found = queries.narrowed(queries.listed(), **wanted)
    page = keyset(found, order=BY_NAME, query=request.GET)
    names = queries.lists()
    shown = {
        "filters": form,
        "page": page,
        "narrowed": any(wanted.values()),
        "sectors": names.sectors,
        "levels": names.levels,
        "actors": queries.ACTORS,
        "demo": any(row.demo for row in page.rows),
    }
    return render(request, "institutions/institutions.html", shown)


@everyone
@public_page
@require_safe
def institutions_csv(request: HttpRequest) -> StreamingHttpResponse:
    return as_csv(datasets.institutions)


@everyone
@public_page
@require_safe
def officers(request: HttpRequest) -> HttpResponse:
    """Each public institution and the post that answers for e-government, if one is named."""
    page = keyset(queries.officers(), order=BY_NAME, query=request.GET, size=50)
    shown = {
        "page": page,
        "posts": queries.officer_posts(page.rows),
        "officer": queries.terms().officer,
        "demo": any(row.demo for row in page.rows),
    }
    return render(request, "institutions/officers.html", shown)


@everyone
@public_page
@require_safe
def institution(request: HttpRequest, institution: str) -> HttpResponse:
    found = faces.faced(institution)
    if found is None:
        raise Http404
    portrait = queries.portrait(found)
    shown = {
        "portrait": portrait,
        "described": queries.described(portrait),
        "organisation": found,
        "face": getattr(found, "face", None),
        "doings": faces.doings(found),
        "words": words(found),
        "terms": queries.terms(),
        "holders": _holders(request, found, portrait.posts),
        "names": queries.ACTORS,
        "roles": queries.SEATS,
        "demo": found.demo,
    }
    return render(request, "institutions/institution.html", shown)


def words(found: Organisation) -> Mapping[str, str]:
    """What its keys of lists are called."""
    names = ("kind", "form", "level", "function", "sector")
    return {name: queries.label(name, getattr(found, name)) for name in names}


def _holders(
    request: HttpRequest, found: Organisation, posts: Sequence[Post]
) -> Mapping[int, Membership]:
    """The names of whoever holds a post are shown of invented institutions only, and to
    officials only."""
    today = timezone.localdate()
    reader = request.user
    if not found.demo or not isinstance(reader, Person):
        return {}
    if not identity.posts_of(reader, on=today).exists():
        return {}
    return queries.holders(posts, on=today)
