import gzip
import logging
from collections.abc import Callable
from time import monotonic, process_time
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import DjangoAssertNumQueries, Settings

from minga.kernel.catalogue import actions, middleware, queries
from minga.kernel.catalogue.middleware import Kept, PublicPageCache, Shelf, public_page

pytestmark = pytest.mark.django_db
made: list[str] = []


def says(request: HttpRequest, words: str = "hola ") -> HttpResponse:
    made.append(request.get_full_path())
    return HttpResponse(f"<p>{words * 300}{len(made) if 'nuevo' in request.GET else ''}</p>")


@public_page
def open_page(request: HttpRequest) -> HttpResponse:
    return says(request)


@public_page
def who(request: HttpRequest) -> HttpResponse:
    return says(request, "sí " if request.session.get("person") else "no ")


@public_page
def sets_a_cookie(request: HttpRequest) -> HttpResponse:
    response = says(request)
    response.set_cookie("a", "b")
    return response


@public_page
def has_a_form(request: HttpRequest) -> HttpResponse:
    return says(request, f"<input name=csrfmiddlewaretoken value={get_token(request)}>")


@public_page
def has_a_bare_form(request: HttpRequest) -> HttpResponse:
    return says(request, '<form METHOD="post">')


@public_page
def varies(request: HttpRequest) -> HttpResponse:
    response = says(request)
    response["Vary"] = "HX-Request"
    return response


@public_page
def is_missing(request: HttpRequest) -> HttpResponse:
    made.append("missing")
    return HttpResponse("no", status=404)


@public_page
def says_otherwise(request: HttpRequest) -> HttpResponse:
    response = says(request)
    response["Cache-Control"] = "private"
    return response


@public_page
def streamed(request: HttpRequest) -> StreamingHttpResponse:
    made.append("streamed")
    return StreamingHttpResponse(b"x" * 1024 for _ in range(int(request.GET["kB"])))


NEVER_KEPT = [sets_a_cookie, has_a_form, has_a_bare_form, varies, is_missing, says_otherwise]
PAGES: list[Callable[..., HttpResponseBase]] = [open_page, who, streamed, *NEVER_KEPT]


class Urls:
    urlpatterns = [path(f"{view.__name__}/", view) for view in PAGES]
    urlpatterns.append(path("says/", says))


