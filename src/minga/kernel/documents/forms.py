import re
from typing import Any, BinaryIO, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text
from minga.kernel.forms.forms import not_taken
from minga.kernel.forms.rules import LARGEST, MEGABYTE, NotTaken, Received, receive

from . import rules
from .rules import Answer, Reason

PDF = "application/pdf"
REASONS = {
    Reason.MISTAKE: _("Se emitió con un error."),
    Reason.WITHDRAWN: _("Lo que dice dejó de valer."),
    Reason.EXPOSED: _("Llegó a manos de quien no debía tenerlo."),
}

BY_CODE = {
    Answer.AUTHENTIC: _("El código es auténtico"),
    Answer.ANNULLED: _("El documento fue anulado"),
    Answer.PREPARING: _("El documento todavía se está preparando"),
    Answer.UNKNOWN: _("No existe un documento con ese código"),
}
BY_FILE = BY_CODE | {
    Answer.AUTHENTIC: _("El archivo es auténtico"),
    Answer.ALTERED: _("El archivo no es el que se emitió"),
    Answer.UNKNOWN: _("No conocemos este archivo"),
}
TOO_MANY = _("Espera unos minutos")


class CodeField(forms.CharField):
    """The code of a paper, however it was typed; what it cannot be is told before anything
    is looked up."""

    default_error_messages = {"required": _("Escribe el código que está en el documento.")}

    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        inside = re.search(r"\bd(-\w{4}){3}\b", typed, re.IGNORECASE)  # of an address
        typed = inside[0] if inside else typed
        if rules.letters(typed) is None:
            raise ValidationError(_shape(typed))
        code = rules.read_code(typed)
        if code is None:
            raise ValidationError(
                _("Ese código tiene algún error al copiarlo. Compáralo con el documento.")
            )
        return code

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: a browser would cut off what is pasted without saying so."""
        return {}


def _shape(typed: str) -> Text:
    """Why something does not even look like a code."""
    if rules.has_round_letters(typed):
        return _("Un código nunca lleva la O, la U ni el cero. Compáralo con el documento.")
    return _("Un código empieza con D y sigue con doce letras y números. Revísalo, por favor.")


class CodeForm(forms.Form):
    codigo = CodeField(
        label=_("Código del documento"),
        help_text=_(
            "Está al final, junto al cuadro QR: D y doce letras y números. Da igual si lo"
            " escribes con guiones o sin ellos, con letras grandes o pequeñas."
        ),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class FileForm(forms.Form):
    """The PDF somebody was given. It is read and not kept."""

    paper = forms.FileField(
        label=_("Archivo PDF"),
        help_text=_(
            "El archivo tal como te llegó, de hasta %(megabytes)s MB. Lo miramos y no lo guardamos."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages={
            "required": _("Elige el archivo PDF que quieres comprobar."),
            "empty": _("Ese archivo está vacío. Elige otro, por favor."),
            "invalid": _("No llegó ningún archivo. Elígelo otra vez, por favor."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["paper"]
        field.help_text = field.help_text % {"megabytes": LARGEST // MEGABYTE}

    def clean_paper(self) -> Received:
        file: UploadedFile[Any] = self.cleaned_data["paper"]
        try:
            received = receive(file.name or "", cast(BinaryIO, file.file))
        except NotTaken as refused:
            raise ValidationError(not_taken(file.name or "", refused.reason)) from refused
        if received.media_type != PDF:
            raise ValidationError(_("Solo se comprueban archivos PDF, y ese no lo es."))
        return received
