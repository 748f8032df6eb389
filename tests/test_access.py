"""Who may open what: each address of the house in a table, and nothing that is not there.

In `access.csv`, of: whose object the address names. One's own is held by the institution of
«oficial», in the space of «sin_puesto», or opened by whoever has its code; a foreign one is
held by another institution or of another person, or its code was given to nobody; a hidden one
was theirs, or was public, and is not any more. The rest is the status that each reader is
answered with.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from minga.kernel.cases import actions as cases
from minga.kernel.cases.actions import attachments
from minga.kernel.cases.declaration import Actor
from minga.kernel.cases.models import Attachment, Case, Draft
from minga.kernel.cases.rules import code
from minga.kernel.conversation import actions as conversation
from minga.kernel.conversation import queries as talk
from minga.kernel.conversation.models import Thread
from minga.kernel.design.menu import Audience
from minga.kernel.documents import actions as documents
from minga.kernel.documents.declaration import Paper
from minga.kernel.documents.rules import code as paper_code
from minga.kernel.forms.rules import receive
from minga.kernel.identity import actions as identity
from minga.kernel.identity.middleware import Access
from minga.kernel.identity.models import Organisation, Person, Post
from minga.kernel.identity.rules import Form
from minga.kernel.identity.tests.build import a_passkey
from minga.kernel.mailbox import actions as mailbox
from minga.kernel.mailbox.rules import Topic
from minga.kernel.plans.models import Node
from minga.services.cocreation import actions
from minga.services.cocreation.actions import actors
from minga.services.cocreation.models import (
    Batch,
    Cycle,
    Proposal,
    Registration,
    Stakeholder,
    Table,
)
from minga.services.cocreation.tests.build import a_method
from minga.services.institutions import actions as register
from minga.services.institutions.models import Face, Upload
from tests.crawl import Visited, ines, patterns, registered, taken
from tests.databases import forgotten, looking_at

TABLE = Path(__file__).with_name("access.csv")
READERS = (
    *("nadie", "aplicante", "sin_puesto", "oficial"),
    *("otro_oficial", "administra", "rectora"),
)
OWN, FOREIGN, HIDDEN = "own", "foreign", "hidden"
NOTHING = "nothing"  # what addresses are filled with that name nothing at all
# What can be taken out of sight: a case that passed to another institution, a proposal that is
# public no more, a file that only officials see, a draft that was sent, a body that is not one.
HIDEABLE = {
    *("cases:case", "cases:code", "cases:place"),
    *("cocreation:case", "cocreation:code", "cocreation:cycle", "cocreation:move"),
    *("cocreation:number", "public_service:case", "public_service:draft"),
    *("institutions:institution", "frames:institution"),
}
ADDRESSES = dict(patterns())


class Row(NamedTuple):
    address: str
    method: str
    of: str
    expected: Mapping[str, int]

    def __str__(self) -> str:
        return " ".join(part for part in self[:3] if part)


def table() -> Iterator[Row]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            expected = {reader: int(row[reader]) for reader in READERS}
            yield Row(row["address"], row["method"], row["of"], expected)


def filled(address: str) -> set[str]:
    """What an address is filled with, by the room it is of."""
    return {f"{address.partition(':')[0]}:{name}" for name in taken(ADDRESSES[address])}


class World(NamedTuple):
    """Who is signed in, by the key of their session, and what addresses are filled with."""

    sessions: Mapping[str, str]
    things: Mapping[str, Mapping[str, object]]

    def path(self, address: str, of: str) -> str:
        wanted = {}
        service, things = address.partition(":")[0], self.things[of]
        for name in taken(ADDRESSES[address]):
            full = f"{service}:{name}"
            assert full in things, f"say in {Path(__file__).name} what {full} may be"
            wanted[name] = things[full]
        return reverse(address, kwargs=wanted)

    def status(self, row: Row, reader: str) -> int:
        return self.ask(row, reader, row.of).status_code

    def ask(self, row: Row, reader: str, of: str) -> HttpResponse:
        somebody = Client(raise_request_exception=False)
        if reader in self.sessions:
            somebody.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[reader]
        if reader == "aplicante":  # whoever has filled in a form has this, and no more
            somebody.get(reverse("cocreation:follow"))
        with forgotten():
            ask = somebody.post if row.method == "POST" else somebody.get
            answer = ask(self.path(row.address, of))
            answer.getvalue()  # of a file to its end: then it is closed
            return answer  # type: ignore[return-value]  # a response, as clients give it


@pytest.fixture(scope="module")
def world(
    visited: list[Visited], demo_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[World]:
    """After all was visited: two may not write in one database at a time."""
    with django_db_blocker.unblock(), looking_at(demo_database):
        yield a_world()


def a_world() -> World:
    registered()
    official = ines()
    guest = Person.objects.create_user("nadie@demo.minga", identity.DEMO_PASSWORD, name="Nadie")
    other = another_institution()
    signed_in = {
        "oficial": official.person,
        "otro_oficial": other,
        "sin_puesto": guest,
        "administra": in_post(official.post.organisation, "administers"),
        "rectora": in_post(Post.objects.get(memberships__person=other).organisation, "stewards"),
    }
    received = Case.objects.filter(holder=official.post.organisation, phase="received")
    own = received.filter(applicant=None)[0]
    now, theirs = timezone.now(), uuid4()
    cases.add_case(code=own.code, person=guest, at=now)
    actions.keep(draft=theirs, words={"title": "Sin terminar"}, at=now, person=guest)
    notice = mailbox.notify(person=guest, topic=Topic.CASES, title="Hay noticias", at=now)
    public = Proposal.objects.filter(case__public=True, cycle__key="demostracion")[0]
    node = Node.objects.order_by("pk")[0]
    foreign = a_case_of(other)
    draft, others = uuid4(), uuid4()
    actions.keep(draft=draft, words={"title": "Sin terminar"}, at=timezone.now())
    actions.keep(draft=others, words={"title": "De otra persona"}, at=now, person=other)
    told = mailbox.notify(person=other, topic=Topic.CASES, title="Noticias de otra", at=now)
    passed = passed_on(received.exclude(pk=own.pk)[0], foreign.holder)
    held = Post.objects.get(memberships__person=other)
    return World(
        sessions={reader: session_of(person) for reader, person in signed_in.items()},
        things={
            "": {},
            OWN: {
                "cases:case": own.pk,
                "cases:code": own.code,
                "cases:place": a_file_of(own),
                "documents:code": a_paper(public=True),
                "public_service:case": own.pk,
                "public_service:draft": theirs,
                "public_service:notice": notice.pk,
                "public_service:part": 0,
                "cocreation:case": own.pk,
                "cocreation:actor": an_actor(public.cycle, "Red de lectura").pk,
                **what_is_said(public, guest),
                "cocreation:code": own.code,
                "cocreation:body": "villa-minga-foro",
                "cocreation:session": 1,
                "cocreation:cycle": public.cycle.key,
                "cocreation:draft": draft,
                "cocreation:method": a_method().key,
                "cocreation:move": "accept",
                "cocreation:number": public.number,
                "cocreation:step": "solucion",
                "cocreation:part": "problema",
                **of_a_workshop(official.post),
                "action_plans:plan": node.edition.plan.key,
                "action_plans:code": node.code,
                **of_the_register(official.post),
                **of_a_face(official.post.organisation),
                "institutions:upload": an_upload(signed_in["rectora"]).pk,
                "account_reset_password_from_key:uidb36": user_pk_to_url_str(official.person),
                "account_reset_password_from_key:key": default_token_generator.make_token(
                    official.person
                ),
                "mfa_remove_webauthn:pk": a_passkey(official.person).pk,
            },
            FOREIGN: {
                "cases:case": foreign.pk,
                "cases:code": code("123456789"),
                "cases:place": a_file_of(foreign),
                "documents:code": a_paper(public=False),
                "public_service:case": foreign.pk,
                "cocreation:case": foreign.pk,
                "cocreation:actor": an_actor(Cycle.objects.get(key="otra"), "Otra red").pk,
                **what_is_said(accepted_of(a_case_of(other), held), other),
                "conversation:thread": 999_999_998,
                "public_service:draft": others,
                "public_service:part": 9_999,
                "public_service:notice": told.pk,
                "cocreation:code": code("123456789"),
                "cocreation:body": "no-hay",
                "cocreation:session": 999,
                "cocreation:cycle": public.cycle.key,
                "cocreation:draft": UUID(int=0),
                "cocreation:method": "no-hay",
                "cocreation:move": "accept",
                "cocreation:number": 999,
                "cocreation:step": "solucion",
                "cocreation:part": "problema",
                "cocreation:workshop": 999_999_998,
                "cocreation:key": UUID(int=18),
                "cocreation:table": UUID(int=18),
                "cocreation:sketch": 999_999_998,
                "cocreation:batch": UUID(int=18),
                "cocreation:phase": "awareness",
                "action_plans:plan": "no-hay",
                "action_plans:code": node.code,
                **of_the_register(held),
                "institutions:dyes": "0" * 16,
                "institutions:drawing": "0" * 16,
                "frames:institution": held.organisation.key,
                "institutions:upload": UUID(int=0),
                "account_reset_password_from_key:uidb36": "1",
                "account_reset_password_from_key:key": "no-1",
                "mfa_remove_webauthn:pk": a_passkey(other).pk,
            },
            HIDDEN: {
                "cases:case": passed.pk,
                "cases:code": own.code,
                "cases:place": an_internal_file_of(own, official.post),
                "public_service:case": passed.pk,
                "public_service:draft": a_sent_draft(guest),
                "cocreation:case": passed.pk,
                "cocreation:code": passed.code,
                "cocreation:cycle": public.cycle.key,
                "cocreation:move": "accept",
                "cocreation:number": taken_back(public, official.post),
                "institutions:institution": many_at_once().key,
                "frames:institution": many_at_once().key,
            },
            NOTHING: {
                "cases:case": 999_999_999,
                "cases:code": code("123456789"),
                "cases:place": "0" * 40,
                "documents:code": paper_code("1" * 11),
                "public_service:case": 999_999_999,
                "public_service:draft": UUID(int=9),
                "public_service:notice": 999_999_999,
                "cocreation:case": 999_999_999,
                "cocreation:code": code("123456789"),
                "cocreation:move": "accept",
                "cocreation:workshop": 999_999_999,
                "cocreation:key": UUID(int=19),
                "cocreation:table": UUID(int=19),
                "cocreation:sketch": 999_999_999,
                "cocreation:batch": UUID(int=19),
                "cocreation:phase": "awareness",
                "conversation:matter": 999_999_999,
                "conversation:number": 999_999_999,
                "conversation:thread": 999_999_999,
                "institutions:upload": UUID(int=9),
            },
        },
    )


def an_actor(cycle: Cycle, name: str) -> Stakeholder:
    """On the map of actors, put there by who convenes."""
    said = {"name": name, "does": "Lee.", "sector": "academia", "reach": "national"}
    post, more = cycle.convener.posts.all()[0], {"territory": "", "themes": ["4"]}
    return actors.enter(cycle=cycle, said={**said, **more}, post=post, at=timezone.now())


def what_is_said(proposal: Proposal, person: Person) -> Mapping[str, object]:
    """A comment of somebody's, which they reported."""
    thread = talk.thread(type=actions.RECORD, reference=str(proposal.pk))
    assert thread
    Thread.objects.filter(pk=thread.pk).update(level=0)
    told: dict[str, Any] = {"thread": thread, "person": person, "at": timezone.now()}
    comment = conversation.say(body="De acuerdo.", key=uuid4(), **told)
    matter = conversation.report(comment=comment, reason="offence", **told)
    return {
        "conversation:thread": thread.pk,
        "conversation:number": comment.number,
        "conversation:matter": matter.pk,
    }


