"""Which services and countries are in the house, and how Django runs it."""

from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf.locale import LANG_INFO
from django.conf.locale.es import formats  # type: ignore[import-untyped]

from . import environment

SERVICES = [
    "minga.services.institutions",
    "minga.services.action_plans",
    "minga.services.cocreation",
]
JURISDICTIONS = ["minga.jurisdictions.ecuador", "minga.jurisdictions.bolivia"]

env = environment.read()
env.check()
DATA = Path(env.data)
MINGA_COUNTRY = env.jurisdiction
SECRET_KEY = env.secret
ALLOWED_HOSTS = env.hosts.split(",")


def database(url: str) -> dict[str, Any]:
    """PostgreSQL at that address, or the embedded one when it is empty."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / f"{MINGA_COUNTRY}.sqlite3",
            "CONN_MAX_AGE": None,
            "TEST": {"NAME": DATA / f"test-{MINGA_COUNTRY}.sqlite3"},  # a file: tests copy it
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # recursive_triggers: REPLACE deletes, and is refused like a deletion
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                "PRAGMA recursive_triggers=ON",
            },
        }
    where = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": where.path.lstrip("/"),
        "USER": unquote(where.username or ""),
        "PASSWORD": unquote(where.password or ""),
        "HOST": where.hostname or "",
        "PORT": where.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,  # a database that was started again costs nobody a page
    }


DATABASES = {"default": database(env.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "identity.Person"

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "minga.kernel.design",
    "minga.kernel.trust",
    "minga.kernel.jurisdiction",
    "minga.kernel.identity",
    "minga.kernel.catalogue",
    "minga.kernel.mailbox",
    "minga.kernel.forms",
    "minga.kernel.assemblies",
    "minga.kernel.documents",
    "minga.kernel.conversation",
    "minga.kernel.cases",
    "minga.kernel.plans",
    "minga.kernel.rubrics",
    "minga.kernel.public_service",
    *JURISDICTIONS,
    *SERVICES,
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
MIDDLEWARE = [
    "minga.project.middleware.Observed",
    "minga.kernel.design.middleware.Frames",
    "minga.kernel.catalogue.middleware.Visits",
    "minga.kernel.catalogue.middleware.PublicPageCache",
    "minga.kernel.design.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "minga.kernel.design.middleware.Language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "minga.kernel.identity.middleware.Access",
    "minga.kernel.cases.middleware.Conflicts",
    "minga.kernel.cases.middleware.Codes",
]
ROOT_URLCONF = "minga.project.urls"
WSGI_APPLICATION = "minga.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "minga.kernel.public_service.queries.house",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "minga.kernel.design.templatetags.design",
                "minga.kernel.design.templatetags.pictures",
            ],
        },
    }
]

# The country's page is pure Python, so it can be read here.
country = import_module(f"minga.jurisdictions.{MINGA_COUNTRY}.jurisdiction").jurisdiction
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English"), *country.languages.items()]
LOCALE_PATHS = [DATA / "locale" / MINGA_COUNTRY]  # compiled there (commands._compiled)
for code, name in country.languages.items():  # Django does not know them
    LANG_INFO[code] = {"bidi": False, "code": code, "name": name, "name_local": name}
# and where it knows no format of a language, its dates and numbers are as in Spanish
globals().update({name: getattr(formats, name) for name in dir(formats) if name.isupper()})
TIME_ZONE = country.zone  # dates are the legal zone's
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": DATA / "files",  # no address leads there: cases.views serves them
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env.files:  # private objects: only our views hand them out, and no address leads to them
    from botocore.config import Config

    store = urlsplit(env.files)
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(store.username or ""),
            "secret_key": unquote(store.password or ""),
            "bucket_name": store.path.strip("/"),
            "endpoint_url": ("http" if store.scheme == "s3+http" else "https")
            + f"://{store.netloc.rpartition('@')[2]}",
            "client_config": Config(
                s3={"addressing_style": "path"},
                signature_version="s3v4",
                connect_timeout=5,
                read_timeout=20,
                retries={"max_attempts": 3},
            ),
            "default_acl": "private",
            "file_overwrite": False,
            "max_memory_size": 1 << 20,  # above this a file waits on the disk
        },
    }
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_HANDLERS = [  # the first keeps files out of every form that takes none
    "minga.kernel.forms.backend.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Above this a third goes, by its key and not by its age: who failed to sign in from
        # many addresses would make the limits on the others forgotten.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
if env.cache:
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.cache,
        "KEY_PREFIX": MINGA_COUNTRY,  # two installations may share one
    }
SESSION_ENGINE = "minga.kernel.identity.backend"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_NAME = "sesion"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a working day
CSRF_COOKIE_NAME = "formulario"
CSRF_COOKIE_HTTPONLY = CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = False
CSRF_FAILURE_VIEW = "minga.project.views.form_expired"
if env.is_secure:
    CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^salud/", r"^metricas/"]  # asked from inside, without the proxy
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

AUTHENTICATION_BACKENDS = ["minga.kernel.identity.backend.Door"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "public_service:arrived"
ACCOUNT_ADAPTER = "minga.kernel.mailbox.adapter.TellingAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True  # a mail scanner follows links, and types no code
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True  # one address: the new one replaces it once it is verified
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "add_email": "minga.kernel.identity.forms.NewAddressForm",
    "change_password": "minga.kernel.identity.forms.ChangePasswordForm",
    "confirm_email_verification_code": "minga.kernel.identity.forms.AddressCodeForm",
    "login": "minga.kernel.identity.forms.SignInForm",
    "reauthenticate": "minga.kernel.identity.forms.PasswordAgainForm",
    "reset_password": "minga.kernel.identity.forms.ForgottenForm",
    "reset_password_from_key": "minga.kernel.identity.forms.NewPasswordForm",
}
ACCOUNT_PREVENT_ENUMERATION = True
TOKENS = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = TOKENS  # asks the database nothing
ACCOUNT_RATE_LIMITS = {
    # Wrong passwords: of one origin, of one account from one origin, of one account from all
    # that are strange to it, and from browsers its owner entered with (identity.adapter).
    "login_failed": "10/m/ip,5/300s/key",
    "login_account": "60/h/key",
    "login_known": "5/300s/key",
    "login": "300/m/ip",  # right or wrong: a whole town may share one address
    "signup_address": "5/h/key",
    "signup_code": "30/h/key",
    # Who asks whether a document or an address has an account here.
    "document": "10/h/user",
    "counter": "60/h/user",
    "add_case": "10/h/user,40/h/ip",  # codes of cases that nobody has
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.proxies)  # its limits count by the client's address
MFA_ADAPTER = "minga.kernel.identity.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey is two factors, or it is none
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_TOTP_ISSUER = "Minga"
MFA_TOTP_TOLERANCE = 1  # half a minute late or early; none counts twice (identity.actions.spend)
MFA_FORMS = {
    "activate_totp": "minga.kernel.identity.forms.ApplicationForm",
    "add_webauthn": "minga.kernel.identity.forms.NewPasskeyForm",
    "authenticate": "minga.kernel.identity.forms.SecondStepForm",
    "authenticate_webauthn": "minga.kernel.identity.forms.SecondPasskeyForm",
    "login_webauthn": "minga.kernel.identity.forms.PasskeyForm",
    "reauthenticate": "minga.kernel.identity.forms.CodeAgainForm",
    "reauthenticate_webauthn": "minga.kernel.identity.forms.PasskeyAgainForm",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]

EMAIL_BACKEND = "minga.kernel.mailbox.backend.Outbox"
DEFAULT_FROM_EMAIL = env.mail_from
MINGA_ADDRESS, MINGA_DEMO = env.address, env.is_demo
MINGA_MAIL = env.mail
MINGA_MAIL_FOLDER = DATA / "mail"
MINGA_VISITS = DATA / "visits"
MINGA_SCANNER = env.scanner
MINGA_QUEUE = env.queue
MINGA_METRICS = env.gives_metrics
MINGA_METRICS_TOKEN = env.metrics_token
MINGA_METRICS_FOLDER = DATA / "metrics"
MINGA_REGISTER_KEY, MINGA_KEYS = env.register_key, DATA / "keys"
# Streams whose entries by the house are published whole; of all others, a hash and the day.
MINGA_PUBLIC_STREAMS = ["registro", "definition:", "plan:", "action_plans:", "institutions:"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "class": "minga.project.logs.Line",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"class": "minga.project.logs.Json"},
    },
    "filters": {"routes": {"()": "minga.project.logs.Routes"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": env.logs, "filters": ["routes"]}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
