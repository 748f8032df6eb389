from django.utils.translation import gettext_lazy as _

from minga.kernel.catalogue.declaration import RecordType
from minga.kernel.design.menu import Audience, MenuItem
from minga.kernel.public_service.declaration import PublicService

from . import datasets, demo, imports, queries, rules
from .queries import faces

service = PublicService(
    key="institutions",
    name=_("Instituciones y puestos"),
    summary=_("Mira qué instituciones tiene el Estado, de quién dependen y qué puestos tienen."),
    path="instituciones/",
    terms=rules.Terms,
    menu=[
        MenuItem(label=_("Instituciones"), url_name="institutions:institutions"),
        MenuItem(
            label=_("Administrar el registro"),
            url_name="institutions:administer",
            audience=Audience.ADMINISTRATOR,
        ),
    ],
    records=[
        RecordType(
            key=rules.RECORD,
            label=_("Institución"),
            page="institutions:institution",
            public=queries.references,
        )
    ],
    datasets=[datasets.institutions],
    load=imports.load,
    verify=faces.verify,
    demo=demo.build,
)
