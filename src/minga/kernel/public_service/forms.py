from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.cases import queries as cases
from minga.kernel.forms.forms import ChoiceField


class DeskForm(forms.Form):
    """Which of the cases at the desk are shown."""

    PHASES: ClassVar = {"": cases.PENDING, "espera": cases.WAITING, "terminados": cases.DONE}
    ver = ChoiceField(
        label=_("Mostrar"),
        choices=[
            ("", _("Por atender")),
            ("espera", _("En espera de la persona")),
            ("terminados", _("Respondidos y cerrados")),
        ],
        required=False,
    )
