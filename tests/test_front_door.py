"""What the front door says when it cannot open, and what each order keeps to."""

import ast
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from minga.project.commands import _django, _testing, env, start, test, work
from minga.project.environment import HOME

SCRIPT = HOME / "minga"
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture
def door(tmp_path: Path) -> Any:
    """The script in a folder of its own, with the locks and the orders beside it."""
    for name in (SCRIPT.name, *LOCKS):
        shutil.copy(HOME / name, tmp_path)
    orders = Path("src", "minga", "project", "commands")
    shutil.copytree(HOME / orders, tmp_path / orders)
    spec = spec_from_loader("front_door", loader=None)
    assert spec
    module = module_from_spec(spec)
    module.__file__ = str(tmp_path / SCRIPT.name)
    exec(compile(SCRIPT.read_text("utf-8"), module.__file__, "exec"), module.__dict__)  # noqa: S102
    return module


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Somebody holds it, and nobody answers there."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def said(call: Any, *arguments: object) -> str:
    with pytest.raises(SystemExit) as stop:
        call(*arguments)
    return str(stop.value)


def test_the_script_is_short_and_an_old_python_can_read_it() -> None:
    text = SCRIPT.read_text("utf-8")
    ast.parse(text, feature_version=(3, 4))
    assert len(text.splitlines()) <= 200
    assert os.access(SCRIPT, os.X_OK)


def test_without_python_the_shell_says_so(tmp_path: Path) -> None:
    told = subprocess.run(
        ["/bin/sh", SCRIPT], env={"PATH": str(tmp_path)}, capture_output=True, check=False
    )
    assert told.returncode == 1
    assert (
        told.stderr.decode() == "Minga necesita Python 3.11 o más nuevo, y aquí no hay python3.\n"
    )


def test_an_old_python_is_named(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.shutil, "which", lambda name: None)
    monkeypatch.setattr(sys, "version_info", (3, 6, 9))
    words = said(door.front_door, ["env"])
    assert words == "Minga necesita Python 3.11 o más nuevo; este es 3.6."


def test_an_old_python_finds_a_newer_one(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door.shutil, "which", lambda name: f"/there/{name}")
    monkeypatch.setattr(door, "runs", lambda path, code: path != "/there/python3.14")
    monkeypatch.setattr(sys, "version_info", (3, 6, 9))
    assert door.find_python() == "/there/python3.13"


def test_a_missing_ensurepip_is_named(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "runs", lambda path, code: "ensurepip" not in code)
    words = said(door.front_door, ["env"])
    assert words == "A este Python le falta ensurepip: instala el paquete python3-venv."


