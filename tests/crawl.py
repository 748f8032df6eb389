"""Every page of the invented world that links lead to, opened once for a whole run."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from time import time
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from uuid import UUID

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from bs4 import BeautifulSoup, Tag
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import (
    NoReverseMatch,
    Resolver404,
    URLPattern,
    URLResolver,
    get_resolver,
    resolve,
    reverse,
)
from django.urls.resolvers import RoutePattern
from django.utils import timezone
from django.utils.timezone import localdate

from minga.kernel.cases.models import Attachment, Case
from minga.kernel.cases.queries.desk import LIST
from minga.kernel.cases.queries.desk import address as case_address
from minga.kernel.catalogue import queries as catalogue
from minga.kernel.conversation.models import Comment
from minga.kernel.design.menu import Audience
from minga.kernel.documents import actions as documents
from minga.kernel.documents.declaration import Paper
from minga.kernel.identity import queries as identity
from minga.kernel.identity.models import Membership, Person
from minga.kernel.identity.tests.build import a_passkey
from minga.kernel.jurisdiction import queries as jurisdiction
from minga.project.commands import work
from minga.services.cocreation import actions, queries, rules
from minga.services.institutions import actions as institutions

OWN = (Audience.OFFICIAL, Audience.PERSON)  # what nobody else's crawl reaches
OFFICE = "villa-minga-participacion"  # the institution in which most people of the cast are
MOST = 3_000  # addresses of one reader: more means that links never end
OF_A_KIND = 40  # pages of one address: a hundred institutions are made by the same code
HOST = "http://testserver"
DRAFT, WHOLE, UPLOAD, MINE = (UUID(int=n, version=4) for n in (1, 2, 3, 4))


@dataclass(frozen=True)
class Visited:
    """One address as one reader got it."""

    reader: str
    path: str
    status: int
    body: str = field(repr=False)
    is_html: bool
    leads_to: str  # a redirect
    cookies: tuple[str, ...]
    policy: str
    statements: tuple[str, ...] = field(repr=False)

    @property
    def name(self) -> str:
        """Of its URL."""
        return resolve(urlsplit(self.path).path).view_name

    @cached_property
    def page(self) -> BeautifulSoup:
        is_xml = self.body.startswith("<?xml")
        return BeautifulSoup("" if is_xml else self.body, "html.parser")

    @cached_property
    def words(self) -> str:
        return " ".join(self.page.get_text(" ").split())

    @property
    def links(self) -> Iterator[str]:
        """Where it leads within the site, with the part of the page after #."""
        places = [self.leads_to] if self.leads_to else []
        if self.is_html:
            places += [
                str(link["href"]) for link in self.page.find_all("a", href=True, hreflang=False)
            ]
            places += self.asked
        for place in places:
            address = urljoin(HOST + self.path, place)
            if address.startswith(HOST):
                yield address.removeprefix(HOST)

    @property
    def asked(self) -> Iterator[str]:
        """The last choice of each list in a form that only asks."""
        for form in self.page.select("form:not([method=post])"):
            for choice in form.find_all("select"):
                chosen = choice.find_all("option")[-1].get("value", "")
                query = urlencode({str(choice["name"]): chosen})
                yield f"{urldefrag(str(form.get('action', ''))).url}?{query}"

    @property
    def forms(self) -> Sequence[Tag]:
        """Those that send something."""
        return self.page.select("form[method=post]")

    def __str__(self) -> str:
        return f"{self.path} ({self.reader})"