def accepted_of(case: Case, post: Post) -> Proposal:
    """The same proposal, accepted by the institution that holds it."""
    proposal = Proposal.objects.select_related("case__definition", "cycle").get(case=case)
    now, rev = timezone.now(), proposal.case.rev
    actions.decide(proposal=proposal, move="accept", post=post, rev=rev, at=now)
    return proposal


def passed_on(case: Case, to: Organisation) -> Case:
    """A case that was theirs until it passed to another institution."""
    by = Actor(reference="house", role="house")
    return cases.hand_over(case=case, to=to, by=by, rev=case.rev, at=timezone.now())


def taken_back(public: Proposal, post: Post) -> int:
    """The number of a proposal that everybody could read, and nobody can any more."""
    found = Proposal.objects.filter(case__public=True, cycle=public.cycle)
    proposal = found.exclude(pk=public.pk).select_related("case__definition", "cycle")[0]
    rev, said = proposal.case.rev, "Falta revisar una parte."
    now = timezone.now()
    actions.decide(proposal=proposal, move="reopen", post=post, rev=rev, message=said, at=now)
    assert proposal.number
    return proposal.number


def a_sent_draft(person: Person) -> UUID:
    found = Draft.objects.exclude(case=None).filter(person=None)[0]
    Draft.objects.filter(pk=found.pk).update(person=person)
    return found.pk


