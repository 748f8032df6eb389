import io
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import Workbook

from minga.kernel.base.text import Text
from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.kernel.forms.rules import tables
from minga.kernel.forms.rules.tables import Unreadable, Unusable
from minga.kernel.identity.models import Organisation, Post, Unit
from minga.kernel.identity.rules import Problem
from minga.services.institutions import queries, rules
from minga.services.institutions.rules import Fate, Fault

PROBLEMS = {
    Problem.KNOWN: gettext_lazy("Ya hay algo con ese nombre: «%s». Búscalo y cámbialo."),
    Problem.BACKWARDS: gettext_lazy("Terminaría antes de empezar (%s). Corrige las fechas."),
    Problem.LOOP: gettext_lazy(
        "Se cerraría un círculo: %s. Ninguna institución puede depender de sí misma."
    ),
    Problem.CIRCLE: gettext_lazy("Una de las dos ya viene de la otra: %s. Revisa cuál fue antes."),
    Problem.HELD: gettext_lazy("El puesto lo ocupa %s."),
    Problem.SAME: gettext_lazy("Esa persona ya ocupa el puesto. Escribe el correo de otra."),
    Problem.NO_HOLDER: gettext_lazy(
        "Nadie ocupa «%s» en esos días. Nombra primero a quien lo ocupa."
    ),
    Problem.OWN_DEPUTY: gettext_lazy("Quien ocupa el puesto no puede subrogarse a sí mismo."),
    Problem.DEPUTY_OF_DEPUTY: gettext_lazy("Quien subroga no puede ser subrogado."),
    Problem.DEPUTIES: gettext_lazy("Ya subroga otra persona en esos días: %s. Elige otros días."),
    Problem.OFFICER: gettext_lazy("Otro puesto ya es el responsable de gobierno electrónico."),
    Problem.CLOSED: gettext_lazy("Esa cuenta está cerrada. Escribe otro correo de la persona."),
    Problem.ENDED: gettext_lazy("El puesto «%s» ya habrá terminado ese día. Elige uno anterior."),
    Problem.NOTHING: gettext_lazy("No hay nada que deshacer: lo último no se puede quitar."),
    Problem.LATER: gettext_lazy(
        "No se puede deshacer: desde entonces el puesto «%s» ya firmó otros pasos."
    ),
}
OUTDATED = gettext_lazy(
    "Mientras escribías, otra persona cambió esto. Nada se guardó. Abajo está lo que escribiste;"
    " mira cómo quedó y vuelve a guardar si todavía corresponde."
)
FAULTS = {
    Fault.EMPTY: gettext_lazy("falta. Escríbelo."),
    Fault.TWICE: gettext_lazy("ya está en la fila %s. Deja una sola."),
    Fault.LONG: gettext_lazy("es muy largo: caben %s letras."),
    Fault.UNFIT: gettext_lazy("tiene un carácter invisible. Vuelve a escribirlo."),
    Fault.FORMULA: gettext_lazy("es una fórmula (%s). Escribe el resultado."),
    Fault.NOT_LISTED: gettext_lazy("«%s» no está en la lista. Mira la hoja «listas»."),
    Fault.NO_DAY: gettext_lazy("«%s» no es una fecha. Un ejemplo: 31/12/2026."),
    Fault.BACKWARDS: gettext_lazy("está antes de «desde». Corrige una de las dos."),
    Fault.NO_PARENT: gettext_lazy(
        "«%s» no es una institución registrada ni de este archivo, o hay varias. Escribe su clave."
    ),
    Fault.LOOP: gettext_lazy("cierra un círculo: %s. Quita una de esas dependencias."),
    Fault.NO_KEY: gettext_lazy("«%s» solo puede tener letras minúsculas, números y guiones."),
    Fault.HOLDS_CASES: gettext_lazy(
        "tiene casos abiertos: termínala desde su página, donde eliges quién los recibe."
    ),
}
FATES = {
    Fate.NEW: gettext_lazy("Nueva"),
    Fate.CHANGED: gettext_lazy("Cambia"),
    Fate.SAME: gettext_lazy("Igual"),
    Fate.REFUSED: gettext_lazy("No se acepta"),
}
UNUSABLE = {
    Unusable.LARGE: gettext_lazy("El archivo es muy grande: caben 2 MB."),
    Unusable.NO_TABLE: gettext_lazy(
        "No es una hoja de cálculo que podamos leer. Guárdala como .xlsx o como .csv."
    ),
    Unusable.HEADINGS: gettext_lazy(
        "La primera fila no tiene los títulos de la plantilla. Descárgala y copia ahí tus datos."
    ),
    Unusable.MERGED: gettext_lazy("Hay celdas combinadas. Sepáralas y vuelve a enviar el archivo."),
    Unusable.ROWS: gettext_lazy("Tiene demasiadas filas: caben 2000. Divídelo en varios archivos."),
    Unusable.NO_ROWS: gettext_lazy("No hay ninguna fila debajo de los títulos."),
}


