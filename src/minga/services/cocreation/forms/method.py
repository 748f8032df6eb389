"""What the keys of a method are called."""

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.services.cocreation.rules.method import Fact, Open, Rater
from minga.services.cocreation.rules.stages import Left

RATERS = {
    Rater.RESPONSIBLE: _("la institución responsable"),
    Rater.COUNTERPART: _("la contraparte"),
    Rater.WORKING_GROUP: _("una persona del grupo de trabajo"),
    Rater.CORE_GROUP: _("una persona del grupo núcleo"),
}
FACTS = {
    Fact.MONTHS: _("Se calcula con las fechas de la propuesta."),
    Fact.ENTITIES: _("Se calcula con las entidades que participan."),
    Fact.REITERATIONS: _("Se calcula con las propuestas que se unieron."),
}
OPEN = {
    Open.CRITERIA_NEEDED: _("Criterios de clasificación que debe cumplir una propuesta"),
    Open.DAYS_TO_OBJECT: _("Días laborables para responder a la clasificación"),
    Open.GROUPS_PER_PROPOSAL: _("Grupos en los que puede estar una propuesta"),
    Open.DISAGREEMENT: _("Diferencia entre dos puntajes desde la que hay una tercera evaluación"),
    Open.THIRD_COUNTS: _("Cómo cuenta la tercera evaluación"),
    Open.HIGH: _("Puntaje desde el que un criterio es alto"),
    Open.MEDIUM: _("Puntaje desde el que un criterio es medio"),
    Open.DAYS_TO_CONFIRM: _("Días laborables para confirmar un compromiso"),
    Open.QUORUM: _("Parte de los puestos que deben estar para decidir"),
    Open.SECTORS_NEEDED: _("Sectores que deben estar y aceptar"),
    Open.SUPPORT_LEVEL: _("Comprobación de identidad para apoyar, de 0 a 2"),
    Open.SMALL_NUMBER: _("Personas por debajo de las que no se publica cuántas son"),
}
THIRD = {"median": _("la del medio de las tres"), "replaces": _("en lugar de las dos")}
LEFT = {
    Left.UNANSWERED: _("propuestas recibidas sin aceptar ni descartar"),
    Left.UNSCREENED: _("propuestas sin clasificar"),
    Left.OBJECTED: _("respuestas a una decisión sin revisar"),
    Left.MAY_ANSWER: _("decisiones que la persona todavía puede responder"),
}


class NextStageForm(forms.Form):
    """Which stage begins: the one that was shown, and that it is meant."""

    to = forms.CharField(widget=forms.HiddenInput)
    sure = forms.BooleanField(
        label=_("Sí, la etapa de ahora terminó"),
        help_text=_("Las etapas no se saltan ni se repiten: este paso no se puede deshacer."),
        error_messages={"required": _("Confirma que la etapa de ahora terminó.")},
    )
