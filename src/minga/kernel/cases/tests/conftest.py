from collections.abc import Iterator

import pytest

from minga.kernel.cases.declaration import case_types
from minga.kernel.cases.tests import build


@pytest.fixture(autouse=True)
def errands(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A service that takes errands stands in the house during these tests only."""
    monkeypatch.setitem(case_types._items, build.errand.key, build.errand)
    yield
    build.SAID.clear()
