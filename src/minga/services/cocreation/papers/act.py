"""The act by which a proposal becomes a commitment: both sides, when each confirmed, and from
which post. No person is named. It is public."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from minga.kernel.base.language import prevailing
from minga.kernel.documents.declaration import Facts, Note, Paper, Part, Table, Words
from minga.services.cocreation.models import Confirmation, Cycle
from minga.services.cocreation.papers.words import SIDES
from minga.services.cocreation.queries.confirmation import Commitment

ACT = "cocreation.act"


def reference(commitment: Commitment) -> str:
    return commitment.integrated.stream


@prevailing()
def act(cycle: Cycle, commitment: Commitment) -> Paper:
    return Paper(
        title=_("Acta de compromiso"),
        subject=commitment.integrated.title,
        demo=cycle.convener.demo,
        parts=[*_said(cycle, commitment)],
    )


def _said(cycle: Cycle, commitment: Commitment) -> Iterator[Part]:
    one = commitment.integrated
    number = str(one.node.number) if one.node else ""
    yield Facts(
        rows=[
            (_("Proceso"), cycle.title),
            (_("Propuesta integrada"), str(one.number)),
            (_("Compromiso"), number),
            (_("Plan"), one.node.edition.plan.title if one.node else ""),
        ]
    )
    yield Words(heading=_("Qué se promete"), text=one.solution or one.title)
    steps = list(one.steps.order_by("number"))
    if steps:
        yield Table(
            heading=_("Hitos"),
            columns=[_("Hito"), _("Qué se hará"), _("Desde"), _("Hasta")],
            widths=[0, 1, 0, 0],
            rows=[
                [str(s.number), s.title, date_format(s.starts_on), date_format(s.ends_on)]
                for s in steps
            ],
        )
    for asked in commitment.asked:
        yield Facts(heading=str(SIDES[asked.side]), rows=[*_side(asked)])
    yield Note(
        text=_(
            "Cada parte confirmó desde su propia cuenta. La responsabilidad es del cargo, no de la"
            " persona; quien lo ocupe después responde por el compromiso."
        )
    )


def _side(asked: Confirmation) -> Iterator[tuple[str, str]]:
    yield _("Organización"), asked.organisation.name
    by = str(asked.post) if asked.post else _("Su delegación en el proceso")
    yield _("Confirmó"), by
    if asked.answered_at:
        at = timezone.localtime(asked.answered_at)
        yield _("Fecha y hora"), date_format(at, r"j \d\e F \d\e Y, H:i")
