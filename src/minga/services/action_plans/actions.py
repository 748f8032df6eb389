from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time

from django.db import transaction
from django.utils.timezone import make_aware

from minga.kernel.catalogue import actions as catalogue
from minga.kernel.plans.models import Edition, Node

from . import queries
from .models import Commitment, Instrument, Value


@transaction.atomic
def describe(
    *,
    node: Node,
    texts: Mapping[str, str],
    values: Iterable[tuple[str, str]],
    instruments: Iterable[tuple[str, str]],
) -> Commitment:
    """What the document says of a commitment now, instead of what was known of it."""
    commitment, _ = Commitment.objects.update_or_create(node=node, defaults=dict(texts))
    commitment.values.all().delete()
    commitment.instruments.all().delete()
    Value.objects.bulk_create(
        Value(commitment=commitment, position=position, name=name, why=why)
        for position, (name, why) in enumerate(values)
    )
    Instrument.objects.bulk_create(
        Instrument(commitment=commitment, position=position, name=name, kind=kind)
        for position, (name, kind) in enumerate(instruments)
    )
    return commitment


@transaction.atomic
def forget(*, edition: Edition, but: Collection[str]) -> None:
    """What is no longer said of a commitment is no longer shown."""
    Commitment.objects.filter(node__edition=edition).exclude(node__code__in=but).delete()


@transaction.atomic
def publish(*, edition: Edition, at: datetime) -> None:
    """Make the plan and each of its parts findable, of the month in which they were made
    public: of now, when the document gives none."""
    if month := queries.month_of(edition):
        at = make_aware(datetime.combine(month, time.min))
    for said in queries.records(edition):
        catalogue.publish(**said._asdict(), demo=edition.plan.demo, at=at)


@transaction.atomic
def hide_the_rest() -> None:
    """What no plan in force says is found no more: parts of an edition that was replaced."""
    for kind, reference in sorted(queries.public().keys() - queries.due()):
        catalogue.hide(type=kind, reference=reference)
