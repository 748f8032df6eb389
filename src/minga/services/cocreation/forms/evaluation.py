"""What somebody scores, criterion by criterion of the round's rubric."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text
from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.kernel.rubrics.rules import COMMENT, Criterion, Indicator
from minga.services.cocreation.rules.method import Fact, Rater

RATERS: Mapping[str, Text] = {
    Rater.RESPONSIBLE: _("Institución responsable"),
    Rater.COUNTERPART: _("Contraparte"),
    Rater.WORKING_GROUP: _("Grupo de Trabajo"),
    Rater.CORE_GROUP: _("Grupo Núcleo"),
    "third": _("Tercera evaluación"),
    "fact": _("Se calcula"),
}
LACKS: Mapping[str, Text] = {
    Fact.MONTHS: _("desde cuándo y hasta cuándo duraría"),
    Fact.ENTITIES: _("quiénes la harían"),
    Fact.REITERATIONS: _("las propuestas que reúne"),
    "responsible": _("la institución responsable"),
    "counterpart": _("la contraparte"),
}
PARTY_ROLES: Mapping[str, Text] = {
    "responsible": _("Responsable"),
    "counterpart": _("Contraparte"),
    "government": _("Otra institución pública"),
    "other": _("Otro actor"),
}
SCORE = "score_"  # before the key of an indicator


def level(score: str, words: str) -> str:
    return f"{score} · {words or gettext('Los documentos no lo describen')}"


def _choices(indicator: Indicator) -> list[tuple[str, str]]:
    found = sorted(indicator.levels.items(), reverse=True)
    return [(score, level(score, words)) for score, words in found]


class ScoreForm(forms.Form):
    """Scores of one criterion. As a draft nothing of it is needed."""

    rev = forms.IntegerField(widget=forms.HiddenInput)
    comment = SaidField(
        label=_("Por qué, en pocas palabras"),
        help_text=_("Lo lee solo la comisión, y solo cuando todo se publique. No pongas nombres."),
        required=False,
        max_length=COMMENT,
        lines=True,
    )
    free = forms.BooleanField(
        label=_("Declaro que no tengo un conflicto de interés con esta propuesta"),
        help_text=_(
            "Hay conflicto si tú, tu familia o tu organización ganan o pierden algo con ella."
        ),
        error_messages={
            "required": _(
                "Para entregar, declara que no tienes un conflicto. Si lo tienes, dilo más abajo."
            )
        },
    )

    def __init__(
        self, typed: Any = None, *, criterion: Criterion, draft: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(typed, **kwargs)
        scores = {SCORE + part.key: self._one(part) for part in criterion.rated}
        self.fields = {**scores, **self.fields}
        if draft:
            for one in (*scores.values(), self.fields["free"]):
                one.required = False

    def _one(self, indicator: Indicator) -> ChoiceField:
        words = _("Elige un puntaje para «%(title)s».") % {"title": indicator.title}
        return ChoiceField(
            label=indicator.title,
            choices=_choices(indicator),
            widget=forms.RadioSelect,
            error_messages={"required": words},
        )

    @property
    def values(self) -> dict[str, object]:
        """The scores that were chosen, by the key of their indicator."""
        said = self.cleaned_data.items()
        return {key.removeprefix(SCORE): v for key, v in said if key.startswith(SCORE) and v}


def chosen(values: Mapping[str, int]) -> dict[str, str]:
    """Scores that were kept, as the form shows them."""
    return {SCORE + key: str(value) for key, value in values.items()}


class ConflictForm(forms.Form):
    conflict = SaidField(
        label=_("¿Cuál es tu conflicto de interés?"),
        help_text=_(
            "Una frase basta: por ejemplo, trabajas en una de las organizaciones. No se publica."
        ),
        max_length=500,
        min_length=5,
        lines=True,
        error_messages={"required": _("Cuenta en una frase cuál es.")},
    )
