"""The project as it is served, and one page more: a greeting that asks nobody anything,
through the same middleware. Everything else is told as a multiple of it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from minga.kernel.design.menu import Audience, open_to
from minga.project.wsgi import application

__all__ = ["application"]


@open_to(Audience.EVERYONE)
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hola")


def add_greeting() -> None:
    from minga.project import urls  # needs the apps, which `application` has loaded

    urls.urlpatterns.append(path("hola/", hello))


add_greeting()
