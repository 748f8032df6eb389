"""What became of each proposal, as open data and as a spreadsheet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from minga.kernel.base.text import Text
from minga.kernel.catalogue.declaration import Dataset
from minga.kernel.catalogue.feeds import cell
from minga.kernel.design.pictures.figures import Number
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.queries import report as queries

Counted = tuple[Text, Sequence[tuple[Text, Number | None]]]
Words = Callable[[str, Any], Any]  # how the value of a column is said


def rows() -> Iterator[Mapping[str, Any]]:
    return rows_of(Cycle.objects.all())


def rows_of(cycles: Iterable[Cycle]) -> Iterator[Mapping[str, Any]]:
    for one in queries.each(queries.numbered(cycles)):
        cycle = one.proposal.cycle
        yield {
            "cycle": cycle.key,
            "number": one.proposal.number,
            "title": one.title,
            "channel": one.proposal.channel,
            "territory": one.proposal.territory_id,
            "goal": one.proposal.goal or "",
            "sector": one.proposal.sector,
            "outcome": one.outcome,
            "integrated": _said(group.number for group in one.groups),
            "named": _said(group.title for group in one.groups),
            "category": _said(group.category for group in one.groups),
            "commitment": _said(group.commitment for group in one.groups),
            "demo": _("Datos de demostración") if cycle.convener.demo else "",
        }


def _said(parts: Iterable[Any]) -> Any:
    """One as it is, so that a number is a number; several one after the other."""
    there = [part for part in parts if part]
    return there[0] if len(there) == 1 else "; ".join(map(str, there))


outcomes = Dataset(
    key="cocreation.outcomes",
    title=_("Qué pasó con cada propuesta"),
    columns={
        "cycle": _("Convocatoria"),
        "number": _("Número"),
        "title": _("Nombre"),
        "channel": _("Cómo llegó"),
        "territory": _("Lugar (ISO 3166-2)"),
        "goal": _("Objetivo de Desarrollo Sostenible"),
        "sector": _("Sector"),
        "outcome": _("Qué pasó con ella"),
        "integrated": _("Propuesta integrada"),
        "named": _("Nombre de la propuesta integrada"),
        "category": _("Categoría"),
        "commitment": _("Compromiso"),
        "demo": _("Advertencia"),
    },
    rows=rows,
    omits=_(
        "Faltan las que no se aceptaron, el texto de las que ya no son públicas, y todo dato de"
        " quien propone."
    ),
)


def book(cycle: Cycle, counted: Iterable[Counted], words: Words) -> IO[bytes]:
    """The report as a spreadsheet: a sheet of figures and one of proposals, written row by row;
    numbers are numbers, no text is taken for a formula, and so few people that the number would
    tell who are an empty cell."""
    from openpyxl import Workbook  # 60 ms that only this costs

    written = Workbook(write_only=True)
    figures = written.create_sheet(str(_("Cifras")))
    for heading, rows in counted:
        for label, many in rows:
            figures.append([cell(str(heading)), cell(str(label)), many])
    proposals = written.create_sheet(str(_("Propuestas")))
    proposals.append([str(heading) for heading in outcomes.columns.values()])
    for row in rows_of([cycle]):
        proposals.append([_cell(words(name, row[name])) for name in outcomes.columns])
    file = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    written.save(file)
    file.seek(0)
    return file


def _cell(value: object) -> object:
    return value if isinstance(value, int) else cell(str(value))
