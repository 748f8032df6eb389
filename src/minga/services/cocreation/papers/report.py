"""The follow-up report of a cycle on paper. It is public."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from minga.kernel.base.language import prevailing
from minga.kernel.base.text import Text
from minga.kernel.design.pictures.figures import Number
from minga.kernel.documents.declaration import Note, Paper, Part, Table
from minga.services.cocreation.models import Cycle
from minga.services.cocreation.queries.report import Became

REPORT = "cocreation.report"
MOST = 1_000  # proposals in the paper; of more, the spreadsheet has the rest

Counted = tuple[Text, Sequence[tuple[Text, Number | None]]]  # a heading, and how many of each kind


@prevailing()
def report(
    cycle: Cycle, *, figures: Iterable[Counted], proposals: Sequence[tuple[Became, Text]]
) -> Paper:
    return Paper(
        title=_("Informe de seguimiento de las propuestas"),
        subject=cycle.title,
        demo=cycle.convener.demo,
        parts=[
            Note(
                text=_(
                    "Dice qué pasó con cada propuesta que se aceptó. No dice quién la envió: eso"
                    " es un dato personal."
                )
            ),
            *(_figures(heading, rows) for heading, rows in figures),
            *_each(proposals),
        ],
    )


def _figures(heading: Text, rows: Sequence[tuple[Text, Number | None]]) -> Part:
    """None: so few people that the number would tell who."""
    few = _("Muy pocas para decirlo")
    said = [[str(label), few if many is None else str(many)] for label, many in rows]
    columns = [_("Qué"), _("Cuántas")]
    return Table(heading=str(heading), columns=columns, widths=[1, 0], rows=said)


def _each(proposals: Sequence[tuple[Became, Text]]) -> list[Part]:
    shown = [
        [
            str(one.proposal.number),
            one.title or _("Su texto no es público ahora"),
            _where(one, said),
        ]
        for one, said in proposals[:MOST]
    ]
    columns = [_("Número"), _("Propuesta"), _("Qué pasó con ella")]
    heading = _("Cada propuesta")
    table = Table(heading=heading, columns=columns, widths=[0, 1, 1], rows=shown)
    if len(proposals) <= MOST:
        return [table]
    rest = _("Aquí están las primeras %(most)s. La hoja de cálculo las tiene todas.")
    return [table, Note(text=rest % {"most": MOST})]


def _where(one: Became, said: Text) -> str:
    groups = "; ".join(f"{group.number}. {group.title}" for group in one.groups)
    return f"{said}. {groups}" if groups else str(said)
