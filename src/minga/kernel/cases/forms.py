from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text
from minga.kernel.forms.forms import ChoiceField, FilesForm, SaidField

from . import rules
from .declaration import Move
from .models import Answer
from .rules import CODE, find_code, letters, read_code


class StepForm(FilesForm):
    """The form of one step of an official: what its declaration asks for, and files. A message
    begins with what was half written, and says which version of it its writer read."""

    DRAFT = "draft"  # the button that keeps it for later
    rev = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, move: Move, draft: Answer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        half = {"message": draft.message, "version": draft.version} if draft else {"version": 0}
        self.initial = {**half, **self.initial}
        if move.reasons:
            self.fields["reason"] = ChoiceField(
                label=_("Motivo"),
                help_text=_("La persona lo lee tal como está aquí."),
                choices=list(move.reasons.items()),
                widget=forms.RadioSelect,
                error_messages={"required": _("Elige un motivo de la lista.")},
            )
        if move.message:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
            self.fields["message"] = SaidField(
                label=_("Mensaje para la persona"),
                help_text=_("Corto y claro. Lo leerá con su código."),
                max_length=rules.MESSAGE,
                min_length=None if self.is_draft else rules.SHORTEST,
                lines=True,
            )
        self.order_fields(["rev", "version", "reason", "message", "attached"])

    @property
    def is_draft(self) -> bool:
        return self.DRAFT in self.data


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
