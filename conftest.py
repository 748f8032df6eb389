"""The cast, databases of one's own, and what every test run keeps to."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from shutil import rmtree, which
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection, connections
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from minga.project.commands._compiled import compile_words
from minga.project.commands.demo import demo
from minga.project.commands.load import load
from tests.crawl import Visited, everything
from tests.databases import a_copy, forget_log, living_in, looking_at
from tests.installation import Installation, filled
from tests.people import CAST, BrowserPerson, FastPerson, Person

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
FAST = 0.3  # seconds of processor time that an unmarked test may take
STORE = tempfile.mkdtemp(prefix="minga-files-")  # what this run attaches to cases
VISITS = Path(tempfile.mkdtemp(prefix="minga-visits-"))  # which pages this run opened
BROWSER = {"new_person", "chromium"}  # fixtures of stories and of looks


def pytest_addoption(parser: pytest.Parser) -> None:
    words = "tell the stories in Chromium, with axe"
    parser.addoption("--browser", action="store_true", help=words)
    words = "write down today's numbers of queries"
    parser.addoption("--accept-queries", action="store_true", help=words)


def pytest_configure() -> None:
    """Words in every language; cheap passwords; static files as they are, without collecting
    them first; a folder of its own for files that are attached; databases that need not
    outlive a loss of current."""
    compile_words()
    options = django_settings.DATABASES["default"].setdefault("OPTIONS", {})
    if "init_command" in options:
        options["init_command"] += "; PRAGMA synchronous=OFF"
    else:
        options["options"] = "-c synchronous_commit=off"
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": STORE},
    }
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django_settings.MINGA_KEYS = os.path.join(STORE, "keys")
    django_settings.STORAGES = {"default": files, "staticfiles": static}
    django_settings.MINGA_VISITS = VISITS
    django_settings.WHITENOISE_USE_FINDERS = django_settings.WHITENOISE_AUTOREFRESH = True


def pytest_unconfigure() -> None:
    rmtree(STORE)
    rmtree(VISITS)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With --browser only what opens one, and of that what shows it more than forms do:
    everything else was tried without it. Without it, what nobody but a browser can try is left
    to that run."""
    if config.getoption("--browser"):
        items[:] = [
            item
            for item in items
            if BROWSER & set(getattr(item, "fixturenames", ()))
            and not item.get_closest_marker("by_forms")
        ]
    else:
        items[:] = [item for item in items if "chromium" not in getattr(item, "fixturenames", ())]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Its processor time, on the report: that is what reaches us from xdist's workers."""
    began = time.process_time()
    try:
        yield
    finally:
        spent = time.process_time() - began
        if spent > FAST and not item.get_closest_marker("slow"):
            item.user_properties.append(("unmarked", f"{spent:.2f} s"))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Names what should be marked slow; only a warning, while machines are loaded."""
    for report in terminalreporter.stats.get("passed", ()):
        seconds = dict(report.user_properties).get("unmarked")
        if seconds and not config.getoption("--browser"):
            terminalreporter.write_line(f"slow, not marked: {report.nodeid} ({seconds})")


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[None]:
    """The test database, with the country's files in it as in any other. Ours, because
    pytest-django's makes none when only our own fixtures ask for one."""
    with django_db_blocker.unblock():
        keep = django_db_keepdb and not django_db_createdb
        if not keep:
            forget_log(str(connection.settings_dict["TEST"]["NAME"]))
        made = setup_databases(verbosity=0, interactive=False, keepdb=keep)
        load()
        connection.close()
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture
def own_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A copy of the test database, with the invented world in it for whoever asks for that:
    what is committed stays in it, by any thread."""
    with django_db_blocker.unblock(), ExitStack() as stack:
        if "demo_world" in request.fixturenames:
            stack.enter_context(living_in(request.getfixturevalue("demo_database")))
        stack.enter_context(living_in(stack.enter_context(a_copy("own"))))
        yield


@pytest.fixture(scope="session")
def demo_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Another one, in which the invented world stands: built once."""
    with django_db_blocker.unblock(), a_copy("demo") as copy:
        with living_in(copy):
            demo()
        yield copy


@pytest.fixture
def demo_world(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The invented world, as nobody has touched it: in place of `db`, or in one's own
    database."""
    if "own_database" in request.fixturenames or request.config.getoption("--browser"):
        request.getfixturevalue("own_database")
        yield
        return
    database = request.getfixturevalue("demo_database")
    with django_db_blocker.unblock(), looking_at(database):
        yield


@pytest.fixture(scope="session")
def visited(demo_database: str, django_db_blocker: DjangoDbBlocker) -> list[Visited]:
    """Every page of the invented world: opened once, for all that is asked of pages."""
    with django_db_blocker.unblock(), looking_at(demo_database):
        return everything()


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with the invented town in it, filled once: others are made like it."""
    with filled(tmp_path_factory.mktemp("town"), database=connection.vendor) as installation:
        yield installation


@pytest.fixture
def together() -> Callable[[Callable[[], object]], list[object]]:
    """Does the same four times at the same moment; answers what came of each."""

    def once(action: Callable[[], object]) -> object:
        try:
            return action()
        except Exception as exception:
            return exception
        finally:
            connections.close_all()

    def all_at_once(action: Callable[[], object]) -> list[object]:
        with ThreadPoolExecutor(4) as threads:
            return list(threads.map(once, [action] * 4))

    return all_at_once


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=which("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


@pytest.fixture
def new_person(request: pytest.FixtureRequest) -> Iterator[Callable[..., Person]]:
    """Somebody else each time: with their own cookies, on the same database."""
    if not request.config.getoption("--browser"):
        if "demo_world" not in request.fixturenames:
            request.getfixturevalue("db")
        # As Django's own client does: a request does not close the test's connection.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        yield lambda name="": FastPerson(get_wsgi_application(), name)
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        return
    request.getfixturevalue("own_database")
    chromium, server = request.getfixturevalue("chromium"), LiveServer("localhost")
    yield lambda name="": BrowserPerson(chromium.new_context().new_page(), server.url, name)
    for context in chromium.contexts:
        context.close()
    server.stop()


def member(name: str) -> Callable[..., Person]:
    @pytest.fixture(name=name)
    def somebody(new_person: Callable[..., Person]) -> Person:
        return new_person(name)

    return somebody


rosa, eusebio, ines, tomas, marta, alvaro, nadie = map(member, CAST)
