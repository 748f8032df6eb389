"""A world of proposals takes a minute to write: a copy waits in var/ until the code that
would write it changes. Without Django, which opens its database as it stands up."""

import os
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from minga.project.environment import HOME

WORLDS = HOME / "var" / "bench"
NO_PART = {"tests", "project", "templates", "static", "__pycache__"}
PARTS = (".py", ".toml", ".json", ".csv")
PAGES = ("views.py", "urls.py", "forms.py", "api.py", "feeds.py", "middleware.py", "datasets.py")


def place(proposals: int) -> Path:
    digest = sha256()
    for page in sorted(sources()):
        digest.update(page.read_bytes())
    return WORLDS / f"{proposals}-{digest.hexdigest()[:16]}.sqlite3"


def sources() -> Iterator[Path]:
    """Whatever could make it another world."""
    yield Path(__file__).with_name("world.py")
    for folder, inner, names in os.walk(HOME / "src" / "minga"):
        inner[:] = [name for name in inner if name not in NO_PART]
        parts = (name for name in names if name.endswith(PARTS) and name not in PAGES)
        yield from (Path(folder, name) for name in parts)


def keep(world: Path, there: Path) -> None:
    """Only the newest of each size stays."""
    WORLDS.mkdir(parents=True, exist_ok=True)
    for old in WORLDS.glob(f"{there.name.partition('-')[0]}-*"):
        old.unlink()
    shutil.copy(world, there)
