from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation import rules
from minga.services.cocreation.forms import SECTORS, goal_choices
from minga.services.cocreation.rules import actors as rule
from minga.services.cocreation.rules.actors import Reach

REACHES = {
    Reach.NATIONAL: _("En todo el país"),
    Reach.SUBNATIONAL: _("En una parte del país"),
    Reach.INTERNATIONAL: _("En varios países"),
}


def _places() -> list[tuple[str, str]]:
    return list(jurisdiction.territories().values_list("iso", "name"))


class ActorForm(forms.Form):
    """An organisation as everybody will read it."""

    name = SaidField(label=_("Nombre de la organización"), max_length=200, min_length=3)
    does = SaidField(
        label=_("¿Qué hace?"),
        help_text=_("En dos o tres frases. Es público: sin nombres, correos ni teléfonos."),
        min_length=rules.SHORTEST,
        max_length=rule.DOES,
        lines=True,
    )
    sector = ChoiceField(
        label=_("¿De qué sector es?"),
        choices=[(key, SECTORS[key]) for key in rule.SECTORS],
        widget=forms.RadioSelect,
    )
    reach = ChoiceField(
        label=_("¿Dónde trabaja?"), choices=list(REACHES.items()), widget=forms.RadioSelect
    )
    territory = ChoiceField(
        label=_("¿En qué parte del país?"),
        choices=lambda: [("", _("Ninguna en especial")), *_places()],
        required=False,
    )
    themes = forms.MultipleChoiceField(
        label=_("¿A qué Objetivos de Desarrollo Sostenible ayuda?"),
        help_text=_("De uno a cinco."),
        choices=goal_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Elige al menos uno."),
            "invalid_choice": _("Elige solo los de la lista."),
        },
    )

    def clean_themes(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["themes"]
        if len(chosen) > rule.THEMES:
            raise forms.ValidationError(_("Elige cinco o menos: los que más importan."))
        return chosen

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not rule.fits(said.get("reach", ""), said.get("territory", "")):
            self.add_error("territory", _("Elige la parte del país en la que trabaja."))
        return said


class ReviewForm(forms.Form):
    rev = forms.IntegerField(widget=forms.HiddenInput)
    reason = SaidField(
        label=_("¿Por qué no entra en el mapa?"),
        help_text=_("Solo si no la pones. Se lo diremos a quien la propuso."),
        max_length=500,
        required=False,
        lines=True,
    )

    def clean(self) -> dict[str, Any]:
        """Two buttons: one of them needs the reason, the other one none."""
        said: dict[str, Any] = super().clean() or {}
        if "decline" not in self.data:
            said["reason"] = ""
        elif not said.get("reason"):
            self.add_error("reason", _("Escribe por qué, para que puedan corregirlo."))
        return said


class ActorsFilter(forms.Form):
    """The map of actors as a reader narrows it."""

    tema = ChoiceField(
        label=_("Tema"), choices=lambda: [("", _("Todos")), *goal_choices()], required=False
    )
    lugar = ChoiceField(
        label=_("Lugar"), choices=lambda: [("", _("Todo el país")), *_places()], required=False
    )
    sector = ChoiceField(
        label=_("Sector"),
        choices=[("", _("Todos")), *((key, SECTORS[key]) for key in rule.SECTORS)],
        required=False,
    )
    alcance = ChoiceField(
        label=_("Alcance"), choices=[("", _("Todos")), *REACHES.items()], required=False
    )
    estado = ChoiceField(
        label=_("¿Es del Estado?"),
        choices=[("", _("Todas")), ("si", _("Sí")), ("no", _("No"))],
        required=False,
    )
