import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text
from minga.kernel.cases import rules
from minga.kernel.cases.declaration import case_types
from minga.kernel.cases.forms import CodeField
from minga.kernel.cases.queries.desk import MOST, WORDS, Change, Filters
from minga.kernel.cases.rules import ADDED, Outcome
from minga.kernel.forms.forms import ChoiceField, SaidField
from minga.kernel.identity.models import Post
from minga.kernel.mailbox.rules import Delivery, Topic


class DeskForm(forms.Form):
    """The list of the desk as somebody narrows and orders it (cases.queries.desk.Filters)."""

    de = forms.CharField(widget=forms.HiddenInput, required=False)
    ver = ChoiceField(
        label=_("Mostrar"),
        choices=[
            ("", _("Por atender")),
            ("espera", _("En espera de otros")),
            ("terminados", _("Respondidos y cerrados")),
        ],
        required=False,
    )
    plazo = ChoiceField(
        label=_("Plazo"),
        choices=[
            ("", _("Cualquiera")),
            ("hoy", _("Vence hoy")),
            ("vencidos", _("Ya venció")),
            ("sin", _("Sin plazo")),
        ],
        required=False,
    )
    tipo = ChoiceField(
        label=_("Tipo"),
        choices=lambda: [("", _("Todos")), *((kind.key, kind.name) for kind in case_types)],
        required=False,
    )
    orden = ChoiceField(
        label=_("Orden"),
        choices=[("", _("Lo que más espera")), ("vence", _("Lo que vence antes"))],
        required=False,
    )
    palabras = SaidField(label=_("Palabras del título"), max_length=WORDS, required=False)


TABS = {"mios": _("Míos"), "unidad": _("De mi unidad"), "nadie": _("Sin asignar"), "": _("Todos")}


class Tab(NamedTuple):
    label: Text
    query: str
    cases: int | None  # None: not counted
    is_more: bool  # there are more than were counted
    current: bool


def tabs(filters: Filters, counts: Mapping[str, int]) -> list[Tab]:
    """The four lists under the same filters, and how many cases each has, if it was counted."""
    return [
        Tab(
            label=label,
            query=filters.on_tab(key).query,
            cases=min(counts[key], MOST) if counts else None,
            is_more=counts.get(key, 0) > MOST,
            current=key == filters.de,
        )
        for key, label in TABS.items()
    ]


def told(filters: Filters) -> list[Text]:
    """Filters as people read them, for whoever keeps them."""
    chosen = [
        label
        for bound in DeskForm(filters.said)
        for value, label in getattr(bound.field, "choices", ())
        if value and value == filters.said.get(bound.name)
    ]
    words = [f"«{filters.palabras}»"] if filters.palabras else []
    return [TABS[filters.de], *chosen, *words]


class SavedViewForm(forms.Form):
    name = SaidField(
        label=_("Nombre de la vista"),
        help_text=_("Si ya tienes una con ese nombre, esta toma su lugar."),
        max_length=60,
        error_messages={"required": _("Escribe un nombre para reconocerla.")},
    )


PLANNED = {
    Outcome.DONE: _("Se hará"),
    Outcome.ALREADY: _("No cambia: ya está así"),
    Outcome.CHANGED: _("No se hará: cambió mientras tanto"),
    Outcome.BEYOND: _("No se hará: es de otra unidad y tu puesto no reparte su trabajo"),
    Outcome.LATE: _("No se hará: la ley da un plazo que termina antes de ese día"),
    Outcome.ELSEWHERE: _("No se hará: es de otra institución que los demás; cámbialo aparte"),
}
RESULTS = {
    Outcome.DONE: _("Hecho"),
    Outcome.ALREADY: _("Ya estaba así"),
    Outcome.CHANGED: _("No se hizo: cambió mientras tanto"),
    Outcome.BEYOND: _("No se hizo: es de otra unidad y tu puesto no reparte su trabajo"),
    Outcome.LATE: _("No se hizo: la ley da un plazo que termina antes de ese día"),
    Outcome.ELSEWHERE: _("No se hizo: es de otra institución que los demás"),
}


def holder_of(post: Post) -> str:
    """Who holds a post, and which; a post that nobody holds is told too."""
    return f"{getattr(post, 'held_by', None) or _('Sin titular')} · {post}"


