"""The first cycle again, with invented texts: what PAGA I prints comes out of the public file."""

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from minga.kernel.jurisdiction import actions as jurisdiction
from minga.project.commands import replay as order
from minga.services.cocreation.actions import stages
from minga.services.cocreation.demo import replay
from minga.services.cocreation.demo.replay.world import Script
from minga.services.cocreation.queries import history
from minga.services.cocreation.rules.published import Match, compared

KEY = "paga-1"


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif(settings.MINGA_COUNTRY != "ecuador", reason="its figures are of Ecuador")
@pytest.mark.skipif(connection.vendor != "sqlite", reason="small ones are done on every database")
def test_every_printed_figure_comes_out() -> None:
    now = timezone.now()
    jurisdiction.load()
    stages.load(now)
    published = replay.published(KEY)
    assert published
    world = replay.replay(Script.whole(published), now)
    rows = order.read(world.cycle.key)
    found = {one.title: compared(one, rows).match for one in published.figure}
    assert set(found.values()) == {Match.SAME, Match.ROUNDING}
    assert list(found.values()).count(Match.ROUNDING) == 1  # 5,40 % is no part of 297
    assert list(history.verify()) == []
