from django.urls import path

import minga.kernel.base.addresses  # noqa: F401  # knows <number:…>

from . import feeds
from .views import desk, home, space

app_name = "public_service"
urlpatterns = [
    path("", home.home, name="home"),
    path("acerca/", home.about, name="about"),
    path("glosario/", home.glossary, name="glossary"),
    path("idiomas/", home.languages, name="languages"),
    path("accesibilidad/", home.accessibility, name="accessibility"),
    path("novedades.atom", feeds.news, name="news"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("sitemap-paginas.xml", feeds.sitemap_pages, name="sitemap_pages"),
    path("sitemap-fichas-<number:part>.xml", feeds.sitemap_records, name="sitemap_records"),
    path("robots.txt", feeds.robots, name="robots"),
    path("uso/", home.usage, name="usage"),
    path("uso/visitas.csv", home.usage_csv, name="usage_csv"),
    path("mesa/", desk.desk, name="desk"),
    path("mesa/tareas/", desk.tasks, name="tasks"),
    path("mesa/vistas/", desk.saved_views, name="saved_views"),
    path("mesa/varios/", desk.several, name="several"),
    path("mesa/carga/", desk.workload, name="workload"),
    path("mesa/atajos/", desk.shortcuts, name="shortcuts"),
    path("mesa/<number:case>/cargo/", desk.assign, name="assign"),
    path("mesa/<number:case>/fecha/", desk.set_due, name="set_due"),
    path("mesa/<number:case>/nota/", desk.note, name="note"),
    path("mi-espacio/", space.space, name="space"),
    path("mi-espacio/llegada/", space.arrived, name="arrived"),
    path("mi-espacio/casos/", space.my_cases, name="my_cases"),
    path("mi-espacio/casos/anadir/", space.add_case, name="add_case"),
    path("mi-espacio/borradores/", space.my_drafts, name="my_drafts"),
    path("mi-espacio/borradores/traer/", space.take_draft, name="take_draft"),
    path("mi-espacio/borradores/<uuid:draft>/borrar/", space.drop_draft, name="drop_draft"),
    path("mi-espacio/avisos/", space.notices, name="notices"),
    path("mi-espacio/avisos/temas/", space.topics, name="topics"),
    path("mi-espacio/avisos/<number:notice>/", space.notice, name="notice"),
    path("mi-espacio/datos/", space.my_data, name="my_data"),
    path("mi-espacio/datos/mis-datos.json", space.my_data_file, name="my_data_file"),
    path("mi-espacio/datos/nombre/", space.correct_name, name="correct_name"),
    path("mi-espacio/cerrar/", space.closing, name="closing"),
    path("mi-espacio/cerrar/confirmar/", space.close_account, name="close_account"),
    path("cuenta-cerrada/", space.account_closed, name="account_closed"),
]
