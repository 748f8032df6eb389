from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.module_loading import module_has_submodule

from minga.kernel.jurisdiction.declaration import jurisdictions, written

from .declaration import open_service, services


def freeze(**_: object) -> None:
    """Write down what each service declares: in the migrate step, never at import."""
    from minga.kernel.cases import actions as cases
    from minga.kernel.jurisdiction import queries as jurisdiction
    from minga.kernel.trust import queries as trust

    if trust.missing_tables():
        return  # only some apps were migrated
    for service in services:
        terms = written(jurisdiction.terms_for(service.terms)) if service.terms else None
        for case_type in service.case_types:
            cases.freeze(case_type=case_type, terms=terms, at=timezone.now())


class ServiceConfig(AppConfig):
    """Opens the house: reads service.py and jurisdiction.py of every installed app."""

    name = "minga.kernel.public_service"

    def ready(self) -> None:
        for app in apps.get_app_configs():
            if module_has_submodule(app.module, "service"):
                open_service(import_module(f"{app.name}.service").service)
            if module_has_submodule(app.module, "jurisdiction"):
                country = import_module(f"{app.name}.jurisdiction").jurisdiction
                jurisdictions.add(country)
        post_migrate.connect(freeze, sender=apps.get_app_config("cases"))
