from typing import Any
from unicodedata import normalize

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from minga.kernel.base import text
from minga.kernel.base.text import Refusal

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
