"""Whatever people write for all to read can be reported, judged and taken out of sight; and what
is out of sight is read at no public address. Each table with long texts says which it is."""

import re
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import TextField
from django.test import Client

from minga.kernel.catalogue.models import Record
from minga.kernel.conversation import actions, queries
from minga.kernel.conversation.models import Comment, Thread
from minga.kernel.design.menu import Audience
from minga.kernel.identity.actions.accounts import enter_person
from minga.kernel.identity.models import Membership, Person
from minga.kernel.mailbox.models import Letter, Notice, Task
from minga.kernel.trust.models import Entry
from minga.services.cocreation.models import Proposal
from minga.services.cocreation.tests.build import NOON, accepted
from tests.crawl import Visited, audience, crawl, plain, visit

WORD = "Zarrapastroso"
OFFICIAL = (
    "written by institutions or bodies, or read before it is shown, by whom it can be taken off"
)
NEVER_SHOWN = "read by nobody but its writer and whoever attends it"
TEXTS = {
    "cocreation.Proposal": "moderated",
    "conversation.Comment": "moderated",
    "cocreation.Confirmation": OFFICIAL,
    "cocreation.Integrated": OFFICIAL,
    "cocreation.Join": OFFICIAL,
    "cocreation.Method": OFFICIAL,
    "cocreation.Phase": OFFICIAL,
    "cocreation.Pick": OFFICIAL,
    "cocreation.Placement": OFFICIAL,
    "cocreation.Remark": NEVER_SHOWN,
    "cocreation.Screening": OFFICIAL,
    "cocreation.Sketch": NEVER_SHOWN,
    "cocreation.Verdict": OFFICIAL,
    "cocreation.Workshop": OFFICIAL,
    "cocreation.Stakeholder": OFFICIAL,
    "action_plans.Commitment": OFFICIAL,
    "action_plans.Value": OFFICIAL,
    "institutions.Face": OFFICIAL,
}


def of_services() -> Iterator[str]:
    for model in apps.get_models():
        is_ours = model.__module__.startswith(("minga.services.", "minga.kernel.conversation."))
        if is_ours and any(isinstance(field, TextField) for field in model._meta.fields):
            yield model._meta.label


def test_every_table_with_long_texts_says_how_they_are_kept_civil() -> None:
    assert set(of_services()) <= set(TEXTS), "say in TEXTS who keeps these texts civil, and how"


def somebody(name: str) -> Person:
    return enter_person(email=f"{name}@prueba.minga", name=name, password="x" * 12)


def thread_of(proposal: Proposal) -> Thread:
    found = queries.thread(type="cocreation.proposal", reference=str(proposal.pk))
    assert found
    return found


def a_proposal() -> tuple[Thread, Comment | None]:
    said = f"Hay un {WORD} que nadie quiere leer aquí."
    writer = somebody("rosa")
    return thread_of(accepted(title=f"Un {WORD}", problem=said, person=writer)), None


def a_comment() -> tuple[Thread, Comment | None]:
    thread = thread_of(accepted())
    told = {"person": somebody("rosa"), "key": uuid4(), "at": NOON}
    return thread, actions.say(thread=thread, body=f"¡{WORD}!", **told)  # type: ignore[arg-type]


MADE: dict[str, Callable[[], tuple[Thread, Comment | None]]] = {
    "cocreation.Proposal": a_proposal,
    "conversation.Comment": a_comment,
}


ELSEWHERE = tuple(f"/{room}" for room in ("instituciones", "planes", "marco", "diseno", "cuenta"))


def public() -> list[Visited]:
    """All that anybody can read of it by following links; and the same in English."""
    starts = [*plain(), *Record.objects.values_list("address", flat=True), f"/buscar/?q={WORD}"]

    def may(path: str) -> bool:
        return audience(path) is Audience.EVERYONE and not path.startswith(ELSEWHERE)

    return list(crawl(Client(), "nadie", [path for path in starts if may(path)], may))


def says(body: str) -> bool:
    """More than the search says again to whoever searched."""
    return WORD in re.sub(f'[«“"]{WORD}[»”"]', "", body)


def kept() -> Iterator[str]:
    """What everybody was told, and what is written down for ever."""
    for model in (Notice.objects.values_list("title", "body"), Record.objects.values_list("text")):
        yield from (str(row) for row in model)
    yield from (str(row) for row in Letter.objects.values_list("subject", "body"))
    history = Entry.objects.filter(stream__startswith="conversation:")
    yield from (entry.body for entry in history)


def test_each_moderated_table_is_tried_here() -> None:
    assert {label for label, how in TEXTS.items() if how == "moderated"} == set(MADE)


@pytest.mark.slow
@pytest.mark.django_db
def test_reported_judged_told_written_down_and_read_nowhere() -> None:
    texts = [make() for make in MADE.values()]
    shown = [page.path for page in public() if says(page.body)]
    assert len(shown) > 5, shown
    held = Membership.objects.get(post__organisation=texts[0][0].holder)
    for thread, comment in texts:
        told = {"person": somebody("ana"), "reason": "offence", "at": NOON}
        matter = actions.report(thread=thread, comment=comment, **told)  # type: ignore[arg-type]
        assert list(queries.to_decide([held.post])) == [matter]
        assert Task.objects.get(kind=actions.TASK, done_at=None).post == held.post
        Notice.objects.all().delete()
        Letter.objects.all().delete()
        by = {"post": held.post, "person": held.person}
        actions.decide(matter=matter, reason="offence", rev=1, at=NOON, **by)  # type: ignore[arg-type]
        assert set(Notice.objects.values_list("person__name", flat=True)) == {"rosa", "ana"}
        assert not [text for text in kept() if WORD in text]
    now = public()
    again = [visit(Client(), "", f"{language}{path}") for path in shown for language in ("", "/en")]
    assert not [page.path for page in (*now, *again) if says(page.body)]
    [log] = [page for page in now if page.path == "/conversacion/decisiones/"]
    assert log.words.count("Insulta u ofende a personas") == len(texts)
