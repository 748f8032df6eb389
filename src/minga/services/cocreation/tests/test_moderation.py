"""A proposal whose text was taken out of sight: it counts, and nobody reads it anywhere."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minga.kernel.cases import actions as cases
from minga.kernel.catalogue import queries as catalogue
from minga.kernel.conversation import actions as conversation
from minga.kernel.conversation import queries as talk
from minga.kernel.conversation.models import Matter
from minga.kernel.identity.actions.accounts import enter_person
from minga.kernel.identity.models import Membership, Person
from minga.kernel.mailbox.models import Notice
from minga.services.cocreation import datasets, queries
from minga.services.cocreation.actions import integration
from minga.services.cocreation.datasets import report
from minga.services.cocreation.models import Proposal
from minga.services.cocreation.queries import history
from minga.services.cocreation.rules.breaches import Breach
from minga.services.cocreation.rules.integration import INTEGRATED
from tests.crawl import visit

from .build import NOON, a_whole_cycle, accepted, decided, related, speaks

pytestmark = pytest.mark.django_db
WORD = "Irrepetible"


def somebody(name: str) -> Person:
    return enter_person(email=f"{name}@prueba.minga", name=name, password="x" * 12)


def judged(matter: Matter, reason: str) -> None:
    held = Membership.objects.get(post__organisation=matter.thread.holder)
    rev = Matter.objects.get(pk=matter.pk).rev
    conversation.decide(
        matter=matter, reason=reason, post=held.post, person=held.person, rev=rev, at=NOON
    )


def reported(proposal: Proposal, who: str = "ana") -> Matter:
    thread = talk.thread(type="cocreation.proposal", reference=str(proposal.pk))
    assert thread
    return conversation.report(
        thread=thread, comment=None, person=somebody(who), reason="offence", at=NOON
    )


def a_hidden_one() -> tuple[Proposal, Matter]:
    proposal = accepted(title=f"{WORD} idea")
    matter = reported(proposal)
    judged(matter, "offence")
    return proposal, matter


def everywhere(page: str) -> list[str]:
    """Each public address that showed it."""
    names = ("proposals", "proposals_csv", "figures", "figures_csv", "map")
    paths = [page, f"/en{page}", *(reverse(f"cocreation:{name}") for name in names)]
    paths += [reverse(f"public_service:{name}") for name in ("home", "news")]
    paths += [reverse("catalogue:search") + f"?q={WORD}"]
    paths += [reverse("public_service:sitemap_records", args=[0])]
    return paths + [reverse(f"conversation:{name}") for name in ("decisions", "decisions_csv")]


@pytest.mark.slow
def test_nothing_of_it_is_read_anywhere_and_it_still_counts() -> None:
    proposal, matter = a_hidden_one()
    page = reverse("cocreation:proposal", args=[proposal.cycle.key, proposal.number])
    for seen in (visit(Client(), "", path) for path in everywhere(page)):
        shown = seen.body.replace(f'value="{WORD}"', "")  # of who asked for it
        shown = shown.replace(f"«{WORD}»", "")
        assert WORD.casefold() not in shown.casefold(), seen.path
    gone = visit(Client(), "", page)
    assert (gone.status, "El texto se retiró" in gone.words) == (410, True)
    assert "Insulta u ofende" in gone.words
    [row] = datasets.rows()
    assert (row["number"], row["title"], row["withdrawn"]) == (1, "", "offence")
    assert sum(queries.counted("sector").values()) == 1
    assert not list(history.verify())
    assert not list(catalogue.verify())
    judged(matter, "")
    assert WORD in visit(Client(), "", reverse("cocreation:proposals")).body
    assert catalogue.search(WORD).count == 1


def test_accepted_again_or_given_back_meanwhile_it_is_seen_only_when_it_may_be() -> None:
    proposal, matter = a_hidden_one()
    proposal = decided(proposal, "reopen", message="Falta revisar una parte.")
    judged(matter, "")  # nobody hides it, and it is not public
    assert catalogue.search(WORD).count == 0
    proposal = decided(proposal, "accept")
    assert catalogue.search(WORD).count == 1
    told = {"reason": "threat", "at": NOON}
    conversation.report(thread=matter.thread, comment=None, person=somebody("eva"), **told)  # type: ignore[arg-type]
    judged(matter, "threat")
    proposal = decided(proposal, "reopen", message="Otra vez.")
    decided(proposal, "accept")
    assert catalogue.search(WORD).count == 0
    judged(matter, "")
    assert catalogue.search(WORD).count == 1
    assert not list(catalogue.verify())


def test_who_adds_their_proposal_later_is_told_and_may_ask_for_another_look() -> None:
    proposal, rosa = accepted(), somebody("rosa")
    cases.add_case(code=proposal.case.code, person=rosa, at=NOON)
    matter = reported(proposal)
    judged(matter, "offence")
    assert Notice.objects.filter(person=rosa, topic="talk").count() == 1
    conversation.ask_review(matter=matter, person=rosa, at=NOON)
    assert Matter.objects.get().state == "contested"


@pytest.mark.slow
def test_the_parts_of_a_cycle_say_no_word_of_it() -> None:
    cycle = a_whole_cycle("integracion")
    inside = related(title=f"{WORD} idea")
    told = {"person": speaks("elena"), "at": NOON, "reason": "Dicen lo mismo."}
    group = integration.begin(cycle=cycle, title="Un grupo", proposals=[inside], **told)  # type: ignore[arg-type]
    alone, waits = related(title=f"{WORD} otra"), accepted(title=f"{WORD} tercera")
    for proposal, who in ((inside, "ana"), (alone, "eva"), (waits, "luz")):
        judged(reported(proposal, who), "offence")
    elena = Client()
    elena.force_login(speaks("elena"))
    of_one, by_number = [cycle.key, group.number], [cycle.key, waits.number]
    places: dict[str, list[Any]] = {
        "integrated": of_one,
        "group": of_one,
        "integrate": [cycle.key],
        "to_screen": [cycle.key],
        "screen": by_number,
        "report": [cycle.key],
    }
    for name, args in places.items():
        answer = elena.get(reverse(f"cocreation:{name}", args=args))
        assert answer.status_code == 200, name
        assert WORD not in answer.content.decode(), name
    assert [row["title"] for row in report.rows()] == ["", "", ""]
    with pytest.raises(Breach):
        integration.join(integrated=group, proposals=[alone], **told)  # type: ignore[arg-type]


def test_given_back_it_is_linked_to_what_it_is_joined_to_by_then() -> None:
    cycle = a_whole_cycle("integracion")
    one, other = related(title="Una idea"), related(title="Otra idea")
    told = {"person": speaks("elena"), "at": NOON, "reason": "Dicen lo mismo."}
    group = integration.begin(cycle=cycle, title="Un grupo", proposals=[one, other], **told)  # type: ignore[arg-type]
    matters = [reported(one, "ana"), reported(other, "eva")]
    for matter in matters:
        judged(matter, "offence")
    integration.split(integrated=group, proposal=one, **told)  # type: ignore[arg-type]
    decided(decided(other, "reopen", message="Otra vez."), "accept")
    for matter in matters:
        judged(Matter.objects.get(pk=matter.pk), "")
    origins = catalogue.trace(type=INTEGRATED, reference=str(group.pk)).origins
    assert [link.from_record.title for link in origins] == ["Otra idea"]
