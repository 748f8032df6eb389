from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.goals import GOALS
from minga.kernel.forms.forms import ChoiceField


class MapForm(forms.Form):
    """The map of proposals for one goal, or for all."""

    objetivo = ChoiceField(
        label=_("Objetivo de Desarrollo Sostenible"),
        choices=[("", _("Todos")), *((str(n), f"{n}. {name}") for n, name in GOALS.items())],
        required=False,
    )