class AssignForm(forms.Form):
    """To whom a case is given: a post among those that were offered, or nobody."""

    shown = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, posts: Sequence[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts = {str(post.pk): post for post in posts}
        self.fields["to"] = post_field(posts, required="back" not in self.data)

    def clean_to(self) -> Post | None:
        return self.posts.get(self.cleaned_data["to"])


def post_field(posts: Iterable[Post], **more: Any) -> ChoiceField:
    offered = [(str(post.pk), holder_of(post)) for post in posts]
    return ChoiceField(
        label=_("A cargo de"),
        choices=[("", _("Elige a quién")), *offered],
        error_messages={"required": _("Elige a quién de la lista.")},
        **more,
    )


class DayField(forms.DateField):
    """A day that has not passed, chosen in the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        wrong = _("Escribe el día así: 2026-11-24.")
        said = {"invalid": wrong, "required": _("Elige un día.")}
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], error_messages=said, **kwargs)


def not_passed(day: date | None, today: date) -> date | None:
    if day and day < today:
        raise forms.ValidationError(_("Ese día ya pasó. Elige hoy o uno que venga."))
    return day


class DueForm(forms.Form):
    """An internal day, not after the law's; or, with its own button, none any more."""

    shown = forms.DateField(widget=forms.HiddenInput, required=False)
    on = DayField(label=_("Fecha interna"))

    def __init__(self, *args: Any, law: date | None, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.law, self.today = law, today
        self.fields["on"].required = "clear" not in self.data

    def clean_on(self) -> date | None:
        day = not_passed(self.cleaned_data["on"], self.today)
        if day and self.law and day > self.law:
            raise forms.ValidationError(_("La ley da un plazo que termina antes de ese día."))
        return None if "clear" in self.data else day


class NoteForm(forms.Form):
    """What one official writes to the others about a case."""

    body = SaidField(
        label=_("Nota interna"),
        help_text=_("La leen quienes trabajan en tu institución. La persona no la ve."),
        max_length=rules.MESSAGE,
        lines=True,
        error_messages={"required": _("Escribe la nota para poder guardarla.")},
    )

    def __init__(self, *args: Any, people: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = ChoiceField(
            label=_("Avisar a"),
            choices=[("", _("Nadie en especial")), *((str(pk), who) for pk, who in people.items())],
            required=False,
        )


class SeveralForm(forms.Form):
    """What is done with the cases that were ticked."""

    GIVE, BACK, DUE = "dar", "devolver", "fecha"
    WHAT: ClassVar = {
        GIVE: _("Dárselos a alguien"),
        BACK: _("Dejarlos sin nadie a cargo"),
        DUE: _("Ponerles una fecha interna"),
    }
    hacer = ChoiceField(
        label=_("Qué hacer con ellos"),
        choices=list(WHAT.items()),
        widget=forms.RadioSelect,
        error_messages={"required": _("Elige qué hacer con ellos.")},
    )
    fecha = DayField(
        label=_("Fecha interna"), help_text=_("Solo si pones una fecha."), required=False
    )

    def __init__(self, *args: Any, posts: Sequence[Post], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.posts, self.today = {str(post.pk): post for post in posts}, today
        hint = _("Solo si se los das a alguien.")
        self.fields["cargo"] = post_field(posts, help_text=hint, required=False)
        self.order_fields(["hacer", "cargo", "fecha"])

    def clean_fecha(self) -> date | None:
        return not_passed(self.cleaned_data["fecha"], self.today)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        what, given = said.get("hacer"), bool(said.get("cargo") or "cargo" in self.errors)
        if what == self.GIVE and not given:
            self.add_error("cargo", _("Elige a quién de la lista."))
        if what == self.DUE and not (said.get("fecha") or "fecha" in self.errors):
            self.add_error("fecha", _("Elige un día."))
        return said

    @property
    def told(self) -> Text:
        """What will be done, in one line."""
        change = self.change
        if change.to:
            return _("A cargo de: %(who)s") % {"who": holder_of(change.to)}
        if change.on:
            return _("Fecha interna: %(day)s") % {
                "day": date_format(change.on, "j \\d\\e F \\d\\e Y")
            }
        return self.WHAT[self.BACK]

    @property
    def change(self) -> Change:
        said = self.cleaned_data
        if said["hacer"] == self.GIVE:
            return Change(to=self.posts[said["cargo"]])
        return Change(on=said["fecha"] if said["hacer"] == self.DUE else None)


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
    Topic.TALK: _("Lo que se decide sobre tus comentarios y avisos"),
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