def told(problem: Problem, names: Sequence[str]) -> str:
    """A refusal of the register in words."""
    sentence = str(PROBLEMS[problem])
    between = " → " if problem is Problem.LOOP else ", "
    return sentence % between.join(names) if "%s" in sentence else sentence


def day_field(label: Text, help_text: Text = "", required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    wrong = _day_words()
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=widget, error_messages=wrong
    )


def _day_words() -> dict[str, Any]:
    return {
        "required": gettext_lazy("Escribe la fecha."),
        "invalid": gettext_lazy("No es una fecha. Un ejemplo: 31/12/2026."),
    }


class InstitutionField(SaidField):
    """One institution by its name, its acronym or its key."""

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        found = queries.find(words)
        if words and len(found) != 1:
            raise ValidationError(_not_one(words, found))
        return found[0] if found else None

    def prepare_value(self, value: Any) -> Any:
        return value.name if isinstance(value, Organisation) else value


def _not_one(words: str, found: Sequence[Organisation]) -> str:
    some = found or queries.like(words)
    if not some:
        return _("No hay ninguna institución que se llame así. Escribe su nombre completo o sigla.")
    names = "; ".join(f"{body.name} ({body.key})" for body in some)
    return _("No está claro cuál es. Puede ser: %(names)s.") % {"names": names}


def _sent(form: forms.Form) -> dict[str, Any]:
    """What was typed, each name once: nothing here is chosen several times."""
    return {name: form.data.get(name) for name in form.data}


class RevForm(forms.Form):
    """What was shown when somebody began to write."""

    rev = forms.IntegerField(widget=forms.HiddenInput)

    def show_anew(self, rev: int) -> None:
        """What was typed stays; sent again, it is about what stands now."""
        self.data = {**_sent(self), self.add_prefix("rev"): str(rev)}


