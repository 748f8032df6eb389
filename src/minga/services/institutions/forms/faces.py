"""The colours, the emblem and the frame of an institution, as its administrator says them."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minga.kernel.base.text import Text
from minga.kernel.design.colours import Pair
from minga.kernel.design.queries import schemes
from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.services.institutions.queries import faces as queries
from minga.services.institutions.rules import frames, logos, themes
from minga.services.institutions.rules.frames import Astray, NoOrigin
from minga.services.institutions.rules.logos import NoLogo, Unfit
from minga.services.institutions.rules.themes import Choice, Fault

from . import RevForm

STRENGTHS = (
    gettext_lazy("Gris, sin color"),
    gettext_lazy("Suave"),
    gettext_lazy("Media"),
    gettext_lazy("Viva"),
)
PAINTS = {
    "ink": gettext_lazy("El texto"),
    "soft": gettext_lazy("El texto secundario"),
    "indigo": gettext_lazy("Los enlaces"),
    "indigo-deep": gettext_lazy("Un enlace señalado"),
    "on-indigo": gettext_lazy("Las letras de los botones"),
    "cochineal": gettext_lazy("Los mensajes de error"),
    "place": gettext_lazy("La marca de dónde estás"),
    "edge": gettext_lazy("El borde de los campos"),
    "paper": gettext_lazy("El número de avisos"),
    "marigold": gettext_lazy("El foco del teclado"),
}
GROUNDS = {
    "paper": gettext_lazy("sobre el fondo de la página"),
    "wool": gettext_lazy("sobre las franjas de fondo"),
    "indigo": gettext_lazy("sobre un botón"),
    "indigo-deep": gettext_lazy("sobre un botón señalado"),
    "place": gettext_lazy("sobre su color"),
    "indigo-wash": gettext_lazy("sobre un aviso"),
    "leaf-wash": gettext_lazy("sobre un aviso bueno"),
    "amber-wash": gettext_lazy("sobre un aviso de espera"),
    "cochineal-wash": gettext_lazy("sobre un aviso de error"),
}
UNDER = {"light": gettext_lazy("de día"), "dark": gettext_lazy("de noche")}
OF_LIGHTNESS = {"indigo", "indigo-deep", "on-indigo"}
ASTRAY = {
    Astray.INSECURE: gettext_lazy(
        "«%s» no es seguro: quien lo mira puede ver otra cosa. Tiene que empezar con https://."
    ),
    Astray.ANYBODY: gettext_lazy(
        "«%s» dejaría entrar a cualquiera. Escribe cada sitio entero, sin asteriscos."
    ),
    Astray.SCHEME: gettext_lazy("«%s» no es un sitio. Un ejemplo: https://www.ejemplo.gob"),
    Astray.PLACE: gettext_lazy(
        "«%s» dice más que el sitio. Quita lo que va después del nombre: https://www.ejemplo.gob"
    ),
    Astray.HOST: gettext_lazy(
        "El nombre del sitio en «%s» no está bien escrito. Un ejemplo: https://www.ejemplo.gob"
    ),
}
UNFIT = {
    Unfit.EMPTY: gettext_lazy("El archivo está vacío. Ábrelo para ver si se guardó bien."),
    Unfit.LARGE: gettext_lazy("Pesa más de 2 MB. Guárdalo más pequeño."),
    Unfit.DRAWING: gettext_lazy(
        "Es un dibujo SVG, y un SVG puede llevar programas. Expórtalo como PNG y envíalo otra vez."
    ),
    Unfit.PROGRAM: gettext_lazy(
        "Es un dibujo SVG que lleva un programa dentro. No lo uses en ningún sitio hasta saber de"
        " dónde vino; pide el logo como PNG a quien lo diseñó."
    ),
    Unfit.PAGE: gettext_lazy(
        "Es una página web con nombre de imagen, como las que engañan. Pide el logo como PNG a"
        " quien lo diseñó."
    ),
    Unfit.TWO_THINGS: gettext_lazy(
        "Es una imagen que lleva otra cosa escondida dentro. Ábrela en un programa de dibujo y"
        " guárdala otra vez como PNG."
    ),
    Unfit.KIND: gettext_lazy("No es una imagen PNG, JPG ni WebP. Guárdala como PNG."),
    Unfit.POINTS: gettext_lazy(
        "Tiene demasiados puntos: caben 3000 por 3000. Guárdala más pequeña."
    ),
    Unfit.SMALL: gettext_lazy(
        "Es muy pequeña: hacen falta 16 puntos de alto y de ancho. Busca una más grande."
    ),
    Unfit.BLANK: gettext_lazy(
        "No se ve nada de ella sobre fondo blanco. Envía la versión en color."
    ),
    Unfit.DAMAGED: gettext_lazy("La imagen está dañada y no se puede abrir. Guárdala otra vez."),
}
HUES = gettext_lazy(
    "De 0 a 359: 0 rosado, 30 rojo, 60 naranja, 100 amarillo, 145 verde, 200 turquesa, 260 azul,"
    " 310 morado."
)


def _number(label: Text, help_text: Text, within: range) -> forms.IntegerField:
    wrong = _("Escribe un número de %(least)s a %(most)s.") % {
        "least": within[0],
        "most": within[-1],
    }
    names = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=within[0],
        max_value=within[-1],
        error_messages=dict.fromkeys(names, wrong),
    )


class ThemeForm(RevForm):
    """Whatever it accepts can be read by everybody, by day and by night."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faults: Sequence[Fault] = ()
        self.fields["hue"] = _number(_("Color principal"), HUES, themes.HUES)
        self.fields["strength"] = ChoiceField(
            label=_("Fuerza del color"), choices=list(enumerate(STRENGTHS))
        )
        self.fields["lightness"] = _number(
            _("Claridad"),
            _("De 25, muy oscuro, a 60, muy claro. De noche se usa siempre uno claro."),
            themes.LIGHTNESS,
        )
        self.fields["accent"] = _number(
            _("Color que acompaña"), _("Marca dónde está quien lee. %s") % HUES, themes.HUES
        )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if set(queries.COLOURS) <= set(said):
            self.choice = Choice(**{name: int(said[name]) for name in queries.COLOURS})
            if faults := themes.faults(self.choice, schemes()):
                self.refuse(faults)
        return said

    def refuse(self, faults: Sequence[Fault]) -> None:
        self.faults = faults
        worst = min(faults, key=lambda fault: fault.ratio / fault.pair.least)
        told = {
            "what": in_words(worst.pair),
            "under": UNDER[worst.scheme],
            "ratio": ratio(worst.ratio),
            "least": ratio(worst.pair.least),
            "most": themes.mended(self.choice, schemes()).lightness,
        }
        sentence = _(
            "Con ese color hay quien no podría leer. %(what)s, %(under)s: el contraste es %(ratio)s"
            " y hace falta %(least)s. Baja la claridad a %(most)s o menos."
        )
        self.add_error("lightness", sentence % told)

    @property
    def rows(self) -> "Sequence[Row]":
        """What cannot be read of what was typed, or else the whole comparison."""
        found = list(rows(self.choice)) if hasattr(self, "choice") else []
        return [row for row in found if not row.fits] or found


