"""A page that an institution puts on its own site: whole, without a program, in its colours."""

import io
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from minga.kernel.design.queries import static_file
from minga.kernel.identity.models import Organisation
from minga.services.institutions.models import Face

STYLE = ("minga.css", "bitter.woff2", "bitter-OFL.txt", "band.svg", "weave.svg")
SAME_DAY = (2020, 1, 1, 0, 0, 0)  # the same files give the same package, byte for byte
PROPERTIES = (
    _("Se usa entera con el teclado, y se ve dónde está el foco."),
    _("El primer enlace salta al contenido."),
    _("Un lector de pantalla anuncia cabecera, navegación, contenido y pie, y un solo título."),
    _("El texto contrasta 4,5 a 1 o más, y los campos 3 a 1 o más, de día y de noche."),
    _("Cabe en un teléfono de 320 puntos, y con el texto al doble de tamaño."),
    _("Cada campo tiene su nombre escrito encima."),
    _("No lleva programas, no deja cookies y no pide nada a otros sitios."),
    _("Se imprime en negro, sin adornos."),
)


def packed(found: Organisation, face: Face | None) -> bytes:
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        for name, content in _files(found, face):
            package.writestr(ZipInfo(f"plantilla/{name}", SAME_DAY), content, ZIP_DEFLATED)
    return file.getvalue()


def _files(found: Organisation, face: Face | None) -> Iterator[tuple[str, bytes]]:
    shown = {
        "organisation": found,
        "face": face,
        "site": settings.MINGA_ADDRESS,
        "properties": PROPERTIES,
    }
    for name, template in (("index.html", "kit_page.html"), ("LEEME.txt", "kit_words.txt")):
        yield name, render_to_string(f"institutions/{template}", shown).encode()
    for name in STYLE:
        yield name, static_file(name)
    if face and face.sheet:
        yield "colores.css", face.sheet.encode()
    if face and face.logo:
        yield "logo.png", bytes(face.logo)
