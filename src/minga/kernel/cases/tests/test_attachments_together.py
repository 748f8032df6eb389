"""Files that are given, and looked into, by several at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connections

from minga.kernel.cases import queries as cases
from minga.kernel.cases import rules
from minga.kernel.cases.declaration import Refused
from minga.kernel.cases.models import Attachment
from minga.kernel.cases.queries import attachments
from minga.kernel.cases.tests.build import a_file, an_errand, given, lying, scan
from minga.kernel.forms.rules import MOST
from minga.kernel.trust import queries as trust

pytestmark = pytest.mark.usefixtures("own_database", "store")


@pytest.mark.slow
def test_of_twelve_that_come_at_once_ten_are_taken(store: Path) -> None:
    case = an_errand()

    def once(_: int) -> object:
        try:
            return given(case, a_file())
        except Refused as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(12) as threads:
        results = list(threads.map(once, range(12)))
    assert sorted(type(result).__name__ for result in results) == 2 * ["Refused"] + 10 * ["list"]
    assert Attachment.objects.count() == len(lying(store)) == MOST
    assert [*trust.verify(), *cases.verify(), *attachments.verify()] == []


@pytest.mark.usefixtures("clamd")
def test_two_workers_write_down_once_what_the_antivirus_said(
    together: Callable[[Callable[[], object]], list[object]],
) -> None:
    case = an_errand()
    given(case, a_file(), a_file(), a_file())
    told = together(scan)
    assert sum(looked for looked in told if isinstance(looked, int)) == 3, told
    assert trust.entries(case.stream).filter(kind=rules.SCANNED).count() == 3
    assert [*trust.verify(), *attachments.verify()] == []
