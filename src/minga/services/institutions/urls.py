from django.urls import path, register_converter
from django.urls.converters import IntConverter, StringConverter

from .views import faces, frames, public, register, spreadsheet


class RowConverter(IntConverter):
    """The number of a row, that every database can hold."""

    regex = "[0-9]{1,9}"


class DigestConverter(StringConverter):
    regex = "[0-9a-f]{16}"


register_converter(RowConverter, "row")
register_converter(DigestConverter, "digest")
app_name = "institutions"
own, unit, post = "administrar/<slug:institution>/", "unidad/<row:unit>/", "puesto/<row:post>/"
urlpatterns = [
    path("", public.institutions, name="institutions"),
    path("instituciones.csv", public.institutions_csv, name="institutions_csv"),
    path("responsables/", public.officers, name="officers"),
    path("administrar/", register.administer, name="administer"),
    path("administrar/nueva/", register.enter, name="enter"),
    path("administrar/archivo/", spreadsheet.upload, name="upload"),
    path("administrar/archivo/plantilla.xlsx", spreadsheet.template, name="template"),
    path("administrar/archivo/<uuid:upload>/", spreadsheet.preview, name="preview"),
    path(own, register.run, name="run"),
    path(f"{own}cambiar/", register.change, name="change"),
    path(f"{own}terminar/", register.close, name="close"),
    path(f"{own}sucesora/", register.succeed, name="succeed"),
    path(f"{own}historia/", register.history, name="history"),
    path(f"{own}apariencia/", faces.appearance, name="appearance"),
    path(f"{own}apariencia/muestra.css", faces.sample, name="sample"),
    path(f"{own}logo/", faces.emblem, name="emblem"),
    path(f"{own}marco/", faces.frame_hosts, name="frame_hosts"),
    path(f"{own}unidad/", register.enter_unit, name="enter_unit"),
    path(f"{own}{unit}", register.change_unit, name="change_unit"),
    path(f"{own}puesto/", register.enter_post, name="enter_post"),
    path(f"{own}{post}", register.post, name="post"),
    path(f"{own}{post}cambiar/", register.change_post, name="change_post"),
    path(f"{own}{post}nombrar/", register.appoint, name="appoint"),
    path(f"{own}{post}dejar/", register.leave, name="leave"),
    path(f"{own}{post}subrogar/", register.deputise, name="deputise"),
    path(f"{own}{post}historia/", register.post_history, name="post_history"),
    path("<slug:institution>/", public.institution, name="institution"),
    path("<slug:institution>/tema-<digest:dyes>.css", faces.sheet, name="sheet"),
    path("<slug:institution>/logo-<digest:drawing>.png", faces.logo, name="logo"),
    path("<slug:institution>/plantilla/", faces.kit, name="kit"),
    path("<slug:institution>/plantilla.zip", faces.kit_package, name="kit_package"),
]
framed = [path("<slug:institution>/", frames.frame, name="frame")]  # inside others' sites
