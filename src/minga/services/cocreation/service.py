from django.utils.translation import gettext_lazy as _

from minga.kernel.cases.declaration import CaseType, Move, Phase, Stage
from minga.kernel.catalogue.declaration import RecordType, Shortcut
from minga.kernel.design.menu import MenuItem
from minga.kernel.public_service.declaration import Panel, PublicService

from . import actions, datasets, demo, queries, rules
from .actions import stages
from .datasets import actors, evaluation, integration, report, similar
from .datasets import selection as selected
from .datasets.cycles import cycle_counts
from .datasets.workshops import attendance
from .forms import REASONS
from .forms.screening import UNMET
from .queries import history, workshops
from .queries import integration as integrated
from .rules import Role, State
from .rules.integration import INTEGRATED
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

relate = Move(
    to=State.RELATED,
    by=Role.FORUM,
    label=_("Tiene relación con Gobierno Abierto"),
    done=_("El grupo de trabajo decidió que tiene relación con Gobierno Abierto"),
)
exclude = Move(
    to=State.NOT_RELATED,
    by=Role.FORUM,
    label=_("No tiene relación con Gobierno Abierto"),
    done=_("El grupo de trabajo decidió que no tiene relación con Gobierno Abierto"),
    reasons=UNMET,
)
answer = Move(
    to=State.OBJECTED,
    by=Role.APPLICANT,
    label=_("Responder a la decisión"),
    done=_("Llegó una respuesta a la decisión"),
    message=True,
)
uphold = Move(
    to=State.UPHELD,
    by=Role.FORUM,
    label=_("Mantener la decisión"),
    done=_("Otros miembros revisaron la respuesta, y la decisión se mantiene"),
    reasons=UNMET,
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
        State.RELATED: Stage(
            label=_("Tiene relación con Gobierno Abierto"), phase=Phase.ANSWERED, public=True
        ),
        State.NOT_RELATED: Stage(
            label=_("No tiene relación con Gobierno Abierto"), phase=Phase.ANSWERED, public=True
        ),
        State.OBJECTED: Stage(label=_("Se revisa la decisión"), phase=Phase.APPEALED, public=True),
        State.UPHELD: Stage(
            label=_("No tiene relación con Gobierno Abierto, decisión revisada"),
            phase=Phase.CLOSED,
            public=True,
        ),
    },
    moves={
        State.RECEIVED: {"ask": ask, "accept": accept, "set_aside": set_aside},
        State.ASKED: {"reply": reply, "accept": accept, "set_aside": set_aside},
        State.UNDER_REVIEW: {"ask": ask, "accept": accept, "set_aside": set_aside},
        State.ACCEPTED: {"reopen": reopen, "relate": relate, "exclude": exclude},
        State.RELATED: {"reopen": reopen},
        State.NOT_RELATED: {"reopen": reopen, "answer": answer},
        State.OBJECTED: {"relate": relate, "uphold": uphold},
        State.UPHELD: {"reopen": reopen},
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
        MenuItem(label=_("Procesos de cocreación"), url_name="cocreation:cycles"),
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
            key=INTEGRATED,
            label=_("Propuesta integrada"),
            page="cocreation:integrated",
            public=integrated.references,
        ),
        RecordType(
            key=RECORD,
            label=_("Taller de cocreación"),
            page="cocreation:workshop",
            public=workshops.references,
        ),
    ],
    shortcuts=[Shortcut(key="cocreation.code", find=queries.shortcut)],
    datasets=[
        datasets.proposals,
        datasets.counts,
        cycle_counts,
        actors.actors,
        attendance,
        integration.integrated,
        integration.joins,
        report.outcomes,
        evaluation.scores,
        selected.selection,
        similar.suggestions,
    ],
    load=stages.load,
    demo=demo.build,
    verify=history.verify,
)
