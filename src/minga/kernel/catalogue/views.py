from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minga.kernel.base.pages import PARAMETER, Page, address
from minga.kernel.base.text import Text, plain
from minga.kernel.design.menu import Audience, open_to

from . import queries
from .declaration import record_types
from .forms import SearchForm
from .middleware import public_page

SIZE = 20


@public_page
@open_to(Audience.EVERYONE)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    words = plain(request.GET.get("q", ""))[: queries.LONGEST].strip()
    if shortcut := queries.shortcut(words):
        return to_what_it_names(request, shortcut)
    kind = request.GET.get("tipo", "")
    types = [kind] if kind in record_types else None
    asked = request.GET.get(PARAMETER, "")
    number = max(1, int(asked)) if asked.isdecimal() and len(asked) < 4 else 1
    found = queries.search(words, types=types, limit=SIZE, offset=(number - 1) * SIZE)
    context = {
        "words": words,
        "form": SearchForm({"q": words, "tipo": kind if types else ""}),
        "found": found,
        "page": around(request, number, found),
    }
    return render(request, "catalogue/search.html", context)


def to_what_it_names(request: HttpRequest, shortcut: tuple[Text, str]) -> HttpResponse:
    """A code may be a secret: it is not said again, looked for, kept, or told further on
    (`strict-origin`, because with `no-referrer` browsers send no Origin: nobody could sign out)."""
    context = {"shortcut": shortcut, "form": SearchForm({"q": "", "tipo": ""})}
    answer = render(request, "catalogue/search.html", context)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "strict-origin"
    return answer


def around(request: HttpRequest, number: int, found: queries.Found) -> Page[queries.Hit]:
    """The pages before and after this one; a search is ranked, so its pages have numbers."""
    last = -(-found.count // SIZE)

    def to(number: int) -> str:
        return address(request.GET, str(number) if number > 1 else "")

    return Page(
        found.hits,
        first=to(1) if number > 1 else "",
        previous=to(min(number - 1, last)) if number > 1 else "",
        next=to(number + 1) if number < last else "",
        last=to(last) if number < last else "",
    )
