from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django.utils.translation import gettext_lazy as _


class SignInForm(LoginForm):  # type: ignore[misc]  # publishes no types
    """E-mail and password, in our words; the page itself says where to go without one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Correo electrónico")
        self.fields["password"].label = _("Contraseña")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["password"].help_text = ""
        self.fields["login"].error_messages["required"] = _("Escribe tu correo.")
        self.fields["password"].error_messages["required"] = _("Escribe tu contraseña.")


class ForgottenForm(ResetPasswordForm):  # type: ignore[misc]  # publishes no types
    """The address to which the link goes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Correo electrónico")
        self.fields["email"].widget.attrs.pop("placeholder", None)


class NewPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]  # publishes no types
    """The password that is chosen instead, with its rules in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password1"].label = _("Contraseña nueva")
        self.fields["password1"].help_text = _(
            "Al menos 8 letras o números. No sirven las más usadas ni las de solo números."
        )
        self.fields["password2"].label = _("Escríbela otra vez")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
