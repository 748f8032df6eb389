"""What an installation already had when units became rows and a post got one holder."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from pytest_django.plugin import DjangoDbBlocker

from minga.project.commands import _engines as engines
from tests.databases import living_in
from tests.installation import fresh

BEFORE, AFTER = [("identity", "0001_initial")], [("identity", "0004_one_holder")]


@pytest.fixture
def empty_database(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with fresh(connection.vendor) as url:
        name = engines.name_of(url) if url else str(tmp_path / "empty.sqlite3")
        with django_db_blocker.unblock(), living_in(name):
            yield


@pytest.mark.slow
@pytest.mark.usefixtures("empty_database")
def test_units_become_rows_and_a_second_holder_gets_a_post_of_their_own() -> None:
    executor = MigrationExecutor(connection)
    rooms = ("cases", "mailbox", "identity")
    later = [node for node in executor.loader.graph.leaf_nodes() if node[0] in rooms]
    executor.migrate([*BEFORE, ("cases", "0001_initial"), ("mailbox", "0001_initial")])
    old = executor.loader.project_state(BEFORE).apps
    model = {name: old.get_model("identity", name) for name in ("Organisation", "Post", "Person")}
    town = model["Organisation"].objects.create(key="villa", name="Villa", source="prueba")
    post = model["Post"].objects.create(organisation=town, title="Analista", unit="Obras")
    for name in ("ines", "tomas"):
        person = model["Person"].objects.create(email=f"{name}@prueba.minga", name=name)
        old.get_model("identity", "Membership").objects.create(
            person=person, post=post, starts_on=date(2026, 1, 1)
        )
    executor = MigrationExecutor(connection)
    executor.migrate([*AFTER])
    executor = MigrationExecutor(connection)
    executor.migrate(later)

    from minga.kernel.identity.models import Post

    posts = Post.objects.filter(organisation__key="villa").order_by("pk")
    assert [str(post) for post in posts] == ["Analista, Obras", "Analista 2, Obras"]
    assert [post.memberships.get().person.name for post in posts] == ["ines", "tomas"]
