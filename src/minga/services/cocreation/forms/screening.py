from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.services.cocreation.rules.method import Gate, Method
from minga.services.cocreation.rules.screening import (
    Outcome,
    Verdict,
    Wrong,
    is_related,
    unmet,
    wrong,
)

TESTS = {
    Gate.CLARITY: _("¿Es precisa y clara?"),
    Gate.COLLABORATION: _(
        "¿Pueden colaborar en ella, de forma activa, la ciudadanía y el sector público?"
    ),
    Gate.PILLARS: _("¿Se relaciona con los pilares de Gobierno Abierto?"),
    Gate.POLICY: _("¿Puede transformarse en una política pública, o aportar a una?"),
}
UNMET = {
    Gate.CLARITY: _("No es lo bastante precisa o clara"),
    Gate.COLLABORATION: _("No da lugar a que la ciudadanía y el sector público colaboren"),
    Gate.PILLARS: _("No se relaciona con los pilares de Gobierno Abierto"),
    Gate.POLICY: _("No puede transformarse en una política pública ni aportar a una"),
}
OUTCOMES = {
    Outcome.WAITING: _("Por clasificar"),
    Outcome.RELATED: _("Tiene relación con Gobierno Abierto"),
    Outcome.NOT_RELATED: _("No tiene relación con Gobierno Abierto"),
}
LISTS = {"": _("Por clasificar"), "conformidad": _("Por confirmar"), "respuestas": _("Por revisar")}
EXPLANATION = 1000  # letters
GATE = "gate-"  # before the key of a criterion: the name of its field
MEND = {
    Wrong.CRITERIA: (None, _("Responde a cada criterio, por favor.")),
    Wrong.PILLARS: (
        "pillars",
        _("Marca al menos un pilar si se relaciona con ellos, y ninguno si no se relaciona."),
    ),
    Wrong.REASON: ("reason", _("Elige el motivo entre los criterios a los que respondiste «No».")),
}


class ScreeningForm(forms.Form):
    """The criteria of the method, one by one, and why it does not follow when it does not."""

    rev = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, method: Method, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.method = method
        for part in method.screening:
            self.fields[GATE + part.key] = ChoiceField(
                label=TESTS[Gate(part.key)],
                choices=[("yes", _("Sí")), ("no", _("No"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Responde «Sí» o «No».")},
            )
        self.fields["pillars"] = forms.MultipleChoiceField(
            label=_("¿Con qué pilares?"),
            choices=[(part.key, part.title) for part in method.pillar],
            widget=forms.CheckboxSelectMultiple,
            required=False,
            error_messages={"invalid_choice": _("Elige entre los pilares de la lista.")},
        )
        keys = [Gate(part.key) for part in method.screening]
        self.fields["reason"] = ChoiceField(
            label=_("Si no sigue, el motivo que más pesa"),
            help_text=_("La persona lo lee tal como está aquí. Si hay uno solo, no hace falta."),
            choices=[("", _("Ninguno: sigue en el proceso")), *((k, UNMET[k]) for k in keys)],
            required=False,
        )
        self.fields["explanation"] = SaidField(
            label=_("Explicación para todos"),
            help_text=_("Se publica con la propuesta. No pongas datos personales."),
            max_length=EXPLANATION,
            required=False,
            lines=True,
        )

    def clean(self) -> Mapping[str, Any] | None:  # type: ignore[override]  # a dict, as ever
        said = super().clean()
        if self.errors or said is None:
            return said
        met = {part.key: said[GATE + part.key] == "yes" for part in self.method.screening}
        reason = said["reason"]
        if not reason and not is_related(met, self.method) and len(unmet(met)) == 1:
            [reason] = unmet(met)
        verdict = Verdict(met, said["pillars"], reason, said["explanation"])
        if fault := wrong(verdict, self.method):
            self.add_error(*MEND[fault])
        said["verdict"] = verdict
        return said


class AnswerForm(forms.Form):
    """What whoever sent a proposal says to a decision."""

    rev = forms.IntegerField(widget=forms.HiddenInput)
    message = SaidField(
        label=_("Por qué sí tiene relación con Gobierno Abierto"),
        help_text=_("La leen quienes revisan la decisión. No se publica."),
        max_length=3000,
        min_length=20,
        lines=True,
    )


class AgreeForm(forms.Form):
    """What another member says to it: agreed, or returned with a note."""

    shown = forms.IntegerField(widget=forms.HiddenInput)
    note = SaidField(
        label=_("Si no estás de acuerdo, qué habría que mirar de nuevo"),
        help_text=_("Lo leen solo los miembros del grupo."),
        max_length=EXPLANATION,
        required=False,
        lines=True,
    )

    def clean(self) -> Mapping[str, Any] | None:  # type: ignore[override]  # a dict, as ever
        said = super().clean()
        if said and "return" in self.data and not said.get("note") and "note" not in self.errors:
            self.add_error("note", _("Escribe qué habría que mirar de nuevo."))
        return said
