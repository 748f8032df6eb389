from django.urls import path

import minga.kernel.base.addresses  # noqa: F401  # knows <number:…>

from .views import desk, home

app_name = "public_service"
urlpatterns = [
    path("", home.home, name="home"),
    path("acerca/", home.about, name="about"),
    path("mesa/", desk.desk, name="desk"),
    path("mesa/tareas/", desk.tasks, name="tasks"),
    path("mesa/vistas/", desk.saved_views, name="saved_views"),
    path("mesa/varios/", desk.several, name="several"),
    path("mesa/carga/", desk.workload, name="workload"),
    path("mesa/atajos/", desk.shortcuts, name="shortcuts"),
    path("mesa/<number:case>/cargo/", desk.assign, name="assign"),
    path("mesa/<number:case>/fecha/", desk.set_due, name="set_due"),
    path("mesa/<number:case>/nota/", desk.note, name="note"),
]
