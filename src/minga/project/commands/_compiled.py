"""The catalogues as the server reads them: compiled when a word changed, without msgfmt."""

from hashlib import sha256
from pathlib import Path

from minga.kernel.design import reading
from minga.project import environment
from minga.project.environment import HOME

MINGA = HOME / "src" / "minga"
HERE = Path(__file__)


def compile_words() -> None:
    """Nothing but a look at the files when nothing changed."""
    env = environment.read()
    folder = Path(env.data, "locale", env.jurisdiction)
    stamp, wanted = folder / "words.sha256", digest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    from . import _words  # reads with Babel, which takes a while to come

    home = MINGA / "jurisdictions" / env.jurisdiction
    for language in {_words.SOURCE, *reading.WHOLE, *_words.languages_of(home)}:
        _words.compile_into(folder, language, home)
    _words.replace(stamp, wanted.encode())


def digest() -> str:
    """Changes with every word, and with how they are compiled."""
    pages = [*MINGA.rglob("*.po"), HERE, HERE.with_name("_words.py"), Path(reading.__file__)]
    found = sha256()
    for page in sorted(pages):
        found.update(f"{page}\0".encode() + page.read_bytes())
    return found.hexdigest()
