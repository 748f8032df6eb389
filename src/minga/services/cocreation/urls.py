from django.urls import path

import minga.kernel.base.addresses  # noqa: F401  # knows <number:…>

from . import feeds, views
from .views import batches, cycles, day, workshops

app_name = "cocreation"
urlpatterns = [
    path("", views.proposals, name="proposals"),
    path("propuestas.csv", views.proposals_csv, name="proposals_csv"),
    path("convocatorias.ics", feeds.calls_ics, name="calls_ics"),
    path("cifras/", views.figures, name="figures"),
    path("cifras.csv", views.figures_csv, name="figures_csv"),
    path("procesos/", cycles.cycles, name="cycles"),
    path("procesos/<slug:cycle>/", cycles.cycle, name="cycle"),
    path("procesos/<slug:cycle>/talleres/nuevo/", workshops.create, name="create_workshop"),
    path("talleres/", workshops.workshops, name="workshops"),
    path("talleres.ics", feeds.workshops_ics, name="workshops_ics"),
    path("talleres/asistencia/", workshops.came, name="came"),
    path("talleres/asistencia.csv", workshops.attendance_csv, name="attendance_csv"),
    path("talleres/<number:workshop>/", workshops.workshop, name="workshop"),
    path("talleres/<number:workshop>/inscribirse/", workshops.register, name="register"),
    path("talleres/<number:workshop>/cambiar/", workshops.change, name="change_workshop"),
    path("talleres/<number:workshop>/cancelar/", workshops.cancel, name="cancel_workshop"),
    path("talleres/<number:workshop>/asistencia/", workshops.attendance, name="attendance"),
    path("talleres/<number:workshop>/hojas/", batches.sheets, name="sheets"),
    path("talleres/<number:workshop>/hojas/imprimir/", batches.print_sheets, name="print_sheets"),
    path("talleres/<number:workshop>/hojas/escribir/", batches.type_sheet, name="type_sheet"),
    path("talleres/<number:workshop>/hojas/hojas.xlsx", batches.sheets_file, name="sheets_file"),
    path("talleres/<number:workshop>/hojas/traer/", batches.upload, name="upload_batch"),
    path("talleres/<number:workshop>/hojas/traer/<uuid:batch>/", batches.batch, name="batch"),
    path("talleres/<number:workshop>/recibos/", batches.slips, name="slips"),
    path("talleres/<number:workshop>/dia/", day.day, name="day"),
    path("talleres/<number:workshop>/dia/<slug:phase>/", day.phase, name="phase"),
    path("mesas/<uuid:table>/", day.table, name="table"),
    path("mesas/<uuid:table>/<number:sketch>/", day.sketch, name="sketch"),
    path("inscripciones/<uuid:key>/", workshops.registration, name="registration"),
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