def an_internal_file_of(case: Case, post: Post) -> str:
    files = [receive("interno.txt", BytesIO(b"Solo para quienes trabajan aqui."))]
    attachments.add_internal(case=case, files=files, post=post, at=timezone.now())
    return Attachment.objects.order_by("-pk")[0].place


def many_at_once() -> Organisation:
    """What a document calls many bodies by: no page of its own."""
    said = {"name": "Muchas", "sort_name": "muchas", "source": "prueba"}
    form = Form.COLLECTIVE
    return Organisation.objects.get_or_create(key="muchas", defaults={**said, "form": form})[0]


def of_a_workshop(post: Post) -> Mapping[str, object]:
    """One that is over, with what a table wrote there; and who comes to the next."""
    table = Table.objects.filter(workshop__cycle__convener=post.organisation).order_by("pk")[0]
    return {
        "cocreation:workshop": table.workshop_id,
        "cocreation:key": Registration.objects.filter(walked_in=False)[0].key,
        "cocreation:table": table.key,
        "cocreation:sketch": table.sketches.all()[0].pk,
        "cocreation:batch": Batch.objects.get(workshop=table.workshop_id).pk,
        "cocreation:phase": "awareness",
    }


def of_the_register(post: Post) -> Mapping[str, object]:
    """A post, its institution, and a unit of that."""
    unit = identity.know_unit(
        organisation=post.organisation, name="Obras", by=identity.HOUSE, at=timezone.now()
    )
    return {
        "institutions:institution": post.organisation.key,
        "institutions:post": post.pk,
        "institutions:unit": unit.pk,
    }


