"""What the working group types when it writes proposals as one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.goals import GOALS
from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.kernel.identity.models import Organisation
from minga.services.cocreation.forms import TOO_GENERAL, DayField, territory_choices
from minga.services.cocreation.models import Cycle, Integrated, Proposal
from minga.services.cocreation.queries import integration as queries
from minga.services.cocreation.rules import integration as rule
from minga.services.cocreation.rules.integration import Planned, Role, Structure
from minga.services.cocreation.rules.method import Method

ROLES = {
    Role.RESPONSIBLE: _("Institución responsable"),
    Role.COUNTERPART: _("Contraparte"),
    Role.GOVERNMENT: _("Otras instituciones del Estado"),
    Role.OTHER: _("Otros actores"),
}
SPARE = 3  # empty rows for milestones, each time the page opens
WHY = {"label": _("¿Por qué?"), "max_length": rule.REASON, "min_length": 10}
NO_DAY = _("Escribe la fecha así: 2026-11-24.")
UNREAD = _("Su texto no es público ahora")
ENDS_FIRST = _("Termina antes de empezar. Cambia una de las dos fechas.")


class PickForm(forms.Form):
    """The proposals that a member looks for, to join some of them."""

    busca = SaidField(label=_("Palabras"), max_length=200, required=False)
    objetivo = ChoiceField(
        label=_("Objetivo de Desarrollo Sostenible"),
        choices=lambda: [("", _("Todos")), (TOO_GENERAL, _("Muy general")), *_goals()],
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


class BodiesField(SaidField):
    """Organisations, one on each line, by a name, an acronym or a key of the register."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(lines=True, required=False, max_length=3000, **kwargs)
        self.widget.attrs["rows"] = 2

    def clean(self, value: Any) -> list[Organisation]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        known = queries.named(lines)
        wrong = [forms.ValidationError(_not_one(line, known[line])) for line in lines]
        wrong = [error for line, error in zip(lines, wrong, strict=True) if len(known[line]) != 1]
        if wrong:
            raise forms.ValidationError(wrong)
        return list(dict.fromkeys(known[line][0] for line in lines))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(body.name for body in value) if isinstance(value, list) else value


def _not_one(line: str, found: Sequence[Organisation]) -> str:
    if not found:
        sentence = _("No conocemos «%(line)s». Escribe el nombre como está en «Instituciones».")
        return sentence % {"line": line}
    names = ", ".join(f"{body.name} ({body.key})" for body in found)
    sentence = _("«%(line)s» puede ser: %(names)s. Escribe lo que está entre paréntesis.")
    return sentence % {"line": line, "names": names}


class Row(NamedTuple):
    """The fields of one milestone."""

    number: int
    title: BoundField
    starts_on: BoundField
    ends_on: BoundField


def _day(label: Any) -> DayField:
    return DayField(label=label, required=False, error_messages={"invalid": NO_DAY})


def _goals() -> list[tuple[str, str]]:
    return [(str(number), f"{number}. {name}") for number, name in GOALS.items()]


