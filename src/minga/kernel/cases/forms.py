from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text

from .rules import CODE, find_code, letters, read_code


class CodeField(forms.CharField):
    """The code of a case, however it was typed; what it cannot be is told before anything is
    looked up."""

    default_error_messages = {"required": _("Escribe el código que recibiste.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text", _("Son diez letras y números. Puedes escribirlo con guiones o sin ellos.")
        )
        widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(max_length=300, widget=widget, **kwargs)

    def clean(self, value: Any) -> str:
        typed = find_code(super().clean(value))
        if letters(typed) is None:
            raise ValidationError(_shape(typed))
        code = read_code(typed)
        if code is None:
            raise ValidationError(
                _("Ese código tiene algún error al copiarlo. Compáralo con tu recibo.")
            )
        return code

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No maxlength: a browser would cut off what is pasted without saying so."""
        return {}


def _shape(typed: str) -> Text:
    """Why something does not even look like a code."""
    there = [c for c in typed.upper() if c.isalnum()]
    if len(there) == CODE and {"O", "0", "U"} & set(there):
        return _("Un código nunca lleva la O, la U ni el cero. Compáralo con tu recibo.")
    told = {"typed": len(there)}
    return _("Un código tiene diez letras y números, y escribiste %(typed)s.") % told
