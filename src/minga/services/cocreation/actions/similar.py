"""Suggestions of proposals that say alike: asked for, made by the worker, and decided on by
people. A suggestion changes no proposal and joins nothing."""

import json
import logging
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

import minga
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.identity.models import Person
from minga.kernel.trust import actions as trust
from minga.services.cocreation.actions import integration
from minga.services.cocreation.models import (
    Cycle,
    Integrated,
    Proposal,
    Run,
    Suggested,
    Suggestion,
    Verdict,
)
from minga.services.cocreation.queries import method as methods
from minga.services.cocreation.queries import similar as queries
from minga.services.cocreation.rules import similar
from minga.services.cocreation.rules.method import Kind
from minga.services.cocreation.rules.similar import Group, Parameters, Text

ORDER = [sys.executable, "-m", "minga.services.cocreation.rules.similar"]
SECONDS = 120
MEMORY = 2 << 30
CLAIM = timedelta(minutes=5)  # longer than SECONDS: whoever took it has ended by then
TRIES = 3
log = logging.getLogger(__name__)


class NotMade(Exception):
    """No list came of it."""


@transaction.atomic
def ask(*, cycle: Cycle, person: Person, at: datetime) -> Run:
    """Ask for a new list; while one is being made it is that one."""
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    seat = queries.member(cycle, person, on=timezone.localdate(at))
    methods.require(cycle, Kind.INTEGRATION)
    last = queries.last_asked(cycle)
    if last and last.due_at:
        return last
    run = Run.objects.create(cycle=cycle, asked_at=at, due_at=at)
    told = {"cycle": cycle.pk, "seat": seat.pk}
    trust.begin(stream=run.stream, kind=queries.ASKED, actor=person.stream, at=at, facts=told)
    return run


def make(*, now: Callable[[], datetime]) -> int:
    """Make the list that waits longest: how many were made. It is claimed from the moment it is
    begun; whoever dies with it gives it back, three times at most."""
    run = queries.due(at=now()).first()
    if run is None:
        return 0
    waiting = Run.objects.filter(pk=run.pk, due_at=run.due_at)
    if run.attempts >= TRIES:
        waiting.update(due_at=None)
        return 0
    claimed = now() + CLAIM
    if not waiting.update(due_at=claimed, attempts=run.attempts + 1):
        return 0
    proposals = {one.number or 0: one.pk for one in queries.compared(run.cycle)}
    texts = [queries.text_of(one) for one in queries.compared(run.cycle)]
    began = time.monotonic()
    try:
        found = grouped(texts, Parameters())
    except NotMade as problem:  # says how it ended, and nothing of the texts
        log.warning("suggestions %s not made: %s", run.pk, problem)
        Run.objects.filter(pk=run.pk, due_at=claimed).update(due_at=now())
        return 0
    run.took = round(1000 * (time.monotonic() - began))
    run.input_hash, run.texts = similar.digest(texts), len(texts)
    return _kept(run, claimed, found, proposals, now())


def grouped(texts: Sequence[Text], parameters: Parameters) -> list[Group]:
    """The groups, found in a process of its own with little time and little memory."""
    said = {"texts": [list(text) for text in texts], "parameters": asdict(parameters)}
    try:
        ended = subprocess.run(  # noqa: S603  # our own program; what it reads is data
            ORDER,
            input=json.dumps(said).encode(),
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env={**os.environ, "PYTHONPATH": str(Path(minga.__file__).parents[1])},
            preexec_fn=_bounded,  # it only limits itself
        )
    except subprocess.TimeoutExpired:
        raise NotMade("it took too long") from None
    if ended.returncode:
        raise NotMade(f"it ended with {ended.returncode}")
    return [
        Group(tuple(row["numbers"]), tuple(row["words"]), row["cohesion"])
        for row in json.loads(ended.stdout)
    ]


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@transaction.atomic
def _kept(
    run: Run, claimed: datetime, found: Sequence[Group], proposals: dict[int, int], at: datetime
) -> int:
    parameters, output = asdict(Parameters()), queries.digest_of(found)
    mine = Run.objects.filter(pk=run.pk, due_at=claimed)
    told = {
        "algorithm": similar.ALGORITHM,
        "version": similar.VERSION,
        "seed": similar.SEED,
        "parameters": parameters,
        "input_hash": run.input_hash,
        "output_hash": output,
        "texts": run.texts,
        "took": run.took,
        "made_at": at,
    }
    if not mine.update(due_at=None, **told):
        return 0  # somebody else took it meanwhile
    made = Suggestion.objects.bulk_create(
        Suggestion(
            run=run,
            number=number,
            words=list(group.words),
            cohesion=group.cohesion,
            key=queries.key_of(group.numbers),
        )
        for number, group in enumerate(found, start=1)
    )
    Suggested.objects.bulk_create(
        Suggested(suggestion=suggestion, proposal_id=proposals[number])
        for suggestion, group in zip(made, found, strict=True)
        for number in group.numbers
    )
    facts = {"input": run.input_hash, "output": output, "version": similar.VERSION}
    trust.record(stream=run.stream, kind=queries.MADE, actor="house", at=at, facts=facts)
    catalogue.touch()
    return 1


@transaction.atomic
def decide(  # noqa: PLR0913  # a verdict has this many facts
    *,
    suggestion: Suggestion,
    accepted: bool,
    numbers: Sequence[int],
    reason: str,
    person: Person,
    at: datetime,
) -> Verdict:
    """Say whether the proposals of a suggestion say alike, or which of them do; said again, the
    first saying stands."""
    cycle = Cycle.objects.select_for_update().get(pk=suggestion.run.cycle_id)
    seat = queries.member(cycle, person, on=timezone.localdate(at))
    methods.require(cycle, Kind.INTEGRATION)
    if said := queries.verdict_on(suggestion):
        return said
    verdict = Verdict.objects.create(
        cycle=cycle,
        key=suggestion.key,
        suggestion=suggestion,
        accepted=accepted,
        numbers=sorted(numbers) if accepted else [],
        reason=reason,
        by=f"seat:{seat.pk}",
        at=at,
    )
    trust.record(
        stream=suggestion.run.stream,
        kind=queries.SAID,
        actor=person.stream,
        at=at,
        facts=queries.facts_of(verdict),
    )
    catalogue.touch()
    return verdict


@transaction.atomic
def accept(  # noqa: PLR0913  # a verdict has this many facts, and a group its name
    *,
    suggestion: Suggestion,
    numbers: Sequence[int],
    proposals: Sequence[Proposal],
    title: str,
    reason: str,
    person: Person,
    at: datetime,
) -> Integrated | None:
    """Say that they say alike, and begin the group of those that may be joined already; when it
    was said before, or none may be, there is no new group."""
    cycle = Cycle.objects.select_for_update().get(pk=suggestion.run.cycle_id)
    was_said = queries.verdict_on(suggestion) is not None
    told: dict[str, Any] = {"reason": reason, "person": person, "at": at}
    decide(suggestion=suggestion, accepted=True, numbers=numbers, **told)
    if was_said or not proposals:
        return None
    return integration.begin(cycle=cycle, title=title, proposals=proposals, **told)
