import re
from collections.abc import Collection
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minga.kernel.cases import queries as cases
from minga.kernel.cases.forms import CodeField
from minga.kernel.cases.rules import ADDED
from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.kernel.mailbox.rules import Delivery, Topic


class DeskForm(forms.Form):
    """Which of the cases at the desk are shown."""

    PHASES: ClassVar = {"": cases.PENDING, "espera": cases.WAITING, "terminados": cases.DONE}
    ver = ChoiceField(
        label=_("Mostrar"),
        choices=[
            ("", _("Por atender")),
            ("espera", _("En espera de la persona")),
            ("terminados", _("Respondidos y cerrados")),
        ],
        required=False,
    )


class AddCaseForm(forms.Form):
    """Whoever shows the code of a case that is nobody's has it in their space."""

    code = CodeField(label=_("El código de tu caso"))


class TakeDraftForm(forms.Form):
    """The address of a draft, as it is pasted."""

    address = forms.CharField(
        label=_("La dirección del borrador"),
        help_text=_("Cópiala de la barra del navegador donde lo empezaste, y pégala aquí."),
        max_length=500,
        error_messages={"required": _("Pega la dirección del borrador.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_address(self) -> UUID:
        typed = str(self.cleaned_data["address"]).lower()
        found = re.search(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", typed)
        if found is None:
            raise forms.ValidationError(
                _("Esa no es la dirección de un borrador. Cópiala entera, por favor.")
            )
        return UUID(found[0])


class ReadForm(forms.Form):
    """Up to which notice its reader was shown the list."""

    until = forms.IntegerField(min_value=0, max_value=2**31)


class AnyField(forms.MultipleChoiceField):
    """Some of a list, all, or none: that is an answer too."""

    def validate(self, value: list[str]) -> None:
        if value:
            super().validate(value)


class TopicsForm(forms.Form):
    """Of what somebody is told by e-mail too; what is always told is not offered."""

    topics = AnyField(
        label=_("Avísame también por correo"),
        help_text=_("Lo que no elijas te espera igual en este buzón."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Elige solo opciones de la lista.")},
    )

    def __init__(self, *args: Any, offered: Collection[Topic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(topic.value, TOPICS[topic]) for topic in Topic if topic in offered]
        self.fields["topics"].choices = choices  # type: ignore[attr-defined]  # a list of choices


class NameForm(forms.Form):
    name = SaidField(
        label=_("Tu nombre"),
        help_text=_("Como quieres que aparezca en tu cuenta. No se publica."),
        max_length=200,
        min_length=2,
    )

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())


class CloseForm(forms.Form):
    """The words that nobody types by accident."""

    WORDS: ClassVar = _("cerrar mi cuenta")
    words = forms.CharField(
        label=_("Escribe «cerrar mi cuenta»"),
        max_length=100,
        error_messages={"required": _("Escribe «cerrar mi cuenta» para confirmarlo.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_words(self) -> str:
        typed = " ".join(str(self.cleaned_data["words"]).lower().split()).strip("«»\"'.")
        if typed != str(self.WORDS):
            raise forms.ValidationError(_("No es igual. Escribe: cerrar mi cuenta"))
        return typed


TOPICS = {
    Topic.CASES: _("Lo que pasa con tus casos"),
    Topic.DESK: _("Lo que te encargan en la mesa de trabajo"),
    Topic.POSTS: _("Los cambios en los puestos de tu institución"),
    Topic.ACCOUNT: _("Tu cuenta"),
}
DELIVERIES = {
    Delivery.WAITING: _("El correo espera su turno para salir."),
    Delivery.RETRIED: _(
        "El correo no ha salido todavía: el servidor no responde. Seguimos intentándolo, y aquí"
        " ya puedes leerlo."
    ),
    Delivery.DELIVERED: _("El correo se entregó."),
    Delivery.FAILED: _(
        "No se pudo entregar el correo, y ya no lo intentamos. Revisa que tu dirección esté bien."
    ),
    Delivery.FORGOTTEN: _("Hace más de 30 días: ya no guardamos si el correo llegó."),
    Delivery.SILENCED: _("No te escribimos por correo: así lo elegiste para este tema."),
    Delivery.TOO_MANY: _(
        "No te escribimos por correo: ese día ya te habíamos enviado 20, que es el límite."
    ),
}
SIGN_IN = {
    "emailaddress": _("Correos de tu cuenta"),
    "authenticator": _("Segundos factores y llaves de acceso"),
    "usersession": _("Sesiones abiertas"),
}
HAPPENED = {
    "name": _("Corregiste tu nombre"),
    ADDED: _("Añadiste un caso con su código"),
    "close": _("Cerraste tu cuenta"),
    "": _("Se anotó un cambio de tu cuenta"),
}
