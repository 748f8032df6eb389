from django.apps import AppConfig
from django.db.models.signals import post_migrate


def prepare_search(**_: object) -> None:
    from . import actions  # tables exist only once the apps are loaded

    actions.prepare_search()


class CatalogueConfig(AppConfig):
    name = "minga.kernel.catalogue"

    def ready(self) -> None:
        post_migrate.connect(prepare_search, sender=self)
