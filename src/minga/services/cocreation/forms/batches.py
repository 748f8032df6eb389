"""What was written on paper, typed in or brought in as a spreadsheet."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook

from minga.kernel.base.text import Text, unaccented
from minga.kernel.cases.forms import CodeField
from minga.kernel.forms.forms import not_taken
from minga.kernel.forms.rules import NotTaken, parts, receive, tables
from minga.kernel.forms.rules.tables import Unusable
from minga.services.cocreation.forms import SECTORS
from minga.services.cocreation.forms.workshops import SketchForm, day, goal, number
from minga.services.cocreation.rules import batches as rules
from minga.services.cocreation.rules import workshops
from minga.services.cocreation.rules.batches import Fault, Line

HEADINGS = [heading for _field, heading in rules.COLUMNS]
FAULTS: Mapping[str, Text] = {
    Fault.EMPTY: _("falta. Escríbelo."),
    Fault.LONG: _("es muy largo: caben %s letras. Acórtalo."),
    Fault.SHORT: _("es muy corto: cuéntalo con al menos %s letras."),
    Fault.UNFIT: _("tiene un carácter invisible. Vuelve a escribirlo."),
    Fault.FORMULA: _("es una fórmula (%s). Escribe el texto en su lugar."),
    Fault.NO_CODE: _("«%s» no es un código: tiene algún error al copiarlo. Míralo en la hoja."),
    Fault.UNKNOWN: _("%s no es un código de las hojas de este taller. Míralo en la hoja."),
    Fault.USED: _("lo que se escribió con el código %s ya está en el repositorio. Quita la fila."),
    Fault.BUSY: _("el código %s viene en otro archivo que ya se confirmó. Quita la fila."),
    Fault.TWICE: _("este código ya está en la fila %s. Deja una sola."),
    Fault.NO_GOAL: _("«%s» no es un objetivo. Escribe un número de 1 a 17, o nada."),
    Fault.NOT_LISTED: _("«%s» no está en la lista. Mira la hoja «listas» de la plantilla."),
    Fault.NO_DAY: _("«%s» no es una fecha que pueda ser. Un ejemplo: 31/12/2026."),
    Fault.FUTURE: _("%s todavía no llega. Escribe el día en que se escribió la hoja."),
}
UNUSABLE: Mapping[str, Text] = {
    Unusable.LARGE: _("El archivo es muy grande: caben 10 MB. Divídelo en varios."),
    Unusable.NO_TABLE: _(
        "No es una hoja de cálculo que podamos leer. Guárdala como .xlsx o como .csv."
    ),
    Unusable.HEADINGS: _(
        "La primera fila no tiene los títulos de la plantilla. Descárgala y copia ahí tus datos."
    ),
    Unusable.MERGED: _("Hay celdas combinadas. Sepáralas y vuelve a enviar el archivo."),
    Unusable.ROWS: _("Tiene demasiadas filas: caben 50 000. Divídelo en varios archivos."),
    Unusable.NO_ROWS: _("No hay ninguna fila debajo de los títulos."),
}


def in_words(wrong: Sequence[str]) -> str:
    """What is wrong in a row, where, and how to mend it."""
    column, fault, said = wrong
    sentence = str(FAULTS[fault])
    what = sentence % said if "%s" in sentence else sentence
    return f"{dict(rules.COLUMNS)[column]}: {what}"


class ReserveForm(forms.Form):
    shown = forms.IntegerField(widget=forms.HiddenInput)
    many = number(
        label=_("Cuántas hojas"),
        help_text=_("Cada una lleva su propio código."),
        min_value=1,
        max_value=workshops.MOST_SHEETS,
    )


class SheetForm(SketchForm):
    """The words of a sheet of paper; its code comes first."""

    field_order = ("code", "title", "problem", "solution", "milestones", "actors", "goal", "sector")
    key = rev = None  # type: ignore[assignment]  # the code says which one it is
    code = CodeField(label=_("Código de la hoja"))
    goal = goal()
    written_on = day(label=_("Día en que se escribió"), required=False)

    @property
    def said(self) -> dict[str, Any]:
        words = {name: value for name, value in self.cleaned_data.items() if name != "code"}
        on = words["written_on"]
        return words | {"written_on": on.isoformat() if on else ""}


class FileForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    file = forms.FileField(
        label=_("Hoja de cálculo"),
        help_text=_("Un archivo .xlsx o .csv, de hasta 10 MB y 50 000 filas."),
        error_messages={"required": _("Elige un archivo."), "empty": _("El archivo está vacío.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """What is packed is opened to its end before anybody reads in it."""
        sent: UploadedFile[bytes] = self.cleaned_data["file"]
        content = cast(BinaryIO, sent.file)
        content.seek(0)
        if content.read(2) == b"PK":
            try:
                receive(str(sent.name), content)
            except NotTaken as refusal:
                raise ValidationError(not_taken(str(sent.name), refusal.reason)) from refusal
        return sent

    def digest(self) -> str:
        digest = sha256()
        for part in parts(self._content):
            digest.update(part)
        return digest.hexdigest()

    def lines(self, today: date) -> Iterator[Line]:
        """The rows, one at a time; Unreadable when it is no table of ours."""
        size, sectors = self.cleaned_data["file"].size or 0, _sectors()
        for at, cells in tables.read(self._content, size, HEADINGS, rules.LIMITS):
            yield rules.line(at, cells, sectors=sectors, today=today)

    @property
    def _content(self) -> BinaryIO:
        return cast(BinaryIO, self.cleaned_data["file"].file)


def _sectors() -> dict[str, str]:
    """What a sector may be called, without accents: by its words, or by its key."""
    names = {" ".join(unaccented(str(words)).split()): str(key) for key, words in SECTORS.items()}
    return names | {" ".join(unaccented(key).split()): str(key) for key in SECTORS}


def template(codes: Sequence[str]) -> bytes:
    """The spreadsheet to fill in: a row for each sheet that is not in yet, and the lists."""
    book = Workbook(write_only=True)
    sheet, listed = book.create_sheet("propuestas"), book.create_sheet("listas")
    sheet.append(HEADINGS)
    for code in codes:
        sheet.append([code])
    for words in SECTORS.values():
        listed.append(["sector", str(words)])
    file = BytesIO()
    book.save(file)
    return file.getvalue()
