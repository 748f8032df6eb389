from django.urls import path

import minga.kernel.base.addresses  # noqa: F401  # knows <number:…>

from . import feeds, views
from .views import bodies, confirmation, cycles, integration, report, screening, selection

app_name = "cocreation"
urlpatterns = [
    path("", views.proposals, name="proposals"),
    path("propuestas.csv", views.proposals_csv, name="proposals_csv"),
    path("convocatorias.ics", feeds.calls_ics, name="calls_ics"),
    path("cifras/", views.figures, name="figures"),
    path("cifras.csv", views.figures_csv, name="figures_csv"),
    path("procesos/", cycles.cycles, name="cycles"),
    path("procesos/<slug:cycle>/", cycles.cycle, name="cycle"),
    path("procesos/cifras.csv", cycles.cycle_counts_csv, name="cycle_counts_csv"),
    path("procesos/<slug:cycle>/cifras/", cycles.cycle_figures, name="cycle_figures"),
    path("procesos/<slug:cycle>/metodo/", cycles.method, name="method"),
    path("procesos/<slug:cycle>/etapa/", cycles.stage, name="stage"),
    path("metodos/<slug:method>/", cycles.method_alone, name="method_alone"),
    path("procesos/<slug:cycle>/clasificar/", screening.to_screen, name="to_screen"),
    path("procesos/<slug:cycle>/clasificar/<number:number>/", screening.screen, name="screen"),
    path("procesos/<slug:cycle>/integradas/", integration.integrated_list, name="integrated_list"),
    path(
        "procesos/<slug:cycle>/integradas/<number:number>/",
        integration.integrated,
        name="integrated",
    ),
    path("procesos/<slug:cycle>/integrar/", integration.integrate, name="integrate"),
    path("procesos/<slug:cycle>/integrar/<number:number>/", integration.group, name="group"),
    path(
        "procesos/<slug:cycle>/integrar/<number:number>/escribir/",
        integration.write_group,
        name="write_group",
    ),
    path(
        "procesos/<slug:cycle>/integrar/<number:number>/conforme/", integration.agree, name="agree"
    ),
    path("procesos/<slug:cycle>/informe/", report.report, name="report"),
    path("procesos/<slug:cycle>/informe/pdf/", report.report_pdf, name="report_pdf"),
    path("procesos/<slug:cycle>/informe.xlsx", report.report_xlsx, name="report_xlsx"),
    path("resultados.csv", report.outcomes_csv, name="outcomes_csv"),
    path("integradas.csv", integration.integrated_csv, name="integrated_csv"),
    path("uniones.csv", integration.joins_csv, name="joins_csv"),
    path("procesos/<slug:cycle>/seleccion/", selection.selection, name="selection"),
    path("procesos/<slug:cycle>/seleccion/mesa/", selection.selection_desk, name="selection_desk"),
    path(
        "procesos/<slug:cycle>/seleccion/mesa/<number:number>/",
        selection.selection_place,
        name="selection_place",
    ),
    path("procesos/<slug:cycle>/compromisos/", confirmation.commitments, name="commitments"),
    path(
        "procesos/<slug:cycle>/compromisos/mesa/",
        confirmation.confirmation_desk,
        name="confirmation_desk",
    ),
    path(
        "procesos/<slug:cycle>/compromisos/<number:number>/",
        confirmation.commitment,
        name="commitment",
    ),
    path(
        "procesos/<slug:cycle>/compromisos/<number:number>/responder/",
        confirmation.confirm,
        name="confirm",
    ),
    path("procesos/<slug:cycle>/compromisos/<number:number>/acta/", confirmation.act, name="act"),
    path("procesos/<slug:cycle>/sala/<slug:body>/", bodies.room, name="room"),
    path(
        "procesos/<slug:cycle>/sala/<slug:body>/<number:session>/",
        bodies.room_session,
        name="room_session",
    ),
    path("grupos/<slug:body>/", bodies.body, name="body"),
    path("grupos/<slug:body>/sesiones/<number:session>/", bodies.session, name="session"),
    path("grupos/<slug:body>/sesiones/<number:session>/acta/", bodies.minutes, name="minutes"),
    path("quedaron/", selection.backlog, name="backlog"),
    path("seleccion.csv", selection.selection_csv, name="selection_csv"),
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
