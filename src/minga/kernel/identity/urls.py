from allauth.account import views as library
from allauth.account.decorators import reauthentication_required
from allauth.decorators import rate_limit
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import include, path, re_path, reverse_lazy

from minga.kernel.design.menu import Audience

from .views import account, counter, keys, page, register

EVERYONE, PERSON, OFFICIAL = Audience.EVERYONE, Audience.PERSON, Audience.OFFICIAL
to_keys = reverse_lazy("mfa_index")
codes = reauthentication_required(app="allauth.mfa")(keys.codes)
new_address = reauthentication_required(app="allauth.account")(account.Address.as_view())

sessions = reauthentication_required(app="allauth.account", allow_get=True)(account.sessions)
new_account = rate_limit(action="signup")(register.register)

ours = [
    path("", page(PERSON, account.account), name="account"),
    path("registro/codigo/", page(EVERYONE, register.confirm), name="confirm"),
    path("sesiones/", page(PERSON, sessions), name="sessions"),
    path("documento/", page(PERSON, account.document), name="document"),
    path("verificar/", page(OFFICIAL, counter.verify), name="verify"),
]
# Under the names by which the library finds them.
entering = [
    path("registro/", page(EVERYONE, new_account), name="account_signup"),
    path("entrar/", page(EVERYONE, library.login, passkeys=True), name="account_login"),
    path(
        "entrar/llave/",
        page(EVERYONE, keys.EnterByPasskey.as_view(), passkeys=True),
        name="mfa_login_webauthn",
    ),
    path(
        "entrar/segundo-paso/",
        page(EVERYONE, mfa.authenticate, passkeys=True),
        name="mfa_authenticate",
    ),
    path("salir/", page(EVERYONE, library.logout), name="account_logout"),
    path("inactiva/", page(EVERYONE, library.account_inactive), name="account_inactive"),
    path("clave/", page(EVERYONE, library.password_reset), name="account_reset_password"),
    path(
        "clave/enviada/",
        page(EVERYONE, library.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^clave/nueva/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        page(EVERYONE, library.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "clave/lista/",
        page(EVERYONE, library.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path(
        "correo/codigo/",
        page(EVERYONE, library.email_verification_sent),
        name="account_email_verification_sent",
    ),
]
changing = [
    path("reautenticar/", page(PERSON, library.reauthenticate), name="account_reauthenticate"),
    path("reautenticar/codigo/", page(PERSON, mfa.reauthenticate), name="mfa_reauthenticate"),
    path(
        "reautenticar/llave/",
        page(PERSON, keys.ReauthenticateByPasskey.as_view(), passkeys=True),
        name="mfa_reauthenticate_webauthn",
    ),
    path("correo/", page(PERSON, new_address), name="account_email"),
    path("clave/cambiar/", page(PERSON, account.password), name="account_change_password"),
    path("segundo-paso/", page(PERSON, keys.keys), name="mfa_index"),
    path("segundo-paso/aplicacion/", page(PERSON, totp.activate_totp), name="mfa_activate_totp"),
    path(
        "segundo-paso/aplicacion/quitar/",
        page(PERSON, totp.deactivate_totp),
        name="mfa_deactivate_totp",
    ),
    path("segundo-paso/codigos/", page(PERSON, codes), name="mfa_view_recovery_codes"),
    path(
        "segundo-paso/llave/",
        page(PERSON, webauthn.add_webauthn, passkeys=True),
        name="mfa_add_webauthn",
    ),
    path(
        "segundo-paso/llave/<int:pk>/quitar/",
        page(PERSON, webauthn.RemoveWebAuthnView.as_view(success_url=to_keys)),
        name="mfa_remove_webauthn",
    ),
]
urlpatterns = [path("", include((ours, "identity"))), *entering, *changing]
