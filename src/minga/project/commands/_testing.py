"""The parts of a test run: what each needs, and what came of it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import which
from subprocess import PIPE, STDOUT
from xml.etree.ElementTree import ParseError, parse

import psycopg

from minga.project.environment import HOME

NOTHING_COLLECTED = 5  # pytest's exit code
LANES = 2  # parts at once, each in one process: then it makes its world and opens its pages once
OF_FILES = ("tests/test_arrows.py", "tests/test_front_door.py", "tests/test_repository.py")
OF_WORDS = ("tests/test_languages.py", "tests/test_words.py")
OF_ALL_COUNTRIES = ("tests/test_access.py", "tests/test_bad_input.py", "tests/test_copies.py")


@dataclass(frozen=True, kw_only=True)
class Part:
    name: str
    env: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[str] = ()
    left_out: str = ""  # why it cannot run here
    without: Sequence[str] = ()  # what another part has tried for it, too
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Result:
    part: Part
    said: str = ""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    slowest: Sequence[tuple[float, str]] = ()


def parts(*, accept: bool, browser: bool) -> list[Part]:
    """The longest first; accepting query counts takes one pair of hands."""
    ecuador = {"MINGA_COUNTRY": "ec"}
    if accept:
        return [Part(name="Ecuador, SQLite", env=ecuador, options=["--accept-queries"])]
    chromium = "" if which("chromium") else "no hay Chromium"
    stories = Part(
        name="Historias en Chromium", env=ecuador, options=["--browser"], left_out=chromium
    )
    if browser:
        return [replace(stories, options=["--browser", "-n", str(LANES)])]
    url = postgresql()
    return [
        stories,
        Part(
            name="Ecuador, PostgreSQL",
            env={**ecuador, "MINGA_DATABASE": url},
            left_out="" if url else "ningún PostgreSQL contesta",
            without=(*OF_FILES, *OF_WORDS),
            why="es igual en toda base",
        ),
        Part(name="Ecuador, SQLite", env=ecuador),
        Part(
            name="Bolivia, SQLite",
            env={"MINGA_COUNTRY": "bo"},
            without=(*OF_FILES, *OF_ALL_COUNTRIES, *of_no_country()),
            why="es igual en todo país",
        ),
    ]


def of_no_country() -> list[str]:
    """Blocks of the kernel that never ask which country this is."""
    blocks = (HOME / "src" / "minga" / "kernel").glob("*/__init__.py")
    return sorted(
        str(block.parent.relative_to(HOME))
        for block in blocks
        if not any("jurisdiction" in file.read_text("utf-8") for file in block.parent.rglob("*.py"))
    )


def postgresql() -> str:
    """A server where databases can be made, with a name of this run's own."""
    users = dict.fromkeys(["root", "postgres", os.environ.get("USER", "root")])
    tries = [f"postgresql://{user}@127.0.0.1:5432/postgres" for user in users]
    if given := os.environ.get("MINGA_TEST_POSTGRES_URL"):
        tries = [given]
    for url in tries:
        try:
            with psycopg.connect(url, connect_timeout=2) as server:
                can = server.execute(
                    "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
        except psycopg.Error:
            continue
        if can and can[0]:
            return f"{url.rpartition('/')[0]}/minga_{os.getpid()}"
    return ""


def silent_engines() -> list[Part]:
    """What a State may have besides, and this machine has not: its few tests are left out."""
    told = {"Redis": 6379, "RabbitMQ": 5672}
    why = "no contesta en esta máquina"
    return [Part(name=name, left_out=why) for name, port in told.items() if not answers(port)]


def answers(port: int) -> bool:
    with socket.socket() as line:
        line.settimeout(1)
        return line.connect_ex(("127.0.0.1", port)) == 0


def run(part: Part, data: Path, given: Sequence[str]) -> Result:
    """A process of its own, with its own data folder and its own database."""
    folder = Path(tempfile.mkdtemp(dir=data))
    report = folder / "report.xml"
    order = [sys.executable, "-m", "pytest", f"--junitxml={report}", *part.options]
    order += given or [f"--ignore={path}" for path in part.without]
    env = {**os.environ, "MINGA_DATA": str(folder), "MINGA_DATABASE": "", **part.env}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # some two hundred processes read the same modules
    print(f"{part.name}…", flush=True)
    began = time.monotonic()
    done = subprocess.run(order, cwd=HOME, env=env, check=False, stdout=PIPE, stderr=STDOUT)
    seconds, said = time.monotonic() - began, done.stdout.decode(errors="replace")
    if done.returncode == NOTHING_COLLECTED:
        return Result(part=part, said=said, seconds=seconds)
    return replace(read(report, part, seconds, done.returncode), said=said)


def read(report: Path, part: Part, seconds: float, code: int) -> Result:
    try:
        tree = parse(report).getroot()  # noqa: S314  (pytest has just written it)
    except (OSError, ParseError):
        return Result(part=part, failed=1, seconds=seconds)  # it did not even begin
    outcomes = [(case, {child.tag for child in case}) for case in tree.iter("testcase")]
    failed = sum(1 for _, tags in outcomes if tags & {"failure", "error"})
    skipped = sum(1 for _, tags in outcomes if "skipped" in tags)
    times = [
        (float(case.get("time", 0)), f"{case.get('classname')}.{case.get('name')}")
        for case, _ in outcomes
    ]
    return Result(
        part=part,
        passed=len(outcomes) - failed - skipped,
        failed=max(failed, 1 if code else 0),
        skipped=skipped,
        seconds=seconds,
        slowest=sorted(times, reverse=True)[:10],
    )
