"""What the members of the forum write of each placement."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from minga.kernel.assemblies.models import Session
from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.services.cocreation.models import Pick
from minga.services.cocreation.rules import selection as rules
from minga.services.cocreation.rules.method import Method
from minga.services.cocreation.rules.selection import Advice, Lack, Place

LACKS = {
    Lack.REASON: _("Falta el motivo de ponerla en otra categoría que la de su puntaje."),
    Lack.RESERVE: _("Falta decir a qué categoría pasa si no hace falta."),
    Lack.ANCHOR: _("Falta el proyecto al que se ancla."),
    Lack.ENTITY: _("Falta la entidad que lo llevaría."),
    Lack.DEFERRAL: _("Falta el motivo de dejarla para después."),
    Lack.AXIS: _("Falta el tema del plan."),
}
FIELDS = {
    Lack.REASON: "reason",
    Lack.RESERVE: "reserve_for",
    Lack.ANCHOR: "anchor",
    Lack.ENTITY: "entity",
    Lack.DEFERRAL: "deferral",
    Lack.AXIS: "axis",
}
ADVICE = {
    Advice.FEW: _("Son menos compromisos que los aconsejados."),
    Advice.MANY: _("Son más compromisos que los aconsejados."),
}
OWN = {1: ["axis"], 2: ["reserve_for"], 3: ["anchor", "entity"], 4: ["deferral"]}  # by category
RESERVE_FOR = [
    ("3", _("* A la categoría 3, para impulsar por fuera del plan")),
    ("4", _("** A la categoría 4, para el próximo plan")),
]


class PlaceForm(forms.Form):
    rev = forms.IntegerField(widget=forms.HiddenInput)
    category = ChoiceField(label=_("Categoría"), widget=forms.RadioSelect)
    reason = SaidField(
        label=_("Motivo del cambio"),
        help_text=_(
            "Solo si no es la categoría de su puntaje. Por ejemplo: por su enfoque institucional."
        ),
        max_length=rules.REASON,
        lines=True,
        required=False,
    )
    axis = ChoiceField(label=_("Tema del plan"), required=False)
    reserve_for = ChoiceField(
        label=_("Si no hace falta, pasa"),
        choices=RESERVE_FOR,
        widget=forms.RadioSelect,
        required=False,
    )
    anchor = SaidField(label=_("Proyecto al que se ancla"), max_length=rules.REASON, required=False)
    entity = SaidField(label=_("Entidad que lo llevaría"), max_length=rules.ENTITY, required=False)
    deferral = SaidField(
        label=_("Motivo de dejarla para después"), max_length=rules.REASON, required=False
    )

    def __init__(self, *args: Any, method: Method, pick: Pick, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.categories = method.category
        self.pick, self.axes = pick, [axis.key for axis in method.axis]
        titles = [(str(part.number), f"{part.number}. {part.title}") for part in method.category]
        self._choose("category", titles)
        none = ("", _("Ninguno todavía"))
        self._choose("axis", [none, *((axis.key, axis.title) for axis in method.axis)])

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def own(self) -> Iterator[tuple[str, list[BoundField]]]:
        """What is said in one category only, under its name."""
        for part in self.categories:
            if names := OWN.get(part.number):
                yield f"{part.number}. {part.title}", [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors:
            for lack in rules.lacks(self.place, self.axes):
                self.add_error(FIELDS[lack], LACKS[lack])
        return said

    @property
    def place(self) -> Place:
        said = {name: value for name, value in self.cleaned_data.items() if name != "rev"}
        category, reserve = int(said["category"]), said["reserve_for"]
        said["category"] = category
        said["reserve_for"] = int(reserve) if reserve and category == rules.RESERVE else None
        return Place(by_score=self.pick.by_score, **said)


class SessionForm(forms.Form):
    """In which session of the forum something is put to its seats."""

    session = ChoiceField(
        label=_("¿En qué sesión se decide?"),
        error_messages={
            "required": _("Elige una sesión. Si no hay ninguna, convócala en la sala.")
        },
    )

    def __init__(self, *args: Any, sessions: Sequence[Session], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(session.number): session for session in sessions}
        field = self.fields["session"]
        assert isinstance(field, forms.ChoiceField)
        label = _("Sesión %(number)s, del %(day)s")
        field.choices = [
            (key, label % {"number": key, "day": f"{one.held_on:%d/%m/%Y}"})
            for key, one in self.known.items()
        ]

    @property
    def chosen(self) -> Session:
        return self.known[self.cleaned_data["session"]]
