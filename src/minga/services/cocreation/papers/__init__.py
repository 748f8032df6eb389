"""The receipt of a proposal on paper. It is its applicant's own: it carries the code of the
case, which is a key, and whoever verifies the paper is never told it."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from minga.kernel.base.codes import spoken
from minga.kernel.cases import queries as cases
from minga.kernel.documents.declaration import Facts, Note, Paper, Words
from minga.services.cocreation.models import Proposal

RECEIPT = "cocreation.receipt"


def receipt(proposal: Proposal, *, goal: str, sector: str) -> Paper:
    """Nothing in it changes with time: asked for again, it is the same paper."""
    return Paper(
        title=_("Recibo de una propuesta ciudadana"),
        subject=proposal.title,
        demo=proposal.cycle.convener.demo,
        parts=[
            Facts(rows=_facts(proposal)),
            Note(
                text=_("Quien tenga el código del caso ve la propuesta y puede responder: cuídalo.")
            ),
            Words(heading=_("Problema"), text=proposal.problem),
            Words(heading=_("Solución"), text=proposal.solution),
            Facts(
                heading=_("Sobre la propuesta"),
                rows=[
                    (_("Objetivo"), goal or _("Muy general para elegir uno")),
                    (_("Lugar"), proposal.territory.name),
                    (_("En nombre de"), sector),
                ],
            ),
            Note(
                text=_(
                    "Este recibo dice qué se recibió y cuándo. No dice qué se decidió: eso se"
                    " sigue con el código del caso."
                )
            ),
        ],
    )


def _facts(proposal: Proposal) -> list[tuple[str, str]]:
    code, at = proposal.case.code, timezone.localtime(proposal.received_at)
    seal = cases.opening_hash(proposal.case)  # the one that the register knows
    return [
        (_("Código del caso"), code),
        (_("Se lee"), ", ".join(spoken(code))),
        (_("Recibida"), date_format(at, r"j \d\e F \d\e Y, H:i")),
        (_("Convocatoria"), proposal.cycle.title),
        (_("La recibió"), proposal.cycle.convener.name),
        (_("Sello de lo enviado"), " ".join(seal[n : n + 8] for n in range(0, len(seal), 8))),
    ]
