from django.urls import path

import minga.kernel.base.addresses  # noqa: F401  # knows <number:…>

from . import feeds, views
from .views import cycles, similar

app_name = "cocreation"
urlpatterns = [
    path("", views.proposals, name="proposals"),
    path("propuestas.csv", views.proposals_csv, name="proposals_csv"),
    path("convocatorias.ics", feeds.calls_ics, name="calls_ics"),
    path("cifras/", views.figures, name="figures"),
    path("cifras.csv", views.figures_csv, name="figures_csv"),
    path("procesos/", cycles.cycles, name="cycles"),
    path("procesos/<slug:cycle>/", cycles.cycle, name="cycle"),
    path("procesos/<slug:cycle>/sugerencias/", similar.suggestions, name="suggestions"),
    path("procesos/<slug:cycle>/sugerencias/metodo/", similar.how_suggested, name="how_suggested"),
    path(
        "procesos/<slug:cycle>/sugerencias/<number:number>/", similar.suggestion, name="suggestion"
    ),
    path("sugerencias.csv", similar.suggestions_csv, name="suggestions_csv"),
    path("como-funciona/", views.how, name="how"),
    path("nueva/", views.begin, name="begin"),
    path("borrador/<uuid:draft>/", views.draft, name="draft"),
    path("borrador/<uuid:draft>/<slug:step>/", views.draft_step, name="draft_step"),
    path("recibo/<str:code>/", views.receipt, name="receipt"),
    path("recibo/<str:code>/pdf/", views.receipt_pdf, name="receipt_pdf"),
    path("recibo/<str:code>/recibo.pdf", views.receipt_file, name="receipt_file"),
    path("seguir/", views.follow, name="follow"),
    path("seguir/<str:code>/", views.followed, name="followed"),
    path("mias/<number:case>/", views.mine, name="mine"),
    path("mesa/<number:case>/", views.handle, name="handle"),
    path("mesa/<number:case>/<slug:move>/", views.take_step, name="take_step"),
    path("<slug:cycle>/<number:number>/", views.proposal, name="proposal"),
]
