from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.forms.forms import ChoiceField
from minga.services.cocreation.forms import goal_choices


class MapForm(forms.Form):
    """The map of proposals for one goal, or for all."""

    objetivo = ChoiceField(
        label=_("Objetivo de Desarrollo Sostenible"),
        choices=lambda: [("", _("Todos")), *goal_choices()],
        required=False,
    )
