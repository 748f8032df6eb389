from datetime import UTC, datetime, timedelta
from typing import Any

from minga.kernel.documents import actions
from minga.kernel.documents.declaration import Facts, Note, Paper, Table, Words
from minga.kernel.documents.models import Document

NOON = datetime(2026, 3, 2, 17, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


def a_paper(text: str = "Se recibió.", **changed: Any) -> Paper:
    said: dict[str, Any] = {
        "title": "Constancia de prueba",
        "subject": "De quien la pide",
        "demo": True,
        "parts": [
            Facts(rows=[("Qué", "Una prueba")]),
            Words(heading="Lo que dice", text=text),
            Table(heading="Pasos", columns=["Paso", "Qué"], widths=[0, 1], rows=[["1", text]]),
            Note(text="Sin más."),
        ],
    }
    return Paper(**(said | changed))


def issued(text: str = "Se recibió.", **changed: Any) -> Document:
    about: dict[str, Any] = {"kind": "prueba.constancia", "reference": "case:1", "at": NOON}
    return actions.issue(**(about | {"paper": a_paper(text)} | changed))


def made(**changed: Any) -> Document:
    document = issued(**changed)
    actions.make(now=lambda: LATER)
    document.refresh_from_db()
    return document
