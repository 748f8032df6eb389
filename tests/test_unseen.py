"""What somebody may not see is on none of their pages: not in a list, a search or a file.

Words that stand nowhere else are put wherever something is kept from somebody, and then every
page that each reader can reach is read for them.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from minga.kernel.cases.actions import attachments, desk
from minga.kernel.cases.actions.desk import Official
from minga.kernel.design.menu import Audience
from minga.kernel.forms.rules import receive
from minga.kernel.identity.actions import accounts
from minga.kernel.identity.models import Person
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.services.cocreation import actions, queries
from tests.crawl import Visited, audience, crawl, ines, patterns, rosa, taken
from tests.databases import looking_at
from tests.test_access import World, a_world

COMMON = "zarcillo"  # what is searched for; each secret has a word of its own besides
SPOKEN = ("/mesa/", "/mi-espacio/", "/propuestas/", "/archivos/", "/buscar/")
SOME = ("nadie", "sin_puesto", "oficial", "otro_oficial")  # the others see what these do


class Secret(NamedTuple):
    word: str
    seen_by: frozenset[str]


OFFICE = frozenset({"oficial"})
SECRETS = [
    Secret("zqproposal", OFFICE | {"sin_puesto"}),
    Secret("zqanswer", OFFICE | {"sin_puesto"}),
    Secret("zqnote", OFFICE),
    Secret("zqhalf", OFFICE),
    Secret("zqfile", OFFICE),
    Secret("zqmail", frozenset()),
    Secret("zqdraft", frozenset({"sin_puesto"})),
    Secret("zqnotice", frozenset({"sin_puesto"})),
    Secret("zqelsewhere", frozenset({"otro_oficial"})),
]


@pytest.fixture(scope="module")
def read(
    visited: list[Visited], demo_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[dict[str, list[Visited]]]:
    """Every page that each reader reaches, in a world with secrets."""
    with django_db_blocker.unblock(), looking_at(demo_database):
        world = a_world()
        keep_secrets(world)
        yield {reader: list(pages(world, reader)) for reader in SOME}


def keep_secrets(world: World) -> None:
    now, post, guest = timezone.now(), ines().post, Person.objects.get(email="nadie@demo.minga")
    by = Official(post, ines().person)
    proposal = queries.by_code(a_case("demostracion", f"{COMMON} zqproposal", guest))
    assert proposal
    desk.note(case=proposal.case, body=f"{COMMON} zqnote", by=by, at=now)
    said = f"{COMMON} zqanswer: ¿dónde sería?"
    actions.decide(proposal=proposal, move="ask", post=post, rev=1, message=said, at=now)
    another = queries.by_code(a_case("demostracion", "Otra idea con borrador", None))
    assert another
    half = {"move": "ask", "message": f"{COMMON} zqhalf", "version": 0}
    desk.keep_answer(case=another.case, person=by.person, at=now, **half)  # type: ignore[arg-type]
    files = [receive("zqfile.txt", BytesIO(b"Solo para quienes trabajan aqui."))]
    attachments.add_internal(case=proposal.case, files=files, post=post, at=now)
    words = {"title": f"{COMMON} zqdraft"}
    actions.keep(draft=uuid4(), words=words, at=now, person=guest)
    mailbox.notify(person=guest, topic=Topic.CASES, title=f"{COMMON} zqnotice", at=now)
    a_case("otra", f"{COMMON} zqelsewhere", None)
    accounts.give_document(person=rosa(), kind="ci", number="zqmail", at=now)


def a_case(cycle: str, title: str, person: Person | None) -> str:
    now, draft = timezone.now(), uuid4()
    words = {"cycle": cycle, "title": title, "problem": "Falta algo aquí.", "solution": "Se pone."}
    words |= {"sector": "citizen", "territory": jurisdiction.territories()[0].iso}
    words |= {"email": "zqmail@prueba.minga"}
    actions.keep(draft=draft, words=words, at=now, person=person)
    return actions.send(draft=draft, at=now, person=person).code


def pages(world: World, reader: str) -> Iterator[Visited]:
    """What links lead to from every address there is, wherever words of people may stand; what
    everybody sees is read once, by nobody in particular."""
    client = Client(raise_request_exception=False)
    is_known = reader in world.sessions
    if is_known:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[reader]
    starts = [f"{reverse('catalogue:search')}?q={COMMON}"]
    starts += [f"{reverse('public_service:desk')}?ver={turn}" for turn in ("", "espera")]
    starts += [reverse(name) for name, pattern in patterns() if not taken(pattern)]
    starts = [path for path in starts if path.startswith(SPOKEN)]

    def may(path: str) -> bool:
        is_own = audience(path) not in (Audience.EVERYONE, Audience.APPLICANT)
        return path.startswith(SPOKEN) and is_own is is_known

    for page in crawl(client, reader, starts, may=may):
        connection.queries_log.clear()
        yield page


pytestmark = pytest.mark.skipif(
    settings.MINGA_COUNTRY != "ecuador", reason="the same predicates in every country"
)


@pytest.mark.slow
@pytest.mark.parametrize("reader", SOME)
def test_nobody_finds_what_is_kept_from_them(reader: str, read: dict[str, list[Visited]]) -> None:
    for page in read[reader]:
        for secret in SECRETS:
            if reader not in secret.seen_by:
                assert secret.word not in page.body, f"{page}: {secret.word}"


@pytest.mark.slow
def test_whoever_may_see_it_does(read: dict[str, list[Visited]]) -> None:
    """Else the other test would find nothing because nothing is there."""
    for secret in SECRETS:
        for reader in secret.seen_by:
            found = any(secret.word in page.body for page in read[reader])
            assert found, f"{reader} does not see {secret.word}"
