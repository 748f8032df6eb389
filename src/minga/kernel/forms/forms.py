from typing import Any
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from minga.kernel.base import text
from minga.kernel.base.text import Refusal, Text

from . import rules
from .rules import NotTaken, Unfit

REFUSED = {
    Refusal.NUL: _(
        "Hay un carácter vacío (NUL) que no se puede guardar. Bórralo y vuelve a escribirlo."
    ),
    Refusal.CONTROL: _(
        "Hay un carácter invisible que no se puede guardar. Vuelve a escribir el texto."
    ),
    Refusal.DIRECTION: _(
        "Hay una marca que cambia el sentido de la lectura y puede engañar. Quítala, por favor."
    ),
}


class ChoiceField(forms.ChoiceField):
    """One of a list; what is not on it was not offered here."""

    default_error_messages = {
        "required": _("Elige una de las opciones de la lista."),
        "invalid_choice": _("Elige una de las opciones de la lista."),
    }


class SaidField(forms.CharField):
    """Words somebody writes: line ends and accents in one form, nothing invisible that
    could deceive a reader, and every limit told in words."""

    default_error_messages = {"required": _("Escribe algo aquí para poder continuar.")}

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        if lines:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 7})
        super().__init__(**kwargs)
        # Our own sentences, with the count; Django's come from validators that run later.
        self.validators = []

    def to_python(self, value: Any) -> str:
        return normalize("NFC", str(value or "").replace("\r\n", "\n").replace("\r", "\n")).strip()

    def validate(self, value: str) -> None:
        super().validate(value)
        if reason := text.refused(value):
            raise ValidationError(REFUSED[reason])
        if self.max_length is not None and len(value) > self.max_length:
            told = {"most": self.max_length, "typed": len(value)}
            sentence = _("Son %(typed)s letras y caben %(most)s. Acórtalo un poco, por favor.")
            raise ValidationError(sentence, params=told)
        if value and self.min_length is not None and len(value) < self.min_length:
            told = {"least": self.min_length}
            sentence = _("Es muy corto: cuéntalo con al menos %(least)s letras.")
            raise ValidationError(sentence, params=told)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: a browser would cut off what is pasted without saying so."""
        return {}


KINDS = {
    "application/pdf": _("Documento PDF"),
    "image/jpeg": _("Foto JPG"),
    "image/png": _("Imagen PNG"),
    "text/plain": _("Texto"),
    "text/csv": _("Tabla CSV"),
    rules.ODT: _("Documento de LibreOffice"),
    f"{rules.OFFICE}wordprocessingml.document": _("Documento de Word"),
    f"{rules.OFFICE}spreadsheetml.sheet": _("Hoja de Excel"),
}
NOT_TAKEN = {
    Unfit.EMPTY: _("«%(name)s» está vacío. Ábrelo para ver si se guardó bien."),
    Unfit.TOO_LARGE: _("«%(name)s» pesa más de %(megabytes)s MB. Hazlo más pequeño o divídelo."),
    Unfit.UNKNOWN: _(
        "«%(name)s» no es de un tipo que podamos recibir. Guárdalo como PDF, por ejemplo."
    ),
    Unfit.MISNAMED: _(
        "«%(name)s» no es lo que dice el final de su nombre. Ábrelo y guárdalo otra vez, o"
        " guárdalo como PDF."
    ),
    Unfit.TWO_NAMES: _(
        "El nombre de «%(name)s» termina dos veces, como los que engañan. Cámbialo: por ejemplo,"
        " informe.pdf."
    ),
    Unfit.TWO_THINGS: _(
        "«%(name)s» lleva otra cosa escondida dentro. Ábrelo y guárdalo otra vez como PDF."
    ),
    Unfit.PACKED: _(
        "«%(name)s» ocupa muchísimo más al abrirlo. Guárdalo otra vez como PDF, o divídelo."
    ),
    Unfit.LOCKED: _("«%(name)s» pide una contraseña. Guárdalo sin ella para que se pueda leer."),
    Unfit.MACROS: _("«%(name)s» lleva programas dentro (macros). Guárdalo sin ellos o como PDF."),
    Unfit.DAMAGED: _("«%(name)s» está dañado y no se puede abrir. Guárdalo otra vez."),
}
AGAIN = _("Vuelve a elegir todos tus archivos: el navegador no los recuerda.")


class FilesInput(forms.FileInput):
    """As many files as somebody chooses, in one go."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        endings = [f".{suffix}" for suffixes in rules.KINDS.values() for suffix in suffixes]
        super().__init__({"accept": ",".join(endings)})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Files that are given to a case: what each of them is was read from its content, and
    the limits are told before anybody chooses."""

    widget = FilesInput
    default_error_messages = {"required": _("Elige al menos un archivo.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": _("Archivos"), "required": False, **kwargs})
        self.room = rules.MOST

    def has_room(self, room: int) -> None:
        """How many more files there is room for; the hint says it."""
        self.room = room
        told = {"megabytes": rules.LARGEST // rules.MEGABYTE, "room": room}
        limits = ngettext(
            "Cabe %(room)s archivo más, de hasta %(megabytes)s MB.",
            "Caben %(room)s archivos más, de hasta %(megabytes)s MB cada uno.",
            room,
        )
        kinds = _(
            "PDF, fotos JPG o PNG, texto, CSV, Word (docx), Excel (xlsx) o LibreOffice (odt)."
        )
        self.help_text = " ".join(
            [
                limits % told,
                str(kinds),
                gettext("Lo que envíes queda en el caso y no se puede quitar."),
            ]
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        chosen = list(data or [])
        if self.required and not chosen:
            raise ValidationError(self.error_messages["required"])
        if len(chosen) > self.room:
            raise ValidationError([_too_many(self.room), AGAIN])
        taken, problems = [], []
        for file in chosen:
            try:
                taken.append(rules.receive(file.name, file.file))
            except NotTaken as refused:
                problems.append(not_taken(file.name, refused.reason))
        if problems:
            raise ValidationError([*problems, AGAIN])
        return taken


def not_taken(name: str, reason: Unfit) -> Text:
    told = {"name": rules.named(name), "megabytes": rules.LARGEST // rules.MEGABYTE}
    return NOT_TAKEN[reason] % told


def _too_many(room: int) -> Text:
    if not room:
        return _("Ya no cabe ningún archivo más en este caso.")
    sentence = ngettext(
        "Elegiste más archivos de los que caben: cabe %(room)s.",
        "Elegiste más archivos de los que caben: caben %(room)s.",
        room,
    )
    return sentence % {"room": room}


class FilesForm(forms.Form):
    """A form that also takes files. When anything else in it must be mended, it says that
    they must be chosen again."""

    attached = FilesField()

    def __init__(self, *args: Any, room: int = rules.MOST, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["attached"]
        assert isinstance(field, FilesField)
        field.has_room(room)

    def full_clean(self) -> None:
        super().full_clean()
        if self.errors and self.cleaned_data.get("attached"):
            self.add_error("attached", AGAIN)


class FilesAloneForm(FilesForm):
    """A form that takes files and nothing else: one at least."""

    attached = FilesField(required=True)
