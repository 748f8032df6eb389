"""A process dies while a file is given to a case: nothing is lost that anybody was told of."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import time

import pytest
from django.conf import settings

from minga.kernel.cases.tests.antivirus import Antivirus, antivirus
from tests.installation import Installation, prepared

GIVE = """
import django; django.setup()
import os, signal
from io import BytesIO
from django.utils import timezone
from minga.kernel.cases.actions import attachments
from minga.kernel.cases.models import Case
from minga.kernel.forms.rules import receive
from minga.services.cocreation.actions import ANYBODY
case, file = Case.objects.order_by("pk")[0], receive("nota.txt", BytesIO(b"Una nota."))
with attachments.kept([file]) as kept:
    {before}
    attachments.attach(case=case, files=kept, by=ANYBODY, at=timezone.now())
    {after}
"""
DIE = "os.kill(os.getpid(), signal.SIGKILL)"
DAYS_AGO = 2 * 24 * 60 * 60


@pytest.fixture
def clamd() -> Iterator[Antivirus]:
    with antivirus() as daemon:
        yield daemon


@pytest.fixture
def place(town: Installation, tmp_path: Path, clamd: Antivirus) -> Iterator[Installation]:
    with prepared(tmp_path, like=town) as installation:
        installation.env["MINGA_SCANNER"] = clamd.address
        yield installation


def dies(place: Installation, *, before: str = "", after: str = "") -> None:
    order = [sys.executable, "-c", GIVE.format(before=before or "pass", after=after or "pass")]
    assert subprocess.run(order, env=place.env, check=False).returncode == -signal.SIGKILL


def lying(folder: Path) -> set[Path]:
    return {file for file in folder.joinpath("files").rglob("*") if file.is_file()}


@pytest.mark.slow
@pytest.mark.skipif(settings.MINGA_COUNTRY != "ecuador", reason="the same in every country")
def test_who_dies_with_a_file_in_hand_leaves_nothing_half_done(
    place: Installation, tmp_path: Path, clamd: Antivirus
) -> None:
    known = lying(tmp_path)
    dies(place, before=DIE)
    [orphan] = lying(tmp_path) - known
    dies(place, after=DIE)
    [entered] = lying(tmp_path) - known - {orphan}
    assert place.runs("verify", "--files").returncode == 0
    assert "Archivos revisados: 1." in place.runs("work").stdout
    assert clamd.seen == [b"Una nota."]
    assert orphan in lying(tmp_path)
    os.utime(orphan, (time() - DAYS_AGO, time() - DAYS_AGO))
    assert place.runs("work").returncode == 0
    assert lying(tmp_path) == known | {entered}
    assert place.runs("verify", "--files").returncode == 0
    entered.chmod(0o600)
    entered.write_bytes(b"Otra nota.")
    assert place.runs("verify").returncode == 0
    told = place.runs("verify", "--files")
    assert told.returncode == 1
    assert "el archivo guardado no es el recibido" in told.stderr
