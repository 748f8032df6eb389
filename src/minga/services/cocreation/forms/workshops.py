"""What is typed about workshops."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text
from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation import rules as proposals
from minga.services.cocreation.forms import SECTORS, SEXES, DayField, goal_choices
from minga.services.cocreation.models import Workshop
from minga.services.cocreation.rules import workshops as rules
from minga.services.cocreation.rules.workshops import Phase, Place, Problem, Sort

NOT_SAID = "not_said"
SEX: Mapping[str, Text] = {
    **{str(key): words for key, words in SEXES.items()},
    NOT_SAID: _("Prefiero no decirlo"),
}
SORTS: Mapping[str, Text] = {
    Sort.TERRITORIAL: _("Mesa territorial"),
    Sort.THEMATIC: _("Mesa temática"),
    Sort.ACADEMIC: _("Evento previo para la academia"),
    Sort.ORGANISATIONS: _("Evento previo para organizaciones"),
    Sort.AWARENESS: _("Evento de sensibilización"),
}
GROUPS: Mapping[str, Text] = {
    "tables": _("Mesas de cocreación"),
    Sort.ACADEMIC: _("Eventos previos para la academia"),
    Sort.ORGANISATIONS: _("Eventos previos para organizaciones"),
    Sort.AWARENESS: _("Eventos de sensibilización"),
}
PLACES: Mapping[str, Text] = {
    Place.REGISTERED: _("Tiene lugar"),
    Place.WAITING: _("En lista de espera"),
    Place.CANCELLED: _("Dejó su lugar"),
}
PHASES: Mapping[str, Text] = {
    Phase.AWARENESS: _("Sensibilización: qué es el Gobierno Abierto"),
    Phase.COMMITMENT: _("Qué es un compromiso de un plan de acción"),
    Phase.METHOD: _("El método, cómo se evalúa y cómo funcionan las mesas"),
    Phase.GROUPING: _("Las mesas se forman por objetivo"),
    Phase.SOLUTIONS: _("Problemas y soluciones, con hitos y actores"),
    Phase.REVIEW: _("Otra mesa lee cada propuesta, y se mejora"),
    Phase.PLENARY: _("Resumen en la plenaria"),
    Phase.HANDOVER: _("Entrega al repositorio, con un código para cada propuesta"),
}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
PROBLEMS = {
    Problem.OUTDATED: _(
        "Mientras escribías, otra persona cambió esto. Nada se guardó. Mira cómo quedó y guarda"
        " otra vez si todavía corresponde."
    ),
    Problem.CANCELLED: _("Este taller se canceló. Mira si hay otro en el calendario."),
    Problem.OVER: _("Este taller ya pasó."),
    Problem.NOT_YET: _("Todavía no es el día: esto se hace cuando llegue."),
    Problem.TOO_MANY: _("Ya hay más personas con lugar. Escribe una cantidad mayor."),
    Problem.OUT_OF_ORDER: _("Falta un paso anterior. Los ocho van en orden."),
    Problem.NO_PLACE: _("Falta decir en qué parte del país es el taller. Complétalo primero."),
    Problem.NOT_READ: _("Otra mesa todavía no leyó esta propuesta."),
    Problem.GIVEN: _("Esta propuesta ya está en el repositorio y no se cambia."),
    Problem.OWN_TABLE: _("Una mesa no revisa lo que ella misma escribió."),
}


def day(**more: Any) -> DayField:
    words = {
        "required": _("Escribe la fecha."),
        "invalid": _("No es una fecha. Un ejemplo: 31/12/2026."),
    }
    return DayField(error_messages=words, **more)


def number(**more: Any) -> forms.IntegerField:
    words = {
        "required": _("Escribe un número."),
        "invalid": _("Escribe un número entero, por ejemplo 40."),
        "min_value": _("Escribe %(limit_value)s o más."),
        "max_value": _("Escribe %(limit_value)s o menos."),
    }
    return forms.IntegerField(error_messages=words, **more)


def territory() -> ChoiceField:
    return ChoiceField(
        label=_("Parte del país"),
        choices=lambda: [
            ("", _("Elige un lugar")),
            *jurisdiction.territories().values_list("iso", "name"),
        ],
        error_messages={"required": _("Elige el lugar del taller.")},
    )


def goal(**more: Any) -> ChoiceField:
    return ChoiceField(
        label=_("Objetivo de Desarrollo Sostenible"),
        choices=lambda: [("", _("Ninguno en especial")), *goal_choices()],
        required=False,
        **more,
    )


def sector(label: Any) -> ChoiceField:
    return ChoiceField(
        label=label,
        choices=[("", _("Elige un sector")), *SECTORS.items()],
        error_messages={"required": _("Elige un sector.")},
    )


class WorkshopForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    sort = ChoiceField(label=_("Qué es"), choices=list(SORTS.items()))
    title = SaidField(label=_("Nombre del taller"), max_length=200)
    theme = SaidField(
        label=_("Tema"),
        help_text=_("Solo si es de un tema. Por ejemplo: «Gobernanza digital»."),
        max_length=200,
        required=False,
    )
    territory = territory()
    city = SaidField(label=_("Ciudad o comunidad"), max_length=120)
    host = SaidField(
        label=_("Quién presta el lugar"),
        help_text=_("Por ejemplo, la universidad donde se hace."),
        max_length=300,
        required=False,
    )
    venue = SaidField(label=_("Dirección, o cómo conectarse"), max_length=300, required=False)
    online = forms.BooleanField(label=_("Es en línea"), required=False)
    on = day(label=_("Día"))
    hours = SaidField(
        label=_("Horario"), help_text=_("Por ejemplo: «08h00 a 13h00»."), max_length=60
    )
    capacity = number(
        label=_("Cuántas personas caben"),
        help_text=_("Vacío si no hay límite."),
        min_value=1,
        max_value=100_000,
        required=False,
    )

    @property
    def said(self) -> dict[str, Any]:
        """What is kept of a workshop."""
        names = ("key", "rev", "reason", "territory")
        said = {name: value for name, value in self.cleaned_data.items() if name not in names}
        return said | {"territory_id": self.cleaned_data["territory"]}


class ChangeForm(WorkshopForm):
    key = None  # type: ignore[assignment]  # it is there already
    rev = forms.IntegerField(widget=forms.HiddenInput)
    reason = SaidField(
        label=_("Por qué cambia"),
        help_text=_("Se lo decimos a quienes se inscribieron."),
        max_length=500,
    )

    @staticmethod
    def of(workshop: Workshop) -> dict[str, Any]:
        names = [*WorkshopForm.base_fields, "rev"]
        said = {name: getattr(workshop, name) for name in names if name not in ("key", "territory")}
        return said | {"territory": workshop.territory_id or ""}


class CancelForm(forms.Form):
    rev = forms.IntegerField(widget=forms.HiddenInput)
    reason = SaidField(
        label=_("Por qué no se hará"),
        help_text=_("Se publica, y se lo decimos a quienes se inscribieron."),
        max_length=500,
        lines=True,
    )


class RegisterForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    name = SaidField(
        label=_("Nombre o apodo"),
        help_text=_("Para encontrarte en la lista al llegar."),
        max_length=120,
    )
    sex = ChoiceField(
        label=_("Sexo"),
        choices=list(SEX.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Elige una respuesta.")},
    )
    sector = sector(_("¿De parte de quién vienes?"))
    email = forms.EmailField(
        label=_("Correo electrónico"),
        help_text=_("Para recordártelo el día antes y avisarte si algo cambia."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("A ese correo le falta algo. Un ejemplo: nombre@correo.com")},
    )


class DoorForm(forms.Form):
    """Who came without having registered."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    sex = ChoiceField(
        label=_("Sexo"),
        choices=[("", _("Elige una respuesta")), *SEX.items()],
        error_messages={"required": _("Elige una respuesta.")},
    )
    sector = sector(_("Sector"))
    people = number(
        label=_("Cuántas personas"), min_value=1, max_value=rules.MOST_AT_ONCE, initial=1
    )


