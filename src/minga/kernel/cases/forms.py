from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.forms.forms import ChoiceField, FilesForm, SaidField

from . import rules
from .declaration import Move
from .models import Answer


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
