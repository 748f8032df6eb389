"""Who comes in, and the sessions of whoever is in."""

from datetime import datetime
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as Store

from .models import Person, Session
from .rules import BEGAN, DEVICE


class SessionStore(Store):
    """Django's, whose rows say whose they are, from which device and since when."""

    @classmethod
    def get_model_class(cls) -> type[Session]:  # type: ignore[override]  # alike, not derived
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:  # type: ignore[override]
        kept: Session = super().create_model_instance(data)  # type: ignore[assignment]
        kept.person_id = data.get(SESSION_KEY)
        kept.device = data.get(DEVICE, "")
        kept.began_at = datetime.fromisoformat(data[BEGAN]) if BEGAN in data else None
        return kept


class Door(AuthenticationBackend):  # type: ignore[misc]  # publishes no types
    """By e-mail, in one statement, whether the address is known or not."""

    def _authenticate_by_email(self, email: str, password: str) -> Person | None:
        person = Person.objects.filter(email=Person.objects.normalize_email(email)).first()
        checked: Person | None = self._check_password(person, password)
        return checked
