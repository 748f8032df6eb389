from django.urls import URLPattern, URLResolver, include, path

from minga.kernel.public_service.declaration import services

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("minga.kernel.public_service.urls")),
    path("buscar/", include("minga.kernel.catalogue.urls")),
    path("archivos/", include("minga.kernel.cases.urls")),
    path("diseno/", include("minga.kernel.design.urls")),
    path("registro/", include("minga.kernel.trust.urls")),
    path("cuenta/", include("minga.kernel.identity.urls")),
    *(path(service.path, include(f"minga.services.{service.key}.urls")) for service in services),
]
