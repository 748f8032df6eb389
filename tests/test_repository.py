"""Files agree with each other: what one page says, the others and the code say too."""

import os
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from minga.kernel.jurisdiction.declaration import jurisdictions
from minga.kernel.public_service.declaration import services
from minga.project.commands import docs, house
from minga.project.commands._catalogue import pages
from minga.project.environment import HOME, Environment

SRC = HOME / "src" / "minga"
DOCS = HOME / "docs"
LOCKS = ("requirements.lock", "requirements-dev.lock")
DECISIONS = sorted(DOCS.glob("decisions/*.md"))
PARTS = ("Context", "Decision", "Consequences", "What would undo it")
ROOMS = [
    page.parent for floor in ("kernel", "services") for page in SRC.glob(f"{floor}/*/__init__.py")
]
BINARY = (".png", ".jpg", ".woff2", ".ico", ".gz")


def tracked() -> Iterator[Path]:
    """Every file of the repository: what .gitignore does not leave out."""
    lines = (HOME / ".gitignore").read_text("utf-8").split()
    left_out = [".git", *(line.strip("/") for line in lines)]
    for folder, inner, names in os.walk(HOME):
        inner[:] = [n for n in inner if not any(fnmatch(n, pattern) for pattern in left_out)]
        kept = (n for n in names if not any(fnmatch(n, pattern) for pattern in left_out))
        yield from (Path(folder, name) for name in kept)


def text(name: str) -> str:
    return (HOME / name).read_text("utf-8")


def named(page: Path) -> str:
    return str(page.relative_to(HOME))


FILES = sorted(tracked())
PAGES = [page for page in FILES if page.suffix == ".md"]
each_page = pytest.mark.parametrize("page", PAGES, ids=named)
PROJECT = tomllib.loads(text("pyproject.toml"))["project"]


def test_the_catalogue_says_what_the_house_declares() -> None:
    assert docs.differing(pages()) == []


def test_the_catalogue_is_the_same_in_every_country(settings: object) -> None:
    here = pages()
    for country in jurisdictions:
        settings.MINGA_COUNTRY = country.key  # type: ignore[attr-defined]
        assert pages() == here


def test_the_catalogue_names_a_file_that_is_old_missing_or_too_many() -> None:
    wanted = pages()
    old, missing = "services.md", "another.md"
    changed = {**wanted, old: wanted[old] + "more\n", missing: ""}
    too_many = changed.pop("terms.md") and "terms.md"
    assert docs.differing(changed) == sorted([old, missing, too_many])


@each_page
def test_the_orders_that_a_page_names_exist(page: Path) -> None:
    orders = {order.stem for order in (SRC / "project" / "commands").glob("[a-z]*.py")}
    found = set(re.findall(r"(?m)(?:^|[ `«(])\./minga ([a-z]+)", page.read_text("utf-8")))
    assert found <= orders


@each_page
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    for address in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8")):
        if "://" not in address:
            assert (page.parent / address).exists(), address


@each_page
def test_the_settings_that_a_page_names_exist(page: Path) -> None:
    known = {row.name for row in Environment().rows()}
    found = re.findall(r"MINGA_[A-Z_]+", page.read_text("utf-8"))
    assert {name.removesuffix("_FILE") for name in found} <= known


def test_the_first_page_is_short_and_names_every_service_and_country() -> None:
    readme = text("README.md")
    assert len(readme.splitlines()) <= 60
    assert readme.index("![") < readme.index("Python")
    assert {"./minga start", "./minga test"} <= set(re.findall(r"^\./minga \w+", readme, re.M))
    for service in services:
        assert f"[{service.name}](src/minga/services/{service.key})" in readme
    for room in (*ROOMS, *SRC.glob("jurisdictions/*/")):
        assert room.name.startswith("_") or room.name in readme, room


