"""Two worlds that differ only in scores that nobody may see yet are the same world.

Every address of the house is opened by each reader, in a world where everything was scored low
and in one where it was scored high: nothing that they get differs in a byte, but for seals, which
have a salt of their own. Nor do the history, notices, letters, open data and logs.
"""

import logging
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from minga.kernel.catalogue import queries as catalogue
from minga.kernel.catalogue.declaration import datasets
from minga.kernel.design.menu import Audience
from minga.kernel.mailbox.models import Letter, Notice, Task
from minga.kernel.rubrics.models import Assessment
from minga.kernel.rubrics.rules import State
from minga.kernel.trust.actions import keys, register
from minga.kernel.trust.models import Entry
from minga.project.commands import work
from minga.services.cocreation.actions import evaluation
from minga.services.cocreation.models import Cycle, Integrated
from minga.services.cocreation.queries import evaluation as queries
from minga.services.cocreation.tests.build import speaks
from minga.services.cocreation.tests.build_evaluation import (
    a_round,
    agreed,
    handed_in,
    the_round,
    waiting,
)
from tests.crawl import audience, crawl, rosa, taken
from tests.databases import forgotten, looking_at
from tests.test_access import ADDRESSES, OWN, World, a_world, session_of

NOW = timezone.now()
CYCLES = "/propuestas/procesos/"
LOW, HIGH = (0, "Me parece poco."), (3, "Me parece mucho mejor que las otras, zqsecreto.")
SEAL = re.compile(r"\b[0-9a-f]{64}\b|[A-Za-z0-9_-]{43}")
SIGNED = re.compile(r"[A-Za-z0-9+/]{43,}={0,2}")  # roots of the register
DRAWN = re.compile(r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|"sal": "[0-9a-f]{32}"')
OF_THE_MOMENT = ("ETag", "Set-Cookie", "Expires", "X-Request-ID")
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')


class Seen(NamedTuple):
    """What one reader got at one address."""

    status: int
    headers: str
    body: str


class Scene(NamedTuple):
    world: World
    cycle: Cycle
    readers: Mapping[str, str]  # the keys of their sessions

    def but_for(self, *hidden: str) -> list[str]:
        """The readers who are not those whose scores these roles gave."""
        rows = Assessment.objects.filter(subject__round=the_round(self.cycle), rater__in=hidden)
        authors = set(rows.values_list("assessor__email", flat=True))
        return [name for name in self.readers if f"{name}@demo.minga" not in authors]


def a_scene() -> Scene:
    """Who reads: whoever sits in the bodies, who proposed what is evaluated, who runs the
    register, and nobody in particular."""
    world, cycle = a_world(), a_round(2, NOW)
    Cycle.objects.filter(pk=cycle.pk).update(closes_on=timezone.localdate() + timedelta(days=9))
    for join in Integrated.objects.get(cycle=cycle, number=1).joins.select_related("proposal"):
        type(join.proposal.case).objects.filter(pk=join.proposal.pk).update(applicant=rosa())
    names = ("carla", "bruno", "diego", "ines", "elena", "felix", "rosa")
    sessions = {name: session_of(speaks(name)) for name in names}
    rectora = world.sessions["rectora"]
    return Scene(world, cycle, {"nadie": "", **sessions, "rectora": rectora})


@pytest.fixture(scope="module")
def scene(demo_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    with django_db_blocker.unblock(), looking_at(demo_database):
        yield a_scene()


def score(scene: Scene, hidden: Collection[str], said: tuple[int, str], state: State) -> None:
    """While it is open one thing is handed in and the other half written; then everything is,
    and the commission has consolidated."""
    for one in waiting(scene.cycle):
        value, comment = said if one.rater in hidden else LOW
        if state == State.CONSOLIDATED or one.subject.position == 1:
            handed_in(scene.cycle, one, value, comment, NOW)
            continue
        number = Integrated.objects.get(pk=queries.number_of(one.subject)).number
        keys = ("resources", "willingness", "impact", "alignment")
        evaluation.keep(
            cycle=scene.cycle,
            number=number,
            person=one.assessor,
            values=dict.fromkeys(keys, value),
            comment=comment,
            rev=1,
            at=NOW,
        )
    if state == State.CONSOLIDATED:
        assert agreed(scene.cycle, State.CONSOLIDATED, at=NOW)
        evaluation.assign(cycle=scene.cycle, person=speaks("carla"), at=NOW)


def addresses(scene: Scene) -> Iterator[str]:
    """All of the house, filled with what is one's own and with what is evaluated."""
    own = {name.partition(":")[2]: value for name, value in scene.world.things[OWN].items()}
    for name in ADDRESSES:
        yield scene.world.path(name, OWN)
        if name.startswith("cocreation:") and "cycle" in (names := taken(ADDRESSES[name])):
            for number in (1, 2):
                here = {**own, "cycle": scene.cycle.key, "number": number}
                yield reverse(name, kwargs={key: here[key] for key in names})


def seen(scene: Scene, reader: str) -> dict[str, Seen]:
    """Every address, and where the pages of the cycle lead from there. What everybody sees
    alike is read by nobody in particular, and what is of an account by one."""
    client, known = Client(raise_request_exception=False), reader != "nadie"
    if known:
        client.cookies[settings.SESSION_COOKIE_NAME] = scene.readers[reader]
    searched = [f"{reverse('catalogue:search')}?q={words}" for words in ("barrio", "zqsecreto")]

    def may(path: str) -> bool:
        if path.startswith(CYCLES) or not known:
            return True
        is_account = path.startswith(reverse("identity:account"))
        own = audience(path) not in (Audience.EVERYONE, Audience.APPLICANT)
        return own and (reader == "bruno" or not is_account)

    starts = [path for path in dict.fromkeys([*addresses(scene), *searched]) if may(path)]
    found = {path: got(client, path) for path in starts if not path.endswith(".xlsx")}  # dated
    here = reverse("cocreation:cycle", args=[scene.cycle.key])
    for page in crawl(client, "", [here], may=lambda path: path.startswith(here)):
        if page.path not in found and not page.path.endswith(".xlsx"):
            found[page.path] = got(client, page.path)
    return found


def got(client: Client, path: str) -> Seen:
    catalogue.forget_stamp()
    with forgotten():
        answer = client.get(path)
        body = answer.getvalue().decode(errors="replace")
    kept = {k: v for k, v in answer.headers.items() if k not in OF_THE_MOMENT}
    if path.startswith(reverse("trust:register")):
        body = SIGNED.sub("(firma)", body)
    return Seen(answer.status_code, plain(str(sorted(kept.items()))), plain(body))


def plain(text: str) -> str:
    return SEAL.sub("(sello)", DRAWN.sub("(azar)", TOKEN.sub("", text)))


def told() -> list[str]:
    """The history, and whatever people are told or owe; and all open data."""
    entries = Entry.objects.order_by("stream", "seq").values_list("stream", "kind", "actor", "body")
    letters = Letter.objects.order_by("pk").values_list("to", "subject", "body")
    notices = Notice.objects.order_by("pk").values_list("person", "title", "body", "address")
    tasks = Task.objects.order_by("pk").values_list("post", "title", "address")
    rows = [str(row) for dataset in datasets for row in dataset.rows()]
    return [plain(str(one)) for one in (*entries, *letters, *notices, *tasks)] + rows


class Play(NamedTuple):
    pages: Mapping[str, Mapping[str, Seen]]
    told: list[str]
    logged: list[str]


def played(
    scene: Scene,
    readers: Collection[str],
    hidden: Collection[str],
    state: State,
    log: pytest.LogCaptureFixture,
) -> Play:
    """What all those get where these roles scored high, and all others low."""
    with forgotten():
        log.clear()
        score(scene, hidden, HIGH, state)
        work.place_all()
        assert register.sign(key=keys.at_hand(), at=NOW + timedelta(hours=1))
        history = told()  # before reading, which leaves what was refused in it
        pages = {reader: seen(scene, reader) for reader in readers}
        return Play(pages, history, list(logged(log)))


def logged(log: pytest.LogCaptureFixture) -> Iterator[str]:
    """Without statements, which are written down only where somebody looks for a fault, and
    without how long something took."""
    for record in log.records:
        line = plain(record.getMessage())
        if not record.name.startswith("django.db") and not line.startswith("slow:"):
            yield line


ROLES = ("responsible", "counterpart", "working_group", "core_group")
pytestmark = pytest.mark.skipif(
    settings.MINGA_COUNTRY != "ecuador", reason="the same predicates in every country"
)


@pytest.mark.slow
@pytest.mark.parametrize("state", [State.OPEN, State.CONSOLIDATED])
def test_before_they_are_published_scores_change_nothing_that_anybody_gets(
    state: State, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """Half of the roles scored otherwise, then the other half: each half reads the other's. Once
    it is consolidated the commission knows where two differ: there both scored otherwise."""
    caplog.set_level(logging.DEBUG)
    if state == State.CONSOLIDATED:  # what the rest of them see was compared while it was open
        few = ("nadie", "carla", "bruno", "diego", "elena")
        scene = scene._replace(readers={name: scene.readers[name] for name in few})
    some, rest = (ROLES[::2], ROLES[1::2]) if state == State.OPEN else (ROLES[:2], ROLES[2:])
    read = scene.but_for(*some)
    left = [name for name in scene.but_for(*rest) if name not in read]
    assert {*read, *left} == {*scene.readers}
    low = played(scene, [*scene.readers], (), state, caplog)
    for hidden, readers in ((some, read), (rest, left)):
        high = played(scene, readers, hidden, state, caplog)
        assert low.told == high.told
        assert {*high.logged} <= {*low.logged}
        faults = [fault for reader in readers for fault in other(reader, low, high)]
        assert not faults, "\n".join([f"{len(faults)}:", *faults[:20]])


def other(reader: str, low: Play, high: Play) -> Iterator[str]:
    """Where what a reader gets differs, and how it begins to."""
    pages, others = low.pages[reader], high.pages[reader]
    for path in sorted(set(pages) | set(others)):
        one, two = str(pages.get(path)), str(others.get(path))
        if one != two:
            pairs = enumerate(zip(one, two, strict=False))
            at = next((place for place, (a, b) in pairs if a != b), 0)
            yield f"{path} ({reader}): …{one[at - 60 : at + 60]!r} / {two[at - 20 : at + 60]!r}"


@pytest.mark.slow
def test_whoever_scored_sees_their_own(scene: Scene) -> None:
    """Else the other test would find nothing because nothing is there."""
    rows = Assessment.objects.filter(subject__round=the_round(scene.cycle)).select_related(
        "assessor"
    )
    row = rows.filter(rater="working_group")[0]
    path = reverse("cocreation:my_score", args=[scene.cycle.key, row.subject.position])
    found = []
    for hidden in ((), ("working_group",)):
        with forgotten():
            score(scene, hidden, HIGH, State.OPEN)
            client = Client()
            client.force_login(row.assessor)
            found.append(got(client, path).body)
    assert "zqsecreto" in found[1]
    assert "zqsecreto" not in found[0]
