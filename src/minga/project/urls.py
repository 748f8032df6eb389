from allauth.account import views as account
from django.urls import include, path, re_path

from minga.kernel.design.menu import Audience, open_to
from minga.kernel.public_service.declaration import services

everyone = open_to(Audience.EVERYONE)

urlpatterns = [
    path("", include("minga.kernel.public_service.urls")),
    path("buscar/", include("minga.kernel.catalogue.urls")),
    path("archivos/", include("minga.kernel.cases.urls")),
    path("diseno/", include("minga.kernel.design.urls")),
    path("cuenta/entrar/", everyone(account.login), name="account_login"),
    path("cuenta/salir/", everyone(account.logout), name="account_logout"),
    path("cuenta/registro/", everyone(account.signup), name="account_signup"),
    path("cuenta/inactiva/", everyone(account.account_inactive), name="account_inactive"),
    path("cuenta/reautenticar/", everyone(account.reauthenticate), name="account_reauthenticate"),
    path("cuenta/clave/", everyone(account.password_reset), name="account_reset_password"),
    path(
        "cuenta/clave/enviada/",
        everyone(account.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^cuenta/clave/nueva/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        everyone(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "cuenta/clave/lista/",
        everyone(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    *(path(service.path, include(f"minga.services.{service.key}.urls")) for service in services),
]
