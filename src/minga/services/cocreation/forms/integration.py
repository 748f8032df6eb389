"""What the working group types to join proposals, and how a reader narrows the list."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.services.cocreation.forms import TOO_GENERAL, goal_choices, territory_choices
from minga.services.cocreation.models import Cycle, Proposal
from minga.services.cocreation.queries import integration as queries
from minga.services.cocreation.rules import integration as rule
from minga.services.cocreation.rules.method import Method

WHY = {"label": _("¿Por qué?"), "max_length": rule.REASON, "min_length": 10}
UNREAD = _("Su texto no es público ahora")


class PickForm(forms.Form):
    """The proposals that a member looks for, to join some of them."""

    busca = SaidField(label=_("Palabras"), max_length=200, required=False)
    objetivo = ChoiceField(
        label=_("Objetivo de Desarrollo Sostenible"),
        choices=lambda: [("", _("Todos")), (TOO_GENERAL, _("Muy general")), *goal_choices()],
        required=False,
    )
    lugar = ChoiceField(
        label=_("Lugar"),
        choices=lambda: [("", _("Todo el país")), *territory_choices()],
        required=False,
    )
    grupo = ChoiceField(
        label=_("En un grupo"),
        choices=[("", _("Solo las que no tienen grupo")), ("todas", _("Todas"))],
        required=False,
    )


class PickedField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not at run time
    """Some of a list; what no database could hold was not offered."""

    def clean(self, value: Any) -> Any:
        if not all(str(pk).isdecimal() and len(str(pk)) < 19 for pk in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"])
        return super().clean(value)


class JoinForm(forms.Form):
    """Into which group the chosen ones go, and why."""

    proposals = PickedField(
        label=_("Propuestas"),
        queryset=Proposal.objects.none(),
        error_messages={
            "required": _("Marca al menos una propuesta de la lista."),
            "invalid_choice": _("Una de las marcadas ya no se puede juntar. Vuelve a marcarlas."),
        },
    )
    group = ChoiceField(label=_("Juntar en"), required=False)
    title = SaidField(
        label=_("Nombre del grupo nuevo"),
        help_text=_("Solo si es un grupo nuevo. Una frase que diga qué se lograría."),
        max_length=rule.TITLE,
        min_length=5,
        required=False,
    )
    reason = SaidField(
        **WHY,
        help_text=_("En qué se parecen. Lo leerá todo el mundo, también quien las propuso."),
        lines=True,
    )

    def __init__(self, *args: Any, cycle: Cycle, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = queries.public().filter(cycle=cycle).order_by("number")
        named = [(str(n), f"{n}. {t}") for n, t in groups.values_list("number", "title")]
        self.fields["group"].choices = [("", _("Un grupo nuevo")), *named]  # type: ignore[attr-defined]
        self.fields["proposals"].queryset = queries.joinable(cycle)  # type: ignore[attr-defined]

    def clean(self) -> None:
        named = self.cleaned_data.get("group") or self.cleaned_data.get("title")
        if not named and "title" not in self.errors:
            self.add_error("title", _("Escribe el nombre del grupo nuevo, o elige uno."))


class SplitForm(forms.Form):
    """Which one leaves the group, and why."""

    proposal = ChoiceField(label=_("Propuesta"))
    reason = SaidField(**WHY, lines=True)

    def __init__(self, *args: Any, inside: Sequence[queries.Belonging], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (str(one.join.proposal_id), f"{one.join.proposal.number}. {one.title or UNREAD}")
            for one in inside
        ]
        self.fields["proposal"].choices = [("", _("Elige una")), *offered]  # type: ignore[attr-defined]


class GroupsForm(forms.Form):
    """The list of integrated proposals as a reader narrows it, in the words of its method."""

    pilar = ChoiceField(label=_("Pilar"), required=False)
    eje = ChoiceField(label=_("Tema"), required=False)
    objetivo = ChoiceField(
        label=_("Objetivo de Desarrollo Sostenible"),
        choices=lambda: [("", _("Todos")), *goal_choices()],
        required=False,
    )

    def __init__(self, *args: Any, method: Method | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, parts in (("pilar", "pillar"), ("eje", "axis")):
            offered = [(part.key, part.title) for part in getattr(method, parts, ())]
            self.fields[name].choices = [("", _("Todos")), *offered]  # type: ignore[attr-defined]
