from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text
from minga.kernel.forms.forms import ChoiceField, SaidField

from . import rules
from .rules import Objection, Reason

REASONS: dict[str, Text] = {
    Reason.PERSONAL_DATA: _("Muestra datos personales de alguien"),
    Reason.OFFENCE: _("Insulta u ofende a personas"),
    Reason.DISCRIMINATION: _("Discrimina o llama al odio"),
    Reason.THREAT: _("Amenaza o llama a la violencia"),
    Reason.ADVERTISING: _("Es publicidad o no tiene que ver con esto"),
    Reason.ILLEGAL: _("Llama a hacer algo contra la ley"),
}
OBJECTIONS = {
    Objection.LEVEL: _(
        "Para esto hace falta saber mejor quién eres. En «Mi cuenta» puedes ver cómo verificarte."
    ),
    Objection.LINKS: _(
        "Tus primeros comentarios van sin enlaces: así evitamos la publicidad. Quita la dirección"
        " y vuelve a enviarlo."
    ),
    Objection.TOO_MANY: _("Enviaste muchos en poco tiempo. Espera una hora y vuelve a enviarlo."),
    Objection.GONE: _("Ese comentario ya no está. Puedes comentar sin responder a nadie."),
    Objection.OWN: _("Nadie decide sobre lo que escribió o sobre lo que se dice de su texto."),
    Objection.SAME_JUDGE: _("La segunda mirada es de otra persona: tú ya decidiste sobre esto."),
    Objection.DECIDED: _("Otra persona ya decidió sobre esto. Mira cómo quedó."),
    Objection.NO_REVIEW: _("No hay nada que pedir ahora sobre este texto."),
}
STAYS = "stays"


class SayForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    body = SaidField(
        label=_("Tu comentario"),
        help_text=_("Con respeto, y sin datos personales tuyos ni de otras personas."),
        min_length=rules.SHORTEST,
        max_length=rules.LONGEST,
        lines=True,
    )


class ReportForm(forms.Form):
    reason = ChoiceField(
        label=_("¿Qué tiene de malo?"), choices=list(REASONS.items()), widget=forms.RadioSelect
    )


class DecideForm(forms.Form):
    rev = forms.IntegerField(widget=forms.HiddenInput)
    reason = ChoiceField(
        label=_("¿Qué decides?"),
        choices=[(STAYS, _("No incumple las reglas: se queda a la vista")), *REASONS.items()],
        widget=forms.RadioSelect,
    )

    def clean_reason(self) -> str:
        chosen: str = self.cleaned_data["reason"]
        return "" if chosen == STAYS else chosen