def of_a_face(organisation: Organisation) -> Mapping[str, object]:
    """The names of its colours and of its emblem."""
    face = Face.objects.get(organisation=organisation)
    return {
        "institutions:dyes": face.sheet_digest,
        "institutions:drawing": face.logo_digest,
        "frames:institution": organisation.key,
    }


def an_upload(person: Person) -> Upload:
    row = ["", "Instituto de prueba", *[""] * 9, "prueba"]
    return register.keep(key=uuid4(), person=person, name="hoja.csv", rows=[row], at=timezone.now())


def session_of(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def another_institution() -> Person:
    organisation = identity.know_organisation(
        key="otra", name="Otra institución", source="prueba", demo=True
    )
    return identity.appoint(
        email="otra@demo.minga",
        name="Otra",
        password=identity.DEMO_PASSWORD,
        post=identity.know_post(organisation=organisation, title="Analista"),
        since=date(2020, 1, 1),
    )


def in_post(organisation: Organisation, duty: str) -> Person:
    """Somebody who runs people and posts: of one institution, or of the whole register."""
    post = identity.know_post(organisation=organisation, title=f"Administración ({duty})")
    Post.objects.filter(pk=post.pk).update(**{duty: True})
    return identity.appoint(
        email=f"{duty}@demo.minga",
        name=duty,
        password=identity.DEMO_PASSWORD,
        post=post,
        since=date(2020, 1, 1),
    )


def a_case_of(person: Person) -> Case:
    """Held by the institution of somebody, who convened the call."""
    now, draft = timezone.now(), uuid4()
    post = Post.objects.get(memberships__person=person)
    actions.convene(
        key="otra", title="Otra", convener=post, opens=now, closes=now + timedelta(days=1)
    )
    words = {"cycle": "otra", "title": "Otra idea", "problem": "Falta.", "solution": "Se hace."}
    words["sector"] = "citizen"
    place = Proposal.objects.all()[0].territory.iso
    actions.keep(draft=draft, words={**words, "territory": place}, at=now)
    return actions.send(draft=draft, at=now)


def a_paper(*, public: bool) -> str:
    """That everybody may read, or whoever showed the key of what it is about."""
    paper = Paper(title="Constancia", parts=[], demo=True)
    about, now = f"prueba:{public}", timezone.now()
    issued = documents.issue(kind="prueba", reference=about, paper=paper, public=public, at=now)
    return issued.code


def a_file_of(case: Case) -> str:
    """Given to it by whoever opened it."""
    files = [receive("nota.txt", BytesIO(b"Una nota."))]
    with attachments.kept(files) as kept:
        [row] = attachments.attach(case=case, files=kept, by=actions.ANYBODY, at=timezone.now())
    return row.place


@pytest.mark.parametrize("row", list(table()), ids=str)
def test_each_reader_gets_what_the_table_says(row: Row, world: World) -> None:
    assert row.address in ADDRESSES, f"{row.address} is in {TABLE.name}, and no address has it"
    answers = {reader: world.status(row, reader) for reader in READERS}
    assert answers == row.expected, world.path(row.address, row.of)


@pytest.mark.parametrize("address", list(ADDRESSES))
def test_every_address_is_in_the_table(address: str) -> None:
    there = {row.of for row in table() if (row.address, row.method) == (address, "GET")}
    names = filled(address)
    wanted = {OWN, FOREIGN} if names else {""}
    if names and names <= HIDEABLE:
        wanted.add(HIDDEN)
    assert there == wanted, f"{TABLE.name} does not say who may open {address} ({wanted - there})"


def same_words(answer: HttpResponse, path: str) -> str:
    """A page without its token and its own address."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", answer.content.decode())
    return page.replace(path, "")


@pytest.mark.parametrize("row", [row for row in table() if row.of == FOREIGN], ids=str)
def test_what_one_may_not_see_answers_as_what_is_not_there(row: Row, world: World) -> None:
    """In status, words and statements: so nobody can count what there is."""
    if not filled(row.address) <= {*world.things[NOTHING]}:
        return  # its names are public: a plan, an institution, a number of a call
    for reader in (reader for reader in READERS if row.expected[reader] == 404):
        seen = []
        for of in (FOREIGN, NOTHING):
            with CaptureQueriesContext(connection) as told:
                answer = world.ask(row, reader, of)
            words = same_words(answer, world.path(row.address, of))
            seen.append((answer.status_code, words, len(told)))
        assert seen[0] == seen[1], reader


def test_every_form_is_in_the_table(visited: list[Visited]) -> None:
    """Sending is refused where reading is."""
    sent = {page.name for page in visited if page.forms}
    assert sent
    missing = sent - {row.address for row in table() if row.method == "POST"}
    assert not missing, f"{TABLE.name} does not say who may send to {', '.join(sorted(missing))}"


@pytest.mark.parametrize("address", list(ADDRESSES))
def test_every_view_says_for_whom_it_is(address: str) -> None:
    assert isinstance(getattr(ADDRESSES[address].callback, "audience", None), Audience)


def test_a_view_that_says_nothing_is_closed() -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse()

    with pytest.raises(PermissionDenied):
        Access(view).process_view(RequestFactory().get("/"), view)