class WriteForm(forms.Form):
    """An integrated proposal to the structure of OGP (PAGA I, l. 719)."""

    rev = forms.IntegerField(widget=forms.HiddenInput)
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=rule.MOST_STEPS)
    title = SaidField(label=_("Nombre"), max_length=rule.TITLE, min_length=5)
    problem = SaidField(
        label=_("Problemas que resuelve"), max_length=rule.STORY, lines=True, required=False
    )
    solution = SaidField(label=_("Solución"), max_length=rule.STORY, lines=True, required=False)
    starts_on = _day(_("Empieza"))
    ends_on = _day(_("Termina"))
    responsible = BodiesField(
        label=ROLES[Role.RESPONSIBLE], help_text=_("Una en cada línea, con su nombre o su sigla.")
    )
    counterpart = BodiesField(
        label=ROLES[Role.COUNTERPART],
        help_text=_("De la sociedad civil o la academia. Una en cada línea."),
    )
    government = BodiesField(label=ROLES[Role.GOVERNMENT])
    other = BodiesField(label=ROLES[Role.OTHER])
    cooperation = SaidField(
        label=_("Quiénes podrían cooperar"), max_length=1000, lines=True, required=False
    )
    budget = forms.DecimalField(
        label=_("Presupuesto referencial"),
        help_text=_("Solo el número, en la moneda del país. Si no se sabe, déjalo vacío."),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        error_messages={"invalid": _("Escribe solo el número, como 15000.50")},
    )
    pillars = forms.MultipleChoiceField(
        label=_("Pilares de Gobierno Abierto"), widget=forms.CheckboxSelectMultiple, required=False
    )
    goals = forms.MultipleChoiceField(
        label=_("Objetivos de Desarrollo Sostenible"),
        choices=_goals,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, method: Method, rows: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pillars = [(part.key, part.title) for part in method.pillar]
        self.fields["pillars"].choices = pillars  # type: ignore[attr-defined]
        self.many = min(max(rows, 1), rule.MOST_STEPS)
        for n in range(1, self.many + 1):
            self.fields[f"step{n}"] = SaidField(
                label=_("Qué se haría"), max_length=rule.STEP, required=False
            )
            self.fields[f"from{n}"] = _day(_("Desde"))
            self.fields[f"to{n}"] = _day(_("Hasta"))

    @property
    def steps(self) -> Iterator[Row]:
        for n in range(1, self.many + 1):
            yield Row(n, self[f"step{n}"], self[f"from{n}"], self[f"to{n}"])

    def clean(self) -> None:
        said = self.cleaned_data
        if not rule.in_order(said.get("starts_on"), said.get("ends_on")):
            self.add_error("ends_on", ENDS_FIRST)
        for n in range(1, self.many + 1):
            self._whole_row(f"step{n}", f"from{n}", f"to{n}")
        self._once()

    def _whole_row(self, title: str, starts: str, ends: str) -> None:
        """A milestone has a name and two days in order, or there is none in its row."""
        said = [self.cleaned_data.get(name) for name in (title, starts, ends)]
        names = (title, starts, ends)
        if not any(said) and not any(name in self.errors for name in names):
            return
        for name, value in zip(names, said, strict=True):
            if not value and name not in self.errors:
                self.add_error(name, _("Falta esto para completar el hito."))
        first, last = self.cleaned_data.get(starts), self.cleaned_data.get(ends)
        if not rule.in_order(first, last):
            self.add_error(ends, ENDS_FIRST)

    def _once(self) -> None:
        """An organisation takes part in one way."""
        seen: set[Organisation] = set()
        for role in Role:
            bodies = self.cleaned_data.get(role, [])
            if again := [body.name for body in bodies if body in seen]:
                sentence = _("Ya está más arriba: %(names)s. Déjala en un solo lugar.")
                self.add_error(role, sentence % {"names": ", ".join(again)})
            seen |= set(bodies)

    @property
    def said(self) -> Structure:
        data = self.cleaned_data
        names = ("title", "problem", "solution", "pillars", "cooperation", "budget")
        rows = range(1, self.many + 1)
        planned = [
            Planned(title=data[f"step{n}"], starts_on=data[f"from{n}"], ends_on=data[f"to{n}"])
            for n in rows
            if data[f"step{n}"]
        ]
        return Structure(
            **{name: data[name] for name in names},
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            goals=[int(goal) for goal in data["goals"]],
            steps=planned,
            parties=[(role, body.pk) for role in Role for body in data[role]],
        )


def initial(integrated: Integrated) -> Mapping[str, Any]:
    """What an integrated proposal says now, for its form."""
    names = ("rev", "title", "problem", "solution", "pillars", "cooperation", "budget")
    days: dict[str, date | str | None] = {}
    steps = list(integrated.steps.all())
    for n, step in enumerate(steps, start=1):
        days |= {f"step{n}": step.title, f"from{n}": step.starts_on, f"to{n}": step.ends_on}
    bodies: dict[str, Any] = {
        role: [party.organisation for party in integrated.parties.all() if party.role == role]
        for role in Role
    }
    return {
        **{name: getattr(integrated, name) for name in names},
        "starts_on": integrated.starts_on,
        "ends_on": integrated.ends_on,
        "goals": [str(aim.goal) for aim in integrated.aims.all()],
        "rows": rows_for(len(steps)),
        **bodies,
        **days,
    }


def rows_for(steps: int) -> int:
    return min(steps + SPARE, rule.MOST_STEPS)


class GroupsForm(forms.Form):
    """The list of integrated proposals as a reader narrows it, in the words of its method."""

    pilar = ChoiceField(label=_("Pilar"), required=False)
    eje = ChoiceField(label=_("Tema"), required=False)
    objetivo = ChoiceField(
        label=_("Objetivo de Desarrollo Sostenible"),
        choices=lambda: [("", _("Todos")), *_goals()],
        required=False,
    )

    def __init__(self, *args: Any, method: Method | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, parts in (("pilar", "pillar"), ("eje", "axis")):
            offered = [(part.key, part.title) for part in getattr(method, parts, ())]
            self.fields[name].choices = [("", _("Todos")), *offered]  # type: ignore[attr-defined]
