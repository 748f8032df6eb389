from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from minga.kernel.design.middleware import FRAMES
from minga.kernel.public_service.declaration import services
from minga.services.institutions.urls import framed

from . import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("minga.kernel.public_service.urls")),
    path("buscar/", include("minga.kernel.catalogue.urls")),
    path("archivos/", include("minga.kernel.cases.urls")),
    path("conversacion/", include("minga.kernel.conversation.urls")),
    path("verificar/", include("minga.kernel.documents.urls")),
    path("salud/", views.alive, name="alive"),
    path("salud/listo/", views.ready, name="ready"),
    *([path("metricas/", views.figures, name="figures")] if settings.MINGA_METRICS else []),
    path("diseno/", include("minga.kernel.design.urls")),
    path("registro/", include("minga.kernel.trust.urls")),
    path("cuenta/", include("minga.kernel.identity.urls")),
    *(path(service.path, include(f"minga.services.{service.key}.urls")) for service in services),
    path(FRAMES, include((framed, "frames"))),
]
