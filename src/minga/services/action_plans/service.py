from functools import partial

from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import RecordType
from minga.kernel.design.menu import MenuItem
from minga.kernel.public_service.declaration import Panel, PublicService

from . import datasets, imports, queries

service = PublicService(
    key="action_plans",
    name=_("Planes y compromisos"),
    summary=_("Lee lo que el Estado prometió: qué, quién responde y hasta cuándo."),
    path="planes/",
    menu=[MenuItem(label=_("Planes"), url_name="action_plans:plans")],
    panels=[Panel(template="action_plans/_home.html", shown=queries.home)],
    records=[
        RecordType(
            key=queries.COMMITMENT_RECORD,
            label=_("Compromiso"),
            page="action_plans:node",
            public=partial(queries.references, queries.COMMITMENT_RECORD),
            of="plans.Node",
        ),
        RecordType(
            key=queries.RECORD,
            label=_("Parte de un plan"),
            page="action_plans:node",
            public=partial(queries.references, queries.RECORD),
            of="plans.Node",
        ),
    ],
    datasets=[datasets.commitments, datasets.milestones, datasets.goals],
    load=imports.load,
    verify=queries.verify,
)
