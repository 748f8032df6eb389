"""What the working group types of an integrated proposal, each part on a page of its own, to the
structure of OGP (PAGA I, l. 719)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text, plain
from minga.kernel.forms.forms import SaidField
from minga.kernel.identity.models import Organisation
from minga.services.cocreation.forms import DayField, goal_choices
from minga.services.cocreation.queries import integration as queries
from minga.services.cocreation.queries import writing
from minga.services.cocreation.rules import integration as rule
from minga.services.cocreation.rules.integration import Part, Planned, Role, Typed
from minga.services.cocreation.rules.method import Method

PARTS: Mapping[Part, Text] = {
    Part.PROBLEM: _("El problema"),
    Part.COMMITMENT: _("El compromiso"),
    Part.OPENNESS: _("Cómo sirve al gobierno abierto"),
    Part.STEPS: _("Los hitos"),
    Part.WHO: _("Quiénes responden"),
}
ADDRESSES = {  # the last word of each page's
    "problema": Part.PROBLEM,
    "compromiso": Part.COMMITMENT,
    "apertura": Part.OPENNESS,
    "hitos": Part.STEPS,
    "quienes": Part.WHO,
}
ROLES = {
    Role.RESPONSIBLE: _("Institución responsable"),
    Role.COUNTERPART: _("Contraparte"),
    Role.GOVERNMENT: _("Otras instituciones del Estado"),
    Role.OTHER: _("Otros actores"),
}
SPARE = 3  # empty rows for milestones, each time the page opens
NO_DAY = _("Escribe la fecha así: 2026-11-24.")
ENDS_FIRST = _("Termina antes de empezar. Cambia una de las dos fechas.")


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


def _number(number: int) -> str:
    return gettext("Hito %(number)s") % {"number": number}


def _day(label: Any) -> DayField:
    return DayField(label=label, required=False, error_messages={"invalid": NO_DAY})


class PartForm(forms.Form):
    """One part as it was typed: it is kept right or wrong, and says what is wrong."""

    use_required_attribute = False
    needed: Sequence[str] = ()  # may wait, and is not called optional

    def __init__(self, words: Typed, *, method: Method) -> None:
        super().__init__(words)
        self.method = method

    @classmethod
    def typed(cls, sent: QueryDict) -> Typed:
        """What somebody sent, as it is kept."""
        return {
            name: sorted({plain(one) for one in sent.getlist(name)})
            if isinstance(field, forms.MultipleChoiceField)
            else plain(sent.get(name, "")).strip()
            for name, field in cls.base_fields.items()
        }

    def full_clean(self) -> None:
        super().full_clean()
        for name in self.needed:
            self.fields[name].required = True

    @property
    def said(self) -> Mapping[str, Any]:
        """What it gives to the whole, once it is right."""
        return self.cleaned_data

    @property
    def faults(self) -> Iterator[tuple[Text, str]]:
        """What is wrong, away from its fields."""
        for bound in self:
            yield from ((bound.label, str(message)) for message in bound.errors)

    @property
    def lines(self) -> Iterator[tuple[Text, str]]:
        """What was typed, for somebody who reads it."""
        for bound in self:
            value = bound.value()
            if isinstance(value, list):
                called = dict(bound.field.choices)  # type: ignore[attr-defined]
                value = "\n".join(str(called.get(one, one)) for one in value)
            if value:
                yield bound.label, value

    def _in_order(self, starts: str, ends: str) -> None:
        said = self.cleaned_data
        if not rule.in_order(said.get(starts), said.get(ends)):
            self.add_error(ends, ENDS_FIRST)


class ProblemPart(PartForm):
    needed = ("problem",)

    title = SaidField(label=_("Nombre"), max_length=rule.TITLE, min_length=5)
    problem = SaidField(
        label=_("Problemas que resuelve"), max_length=rule.STORY, lines=True, required=False
    )


class CommitmentPart(PartForm):
    needed = ("solution", "starts_on", "ends_on")

    solution = SaidField(label=_("Solución"), max_length=rule.STORY, lines=True, required=False)
    starts_on = _day(_("Empieza"))
    ends_on = _day(_("Termina"))
    budget = forms.DecimalField(
        label=_("Presupuesto referencial"),
        help_text=_("Solo el número, en la moneda del país. Si no se sabe, déjalo vacío."),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        error_messages={"invalid": _("Escribe solo el número, como 15000.50")},
    )

    def clean(self) -> None:
        self._in_order("starts_on", "ends_on")


class OpennessPart(PartForm):
    needed = ("goals",)

    pillars = forms.MultipleChoiceField(
        label=_("Pilares de Gobierno Abierto"), widget=forms.CheckboxSelectMultiple, required=False
    )
    goals = forms.MultipleChoiceField(
        label=_("Objetivos de Desarrollo Sostenible"),
        choices=goal_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, words: Typed, *, method: Method) -> None:
        super().__init__(words, method=method)
        pillars = [(part.key, part.title) for part in method.pillar]
        self.fields["pillars"].choices = pillars  # type: ignore[attr-defined]

    @property
    def said(self) -> Mapping[str, Any]:
        return self.cleaned_data | {"goals": [int(goal) for goal in self.cleaned_data["goals"]]}


class StepsPart(PartForm):
    """As many rows as were filled in, and some more."""

    def __init__(self, words: Typed, *, method: Method) -> None:
        super().__init__(words, method=method)
        filled = len(words) // len(rule.ROW)
        self.numbers = range(1, min(filled + SPARE, rule.MOST_STEPS) + 1)
        for n in self.numbers:
            self.fields[f"step{n}"] = SaidField(
                label=_("Qué se haría"), max_length=rule.STEP, required=False
            )
            self.fields[f"from{n}"] = _day(_("Desde"))
            self.fields[f"to{n}"] = _day(_("Hasta"))
        self.needed = [*self.fields]

    @classmethod
    def typed(cls, sent: QueryDict) -> Typed:
        """Without the rows that were left empty."""
        numbers = range(1, rule.MOST_STEPS + 1)
        found = ([plain(sent.get(f"{name}{n}", "")).strip() for name in rule.ROW] for n in numbers)
        return writing.rows(row for row in found if any(row))

    @property
    def rows(self) -> Iterator[Row]:
        for n in self.numbers:
            yield Row(n, *(self[f"{name}{n}"] for name in rule.ROW))

    @property
    def faults(self) -> Iterator[tuple[Text, str]]:
        for number, *row in self.rows:
            for bound in row:
                called = f"{_number(number)}, {bound.label}"
                yield from ((called, str(message)) for message in bound.errors)

    @property
    def lines(self) -> Iterator[tuple[Text, str]]:
        for number, *row in self.rows:
            title, starts, ends = (bound.value() or "" for bound in row)
            if title or starts or ends:
                yield _number(number), f"{title}\n{starts} / {ends}"

    def clean(self) -> None:
        for n in self.numbers:
            self._whole_row([f"{name}{n}" for name in rule.ROW])

    def _whole_row(self, names: Sequence[str]) -> None:
        """A milestone has a name and two days in order, or there is none in its row."""
        said = [self.cleaned_data.get(name) for name in names]
        if not any(said) and not any(name in self.errors for name in names):
            return
        for name, value in zip(names, said, strict=True):
            if not value and name not in self.errors:
                self.add_error(name, _("Falta esto para completar el hito."))
        self._in_order(*names[1:])

    @property
    def said(self) -> Mapping[str, Any]:
        data = self.cleaned_data
        planned = [
            Planned(title=data[f"step{n}"], starts_on=data[f"from{n}"], ends_on=data[f"to{n}"])
            for n in self.numbers
            if data[f"step{n}"]
        ]
        return {"steps": planned}


class WhoPart(PartForm):
    needed = (Role.RESPONSIBLE, Role.COUNTERPART)

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

    def clean(self) -> None:
        """An organisation takes part in one way."""
        seen: set[Organisation] = set()
        for role in Role:
            bodies = self.cleaned_data.get(role, [])
            if again := [body.name for body in bodies if body in seen]:
                sentence = _("Ya está más arriba: %(names)s. Déjala en un solo lugar.")
                self.add_error(role, sentence % {"names": ", ".join(again)})
            seen |= set(bodies)

    @property
    def said(self) -> Mapping[str, Any]:
        data = self.cleaned_data
        parties = [(role, body.pk) for role in Role for body in data[role]]
        return {"parties": parties, "cooperation": data["cooperation"]}


FORMS: Mapping[Part, type[PartForm]] = {
    Part.PROBLEM: ProblemPart,
    Part.COMMITMENT: CommitmentPart,
    Part.OPENNESS: OpennessPart,
    Part.STEPS: StepsPart,
    Part.WHO: WhoPart,
}
