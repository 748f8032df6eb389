from django.http import HttpRequest, HttpResponse

from minga.kernel.design.middleware import SecurityHeaders, without_marks


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hola")


def download(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hola", headers={"Content-Security-Policy": "sandbox"})


def test_nothing_may_run_that_is_not_ours() -> None:
    headers = SecurityHeaders(answer)(HttpRequest()).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]


def test_a_view_may_be_stricter() -> None:
    assert SecurityHeaders(download)(HttpRequest()).headers["Content-Security-Policy"] == "sandbox"


def test_no_byte_of_a_picture_is_taken_for_a_mark() -> None:
    picture = HttpResponse(b"a\xee\x80\x80b", content_type="image/png")
    assert without_marks(picture).getvalue() == b"a\xee\x80\x80b"
    assert without_marks(HttpResponse("a\ue000b")).getvalue() == b"ab"
