from typing import Any

from allauth.account import forms as account
from allauth.account.internal.flows.email_verification import verify_email_indirectly
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import plain, refused
from minga.kernel.identity.actions import accounts
from minga.kernel.jurisdiction import queries as jurisdiction

from .models import Person, Post

TOO_LONG = _("Es muy largo: caben 60 letras.")
PASSWORD_RULES = _("Al menos 8 letras o números. No sirven las más usadas ni las de solo números.")
WRONG_ADDRESS = _("A ese correo le falta algo. Un ejemplo: nombre@correo.com")
DEVICES = {"phone": _("Teléfono"), "tablet": _("Tableta"), "computer": _("Computadora")}


def fit(text: str) -> None:
    """Nothing that cannot be kept, or that deceives whoever reads it."""
    if refused(text):
        raise ValidationError(_("Hay un carácter que no se puede guardar. Escríbelo otra vez."))


def device_words(device: str) -> str:
    """What somebody reads of the device that a session was opened with."""
    kind, _colon, browser = device.partition(":")
    words = DEVICES.get(kind, _("Equipo que no conocemos"))
    return f"{words}, {browser}" if browser else str(words)


class _InOurWords:
    """The library's fields: its labels are said again here, its placeholders never."""

    fields: dict[str, forms.Field]
    labels: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
            field.help_text = ""
            field.error_messages["required"] = _("Esto no puede quedar vacío.")
            if isinstance(field.widget, forms.TextInput):
                field.validators.append(fit)
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = WRONG_ADDRESS
            if field.widget.attrs.get("autocomplete") == "one-time-code":
                field.widget.attrs["inputmode"] = "numeric"


class SignInForm(_InOurWords, account.LoginForm):  # type: ignore[misc]  # publishes no types
    """E-mail and password, in our words; the page itself says where to go without one."""

    labels = {"login": _("Correo electrónico"), "password": _("Contraseña")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].error_messages["required"] = _("Escribe tu correo.")
        self.fields["password"].error_messages["required"] = _("Escribe tu contraseña.")


class RegisterForm(forms.Form):
    """No more than an account needs."""

    name = forms.CharField(
        label=_("Tu nombre"),
        help_text=_("Como está en tu documento."),
        max_length=200,
        validators=[fit],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Escribe tu nombre.")},
    )
    email = forms.EmailField(
        label=_("Correo electrónico"),
        help_text=_("Te enviaremos un código para saber que es tuyo."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Escribe tu correo."), "invalid": WRONG_ADDRESS},
    )
    password = forms.CharField(
        label=_("Contraseña"),
        help_text=PASSWORD_RULES,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Escribe una contraseña.")},
    )

    def clean_name(self) -> str:
        return " ".join(plain(str(self.cleaned_data["name"])).split())

    def clean_email(self) -> str:
        return Person.objects.normalize_email(self.cleaned_data["email"])

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password)
        return password


