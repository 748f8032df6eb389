from django.db import transaction

from minga.kernel.cases.queries.desk import Filters
from minga.kernel.identity.models import Person

from .models import SavedView


@transaction.atomic
def keep_view(*, person: Person, name: str, filters: Filters) -> SavedView:
    """Keep filters of the desk under a name; the same name again takes the place of the last."""
    kept = {"query": filters.query}
    return SavedView.objects.update_or_create(person=person, name=name, defaults=kept)[0]


def forget_view(*, person: Person, view: int) -> bool:
    """Whether it was theirs, and is gone."""
    return SavedView.objects.filter(person=person, pk=view).delete()[0] > 0