class PhaseForm(forms.Form):
    note = SaidField(label=_("Qué se hizo"), max_length=proposals.STORY, lines=True, required=False)


class TableForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    goal = goal()


class SketchForm(forms.Form):
    """A proposal of a table: the problem first, then the solution with milestones and actors."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    rev = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = SaidField(label=_("Nombre corto"), max_length=proposals.TITLE, min_length=5)
    problem = SaidField(
        label=_("El problema"),
        max_length=proposals.STORY,
        min_length=proposals.SHORTEST,
        lines=True,
    )
    solution = SaidField(
        label=_("La solución"), max_length=rules.SOLUTION, min_length=proposals.SHORTEST, lines=True
    )
    milestones = SaidField(
        label=_("Hitos clave"),
        help_text=_("Qué se haría primero y qué después."),
        max_length=rules.MILESTONES,
        lines=True,
        required=False,
    )
    actors = SaidField(
        label=_("Actores relacionados"),
        help_text=_("Quiénes tendrían que participar."),
        max_length=rules.ACTORS,
        lines=True,
        required=False,
    )
    sector = sector(_("¿En nombre de quién se propone?"))


class RemarkForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    text = SaidField(
        label=_("Qué le mejorarían"), max_length=proposals.STORY, min_length=5, lines=True
    )
