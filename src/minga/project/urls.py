from django.urls import URLPattern, URLResolver, include, path

from minga.kernel.design.middleware import FRAMES
from minga.kernel.public_service.declaration import services
from minga.services.institutions.urls import framed

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("minga.kernel.public_service.urls")),
    path("buscar/", include("minga.kernel.catalogue.urls")),
    path("archivos/", include("minga.kernel.cases.urls")),
    path("verificar/", include("minga.kernel.documents.urls")),
    path("diseno/", include("minga.kernel.design.urls")),
    path("cuenta/", include("minga.kernel.identity.urls")),
    *(path(service.path, include(f"minga.services.{service.key}.urls")) for service in services),
    path(FRAMES, include((framed, "frames"))),
]
