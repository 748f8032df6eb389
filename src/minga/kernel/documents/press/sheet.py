"""What the press is given of a paper: its words, its code, and how to verify it."""

from collections.abc import Mapping
from datetime import UTC
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

import minga.kernel.design
from minga.kernel.base.codes import spoken
from minga.kernel.documents import rules
from minga.kernel.documents.models import Document
from minga.kernel.jurisdiction import queries as jurisdiction

BAND = Path(minga.kernel.design.__path__[0], "static", "design", "band.svg")


def sheet(document: Document) -> Mapping[str, Any]:
    """Plain data; what no letter of ours draws is replaced by a frame."""
    house = f"Minga {jurisdiction.current().name}"
    by = document.issuer.name if document.issuer else house
    asked = document.asked_at.astimezone(UTC)
    told: Mapping[str, Any] = _printable(
        {
            **document.data,
            "house": house,
            "by": by,
            "demo": _("Datos de demostración") if document.data["demo"] else "",
            "page": _("Página {page} de {pages}"),
            "proof": _proof(document, by),
        }
    )
    address = settings.MINGA_ADDRESS + reverse("documents:verified", args=[document.code])
    return {
        **told,
        "lang": (get_language() or settings.LANGUAGE_CODE).partition("-")[0],
        "code": document.code,
        "moment": list(asked.timetuple()[:6]),
        "timestamp": int(asked.timestamp()),
        "band": _band(),
        "qr": _square(address),
    }


def _proof(document: Document, by: str) -> Mapping[str, str]:
    place = settings.MINGA_ADDRESS + reverse("documents:verify")
    day = date_format(timezone.localtime(document.asked_at), r"j \d\e F \d\e Y, H:i")
    return {
        "heading": _("Cómo comprobar este documento"),
        "how": _("Lee el cuadro con una cámara, o entra a %(place)s y escribe este código:")
        % {"place": place},
        "spoken": _("Se lee: %(letters)s.") % {"letters": ", ".join(spoken(document.code))},
        "issued": _("Lo emitió %(by)s el %(day)s. Vale tal como se descargó, en su archivo PDF.")
        % {"by": by, "day": day},
        "alt": _("Cuadro QR que lleva a la página para comprobar el código %(code)s.")
        % {"code": document.code},
    }


def _printable(said: Any) -> Any:
    match said:
        case str():
            return rules.printable(said)
        case dict():
            return {name: _printable(part) for name, part in said.items()}
        case list() | tuple():
            return [_printable(part) for part in said]
    return said


@cache
def _band() -> str:
    return BAND.read_text("utf-8")


def _square(address: str) -> str:
    """The address as a drawing that a camera reads."""
    import qrcode
    from qrcode.image.svg import SvgPathFillImage

    drawing = BytesIO()
    qrcode.make(address, image_factory=SvgPathFillImage, border=2).save(drawing)
    return drawing.getvalue().decode()
