"""How a confirmation is said, and what who confirms writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.services.cocreation.rules import confirmation as rules
from minga.services.cocreation.rules.confirmation import Answer, Standing

ANSWERS = {
    Answer.CONFIRMED: _("Confirmó"),
    Answer.COUNTERED: _("Propuso otro texto"),
    Answer.DECLINED: _("No confirmó"),
}
STANDINGS = {
    Standing.NOT_ASKED: (_("Todavía no se pidió la confirmación"), "plain"),
    Standing.WAITING: (_("Espera respuesta"), "wait"),
    Standing.CONFIRMED: (_("Confirmado"), "good"),
    Standing.COUNTERED: (_("Vuelve al foro con otro texto"), "wait"),
    Standing.DECLINED: (_("No se confirmó"), "stop"),
}


class AnswerForm(forms.Form):
    said = ChoiceField(
        label=_("¿Qué responde tu organización?"),
        choices=[
            (Answer.CONFIRMED, _("Confirmamos: lo haremos como está escrito")),
            (Answer.COUNTERED, _("Proponemos otro texto")),
            (Answer.DECLINED, _("No podemos asumirlo")),
        ],
        widget=forms.RadioSelect,
    )
    message = SaidField(
        label=_("El otro texto, o el motivo"),
        help_text=_("Si confirmas, déjalo vacío. Será público: no escribas datos personales."),
        max_length=rules.MESSAGE,
        lines=True,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        answer, message = said.get("said"), said.get("message")
        if answer == Answer.COUNTERED and not message:
            self.add_error("message", _("Escribe aquí el texto que propones."))
        if answer == Answer.DECLINED and not message:
            self.add_error("message", _("Escribe aquí por qué no se puede."))
        if answer == Answer.CONFIRMED and message:
            self.add_error(
                "message", _("Si confirmas, déjalo vacío; para cambiar algo, propón otro texto.")
            )
        return said
