from itertools import chain

from django.utils.translation import gettext_lazy as _

from minga.kernel.cases.declaration import CaseType, Move, Phase, Stage
from minga.kernel.catalogue.declaration import RecordType, Shortcut
from minga.kernel.design.menu import MenuItem
from minga.kernel.public_service.declaration import Panel, PublicService

from . import actions, datasets, demo, queries, rules
from .datasets.workshops import attendance
from .forms import REASONS
from .queries import workshops
from .rules import Role, State
from .rules.workshops import RECORD

ask = Move(
    to=State.ASKED,
    by=Role.INSTITUTION,
    label=_("Pedir una aclaración"),
    done=_("Se pidió una aclaración"),
    message=True,
)
reply = Move(
    to=State.UNDER_REVIEW,
    by=Role.APPLICANT,
    label=_("Enviar la respuesta"),
    done=_("Llegó la respuesta"),
    message=True,
)
accept = Move(
    to=State.ACCEPTED,
    by=Role.INSTITUTION,
    label=_("Aceptar la propuesta"),
    done=_("La propuesta fue aceptada y ya es pública"),
)
set_aside = Move(
    to=State.SET_ASIDE,
    by=Role.INSTITUTION,
    label=_("No aceptar"),
    done=_("La propuesta no fue aceptada"),
    reasons=REASONS,
)
reopen = Move(
    to=State.UNDER_REVIEW,
    by=Role.INSTITUTION,
    label=_("Volver a revisar"),
    done=_("La propuesta vuelve a revisión"),
    message=True,
)

proposal = CaseType(
    key=rules.PROPOSAL,
    name=_("Propuesta ciudadana"),
    model="cocreation.Proposal",
    first=State.RECEIVED,
    opened=_("Se envió la propuesta"),
    states={
        State.RECEIVED: Stage(label=_("Recibida"), phase=Phase.RECEIVED),
        State.ASKED: Stage(label=_("Espera una aclaración"), phase=Phase.WAITING_FOR_APPLICANT),
        State.UNDER_REVIEW: Stage(label=_("En revisión"), phase=Phase.IN_PROGRESS),
        State.ACCEPTED: Stage(label=_("Aceptada"), phase=Phase.ANSWERED, public=True),
        State.SET_ASIDE: Stage(label=_("No aceptada"), phase=Phase.CLOSED),
    },
    moves={
        State.RECEIVED: {"ask": ask, "accept": accept, "set_aside": set_aside},
        State.ASKED: {"reply": reply, "accept": accept, "set_aside": set_aside},
        State.UNDER_REVIEW: {"ask": ask, "accept": accept, "set_aside": set_aside},
        State.ACCEPTED: {"reopen": reopen},
        State.SET_ASIDE: {"reopen": reopen},
    },
    page="cocreation:handle",
    applicant_page="cocreation:mine",
    draft_page="cocreation:draft",
    seals=queries.seals,
    titles=queries.titles,
    terms=rules.Terms,
    due=rules.answer_due,
)

service = PublicService(
    key="cocreation",
    name=_("Propuestas ciudadanas"),
    summary=_("Propón una solución a un problema del país y sigue lo que pasa con ella."),
    path="propuestas/",
    terms=rules.Terms,
    menu=[
        MenuItem(label=_("Propuestas"), url_name="cocreation:proposals"),
        MenuItem(label=_("Seguir con mi código"), url_name="cocreation:follow"),
    ],
    panels=[Panel(template="cocreation/_home.html", shown=queries.home)],
    case_types=[proposal],
    records=[
        RecordType(
            key=actions.RECORD,
            label=_("Propuesta ciudadana"),
            page="cocreation:proposal",
            public=queries.references,
            of="cases.Case",
        ),
        RecordType(
            key=RECORD,
            label=_("Taller de cocreación"),
            page="cocreation:workshop",
            public=workshops.references,
        ),
    ],
    shortcuts=[Shortcut(key="cocreation.code", find=queries.shortcut)],
    datasets=[datasets.proposals, datasets.counts, attendance],
    demo=demo.build,
    verify=lambda: chain(queries.verify(), workshops.verify()),
)
