from django.urls import path

import minga.kernel.base.addresses  # noqa: F401  # knows <number:…>

from . import views

app_name = "conversation"
urlpatterns = [
    path("decisiones/", views.decisions, name="decisions"),
    path("decisiones.csv", views.decisions_csv, name="decisions_csv"),
    path("mesa/", views.queue, name="queue"),
    path("mesa/<number:matter>/", views.matter, name="matter"),
    path("aviso/<number:matter>/", views.review, name="review"),
    path("<number:thread>/comentar/", views.say, name="say"),
    path("<number:thread>/avisar/", views.report, name="report"),
    path("<number:thread>/<number:number>/retirar/", views.withdraw, name="withdraw"),
]
