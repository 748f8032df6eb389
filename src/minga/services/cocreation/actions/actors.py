"""The map of actors: entered by who convenes, or asked for by an organisation itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from minga.kernel.base.language import prevailing
from minga.kernel.base.text import sort_key
from minga.kernel.catalogue import actions as catalogue
from minga.kernel.identity.models import Person, Post
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.kernel.trust import actions as trust
from minga.kernel.trust.rules import Facts
from minga.services.cocreation.models import Cycle, Stakeholder, Theme
from minga.services.cocreation.queries import actors as queries
from minga.services.cocreation.rules.actors import State

TASK = "cocreation.actor"
MOST_TOLD = 20  # posts of an institution that owe a look at it


class Known(Exception):
    """One of this name is on the map already, or waits to be: `args[0]`."""


class Moved(Exception):
    """Somebody else decided about it meanwhile."""


@transaction.atomic
def enter(*, cycle: Cycle, said: Mapping[str, Any], post: Post, at: datetime) -> Stakeholder:
    """Who convenes puts an organisation on the map."""
    actor = _write(cycle, said, State.LISTED, None, at)
    _record(actor, "enter", post.stream, at)
    catalogue.touch()
    return actor


@prevailing()
@transaction.atomic
def propose(*, cycle: Cycle, said: Mapping[str, Any], person: Person, at: datetime) -> Stakeholder:
    """Somebody asks for a place for their organisation; who convenes looks at it."""
    actor = _write(cycle, said, State.PROPOSED, person, at)
    _record(actor, "propose", person.stream, at)
    title = render_to_string("cocreation/notices/actor_task.txt").strip()
    address = reverse("cocreation:review_actor", args=[cycle.key, actor.pk])
    owed = {"kind": TASK, "reference": str(actor.pk), "title": title, "address": address}
    for post in Post.objects.filter(organisation=cycle.convener_id, ends_on=None)[:MOST_TOLD]:
        mailbox.owe(post=post, at=at, **owed)  # type: ignore[arg-type]  # as named
    return actor


@prevailing()
@transaction.atomic
def review(*, actor: Stakeholder, reason: str, post: Post, rev: int, at: datetime) -> Stakeholder:
    """Who convenes lists it, or says why not; what was listed can be taken off. Whoever asked
    is told."""
    state = State.DECLINED if reason else State.LISTED
    as_seen = Stakeholder.objects.filter(pk=actor.pk, rev=rev)
    if not as_seen.update(state=state, reason=reason, rev=rev + 1):
        raise Moved
    actor.state, actor.reason, actor.rev = state, reason, rev + 1
    _record(actor, "review", post.stream, at)
    mailbox.done(kind=TASK, reference=str(actor.pk), at=at)
    if actor.person and not actor.person.closed_at:
        words = render_to_string("cocreation/notices/actor.txt", {"actor": actor}).strip()
        title, _, body = words.partition("\n")
        place = reverse("cocreation:actors", args=[actor.cycle.key])
        told = {"title": title, "body": body.strip(), "address": place}
        mailbox.notify(person=actor.person, topic=Topic.TALK, at=at, **told)
    catalogue.touch()
    return actor


def _write(
    cycle: Cycle, said: Mapping[str, Any], state: State, person: Person | None, at: datetime
) -> Stakeholder:
    names = ("name", "sector", "reach", "does")
    actor = Stakeholder(cycle=cycle, state=state, person=person, at=at)
    for name in names:
        setattr(actor, name, said[name])
    actor.territory_id = said["territory"] or None
    actor.sort_name = sort_key(actor.name)[:200]
    known = Stakeholder.objects.filter(cycle=cycle, sort_name=actor.sort_name)
    Cycle.objects.select_for_update().get(pk=cycle.pk)  # two at a moment wait for each other
    if there := known.first():
        raise Known(there)
    actor.save(force_insert=True)
    Theme.objects.bulk_create(Theme(stakeholder=actor, goal=int(g)) for g in said["themes"])
    return actor


def _record(actor: Stakeholder, kind: str, by: str, at: datetime) -> None:
    facts: Facts = {"actor": actor.pk, "state": str(actor.state), "seal": queries.seal(actor)}
    stream = f"{queries.STREAM}{actor.cycle_id}"
    trust.record(stream=stream, kind=kind, actor=by, at=at, facts=facts)
