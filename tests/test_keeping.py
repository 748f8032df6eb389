"""A house that is lost is had back: the drill of an operator, on both databases."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from minga.project.commands import _archive as archive
from minga.project.commands import _engines as engines
from minga.project.commands import restore
from minga.project.commands._testing import postgresql
from minga.project.environment import Environment
from tests.installation import Installation, a_place, fresh, prepared, wait_until

WRITE = """
import django; django.setup()
from uuid import uuid4
from django.utils import timezone
from minga.kernel.jurisdiction import queries as places
from minga.services.cocreation import actions
place = places.territories()[0].iso
for n in range(1_000_000):
    words = dict(title=f"Propuesta {n}", problem="x" * 40, solution="y" * 40, goal=None)
    words |= dict(cycle="demostracion", territory=place, sector="citizen")
    draft = uuid4()
    actions.keep(draft=draft, words=words, at=timezone.now())
    print(actions.send(draft=draft, at=timezone.now()).code, flush=True)
"""
LOOK = """
import django; django.setup()
import json
from django.test import Client
from django.urls import reverse
from minga.project.commands import demo, start
start.collect_static()
email, password, _ = demo.accounts()[0]
me = Client(SERVER_NAME="localhost")
case = me.get(reverse("cocreation:followed", args=["{code}"])).status_code
door = me.post(reverse("account_login"), dict(login=email, password=password)).status_code
print(json.dumps([case, door]))
"""
COUNT = """
import django; django.setup()
import json
from django.apps import apps
print(json.dumps({m._meta.db_table: m._base_manager.count() for m in apps.get_models(True)}))
"""
only_once = pytest.mark.skipif(
    settings.MINGA_COUNTRY != "ecuador", reason="the same in every country"
)


@contextmanager
def writing(place: Installation, into: Path) -> Iterator[str]:
    """Somebody sends proposals without a pause; the code of the first."""
    with into.open("w") as codes:
        order = [sys.executable, "-c", WRITE]
        writer = subprocess.Popen(order, env=place.env, stdout=codes)
        try:
            wait_until(lambda: into.read_text().count("\n") > 1 or writer.poll() is not None)
            yield into.read_text().split()[0]
        finally:
            writer.send_signal(signal.SIGKILL)
            writer.wait()


@pytest.mark.slow
@only_once
def test_what_was_kept_while_people_wrote_is_had_back_elsewhere(
    town: Installation, tmp_path: Path
) -> None:
    here, there, kept = tmp_path / "here", tmp_path / "there", tmp_path / "kept"
    with prepared(here, like=town) as place:
        (here / "keys").mkdir()
        (here / "keys" / "register").write_text("a key")
        with writing(place, tmp_path / "codes") as code:
            done = place.runs("backup", str(kept))
            assert done.returncode == 0, done.stderr
        assert kept.stat().st_mode & 0o077 == 0
        with fresh(connection.vendor) as other:
            elsewhere = a_place(there, "ec", other)
            done = elsewhere.runs("restore", str(kept))
            assert done.returncode == 0, done.stdout + done.stderr
            assert rows(elsewhere) == archive.head_of(kept)["counts"]
            told = elsewhere.python(LOOK.format(code=code)).splitlines()[-1]
            assert json.loads(told) == [200, 302]
            assert (there / "keys" / "register").read_text() == "a key"
            refused = elsewhere.runs("restore", str(kept))
            assert "--replace" in refused.stderr
            assert not [name for name in os.listdir(there) if name.startswith("nueva-")]


@pytest.mark.slow
@only_once
@pytest.mark.skipif(connection.vendor != "sqlite", reason="there and back in one run")
@pytest.mark.skipif(not postgresql(), reason="no PostgreSQL answers")
def test_the_history_verifies_on_the_other_engine_and_back(
    town: Installation, tmp_path: Path
) -> None:
    here, back = tmp_path / "here", tmp_path / "back"
    with prepared(here, like=town) as place, fresh("postgresql") as url:
        done = place.runs("move", url)
        assert done.returncode == 0, done.stdout + done.stderr
        moved = a_place(here, "ec", url)
        assert moved.runs("verify", "--files").returncode == 0
        back.mkdir()
        moved.env["MINGA_DATA"] = str(back)
        done = moved.runs("move", "sqlite:")
        assert done.returncode == 0, done.stdout + done.stderr
        returned = a_place(back, "ec", "")
        assert returned.runs("verify").returncode == 0
        assert rows(returned) == rows(place)
        assert "no está vacía" in place.runs("move", url).stderr


def rows(place: Installation) -> dict[str, int]:
    found: dict[str, int] = json.loads(place.python(COUNT))
    return found


PARTS = {"base.sqlite3": b"rows" * 200, "files/aa/aab": b"a letter", "keys/register": b"k" * 700}
HEAD = {"country": "ecuador", "engine": "sqlite", "migrations": [], "counts": {}}


def a_backup(file: Path, **said: object) -> bytes:
    with file.open("wb") as target, archive.written(target, {**HEAD, **said}) as writer:
        for name, content in PARTS.items():
            writer.add(name, io.BytesIO(content), len(content))
    return file.read_bytes()


def unpacked(file: Path, folder: Path) -> dict[str, bytes]:
    archive.head_of(file)
    archive.unpack(file, folder)
    return {name: (folder / name).read_bytes() for name in PARTS}


@pytest.mark.slow
@given(st.data())
def test_a_backup_that_was_cut_or_changed_is_refused_or_is_whole(data: st.DataObject) -> None:
    """Some bytes of it are nobody's: those after the end, those that fill up a block."""
    with a_folder() as folder:
        whole = a_backup(folder / "whole")
        at = data.draw(st.integers(0, len(whole) - 1))
        cut = data.draw(st.booleans())
        bit = data.draw(st.integers(1, 255))
        spoilt = whole[:at] if cut else whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :]
        (folder / "spoilt").write_bytes(spoilt)
        try:
            found = unpacked(folder / "spoilt", folder / "new")
        except archive.Broken:
            return
        assert found == PARTS


@contextmanager
def a_folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"country": "bolivia"}, "es de bolivia y esta instalación de ecuador"),
        ({"engine": "postgresql"}, "./minga move"),
        ({"migrations": ["cases.9999_later"]}, "más nueva que esta (cases.9999_later"),
    ],
)
def test_what_belongs_elsewhere_is_refused_in_its_own_words(
    said: dict[str, object], words: str, tmp_path: Path
) -> None:
    a_backup(tmp_path / "kept", **said)
    data = tmp_path / "data"
    data.mkdir()
    env = Environment(country="ec", data=str(data))
    with pytest.raises(engines.Impossible, match="Nada se cambió") as problem:
        restore.restore(env, tmp_path / "kept", replace=False)
    assert words in str(problem.value)
    assert list(data.iterdir()) == []


def test_a_backup_writes_nowhere_else_than_it_may(tmp_path: Path) -> None:
    with (tmp_path / "kept").open("wb") as target, archive.written(target, HEAD) as writer:
        writer.add("files/../../outside", io.BytesIO(b"x"), 1)
    with pytest.raises(archive.Broken, match="no conoce"):
        archive.unpack(tmp_path / "kept", tmp_path / "new")
    assert not (tmp_path / "outside").exists()
