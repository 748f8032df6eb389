from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text

from . import queries
from .queries import Part, Tree

STRANGE = {"invalid_choice": _("Ese filtro no es de este plan.")}


class FilterForm(forms.Form):
    """The commitments of a plan as a reader narrows them; its names stand in the address."""

    tema = forms.ChoiceField(label=_("Tema"), required=False, error_messages=STRANGE)
    institucion = forms.ChoiceField(
        label=_("Institución responsable"), required=False, error_messages=STRANGE
    )
    ods = forms.ChoiceField(
        label=_("Objetivo de la Agenda 2030"), required=False, error_messages=STRANGE
    )

    def __init__(self, *args: Any, tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tree = tree
        themes = [(part.node.code, part.node.title) for part in tree.themes]
        goals = sorted({goal for part in tree.commitments for goal in part.sdg})
        bodies = queries.responsible(tree.commitments)
        self._offer("tema", _("Todos"), themes)
        self._offer("institucion", _("Todas"), list(bodies.items()))
        self._offer("ods", _("Todos"), [(str(n), f"{n}. {name}") for n, name in goals])

    def _offer(self, name: str, every: Text, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", every), *choices]

    @property
    def is_narrow(self) -> bool:
        """Whether anything was asked for, sensible or not."""
        return any(self.data.get(name) for name in self.fields)

    def narrowed(self) -> list[Part]:
        """What was asked for; everything when a filter is not of this plan."""
        if not self.is_valid():
            return self.tree.commitments
        said = self.cleaned_data
        goal = int(said["ods"]) if said["ods"] else None
        return queries.narrowed(
            self.tree.commitments, theme=said["tema"], responsible=said["institucion"], goal=goal
        )