@pytest.fixture(autouse=True)
def small_house(settings: Settings) -> None:
    settings.ROOT_URLCONF = Urls
    settings.MIDDLEWARE = [
        "minga.kernel.catalogue.middleware.PublicPageCache",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    made.clear()


def test_a_public_page_is_made_once_until_something_public_changes(client: Client) -> None:
    first, second = client.get("/open_page/"), client.get("/open_page/")
    assert first.content == second.content
    assert dict(first.items()) == dict(second.items())
    assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert first["Vary"] == "Accept-Encoding"
    assert not first.cookies
    assert len(made) == 1
    actions.touch()
    assert client.get("/open_page/")["ETag"] == first["ETag"]
    assert len(made) == 2


def test_a_page_is_made_anew_after_five_minutes(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = monotonic()
    for seconds, number in ((0, 1), (299, 1), (301, 2)):
        monkeypatch.setattr(middleware, "monotonic", lambda later=seconds: now + later)
        client.get("/open_page/")
        assert len(made) == number


def test_a_page_kept_takes_one_statement_here_and_none_outside_a_transaction(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/open_page/")
    with django_assert_num_queries(1):
        client.get("/open_page/")


def test_who_has_the_page_is_told_so(client: Client) -> None:
    etag = client.get("/open_page/")["ETag"]
    for asked in (etag, f'"x", {etag}', "*"):
        answer = client.get("/open_page/", headers={"if-none-match": asked})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == etag
        assert answer["Cache-Control"].startswith("public")
    assert client.get("/open_page/", headers={"if-none-match": '"x"'}).status_code == 200
    fresh = Client().get("/open_page/", headers={"if-none-match": etag})
    assert fresh.status_code == 304
    assert len(made) == 2


def test_head_has_the_headers_and_no_body(client: Client) -> None:
    for _made, _kept in ((1, 0), (1, 1)):
        head = client.head("/open_page/")
        page = client.get("/open_page/")
        assert head.content == b""
        assert dict(head.items()) == dict(page.items())
        assert int(head["Content-Length"]) == len(page.content)


def test_a_page_is_compressed_for_who_can_read_it(client: Client) -> None:
    plain = client.get("/open_page/").content
    for accepted in ("gzip", "br, gzip;q=0.8", "gzip, deflate"):
        zipped = client.get("/open_page/", headers={"accept-encoding": accepted})
        assert zipped["Content-Encoding"] == "gzip"
        assert int(zipped["Content-Length"]) == len(zipped.content) < len(plain) / 10
        assert gzip.decompress(zipped.content) == plain
    for refused in ("br", "gzip;q=0", "gzip; q=0.0, br"):
        assert "Content-Encoding" not in client.get(
            "/open_page/", headers={"accept-encoding": refused}
        )


def test_who_is_signed_in_gets_a_page_of_their_own(client: Client) -> None:
    assert "no" in client.get("/who/").content.decode()
    session = client.session
    session["person"] = 1
    session.save()
    client.cookies["sesion"] = session.session_key or ""
    mine = client.get("/who/", headers={"accept-encoding": "gzip"})
    assert "sí" in mine.content.decode()
    assert mine["Cache-Control"] == "no-store"
    assert "ETag" not in mine
    client.cookies.clear()
    client.cookies["_ga"] = client.cookies["formulario"] = "1"
    nobody = client.get("/who/")
    assert "no" in nobody.content.decode()
    assert nobody["Vary"] == "Accept-Encoding"
    assert len(made) == 2
    client.cookies["messages"] = "1"
    client.get("/who/")
    assert len(made) == 3


@pytest.mark.parametrize("page", [view.__name__ for view in NEVER_KEPT])
def test_what_is_somebodys_own_or_no_page_is_never_kept(page: str, client: Client) -> None:
    for number in (1, 2):
        client.cookies.pop("a", None)
        answer = client.get(f"/{page}/", headers={"accept-encoding": "gzip"})
        assert answer["Cache-Control"] == ("private" if page == "says_otherwise" else "no-store")
        assert "Content-Encoding" not in answer
        assert len(made) == number


def test_a_page_marked_by_mistake_is_told_to_the_operator(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        client.get("/has_a_form/")
    assert "/has_a_form/ is marked public" in caplog.text


def test_what_no_view_called_public_is_stored_nowhere(client: Client) -> None:
    for _ in range(2):
        assert client.get("/says/")["Cache-Control"] == "no-store"
    assert len(made) == 2
    assert client.post("/open_page/")["Cache-Control"] == "no-store"


def test_pages_differ_by_query_and_scheme(client: Client) -> None:
    asked: list[dict[str, Any]] = [
        {"path": "/open_page/"},
        {"path": "/open_page/?a=1"},
        {"path": "/open_page/", "secure": True},
    ]
    for number, request in enumerate(asked, 1):
        client.get(**request)
        client.get(**request)
        assert len(made) == number
    for _ in range(2):
        client.get("/open_page/?" + "x" * 600)
    assert len(made) == len(asked) + 2


def test_whatever_port_they_name_everybody_gets_the_same_page(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "minga.example"]
    cache = PublicPageCache(open_page)
    for host in ("localhost", "minga.example", "localhost:8", f"localhost:{'7' * 60_000}"):
        ask = RequestFactory().get("/", headers={"host": host})
        cache.process_view(ask, open_page, (), {})
        assert cache(ask).status_code == 200
    assert len(made) == len(cache.pages.pages) == 1
    assert cache.pages.bytes < 10_000


@pytest.mark.parametrize("host", ["other.example", "testserver:x", "a b"])
def test_who_asks_at_a_host_that_is_not_ours_is_left_to_be_refused(host: str) -> None:
    cache = PublicPageCache(open_page)
    ours, other = (RequestFactory().get("/", headers={"host": h}) for h in ("testserver", host))
    for ask in (ours, other):
        cache.process_view(ask, open_page, (), {})
        kept = cache(ask)
    assert kept["Cache-Control"] == "no-store"
    assert len(made) == 2


def test_a_streamed_file_is_kept_unless_it_is_large(client: Client) -> None:
    small = [client.get("/streamed/?kB=3") for _ in range(2)]
    assert [page.content for page in small] == [b"x" * 3 * 1024] * 2
    assert len(made) == 1
    for number in (2, 3):
        large = client.get("/streamed/?kB=1500")
        assert len(b"".join(large)) == 1500 * 1024
        assert large["Cache-Control"] == small[0]["Cache-Control"]
        assert len(made) == number


def test_queries_cannot_push_the_pages_out() -> None:
    cache = PublicPageCache(open_page)
    cache.pages.most = cache.asked.most = 2
    for query in ("", "?1", "?2", "?3", ""):
        ask = RequestFactory().get(f"/{query}")
        cache.process_view(ask, open_page, (), {})
        cache(ask)
    assert len(made) == 4


def test_a_shelf_is_bounded_in_number_and_bytes() -> None:
    shelf = Shelf(most=3, largest=10_000)
    page = Kept("1", 0.0, "", {}, b"x" * 1_000, b"", "")
    for number in range(5):
        shelf.put(("", str(number), ""), page)
        shelf.get(("", "0", ""))
    assert [key[1] for key in shelf.pages] == ["3", "4", "0"]
    assert 3 * page.size < shelf.bytes < 3 * page.size + 600
    shelf.put(("", "0", ""), page)
    assert 3 * page.size < shelf.bytes < 3 * page.size + 600
    shelf.put(("", "0", ""), Kept("2", 0.0, "", {}, b"x" * 20_000, b"", ""))
    assert not shelf.pages
    assert shelf.bytes == 0
    shelf.put(("", "é" * 10_000, ""), page)
    assert not shelf.pages, "what it is asked by counts too"


def test_a_page_kept_costs_less_than_a_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "stamp", lambda now: "1")
    cache = PublicPageCache(lambda request: HttpResponse(b"x" * 40_000))
    ask = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    cache.process_view(ask, open_page, (), {})
    cache(ask)
    start = process_time()
    for _ in range(100):
        assert cache(ask).status_code == 200
    assert process_time() - start < 0.1