def test_a_full_disk_is_named(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    full = SimpleNamespace(free=10**6)
    monkeypatch.setattr(door.shutil, "disk_usage", lambda path: full)
    assert "No queda espacio en el disco" in said(door.front_door, ["env"])
    assert not Path(door.VENV).exists()


def test_a_read_only_folder_is_named(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str, **_: object) -> NoReturn:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(door.os, "makedirs", refuse)
    assert said(door.front_door, ["env"]) == f"No se puede escribir en la carpeta {door.HOME}."


def test_ctrl_c_ends_quietly(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(lock: str) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(door, "prepare", interrupt)
    assert said(door.front_door, ["env"]) == "130"


def test_an_unknown_order_is_refused_before_anything_is_made(door: Any) -> None:
    words = said(door.front_door, ["volar"])
    assert words == "No hay una orden «volar»; «./minga» las muestra todas."
    assert not Path(door.VENV).exists()


def test_the_table_names_every_order(door: Any, capsys: pytest.CaptureFixture[str]) -> None:
    door.front_door([])
    told = capsys.readouterr().out
    for name in ("start", "work", "verify", "env", "test", "check", "fix", "house"):
        assert re.search(rf"^  {name} +\w.*[.:]$", told, re.MULTILINE), name


def test_a_half_made_environment_is_made_again(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(door.VENV).mkdir()
    Path(door.UNFINISHED).touch()
    rest = Path(door.VENV, "rest")
    rest.touch()
    monkeypatch.setattr(door, "step", lambda words, command: True)
    monkeypatch.setattr(door, "find_python", lambda: sys.executable)
    door.make()
    assert not rest.exists()
    assert Path(door.UNFINISHED).exists()  # until the packages are there


def test_the_second_start_runs_nothing_but_the_order(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(door.PYTHON).parent.mkdir(parents=True)
    Path(door.PYTHON).symlink_to(sys.executable)
    Path(door.LOG).parent.mkdir()
    Path(door.LOG).touch()
    Path(door.UNFINISHED).touch()
    monkeypatch.setattr(door, "step", lambda words, command: True)
    door.install("requirements.lock")
    monkeypatch.setattr(door.subprocess, "call", lambda *_, **__: pytest.fail("a process"))
    monkeypatch.setattr(door.os, "chdir", lambda path: None)
    monkeypatch.setenv("PYTHONPATH", "")
    run: list[str] = []
    monkeypatch.setattr(door.os, "execv", lambda path, words: run.extend(words))
    door.front_door(["env", "--help"])
    assert run == [door.PYTHON, "-m", "minga.project.commands", "env", "--help"]
    with pytest.raises(pytest.fail.Exception):
        door.front_door(["test"])  # the other lock is not installed yet


@pytest.mark.slow
def test_without_network_one_sentence_names_the_log(door: Any, closed_port: int) -> None:
    python = Path(door.PYTHON)  # ours, so that the test need not make another
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    nowhere = f"http://127.0.0.1:{closed_port}/"
    pip = {"CONFIG_FILE": os.devnull, "INDEX_URL": nowhere, "RETRIES": "0"}
    pip |= {"EXTRA_INDEX_URL": "", "FIND_LINKS": "", "NO_INDEX": "", "TARGET": door.VENV}
    told = subprocess.run(
        [sys.executable, door.__file__, "env"],
        env={**os.environ, **{f"PIP_{name}": value for name, value in pip.items()}},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert told.stderr == (
        "No se pudieron instalar los paquetes; ¿hay conexión a la red?"
        " El detalle está en var/preparar.log.\n"
    )
    first = re.search(r"^(\S+)==", (HOME / LOCKS[1]).read_text("utf-8"), re.M)
    assert first
    assert first[1] in Path(door.LOG).read_text("utf-8")


def test_the_locks_agree_and_name_no_registry() -> None:
    run, develop = ((HOME / name).read_text("utf-8") for name in LOCKS)
    assert "://" not in run + develop
    pins = re.findall(r"^\S+==\S+", run, re.MULTILINE)
    assert set(pins) <= set(re.findall(r"^\S+==\S+", develop, re.MULTILINE))
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    for name in (re.split(r"[^\w-]", extra)[0].lower() for extra in extras):
        assert re.search(rf"^{name}==", develop, re.MULTILINE), name


def test_a_taken_port_proposes_another() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        words = said(start.main, ["--port", str(number)])
    assert re.fullmatch(rf"El puerto {number} está ocupado; prueba ./minga start --port \d+", words)


@pytest.mark.parametrize("wrong", [["--port", "x"], ["--port", "0"], ["--pais", "ec"], ["hoy"]])
def test_what_is_not_understood_is_said_in_spanish(wrong: list[str]) -> None:
    words = said(start.main, wrong)
    assert words.startswith("No se entiende «")
    assert "Uso: ./minga start" in words


def test_an_unknown_country_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGA_COUNTRY", "pe")
    assert "se conocen ec, bo" in said(_django.stand_up)


def test_a_sqlite_without_its_search_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bare:
        def execute(self, words: str) -> NoReturn:
            raise sqlite3.OperationalError("no such module: fts5")

        def close(self) -> None: ...

    monkeypatch.setattr(sqlite3, "connect", lambda path: Bare())
    assert "FTS5" in said(_django.check_sqlite)


@pytest.mark.slow
def test_a_silent_postgresql_is_named_without_its_password(closed_port: int) -> None:
    url = f"postgresql://minga:secreta@127.0.0.1:{closed_port}/minga"
    told = subprocess.run(
        [sys.executable, "-m", "minga.project.commands", "verify"],
        env={**os.environ, "PYTHONPATH": str(HOME / "src"), "MINGA_DATABASE": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1
    assert told.stderr.startswith(f"No se puede abrir la base «minga» de 127.0.0.1:{closed_port}")
    assert len(told.stderr.splitlines()) == 1
    assert "secreta" not in told.stderr


def test_the_table_of_settings_hides_passwords(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINGA_DATABASE", "postgresql://minga:secreta@servidor/minga")
    env.main([])
    told = capsys.readouterr().out
    assert "postgresql://minga:…@servidor/minga (cambiado)" in told
    assert "minga:secreta" not in told


@pytest.mark.django_db  # a round looks at its connections, whichever tests came before
def test_the_worker_survives_a_failed_round_and_names_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rounds: list[str] = []

    def deliver() -> int:
        rounds.append("one more")
        if len(rounds) == 1:
            raise ValueError("rosa@example.org")
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    monkeypatch.setattr(work, "PAUSE", 0)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        work.loop([work.Round("de entrega", deliver)])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert len(rounds) == 2
    assert "ValueError" in caplog.text
    assert "rosa" not in caplog.text


REPORT = """<testsuites><testsuite>
<testcase classname="a" name="good" time="0.1"/>
<testcase classname="a" name="bad" time="0.3"><failure/></testcase>
<testcase classname="a" name="broken" time="0.2"><error/></testcase>
<testcase classname="a" name="left" time="0"><skipped/></testcase>
</testsuite></testsuites>"""


def test_a_report_is_counted(tmp_path: Path) -> None:
    part = _testing.Part(name="one")
    report = tmp_path / "report.xml"
    assert _testing.read(report, part, 1, 2).failed == 1  # it did not even begin
    report.write_text(REPORT)
    result = _testing.read(report, part, 1, 1)
    assert (result.passed, result.failed, result.skipped) == (1, 2, 1)
    assert result.slowest[0] == (0.3, "a.bad")


@pytest.mark.parametrize("machine", ["", "true"])
def test_a_part_left_out_fails_only_in_ci(
    machine: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = _testing.Part(name="one", without=["tests"], why="es igual")
    away = _testing.Part(name="two", left_out="no hay otro")
    monkeypatch.setenv("CI", machine)
    monkeypatch.setattr(_testing, "parts", lambda **_: [here, away])
    result = _testing.Result(part=here, passed=3)
    monkeypatch.setattr(_testing, "run", lambda part, data, given: result)
    assert test.main([]) == (1 if machine else 0)
    told = capsys.readouterr().out
    assert re.search("two +quedó fuera: no hay otro", told)
    assert "En one no se repite lo que es igual: tests\n" in told
    assert told.splitlines()[-1] == "3 passed, 0 failed"