def patterns(
    resolver: URLResolver | None = None, space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address of the house: its full name and its pattern."""
    for part in (resolver or get_resolver()).url_patterns:
        if isinstance(part, URLPattern):
            yield f"{space}{part.name}", part
        else:
            yield from patterns(part, f"{space}{part.namespace}:" if part.namespace else space)


def taken(pattern: URLPattern) -> set[str]:
    """What an address must be filled with."""
    route = pattern.pattern
    return set(route.converters if isinstance(route, RoutePattern) else route.regex.groupindex)


def audience(path: str) -> Audience | None:
    return getattr(resolve(urlsplit(path).path).func, "audience", None)


def visit(client: Client, reader: str, path: str) -> Visited:
    """Nothing is remembered from the last page, so that each costs what it costs alone."""
    catalogue.forget_stamp()
    with CaptureQueriesContext(connection) as told:
        answer = client.get(path)
        body = answer.getvalue().decode(errors="replace")  # some are spreadsheets
    return Visited(
        reader=reader,
        path=path,
        status=answer.status_code,
        body=body,
        is_html=answer.get("Content-Type", "").startswith("text/html"),
        leads_to=answer.get("Location", ""),
        cookies=tuple(answer.cookies),
        policy=answer.get("Content-Security-Policy", ""),
        statements=tuple(query["sql"] for query in told.captured_queries),
    )


def crawl(
    client: Client, reader: str, starts: Iterable[str], may: Callable[[str], bool]
) -> Iterator[Visited]:
    todo = deque(dict.fromkeys(starts))
    seen, kinds = set(todo), Counter[str]()
    while todo:
        path = todo.popleft()
        kinds[name := kind(path)] += 1
        if kinds[name] > OF_A_KIND:
            continue
        visited = visit(client, reader, path)
        yield visited
        for place in visited.links:
            path = without_list(urldefrag(place).url)
            if path not in seen and not path.startswith(settings.STATIC_URL) and may(path):
                assert len(seen) < MOST, f"links never end: {path}"
                seen.add(path)
                todo.append(path)


def kind(path: str) -> str:
    """The name of an address, whatever fills it; of one that is not there, itself."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return path


def without_list(path: str) -> str:
    """A page of the desk that knows the list its reader came from is the same page."""
    place, _, query = path.partition("?")
    kept = [part for part in query.split("&") if not part.startswith(f"{LIST}=")]
    return f"{place}?{'&'.join(kept)}" if any(kept) else place


def ines() -> Membership:
    """The official of the invented world whom the stories know."""
    return identity.demo_members().get(person__email="ines@demo.minga")


def runner() -> Person:
    """Who runs the register of the invented world."""
    return identity.demo_members().get(post__stewards=True).person


def rosa() -> Person:
    """A citizen of the invented world, who has an account, cases and notices."""
    return Person.objects.get(email="rosa@demo.minga")


def everything() -> list[Visited]:
    """What nobody in particular sees, whoever has a code or writes a draft, an official."""
    registered()
    official, citizen = signed_in().values()
    steward = Client()
    steward.force_login(runner())
    nobody = [*plain(), *found(), *drafts(), *coded(), *attached(), *papers()]
    return [
        *crawl(Client(), "nadie", nobody, may=lambda path: True),
        *crawl(official, "oficial", desk(), may=lambda path: audience(path) in OWN),
        *crawl(
            citizen,
            "persona",
            [*account(), *space()],
            may=lambda path: audience(path) is Audience.PERSON,
        ),
        *crawl(steward, "rectora", register(runner()), may=runs),
    ]


def registered() -> None:
    """The worker has been here: all that happened is in the public register, and signed."""
    work.place_all()
    assert work.sign()


def signed_in() -> dict[str, Client]:
    """Who enters: an official with every key there is, and somebody who holds no post."""
    official = ines().person
    TOTP.activate(official, generate_totp_secret())
    RecoveryCodes.activate(official)
    a_passkey(official)
    return {"oficial": sure_of(official), "persona": sure_of(rosa())}


def sure_of(person: Person) -> Client:
    """Somebody signed in who has just said their password again."""
    client = Client()
    client.force_login(person)
    session = client.session
    said = {"method": "password", "at": time(), "reauthenticated": True}
    session["account_authentication_methods"] = [said]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client


def account() -> Iterator[str]:
    names = ("identity:account", "mfa_activate_totp", "mfa_view_recovery_codes")
    yield from (reverse(name) for name in names)


def plain() -> Iterator[str]:
    """Addresses without anything to fill in; linked or not."""
    yield reverse("public_service:home")
    for name, _ in patterns():
        try:
            path = reverse(name)
        except NoReverseMatch:
            continue
        yield path


def found() -> Iterator[str]:
    search = reverse("catalogue:search")
    yield from (f"{search}?q={words}" for words in ("agua", "plan", "nadaquesepamos"))


def coded() -> Iterator[str]:
    """Pages that a case's code opens: of one case in each state."""
    cases = {case.state: case for case in Case.objects.order_by("-pk")}.values()
    for name, pattern in patterns():
        if taken(pattern) == {"code"}:
            yield from (reverse(name, args=[c.code]) for c in cases if name.startswith(service(c)))


def attached() -> Iterator[str]:
    """Files that a case's code opens."""
    for file in Attachment.objects.filter(internal=False).select_related("case"):
        yield reverse("cases:attachment_of_code", args=[file.case.code, file.place])


def papers() -> Iterator[str]:
    """One that everybody may read, as it came out of the press, and one that waits."""
    paper, now = Paper(title="Constancia", parts=[], demo=True), timezone.now()
    for about in ("one", "other"):
        said = documents.issue(kind="crawl", reference=about, paper=paper, public=True, at=now)
        for name in ("verified", "verified_json"):
            yield reverse(f"documents:{name}", args=[said.code])
    documents.make(now=timezone.now, most=1)


def service(case: Case) -> str:
    return f"{case.type.split('.')[0]}:"


def drafts() -> Iterator[str]:
    """The steps of one that has only begun, and the last of one that lacks nothing."""
    now = timezone.now()
    begun = {"cycle": queries.open_cycles(on=localdate())[0].key, "title": "Una idea cualquiera"}
    more = {"problem": "Falta algo. " * 3, "solution": "Se pone. " * 3, "sector": "citizen"}
    place = jurisdiction.territories()[0].iso
    actions.keep(draft=DRAFT, words=begun, at=now)
    actions.keep(draft=WHOLE, words={**begun, **more, "territory": place}, at=now)
    yield from (reverse("cocreation:draft_step", args=[DRAFT, step]) for step in rules.STEPS)
    yield reverse("cocreation:draft_step", args=[WHOLE, rules.STEPS[-1]])


def register(person: Person) -> Iterator[str]:
    """Where whoever runs the register begins."""
    yield from (reverse(f"institutions:{name}") for name in ("enter", "upload"))
    yield reverse("institutions:run", args=[OFFICE])
    rows, now = [["", "Instituto", *[""] * 9, "Ordenanza 1"]], timezone.now()
    sent = institutions.keep(key=UPLOAD, person=person, name="instituciones.csv", rows=rows, at=now)
    yield reverse("institutions:preview", args=[sent.pk])


def runs(path: str) -> bool:
    """What only they open, of one institution for all."""
    found = resolve(urlsplit(path).path)
    is_one = found.kwargs.get("institution", OFFICE) == OFFICE
    return is_one and audience(path) in (Audience.ADMINISTRATOR, Audience.STEWARD)


def desk() -> Iterator[str]:
    """Its lists, one of its cases in each list, and what is done with several cases."""
    path = reverse("public_service:desk")
    yield from (f"{path}{query}" for query in ("", "?ver=espera", "?ver=terminados"))
    yield f"{path}?palabras=biblioteca"
    held = Case.objects.filter(holder=ines().post.organisation, phase="in_progress")
    yield f"{case_address(held[0])}?{urlencode({LIST: 'de=mios&orden=vence'})}"
    several = f"{reverse('public_service:several')}?" + "&".join(f"caso={c.pk}" for c in held)
    yield from (several, f"{several}&hacer=devolver", reverse("public_service:tasks"))
    cycle = queries.public().filter(cycle__key="demostracion").order_by("number")[0].cycle.key
    yield reverse("cocreation:waiting_actors", args=[cycle])
    yield reverse("cocreation:enter_actor", args=[cycle])
    yield reverse("public_service:note", args=[held[0].pk])
    yield from (reverse(name) for name in ("account_logout", "account_reauthenticate"))
    known = ("mfa_reauthenticate", "mfa_reauthenticate_webauthn", "identity:verify")
    yield from (*account(), *(reverse(name) for name in known))


def space() -> Iterator[str]:
    """Of somebody who has begun something as well."""
    actions.keep(draft=MINE, words={"title": "Una idea mía"}, at=timezone.now(), person=rosa())
    yield reverse("public_service:space")
    yield reverse("cocreation:draft_step", args=[MINE, rules.STEPS[0]])
    yield from talked()


def talked() -> Iterator[str]:
    """Where somebody supports, comments, reports, and asks for a place on the map of actors."""
    public = queries.public().filter(cycle__key="demostracion").order_by("number")[0]
    yield reverse("cocreation:support", args=[public.cycle.key, public.number])
    yield reverse("cocreation:join_actors", args=[public.cycle.key])
    own = Comment.objects.filter(person=rosa()).select_related("thread")[0]
    yield from (reverse(f"conversation:{name}", args=[own.thread_id]) for name in ("say", "report"))
    yield reverse("conversation:withdraw", args=[own.thread_id, own.number])
