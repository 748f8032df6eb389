from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.goals import GOALS
from minga.kernel.base.pages import Order
from minga.kernel.cases.forms import CodeField
from minga.kernel.forms.forms import ChoiceField, FilesForm, SaidField
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.services.cocreation import queries, rules
from minga.services.cocreation.forms.following import OUTCOMES
from minga.services.cocreation.rules import AgeGroup, Reason, Sector, Sex
from minga.services.cocreation.rules.following import TAKEN_IN

SECTORS = {
    Sector.CITIZEN: _("Ciudadanía, sin afiliación a una organización"),
    Sector.CIVIL_SOCIETY: _("Organización de la sociedad civil"),
    Sector.ACADEMIA: _("Academia"),
    Sector.PRIVATE: _("Sector privado"),
    Sector.PUBLIC: _("Sector público"),
    Sector.INTERNATIONAL: _("Organismo internacional"),
}
SEXES = {Sex.WOMAN: _("Mujer"), Sex.MAN: _("Hombre"), Sex.OTHER: _("Otra respuesta")}
AGE_GROUPS = {
    AgeGroup.TO_25: _("Hasta 25 años"),
    AgeGroup.FROM_26: _("De 26 a 35 años"),
    AgeGroup.FROM_36: _("De 36 a 45 años"),
    AgeGroup.FROM_46: _("De 46 a 60 años"),
    AgeGroup.FROM_61: _("61 años o más"),
}
ETHNIC_GROUPS = {
    "mestizo": _("Mestiza"),
    "montubio": _("Montubia"),
    "indigenous": _("Indígena"),
    "other": _("Otra"),
}
REASONS = {
    Reason.NO_PUBLIC_PROBLEM: _("No describe un problema que afecte a la sociedad"),
    Reason.NO_SOLUTION: _("No propone una solución concreta"),
    Reason.PERSONAL_CASE: _("Es un caso personal, que se atiende por otro servicio"),
    Reason.DUPLICATE: _("La misma persona ya la había enviado"),
    Reason.OFFENSIVE: _("Ofende a personas o publica datos de otras"),
    Reason.NOT_ANSWERED: _("Pedimos una aclaración y no hubo respuesta"),
}
TOO_GENERAL = "0"
FIRST_YEAR, LAST_YEAR = 1900, 2200
ORDERS = {
    "": (Order("received_at", descending=True),),
    "antiguas": (Order("received_at"),),
    "nombre": (Order("sort_title"),),
    "apoyo": (Order("supports", descending=True),),
}
NOT_SAID = ("", _("Prefiero no decirlo"))


def goal_choices() -> list[tuple[str, str]]:
    return [(str(number), f"{number}. {name}") for number, name in GOALS.items()]


def territory_choices() -> list[tuple[str, str]]:
    return list(jurisdiction.territories().values_list("iso", "name"))