class SearchForm(forms.Form):
    """How a reader narrows the list; its names stand in the address."""

    buscar = forms.CharField(label=gettext_lazy("Nombre o sigla"), required=False, max_length=200)
    nivel = ChoiceField(label=gettext_lazy("Nivel"), required=False)
    funcion = ChoiceField(label=gettext_lazy("Función"), required=False)
    sector = ChoiceField(label=gettext_lazy("Sector"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = queries.lists()
        said = {"nivel": names.levels, "funcion": names.functions, "sector": names.sectors}
        for name, known in said.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Todos")), *known.items()]
            if not known:
                del self.fields[name]

    def wanted(self) -> dict[str, str]:
        said = self.cleaned_data if self.is_valid() else {}
        names = {"words": "buscar", "level": "nivel", "function": "funcion", "sector": "sector"}
        return {name: said.get(spanish, "") for name, spanish in names.items()}


def _list(label: Text, help_text: Text = "") -> ChoiceField:
    return ChoiceField(label=label, required=False, help_text=help_text)


class InstitutionForm(RevForm):
    name = SaidField(label=gettext_lazy("Nombre"), max_length=300)
    acronym = SaidField(label=gettext_lazy("Sigla"), max_length=40, required=False)
    kind = _list(gettext_lazy("Tipo"))
    form = _list(gettext_lazy("Forma"), gettext_lazy("Dice si es de la administración central."))
    level = _list(gettext_lazy("Nivel"))
    function = _list(gettext_lazy("Función"))
    sector = _list(gettext_lazy("Sector"))
    parent = InstitutionField(
        label=gettext_lazy("Depende de"),
        help_text=gettext_lazy("Su nombre completo o su sigla. Vacío si no depende de ninguna."),
        max_length=300,
        required=False,
    )
    starts_on = day_field(gettext_lazy("Existe desde"), required=False)
    source = SaidField(
        label=gettext_lazy("Fuente"),
        help_text=gettext_lazy("El documento que lo dice. Por ejemplo: «Decreto 12, art. 3»."),
        max_length=200,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = queries.lists()
        said: dict[str, Mapping[Any, Text]] = {
            "kind": queries.ACTORS,
            "form": queries.FORMS,
            "level": names.levels,
            "function": names.functions,
            "sector": names.sectors,
        }
        for name, known in said.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("Sin datos")), *known.items()]
            if not known:
                del self.fields[name]

    @property
    def said(self) -> dict[str, object]:
        names = ("rev", "parent")
        return {name: value for name, value in self.cleaned_data.items() if name not in names}


class CloseForm(RevForm):
    ends_on = day_field(gettext_lazy("Último día"))
    to = InstitutionField(
        label=gettext_lazy("Quién recibe sus casos abiertos"),
        help_text=gettext_lazy(
            "Su nombre completo o su sigla. El plazo de cada persona no cambia."
        ),
        max_length=300,
        required=False,
    )


class SucceedForm(forms.Form):
    to = InstitutionField(
        label=gettext_lazy("Institución en la que se convirtió"),
        help_text=gettext_lazy("Su nombre completo o su sigla. Regístrala antes si no está."),
        max_length=300,
    )
    on = day_field(gettext_lazy("Desde qué día"))
    act = SaidField(
        label=gettext_lazy("Acto"),
        help_text=gettext_lazy("Por ejemplo: «Decreto Ejecutivo 559»."),
        max_length=200,
    )


class UnitForm(forms.Form):
    name = SaidField(label=gettext_lazy("Nombre de la unidad"), max_length=200)


class UnitChangeForm(UnitForm):
    ends_on = day_field(
        gettext_lazy("Último día"), gettext_lazy("Solo si la unidad ya no existe."), required=False
    )
    shown = forms.CharField(widget=forms.HiddenInput)


class PostForm(RevForm):
    title = SaidField(label=gettext_lazy("Nombre del puesto"), max_length=200)
    unit = forms.ModelChoiceField(
        queryset=Unit.objects.none(),
        label=gettext_lazy("Unidad"),
        empty_label=gettext_lazy("Ninguna"),
        required=False,
    )
    supervises = forms.BooleanField(
        label=gettext_lazy("Reparte el trabajo de su unidad"), required=False
    )
    administers = forms.BooleanField(
        label=gettext_lazy("Registra personas y puestos de la institución"), required=False
    )
    is_egov_officer = forms.BooleanField(
        label=gettext_lazy("Es el responsable de gobierno electrónico"), required=False
    )
    heads = forms.BooleanField(
        label=gettext_lazy("Es la máxima autoridad de la institución"), required=False
    )
    stewards = forms.BooleanField(
        label=gettext_lazy("Lleva el registro de todas las instituciones"), required=False
    )
    ends_on = day_field(
        gettext_lazy("Último día"), gettext_lazy("Solo si el puesto ya no existe."), required=False
    )
    instead_of = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, organisation: Organisation, steward: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = organisation.units.filter(ends_on=None).order_by("name")
        if not steward:
            del self.fields["stewards"]
        if "instead_of" not in self.data:
            del self.fields["instead_of"]

    @property
    def said(self) -> dict[str, object]:
        names = ("rev", "instead_of")
        return {name: value for name, value in self.cleaned_data.items() if name not in names}

    def offer_officer(self, post: str) -> None:
        """Another is the officer: sent again, the form takes it from that one."""
        self.fields["instead_of"] = self.base_fields["instead_of"]
        self.data = {**_sent(self), self.add_prefix("instead_of"): post}


class PersonForm(RevForm):
    email = forms.EmailField(
        label=gettext_lazy("Correo institucional de la persona"),
        error_messages={
            "required": gettext_lazy("Escribe el correo de la persona."),
            "invalid": gettext_lazy("A ese correo le falta algo. Un ejemplo: nombre@correo.com"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = SaidField(
        label=gettext_lazy("Nombre y apellido"),
        help_text=gettext_lazy("Si ya tiene una cuenta, queda el nombre que puso ahí."),
        max_length=200,
    )


class AppointForm(PersonForm):
    since = day_field(gettext_lazy("Desde qué día"))
    act = SaidField(
        label=gettext_lazy("Acto de nombramiento"),
        help_text=gettext_lazy("Por ejemplo: «Acción de personal 123»."),
        max_length=200,
        required=False,
    )


class LeaveForm(RevForm):
    last_day = day_field(gettext_lazy("Último día en el puesto"))


class DeputyForm(PersonForm):
    starts_on = day_field(gettext_lazy("Desde"))
    ends_on = day_field(gettext_lazy("Hasta"))
    act = SaidField(label=gettext_lazy("Acto que lo dispone"), max_length=200)


class UndoForm(RevForm):
    pass


class FileForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("Hoja de cálculo"),
        help_text=gettext_lazy("Un archivo .xlsx o .csv, de hasta 2 MB y 2000 filas."),
        error_messages={
            "required": gettext_lazy("Elige un archivo."),
            "empty": gettext_lazy("El archivo está vacío."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        sent: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            self.rows = read_table(sent)
        except Unreadable as unreadable:
            raise ValidationError(UNUSABLE[unreadable.why]) from unreadable
        return sent


class ConfirmForm(forms.Form):
    mark = forms.CharField(widget=forms.HiddenInput)


# Spreadsheets of strangers


def read_table(sent: "UploadedFile[bytes]") -> list[list[str]]:
    """The rows under the headings of the template, as text."""
    headings = [heading for _field, heading in rules.COLUMNS]
    content = cast(BinaryIO, sent.file)
    return [row for _number, row in tables.read(content, sent.size or 0, headings, rules.LIMITS)]


def template() -> bytes:
    """The spreadsheet to fill in: its headings, and a sheet with what each list allows."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "instituciones"
    sheet.append([heading for _field, heading in rules.COLUMNS])
    names = queries.lists()
    known: dict[str, Mapping[Any, Text]] = {
        "tipo": queries.ACTORS,
        "forma": queries.FORMS,
        "nivel": names.levels,
        "función": names.functions,
        "sector": names.sectors,
    }
    listed = book.create_sheet("listas")
    for heading, labels in known.items():
        for label in labels.values():
            listed.append([heading, str(label)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def in_words(wrong: rules.Wrong) -> str:
    """What is wrong in a row, where, and how to mend it."""
    headings = dict(rules.COLUMNS)
    sentence = str(FAULTS[wrong.fault])
    what = sentence % wrong.said if "%s" in sentence else sentence
    return f"{headings[wrong.column]}: {what}"


def post_initial(post: Post) -> dict[str, object]:
    names = ("title", "unit", "supervises", "administers", "is_egov_officer", "heads")
    return {name: getattr(post, name) for name in (*names, "stewards", "ends_on", "rev")}
