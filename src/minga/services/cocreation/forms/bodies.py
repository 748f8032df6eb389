"""How a body of a cycle and its sessions are said, and what its members write."""

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.assemblies import rules
from minga.kernel.assemblies.rules import Verdict
from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.services.cocreation.forms import DayField
from minga.services.cocreation.papers.words import CHOICES

ROLES = {
    "forum": _("Foro que decide"),
    "working_group": _("Grupo de trabajo"),
    "commission": _("Comisión de evaluación"),
}
WAITS = {
    Verdict.OPEN: _("Falta el voto de alguien que está en la sesión."),
    Verdict.QUORUM: _("Todavía no hay quórum."),
    Verdict.ALONE: _("Falta la conformidad de otra organización o de otro sector."),
    Verdict.CARRIED: _("Hay acuerdo."),
    Verdict.REJECTED: _("No hay acuerdo."),
}


class CallForm(forms.Form):
    held_on = DayField(
        label=_("¿Qué día se reúne?"),
        error_messages={
            "required": _("Escribe la fecha."),
            "invalid": _("No es una fecha. Un ejemplo: 31/12/2026."),
        },
    )
    virtual = forms.BooleanField(label=_("Es una sesión virtual"), required=False)
    first = forms.IntegerField(
        label=_("Número de la primera acta"),
        help_text=_("Si el grupo ya tenía actas antes: el número que sigue a la última."),
        initial=1,
        min_value=1,
        max_value=9999,
        error_messages={
            "required": _("Escribe un número."),
            "invalid": _("Escribe un número, sin letras."),
            "min_value": _("El número más bajo es 1."),
            "max_value": _("El número más alto es 9999."),
        },
    )


class PointForm(forms.Form):
    title = SaidField(label=_("Qué se somete a decisión"), max_length=rules.TITLE, min_length=5)
    text = SaidField(label=_("Explicación"), max_length=rules.TEXT, lines=True, required=False)


class VoteForm(forms.Form):
    choice = ChoiceField(
        label=_("El voto de tu organización"),
        choices=list(CHOICES.items()),
        widget=forms.RadioSelect,
    )