class DayField(forms.DateField):
    """A day of our times: with the last one that there is nobody can count on."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **kwargs)

    def to_python(self, value: Any) -> date | None:
        day: date | None = super().to_python(value)
        if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class ProblemForm(forms.Form):
    title = SaidField(
        label=_("Un nombre corto para tu propuesta"),
        help_text=_(
            "Una frase, hasta 120 letras. Por ejemplo: «Presupuesto del barrio en palabras"
            " sencillas»."
        ),
        max_length=rules.TITLE,
        min_length=5,
    )
    problem = SaidField(
        label=_("¿Qué problema ves?"),
        help_text=_(
            "Cuenta a quién afecta, dónde y desde cuándo. No pongas nombres, cédulas ni teléfonos."
        ),
        max_length=rules.STORY,
        min_length=rules.SHORTEST,
        lines=True,
    )


class SolutionForm(forms.Form):
    solution = SaidField(
        label=_("¿Qué propones para resolverlo?"),
        help_text=_("Algo concreto que se pueda hacer: quién haría qué, y cómo se notaría."),
        max_length=rules.STORY,
        min_length=rules.SHORTEST,
        lines=True,
    )


class ScopeForm(forms.Form):
    goal = ChoiceField(
        label=_("¿A qué Objetivo de Desarrollo Sostenible ayuda más?"),
        help_text=_("Si ayuda a varios o a ninguno en especial, deja «Es muy general»."),
        choices=lambda: [(TOO_GENERAL, _("Es muy general para elegir uno")), *goal_choices()],
        initial=TOO_GENERAL,
    )
    territory = ChoiceField(
        label=_("¿De qué lugar nos escribes?"),
        choices=lambda: [("", _("Elige un lugar")), *territory_choices()],
        error_messages={"required": _("Elige el lugar desde el que escribes.")},
    )
    sector = ChoiceField(
        label=_("¿En nombre de quién propones?"),
        choices=list(SECTORS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Elige en nombre de quién propones.")},
    )

    def clean_goal(self) -> int | None:
        return int(self.cleaned_data["goal"]) or None


class AboutYouForm(forms.Form):
    """All of it optional, kept apart from the proposal."""

    sex = ChoiceField(label=_("Sexo"), choices=[NOT_SAID, *SEXES.items()], required=False)
    age_group = ChoiceField(
        label=_("Edad"), choices=[NOT_SAID, *AGE_GROUPS.items()], required=False
    )
    ethnic_group = ChoiceField(label=_("¿Cómo te identificas?"), required=False)
    email = forms.EmailField(
        label=_("Correo electrónico"),
        help_text=_("Para avisarte cuando te respondan. No se publica."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"invalid": _("A ese correo le falta algo. Un ejemplo: nombre@correo.com")},
    )

    def __init__(self, *args: Any, has_mailbox: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_mailbox:  # and is told there
            del self.fields["email"]
        terms = jurisdiction.terms_for(rules.Terms)
        groups = terms.ethnic_groups.value if isinstance(terms, rules.Terms) else None
        if groups is None:
            del self.fields["ethnic_group"]
        else:
            choices = [NOT_SAID, *((key, ETHNIC_GROUPS[key]) for key in groups)]
            self.fields["ethnic_group"] = ChoiceField(
                label=_("¿Cómo te identificas?"), choices=choices, required=False
            )


class SendForm(forms.Form):
    """Nothing to fill in: what was written is shown, and sent."""


FORMS: dict[str, type[forms.Form]] = {
    "problema": ProblemForm,
    "solucion": SolutionForm,
    "alcance": ScopeForm,
    "sobre-ti": AboutYouForm,
    "revisar": SendForm,
}


class FollowForm(forms.Form):
    code = CodeField(label=_("Tu código"))

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if queries.by_code(code) is None:
            raise forms.ValidationError(_("El código está bien escrito, pero no lo conocemos."))
        return code


class ReplyForm(FilesForm):
    field_order = ("rev", "message", "attached")
    rev = forms.IntegerField(widget=forms.HiddenInput)
    message = SaidField(label=_("Tu respuesta"), max_length=rules.STORY, lines=True)


class FilterForm(forms.Form):
    """The list of proposals as a reader narrows and orders it."""

    busca = SaidField(
        label=_("Busca tu propuesta"),
        help_text=_("Palabras, su número o tu código."),
        max_length=200,
        required=False,
    )
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
    sector = ChoiceField(
        label=_("Sector"), choices=[("", _("Todos")), *SECTORS.items()], required=False
    )
    resultado = ChoiceField(
        label=_("Qué pasó con ella"),
        choices=[("", _("Todas")), *((key, OUTCOMES[key]) for key in TAKEN_IN)],
        required=False,
    )
    orden = ChoiceField(
        label=_("Orden"),
        choices=[
            ("", _("Primero las más nuevas")),
            ("antiguas", _("Primero las más antiguas")),
            ("nombre", _("Por nombre")),
            ("apoyo", _("Primero las más apoyadas")),
        ],
        required=False,
    )