def test_the_plan_of_the_house_names_every_room_and_seam() -> None:
    plan = text("docs/house.md")
    assert len(plan.splitlines()) <= 150
    seams = {seam.partition(": ")[2] for seam in house.seams()}
    assert seams == set(re.findall(r"^\| `([A-Z][a-z]\w+\.\w+)` \|", plan, re.M))
    for room in ROOMS:
        assert re.search(rf"\b{room.name}\b", plan), room


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda page: page.stem[:4])
def test_a_decision_has_its_four_parts_on_one_page(decision: Path) -> None:
    lines = decision.read_text("utf-8").splitlines()
    assert len(lines) <= 40
    assert lines[0].startswith(f"# {decision.stem[:4]} ")
    assert tuple(line[3:] for line in lines if line.startswith("## ")) == PARTS


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [int(decision.stem[:4]) for decision in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_a_room_says_what_it_is_for(room: Path) -> None:
    assert re.fullmatch(r'"""[^"]+\."""\n', (room / "__init__.py").read_text("utf-8"))
    assert 0 < len((room / "README.md").read_text("utf-8").splitlines()) <= 40


def test_every_paper_names_the_same_licence_and_version() -> None:
    public = dict(re.findall(r'^ *(\w+): "?([^"#\n]*?)"? *(?:#.*)?$', text("publiccode.yml"), re.M))
    assert PROJECT["license"] == public["license"] == "EUPL-1.2"
    assert text("LICENSE").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
    assert "[EUPL-1.2](LICENSE)" in text("README.md")
    assert PROJECT["version"] == public["softwareVersion"]
    assert re.search(rf"^## {re.escape(PROJECT['version'])}\b", text("CHANGELOG.md"), re.M)
    assert PROJECT["requires-python"] == f">={public['versionMin']}"


def test_the_glossary_names_what_is_in_the_code() -> None:
    code = "\n".join(page.read_text("utf-8") for page in SRC.rglob("*.py"))
    rows = re.findall(r"^\|[^|]+\|([^|]+)\|", text("docs/glossary.md"), re.M)
    names = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert len(names) > 40
    assert [name for name in names if not re.search(rf"\b{name}\b", code)] == []


def test_every_source_has_a_short_name() -> None:
    known = tuple(re.findall(r"^\| ([^|]+) \|", text("docs/sources.md"), re.M))
    told = [page for page in FILES if page.suffix in (".py", ".toml") and "tests" not in page.parts]
    for page in told:
        for cited in re.findall(r"(.*), l\. \d", page.read_text("utf-8")):
            assert cited.endswith(known), f"{named(page)}: {cited}"


def test_a_moment_is_a_day_of_the_legal_zone() -> None:
    """`localdate` knows it; `.date()` of a moment is the day that it is in Greenwich."""
    for page in SRC.rglob("*.py"):
        for line in page.read_text("utf-8").splitlines():
            of_moment = ".date()" in line and "strptime" not in line and "tz=" not in line
            assert not of_moment or "tests" in page.parts, f"{named(page)}: {line.strip()}"


def test_no_file_names_a_machine_or_a_registry() -> None:
    here = {HOME, HOME.parent, Path.home()} - {Path("/")}
    folders = "|".join(re.escape(str(folder)) for folder in here)
    words = re.compile(
        rf"(?<![\w.-])(?:{folders})/|pypi\.org|pythonhosted\.org|npmjs\.|crates\.io"
        r"|proxy\.golang\.|registry\.\w+\.\w+|index-url\s*=|deb\.debian\."
    )
    for page in (page for page in FILES if page.suffix not in BINARY):
        found = words.search(page.read_text("utf-8"))
        assert not found, f"{named(page)}: {found and found[0]}"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_everything_with_a_hash_and_no_address(name: str) -> None:
    lock = text(name)
    assert "://" not in lock
    pinned = re.split(r"(?m)^(?=\w)", lock)[1:]
    assert pinned
    for package in pinned:
        assert re.match(r"\S+==\S+", package), package
        assert "--hash=sha256:" in package, package