class CodeForm(forms.Form):
    """What a letter said."""

    code = forms.CharField(
        label=_("Código"),
        help_text=_("Son seis números. Están en el correo que te enviamos."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Escribe el código que te enviamos.")},
    )


class AddressCodeForm(_InOurWords, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    labels = {"code": _("Código")}


class NewAddressForm(_InOurWords, account.AddEmailForm):  # type: ignore[misc]
    labels = {"email": _("Correo nuevo")}


class PasswordAgainForm(_InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    """From somebody who is already in: their session goes on under another key."""

    labels = {"password": _("Contraseña")}

    def clean_password(self) -> str:
        password: str = super().clean_password()
        context.request.session.cycle_key()
        return password


class ForgottenForm(_InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    """The address to which the link goes; known or not, it is looked for once."""

    labels = {"email": _("Correo electrónico")}

    def clean_email(self) -> str:
        email = Person.objects.normalize_email(self.cleaned_data["email"])
        self.users = list(Person.objects.filter(email=email, is_active=True))
        return email


class ChangePasswordForm(_InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    labels = {
        "oldpassword": _("Tu contraseña de ahora"),
        "password1": _("Contraseña nueva"),
        "password2": _("Escríbela otra vez"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_RULES


class NewPasswordForm(_InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """The password that is chosen instead, with its rules in our words."""

    labels = {"password1": _("Contraseña nueva"), "password2": _("Escríbela otra vez")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].help_text = PASSWORD_RULES

    def save(self) -> None:
        """Whoever opened the link has the address."""
        super().save()
        accounts.know_address(person=self.user, verified=False)
        verify_email_indirectly(context.request, self.user, self.user.email)


class _OnlyOnce(_InOurWords):
    """A code of an application counts once, however late or early it may be."""

    labels = {"code": _("Código")}
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # the library's, beside us
        is_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_app and not accounts.spend(authenticator=self.authenticator, code=code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SecondStepForm(_OnlyOnce, base.AuthenticateForm):  # type: ignore[misc]
    """A code of the application, or one of those kept on paper."""


class CodeAgainForm(_OnlyOnce, base.ReauthenticateForm):  # type: ignore[misc]
    """The same, from somebody who is already in."""

    def save(self) -> None:
        super().save()
        context.request.session.cycle_key()


class ApplicationForm(_InOurWords, ActivateTOTPForm):  # type: ignore[misc]
    """The secret stays the same until it is used: two tabs show one."""

    labels = {"code": _("Código que muestra la aplicación")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        secret = context.request.session.get(SECRET_SESSION_KEY)
        super().__init__(*args, **kwargs)
        if secret:
            self.secret = context.request.session[SECRET_SESSION_KEY] = secret

    @property
    def letters(self) -> str:
        """The secret in groups of four, as it is copied by hand."""
        return " ".join(self.secret[n : n + 4] for n in range(0, len(self.secret), 4))


class NewPasskeyForm(_InOurWords, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A passkey always asks for a finger, a face or a PIN: it enters alone, and counts twice."""

    labels = {"name": _("Nombre de la llave"), "credential": _("Llave")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.fields["name"].help_text = _("Para reconocerla: «Mi teléfono», «Llave de la oficina».")
        self.fields["name"].validators.append(MaxLengthValidator(60, TOO_LONG))


class _Passkey(_InOurWords):
    """What is no passkey of ours is told in one sentence, whatever is wrong with it."""

    labels = {"credential": _("Llave")}

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]  # beside us
        except (ValidationError, AttributeError, KeyError, TypeError, ValueError):
            raise ValidationError(_("No reconocimos esa llave. Prueba otra vez.")) from None


class PasskeyForm(_Passkey, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """In place of e-mail and password."""


class SecondPasskeyForm(_Passkey, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """After the password."""


class PasskeyAgainForm(_Passkey, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """From somebody who is already in."""

    def clean_credential(self) -> Authenticator:
        key = super().clean_credential()
        context.request.session.cycle_key()
        return key


class DocumentForm(forms.Form):
    """One of the country's documents; where its digits can be checked they are."""

    kind = forms.ChoiceField(
        label=_("Qué documento es"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Elige uno."), "invalid_choice": _("Elige uno de la lista.")},
    )
    number = forms.CharField(
        label=_("Número"),
        help_text=_("Con o sin guiones."),
        max_length=40,
        validators=[fit],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Escribe el número.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {part.key: part for part in jurisdiction.current().identifiers}
        choices = [(key, part.name) for key, part in self.known.items()]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        self.fields["kind"].initial = choices[0][0] if len(choices) == 1 else None

    def clean_number(self) -> str:
        return written(self.cleaned_data["number"])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        document, number = self.known.get(said.get("kind", "")), said.get("number")
        if document is None or number is None:
            return said
        told = {"most": document.digits, "typed": len(number)}
        if document.digits and not (number.isascii() and number.isdecimal()):
            self.add_error("number", _("Lleva solo números."))
        elif document.digits and len(number) != document.digits:
            words = _("Tiene %(most)s números y escribiste %(typed)s.")
            self.add_error("number", ValidationError(words, params=told))
        elif not document.is_valid(number):
            self.add_error("number", _NOT_CHECKED if not document.is_checked else _LAST_DIGIT)
        return said


_LAST_DIGIT = _("El último dígito no coincide con los demás: revisa cada número.")
_NOT_CHECKED = _(
    "Eso no parece un número de documento: son números y, a veces, dos letras al final."
)


def written(number: str) -> str:
    """As documents are compared: without spaces, points and hyphens."""
    return "".join(c for c in plain(number).upper() if c.isalnum())


class FindForm(forms.Form):
    words = forms.CharField(
        label=_("Número de documento o correo, completos"),
        max_length=254,
        validators=[fit],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Escribe el número o el correo.")},
    )

    def clean_words(self) -> str:
        words = plain(str(self.cleaned_data["words"])).strip()
        return words if "@" in words else written(words)


class SeenForm(forms.Form):
    """What an official says who has somebody and their document before them."""

    person = forms.CharField(widget=forms.HiddenInput)
    number = forms.CharField(
        label=_("Número que lees en el documento"),
        max_length=40,
        validators=[fit],
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Escribe el número.")},
    )
    seen = forms.BooleanField(
        label=_("Vi el documento original y la foto es de esta persona."),
        error_messages={"required": _("Confirma que lo viste. Si no, no sigas.")},
    )

    def __init__(self, *args: Any, posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(posts) > 1:
            self.fields["post"] = forms.ChoiceField(
                label=_("Desde qué puesto"),
                choices=[(str(post.pk), str(post)) for post in posts],
                error_messages={"invalid_choice": _("Elige un puesto de la lista.")},
            )

    def clean_number(self) -> str:
        return written(self.cleaned_data["number"])
