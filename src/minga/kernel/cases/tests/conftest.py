from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from minga.kernel.cases.declaration import case_types
from minga.kernel.cases.tests import build
from minga.kernel.cases.tests.antivirus import Antivirus, antivirus


@pytest.fixture(autouse=True)
def errands(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A service that takes errands stands in the house during these tests only."""
    monkeypatch.setitem(case_types._items, build.errand.key, build.errand)
    yield
    build.SAID.clear()


@pytest.fixture
def store(tmp_path: Path, settings: Settings) -> Path:
    """A folder for what one test attaches."""
    files = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": files}
    return tmp_path


@pytest.fixture
def clamd(settings: Settings) -> Iterator[Antivirus]:
    with antivirus() as daemon:
        settings.MINGA_SCANNER = daemon.address
        yield daemon
    assert daemon.answers == []
