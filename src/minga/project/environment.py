"""What an operator may set from outside: each variable with its default and a sentence."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

HOME = Path(__file__).resolve().parents[3]
COUNTRIES = {"ec": "ecuador", "bo": "bolivia"}
HIDDEN = ("secret", "register_key", "metrics_token")
ONLY_FOR_DEVELOPMENT = "only-for-development-only-for-development"


def says(default: str, sentence: str) -> str:
    """A field of the environment: what holds without it, and what it is for."""
    value: str = field(default=default, metadata={"sentence": sentence})
    return value


class Row(NamedTuple):
    """One line of the table that `./minga env` prints."""

    name: str
    value: str
    default: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    country: str = says("ec", "País al que sirve esta instalación: ec o bo.")
    data: str = says(str(HOME / "var"), "Carpeta de la base embebida, los archivos y el correo.")
    database: str = says("", "postgresql://usuario:clave@servidor:puerto/base; vacío: SQLite.")
    secret: str = says(ONLY_FOR_DEVELOPMENT, "Clave secreta de la instalación.")
    hosts: str = says("localhost,127.0.0.1,[::1]", "Nombres con los que se llega, con comas.")
    address: str = says(
        "http://localhost:8000", "Dirección del sitio, para los enlaces de los correos."
    )
    demo: str = says("no", "«sí» cuando se muestran datos de demostración.")
    secure: str = says("no", "«sí» cuando se sirve por HTTPS: cookies seguras y HSTS.")
    proxies: str = says(
        "0", "Cuántos proxies de confianza hay delante: cada uno añade a X-Forwarded-For."
    )
    mail: str = says(
        "",
        "smtps://usuario:clave@servidor, cifrado desde el principio (puerto 465); "
        "smtp://usuario:clave@servidor, con STARTTLS (587); smtp://servidor, sin cifrar (25); "
        "vacío: se guarda en la carpeta.",
    )
    scanner: str = says(
        "",
        "clamd://servidor:3310, el antivirus que mira los archivos que llegan; vacío: ninguno, y "
        "solo se reconoce el archivo de prueba EICAR.",
    )
    mail_from: str = says("minga@localhost", "Remitente de los correos.")
    cache: str = says(
        "", "redis://:clave@servidor:6379/0, para los límites y códigos; vacío: en la base."
    )
    files: str = says(
        "",
        "s3://llave:secreto@servidor:puerto/depósito, donde quedan los archivos; s3+http:// sin "
        "cifrar, solo dentro de la máquina; vacío: en la carpeta.",
    )
    queue: str = says(
        "",
        "amqp://… o redis://…, por donde ./minga work --celery reparte sus rondas entre máquinas; "
        "vacío: ninguno.",
    )
    logs: str = says("text", "«json» para un objeto por línea; «text» para leerlos.")
    metrics: str = says("no", "«sí» para dar cifras en /metricas/: solo a esta máquina.")
    metrics_token: str = says("", "Con esta clave, /metricas/ contesta también a otras máquinas.")
    register_key: str = says(
        "",
        "Llave privada Ed25519 (PEM) que firma el registro público; vacío: una propia, que se hace "
        "la primera vez en keys/registro.pem de la carpeta.",
    )

    @property
    def jurisdiction(self) -> str:
        """The folder of the country; its own name is accepted as well as its ISO code."""
        name = COUNTRIES.get(self.country.lower(), self.country.lower())
        if name not in COUNTRIES.values():
            known = ", ".join(COUNTRIES)
            raise ValueError(f"MINGA_COUNTRY={self.country}: se conocen {known}.")
        return name

    @property
    def is_secure(self) -> bool:
        return _is_yes(self.secure)

    @property
    def gives_metrics(self) -> bool:
        return _is_yes(self.metrics)

    @property
    def is_demo(self) -> bool:
        return _is_yes(self.demo)

    def check(self) -> None:
        """What cannot be served as it was given, in one sentence."""
        if self.is_secure and self.secret == ONLY_FOR_DEVELOPMENT:
            raise ValueError(
                "MINGA_SECURE=sí pide una MINGA_SECRET propia: la de desarrollo es pública."
            )
        if not self.proxies.isdecimal():
            raise ValueError(f"MINGA_PROXIES={self.proxies}: es un número, 0 si no hay ninguno.")
        if self.mail and urlsplit(self.mail).scheme not in ("smtp", "smtps"):
            raise ValueError("MINGA_MAIL empieza por smtp:// o smtps://.")
        if self.scanner and not (
            urlsplit(self.scanner).scheme == "clamd" and urlsplit(self.scanner).hostname
        ):
            raise ValueError(f"MINGA_SCANNER={self.scanner}: se escribe clamd://servidor:puerto.")
        self._check_engines()

    def _check_engines(self) -> None:
        """Their addresses may hold passwords: what was given is not said again."""
        if self.cache and urlsplit(self.cache).scheme not in ("redis", "rediss"):
            raise ValueError("MINGA_CACHE empieza por redis:// o rediss://.")
        if self.queue and urlsplit(self.queue).scheme not in ("amqp", "amqps", "redis", "rediss"):
            raise ValueError("MINGA_QUEUE empieza por amqp://, amqps://, redis:// o rediss://.")
        files = urlsplit(self.files)
        known = files.scheme in ("s3", "s3+http") and files.hostname and files.path.strip("/")
        if self.files and not known:
            raise ValueError("MINGA_FILES se escribe s3://llave:secreto@servidor:puerto/depósito.")
        if self.logs not in ("text", "json"):
            raise ValueError(f"MINGA_LOGS={self.logs}: es text o json.")

    def rows(self) -> Iterator[Row]:
        for part in fields(self):
            default, value = str(part.default), str(getattr(self, part.name))
            shown = "(oculta)" if part.name in HIDDEN and value else value
            yield Row(variable(part.name), shown, default, part.metadata["sentence"])


def _is_yes(value: str) -> bool:
    return value.lower() in ("sí", "si", "yes", "1", "true")


def variable(name: str) -> str:
    return f"MINGA_{name.upper()}"


def read(given: Mapping[str, str] = os.environ) -> Environment:
    """The environment as it was given; `MINGA_SECRET_FILE` names a file with the value."""
    values = {}
    for part in fields(Environment):
        name = variable(part.name)
        if path := given.get(f"{name}_FILE"):
            values[part.name] = Path(path).read_text("utf-8").strip()
        elif value := given.get(name):
            values[part.name] = value
    return Environment(**values)