class Row(NamedTuple):
    """What lies on what, and how much it differs by day and by night."""

    what: str
    day: str
    night: str
    least: str
    fits: bool


def rows(choice: Choice) -> Iterator[Row]:
    for pair, found in themes.measured(choice, schemes()):
        fits = all(one >= pair.least for one in found)
        day, night = map(ratio, found)
        yield Row(in_words(pair), day, night, ratio(pair.least), fits)


def in_words(pair: Pair) -> str:
    return f"{PAINTS[pair.above[-1]]} {GROUNDS[pair.ground]}"


def ratio(value: float) -> str:
    """Cut, not rounded: 4.49 is not 4.5."""
    return number_format(int(value * 100) / 100, 2)


class LogoForm(RevForm):
    file = forms.FileField(
        label=gettext_lazy("Imagen"),
        help_text=gettext_lazy(
            "PNG, JPG o WebP, de hasta 2 MB. La volvemos a dibujar y no guardamos nada más de ella."
        ),
        error_messages={"required": gettext_lazy("Elige un archivo."), "empty": UNFIT[Unfit.EMPTY]},
        widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg,.webp"}),
    )
    words = SaidField(
        label=gettext_lazy("Qué se ve en ella"),
        help_text=gettext_lazy("Lo escucha quien no ve. Por ejemplo: «Escudo del municipio»."),
        max_length=200,
    )

    def clean_file(self) -> logos.Logo:
        sent = self.cleaned_data["file"]
        try:
            if (sent.size or 0) > logos.LARGEST:
                raise NoLogo(Unfit.LARGE)
            return logos.redrawn(sent.read())
        except NoLogo as unfit:
            raise ValidationError(UNFIT[unfit.why]) from unfit


class HostsForm(RevForm):
    hosts = SaidField(
        lines=True,
        label=gettext_lazy("Sitios que pueden mostrarlo"),
        help_text=gettext_lazy(
            "Uno en cada línea, hasta 10. Por ejemplo: https://www.ejemplo.gob. Vacío: ninguno."
        ),
        max_length=3_000,
        required=False,
    )

    def clean_hosts(self) -> list[str]:
        typed = [line.strip() for line in self.cleaned_data["hosts"].split("\n") if line.strip()]
        found, wrong = [], []
        for line in typed:
            try:
                found.append(frames.origin(line))
            except NoOrigin as astray:
                wrong.append(ASTRAY[astray.why] % line[:100])
        if len(set(found)) > frames.MOST_HOSTS:
            wrong.append(_("Son %s sitios y caben 10. Quita alguno.") % len(set(found)))
        if wrong:
            raise ValidationError(wrong)
        return list(dict.fromkeys(found))
