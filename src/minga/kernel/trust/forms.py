from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST = 1 << 62  # no tree is larger, and no database counts further


class Hash(forms.CharField):
    """As people copy one: in capitals, in groups, cut by the end of a line."""

    default_error_messages = {"required": gettext_lazy("Falta el sello: pega el de tu recibo.")}

    def to_python(self, value: Any) -> str:
        return "".join(str(value or "").split()).lower()

    def validate(self, value: str) -> None:
        super().validate(value)
        if strange := [letter for letter in value if letter not in "0123456789abcdef"]:
            said = _("Un sello lleva solo números y las letras de la a a la f; este tiene «{one}».")
            raise ValidationError(said.format(one=strange[0]))
        if len(value) != 64:
            said = _("Un sello tiene 64 letras y números, y este tiene {n}: ¿se cortó al copiarlo?")
            raise ValidationError(said.format(n=len(value)))


class Size(forms.CharField):
    """A number of leaves; empty for the newest."""

    def to_python(self, value: Any) -> int | None:  # type: ignore[override]
        said = str(value or "").strip()
        if not said:
            return None
        if not (said.isascii() and said.isdecimal()):
            raise ValidationError(_("El tamaño es un número entero."))
        return min(int(said[:20]), LONGEST)


class SealForm(forms.Form):
    sello = Hash(
        label=gettext_lazy("Pega el sello de tu recibo"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class InclusionForm(forms.Form):
    hash = Hash()
    tamano = Size(required=False)


class ConsistencyForm(forms.Form):
    de = Size(error_messages={"required": gettext_lazy("Falta «de»: el tamaño de tu punto.")})
    a = Size(required=False)


class FromForm(forms.Form):
    desde = Size(required=False)


class SizeForm(forms.Form):
    tamano = Size(required=False)
