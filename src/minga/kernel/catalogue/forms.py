from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import queries
from .declaration import record_types


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("¿Qué buscas?"),
        max_length=queries.LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    tipo = forms.ChoiceField(label=_("Qué clase de cosa"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [(kind.key, kind.label) for kind in record_types]
        tipo = self.fields["tipo"]
        assert isinstance(tipo, forms.ChoiceField)
        tipo.choices = [("", _("Todo")), *types]
