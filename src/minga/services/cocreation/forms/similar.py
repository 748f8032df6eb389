"""What a member of the working group says of a suggestion."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.services.cocreation.forms.workshops import PROBLEMS
from minga.services.cocreation.models import Proposal
from minga.services.cocreation.rules.integration import TITLE
from minga.services.cocreation.rules.workshops import Problem

YES, NO = "si", "no"
FEWEST = 2


class VerdictForm(forms.Form):
    """`shown` is the suggestion that was read: the same number of a newer list is another."""

    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    answer = ChoiceField(
        label=_("¿Dicen lo mismo?"),
        help_text=_("Si alguna no va con las otras, quítale la marca arriba y responde que sí."),
        choices=[(YES, _("Sí, las marcadas dicen lo mismo")), (NO, _("No dicen lo mismo"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Responde sí o no.")},
    )
    title = SaidField(
        label=_("Nombre del grupo nuevo"),
        help_text=_("Solo si dicen lo mismo. Una frase que diga qué se lograría."),
        max_length=TITLE,
        min_length=5,
        required=False,
    )
    reason = SaidField(
        label=_("¿Por qué?"),
        help_text=_("Una frase. La podrá leer todo el mundo."),
        max_length=500,
        min_length=10,
        lines=True,
    )

    def __init__(
        self,
        *args: Any,
        key: str,
        proposals: Sequence[Proposal],
        free: Collection[int],
        **kwargs: Any,
    ) -> None:
        """`free`: the keys of those that may be joined now. Of none, no group is begun."""
        super().__init__(*args, **kwargs)
        self.key = self.initial["shown"] = key
        sent = self.data.getlist("numbers") if self.is_bound else []  # type: ignore[attr-defined]
        there = {str(proposal.number): proposal.number or 0 for proposal in proposals}
        self.free = [proposal for proposal in proposals if proposal.pk in free]
        if not self.free:
            del self.fields["title"]
        self.numbers = [there[number] for number in sent if number in there]
        self.ticked = set(self.numbers if self.is_bound else there.values())

    def clean_answer(self) -> bool:
        said = bool(self.cleaned_data["answer"] == YES)
        if said and len(self.numbers) < FEWEST:
            raise forms.ValidationError(
                _("Marca al menos dos propuestas, o responde que no dicen lo mismo.")
            )
        return said

    def clean(self) -> None:
        said = self.cleaned_data
        if said.get("shown") != self.key:
            self.data = {**self.data.dict(), "shown": self.key}  # type: ignore[attr-defined]
            self.add_error(None, PROBLEMS[Problem.OUTDATED])
        nameless = not said.get("title") and "title" not in self.errors
        if nameless and said.get("answer") and self.joined:
            self.add_error("title", _("Escribe el nombre del grupo nuevo."))

    @property
    def joined(self) -> list[Proposal]:
        """Those that were ticked and may be joined now."""
        return [proposal for proposal in self.free if proposal.number in self.numbers]
