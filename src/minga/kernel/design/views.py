"""The design page: each component with words as they will really be used."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text

from .menu import Audience, open_to
from .pictures.charts import StackRow
from .pictures.figures import Figure
from .pictures.maps import Outlines, Shape, Tile
from .pictures.tree import TreeRow
from .timeline import Mark, TimelineRow

COLOURS = {
    "indigo": _("añil"),
    "cochineal": _("cochinilla"),
    "marigold": _("caléndula"),
    "leaf": _("hoja"),
    "amber": _("ámbar"),
    "ink": _("tinta"),
    "soft": _("tinta suave"),
    "wool": _("lana"),
}
TODAY = date(2026, 6, 18)


class ExampleForm(forms.Form):
    name = forms.CharField(
        label=_("Nombre y apellido"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        max_length=120,
    )
    email = forms.EmailField(
        label=_("Correo electrónico"),
        help_text=_("Solo para avisarte cuando haya respuesta."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("A ese correo le falta algo. Un ejemplo: nombre@correo.com")},
        required=False,
    )
    canton = forms.ChoiceField(
        label=_("Cantón"),
        choices=[("", _("Elige uno")), ("1", "Otavalo"), ("2", "Cotacachi"), ("3", "Guano")],
    )
    proposal = forms.CharField(
        label=_("¿Qué propones?"),
        help_text=_("Cuenta qué problema ves y qué cambiaría. No pongas datos de otras personas."),
        widget=forms.Textarea,
        max_length=1500,
    )
    scope = forms.ChoiceField(
        label=_("¿Quién debería hacerlo?"),
        choices=[
            ("parish", _("La junta parroquial")),
            ("town", _("El municipio")),
            ("state", _("Un ministerio")),
        ],
        widget=forms.RadioSelect,
    )
    topics = forms.MultipleChoiceField(
        label=_("Temas"),
        choices=[("water", _("Agua")), ("data", _("Datos abiertos")), ("roads", _("Caminos"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    public = forms.BooleanField(label=_("Acepto que mi propuesta se publique con mi nombre"))


@dataclass(frozen=True)
class Step:
    at: datetime
    label: Text
    by: Text = ""
    note: Text = ""
    current: bool = False


@dataclass(frozen=True)
class Ways:
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""


STEPS = [
    Step(datetime(2026, 3, 2, 14, 5, tzinfo=UTC), _("Propuesta recibida"), by="Rosa Quishpe"),
    Step(
        datetime(2026, 3, 9, 20, 40, tzinfo=UTC),
        _("Admitida"),
        by="Secretaría de la mesa de agua",
        note=_("Cumple los cuatro requisitos de la convocatoria."),
    ),
    Step(
        datetime(2026, 5, 21, 16, 0, tzinfo=UTC),
        _("Integrada en el compromiso «Agua segura en escuelas rurales»"),
        by="Grupo núcleo",
        note=_("Se unió con otras once propuestas sobre el mismo problema."),
        current=True,
    ),
]


ROWS = [
    TimelineRow(
        "Publicar la calidad del agua de cada escuela rural",
        "",
        date(2026, 1, 12),
        date(2026, 9, 30),
        marks=[Mark(date(2026, 6, 30), "primer conjunto de datos")],
    ),
    TimelineRow("Capacitar a veedurías", "", date(2026, 2, 1), date(2026, 4, 30), "good"),
    TimelineRow(
        "Abrir el registro de contratos de mantenimiento vial",
        "",
        date(2026, 5, 4),
        date(2027, 3, 31),
        "wait",
        [Mark(date(2026, 8, 14), "borrador"), Mark(date(2027, 3, 31), "registro en línea")],
    ),
    TimelineRow(
        "Reglamento de consulta previa",
        "",
        date(2026, 2, 16),
        date(2026, 5, 29),
        "stop",
        [Mark(date(2026, 5, 29), "no cumplido")],
    ),
]

BARS = [
    Figure(_("Agua y saneamiento"), 128),
    Figure(_("Caminos y transporte de las comunidades rurales"), 74),
    Figure(_("Salud"), 31),
    Figure(_("Compras públicas"), None),
    Figure(_("Educación"), 0),
]
MONTHS = {
    _("ene"): 4,
    _("feb"): 9,
    _("mar"): 15,
    _("abr"): 12,
    _("may"): None,
    _("jun"): 21,
    _("jul"): 34,
    _("ago"): 30,
}
LINE = [Figure(month, value) for month, value in MONTHS.items()]
ANSWERS = (_("Aceptadas"), _("En revisión"), _("No aceptadas"))
STACKS = [
    StackRow(title, [Figure(*part) for part in zip(ANSWERS, counts, strict=True)])
    for title, counts in {
        _("Convocatoria de 2025"): (38, 4, 17),
        _("Convocatoria de 2026"): (22, 31, None),
    }.items()
]
TREE = [
    TreeRow(
        _("Eje 1. Gobierno abierto"),
        below=[
            TreeRow(_("Línea 1. Transparencia y datos abiertos"), knots=7),
            TreeRow(_("Línea 2. Participación de las personas en lo que se decide"), knots=14),
        ],
    ),
    TreeRow(_("Eje 2. Servicios"), below=[TreeRow(_("Línea 3. Trámites simples"), knots=3)]),
]
TILES = [
    Tile("n", _("Norte"), 1, 0),
    Tile("w", _("Costa"), 0, 1),
    Tile("c", _("Centro"), 1, 1),
    Tile("e", _("Selva"), 2, 1),
    Tile("s", _("Sur"), 1, 2),
]
OUTLINES = Outlines(
    source=_("Límites de un país inventado."),
    box="0 0 300 300",
    paths={
        "n": "M90,20l120,-10 10,90 -140,0z",
        "w": "M10,110l70,-10 20,100 -80,10z",
        "c": "M80,100l140,0 0,100 -120,0z",
        "e": "M220,100l70,30 -20,80 -50,-10z",
        "s": "M100,200l120,0 -30,90 -60,-20z",
    },
)
PLACES = {
    tile.code: Figure(tile.short, value)
    for tile, value in zip(TILES, (3, 41, 12, None, 0), strict=True)
}


@open_to(Audience.EVERYONE)
def components(request: HttpRequest) -> HttpResponse:
    wrong = {"name": "Rosa Quishpe", "email": "rosa@", "proposal": "Medir el agua."}
    context = {
        "colours": COLOURS,
        "blank": ExampleForm(prefix="a"),
        "wrong": ExampleForm({f"b-{k}": v for k, v in wrong.items()}, prefix="b"),
        "steps": STEPS,
        "rows": [replace(row, url=request.path) for row in ROWS],
        "today": TODAY,
        "bars": BARS,
        "line": LINE,
        "stacks": STACKS,
        "tree": TREE,
        "places": {code: replace(place, url="#mapas") for code, place in PLACES.items()},
        "shape": Shape(TILES, OUTLINES),
        "ways": Ways(first="?", previous="?antes=42", next="?desde=61"),
    }
    return render(request, "design/components.html", context)
