"""A cycle's method, its bodies, and the stage it is in."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from minga.kernel.base import files
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.identity.models import Organisation
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts
from minga.services.cocreation.actions import confirmation
from minga.services.cocreation.models import Cycle, Method
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import stages
from minga.services.cocreation.rules import method as rule
from minga.services.cocreation.rules.breaches import Breach, Rule


def load_method(*, file: Path, at: datetime) -> Method:
    """Bring in a method's file, or find it. Unreadable: refused, by its line."""
    files.read(file, rule.Method)
    return keep_method(key=file.stem, text=file.read_text("utf-8"), at=at)


def keep_method(*, key: str, text: str, at: datetime) -> Method:
    """The same text is one row."""
    methods.parsed(text)
    digest = sha256(text.encode()).hexdigest()
    return Method.objects.get_or_create(
        digest=digest, defaults={"key": key, "text": text, "loaded_at": at}
    )[0]


@transaction.atomic
def follow(  # noqa: PLR0913  # a cycle has this many bodies
    *,
    cycle: Cycle,
    method: Method,
    forum: Organisation,
    working_group: Organisation,
    commission: Organisation,
    by: str,
    at: datetime,
) -> Cycle:
    """Say by which method a cycle goes, and which bodies do what in it; it begins at the first
    stage. Once it began it keeps its method."""
    if cycle.method_id not in (None, method.pk):
        raise Breach(Rule.STAGE, "method", cycle.stage)
    if cycle.method_id:
        return cycle
    cycle.method, cycle.forum = method, forum
    cycle.working_group, cycle.commission = working_group, commission
    cycle.stage = methods.needed(cycle).stage[0].key
    names = ["method", "forum", "working_group", "commission", "stage"]
    cycle.save(update_fields=names)
    facts: Facts = {"method": method.digest, "stage": cycle.stage, "forum": forum.pk}
    more: Facts = {"working_group": working_group.pk, "commission": commission.pk}
    trust.record(stream=cycle.stream, kind="follow", actor=by, at=at, facts={**facts, **more})
    catalogue.touch()
    return cycle


@transaction.atomic
def advance(*, cycle: Cycle, to: str, by: str, at: datetime) -> Cycle:
    """The next stage of the method begins: stages are neither skipped nor gone back to, nor
    left with something undone. With the reception its call is over, whatever day it said."""
    after, today = stages.next_stage(cycle), timezone.localdate(at)
    methods.needed(cycle)
    if after is None or after.key != to:
        raise Breach(Rule.STAGE, to, cycle.stage)
    if left := stages.left(cycle, on=today):
        raise Breach(Rule.UNFINISHED, *(f"{what}: {many}" for what, many in left.items()))
    closes_on, confirming = cycle.closes_on, methods.allows(cycle, rule.Kind.CONFIRMATION)
    if methods.allows(cycle, rule.Kind.RECEPTION) and rule.Kind.RECEPTION not in after.kinds:
        closes_on = max(cycle.opens_on, min(closes_on, today))
    found = Cycle.objects.filter(pk=cycle.pk, stage=cycle.stage)
    if not found.update(stage=to, closes_on=closes_on):
        raise Breach(Rule.STAGE, to, cycle.stage)
    cycle.stage, cycle.closes_on = to, closes_on
    facts: Facts = {"stage": to, "closes_on": closes_on.isoformat()}
    trust.record(stream=cycle.stream, kind="stage", actor=by, at=at, facts=facts)
    if confirming and not methods.allows(cycle, rule.Kind.CONFIRMATION):
        confirmation.release(cycle=cycle, at=at)
    catalogue.touch()
    return cycle


@transaction.atomic
def load(at: datetime) -> None:
    """The methods that the country brings."""
    for file in jurisdiction.files("cocreation"):
        load_method(file=file, at=at)


def refuse(*, cycle: Cycle, breach: Breach, by: str, at: datetime) -> None:
    """Keep that somebody wanted what a rule refuses: outside the transaction that it ended."""
    about = ", ".join(map(str, breach.about))[:200]
    facts: Facts = {"rule": str(breach.rule), "about": about}
    trust.record(stream=cycle.stream, kind="refused", actor=by, at=at, facts=facts)
