"""The words people read: collected from code and pages, kept in catalogues, compiled."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from minga.kernel.design import reading
from minga.kernel.design.reading import WHOLE
from minga.project.environment import HOME

MINGA = HOME / "src" / "minga"
FILE = Path("LC_MESSAGES", "django.po")
SOURCE = "es"  # what code and pages are written in; its catalogues hold a country's own words
REVIEWED = "revisada"  # the flag of a translation that a speaker has read
KINDS = ("gettext", "ngettext", "pgettext", "npgettext")
CALLS = dict.fromkeys(["_", *KINDS, *(f"{kind}_lazy" for kind in KINDS)])
NO_WORDS, PAGES = {"tests", "migrations"}, {".html", ".txt", ".xml", ".svg", ".ics", ".typ"}
PLURALS = "nplurals=2; plural=(n != 1);"
LIBRARIES = ("django.conf", "django.contrib.auth", "allauth")
HEADER = """msgid ""
msgstr ""
"Language: {}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {}\\n"

"""
PLACEHOLDER = re.compile(r"%\(\w+\)[-#0 +]*[\d.]*[a-z]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w[^>]*>")
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)  # a page's means nothing to Python

Key: TypeAlias = tuple[str, str | None]  # the Spanish (its singular), and its context
Words: TypeAlias = dict[Key, Message]


def rooms() -> list[Path]:
    """Every folder that has words of its own."""
    floors = ("kernel", "services", "jurisdictions")
    found = [page.parent for floor in floors for page in (MINGA / floor).glob("*/__init__.py")]
    return [*sorted(found), MINGA / "project"]


def key(message: Message) -> Key:
    spanish = message.id if isinstance(message.id, str) else message.id[0]
    return spanish, message.context or None


def texts(message: Message) -> tuple[str, ...]:
    """Its translation, in each number."""
    said = message.string
    return (said,) if isinstance(said, str) else tuple(said or ())


@cache
def collected(room: Path) -> Catalog:
    """The words that a room says, in the order in which it says them."""
    catalog = Catalog(fuzzy=False)
    code = [page for page in room.rglob("*.py") if not NO_WORDS & set(page.parts)]
    pages = [page for page in room.glob("templates/**/*.*") if page.suffix in PAGES]
    for page in [*sorted(code), *sorted(pages)]:
        source = page.read_text("utf-8")
        if page.suffix in PAGES:
            source = INDENT.sub("", templatize(source))
        for _line, name, said, _comments in extract_python(BytesIO(source.encode()), CALLS, (), {}):
            add(catalog, str(name), said)
    return catalog


def add(catalog: Catalog, name: str, said: Any) -> None:
    """One call, as Babel read it: its arguments, None for whatever is no plain text."""
    given: tuple[Any, ...] = said if isinstance(said, tuple) else (said,)
    context: str | None = None
    if "pgettext" in name:
        context, given = given[0], given[1:]
    wanted = given[:2] if name.startswith("n") else given[:1]
    if all(isinstance(text, str) and text for text in wanted) and wanted:
        catalog.add(wanted if len(wanted) > 1 else wanted[0], context=context)


def catalogue(room: Path, language: str) -> Path:
    return room / "locale" / language / FILE


def kept(page: Path) -> Catalog:
    if not page.exists():
        return Catalog(fuzzy=False)
    return read_po(BytesIO(page.read_bytes()), locale=None)


def words(catalog: Catalog) -> Words:
    return {key(message): message for message in catalog if message.id}


def said_by(room: Path, language: str) -> Words:
    """What a room's catalogue translates, without what it leaves empty."""
    found = words(kept(catalogue(room, language)))
    return {name: message for name, message in found.items() if all(texts(message))}


def everything(rooms: Iterable[Path]) -> Words:
    """Whatever some rooms say."""
    return {name: message for room in rooms for name, message in words(collected(room)).items()}


def languages_of(room: Path) -> list[str]:
    """The languages of the catalogues that a country brings along, besides the whole ones."""
    return sorted(page.name for page in (room / "locale").glob("*") if page.name not in WHOLE)


def updated(room: Path, language: str) -> str:
    """A room's catalogue as it should be: its words of today, with what was translated. A
    partial one keeps what was put into it, in its order."""
    there = words(kept(catalogue(room, language)))
    wanted = words(collected(room)) if language in WHOLE else there
    catalog = Catalog(fuzzy=False)
    for name, message in wanted.items():
        old = there.get(name)
        same = old and isinstance(old.string, str) == isinstance(message.id, str)
        catalog.add(
            message.id,
            old.string if old and same else None,
            flags=old.flags - {"fuzzy"} if old else (),
            user_comments=old.user_comments if old else (),
            context=message.context,
        )
    return written(catalog, language)


def written(catalog: Catalog, language: str) -> str:
    page = BytesIO()
    write_po(page, catalog, width=100, no_location=True, omit_header=True)
    return HEADER.format(language, PLURALS) + page.getvalue().decode().strip() + "\n"


def differing() -> dict[Path, str]:
    """The catalogues that are not as they should be, and how they should be."""
    wanted = {}
    for room in rooms():
        for language in [*WHOLE, *languages_of(room)]:
            page, text = catalogue(room, language), ""
            if page.exists() or words(collected(room)):
                text = updated(room, language)
            if text and (not page.exists() or page.read_text("utf-8") != text):
                wanted[page] = text
    return wanted


def faults() -> Iterator[str]:
    """What would break a page, or say two things with one word."""
    known, said = everything(rooms()), dict[tuple[str, Key], tuple[tuple[str, ...], Path]]()
    for room in rooms():
        for language in [*WHOLE, *languages_of(room)]:
            for name, message in said_by(room, language).items():
                where = f"{room.relative_to(MINGA)}/{language}: «{name[0]}»"
                if name not in known:
                    yield f"{where} ya no lo dice ninguna página"
                yield from (f"{where}: {fault}" for fault in unlike(message))
                floor = "" if room.parent.name != "jurisdictions" else room.name
                first = said.setdefault((language + floor, name), (texts(message), room))
                if first[0] != texts(message):
                    yield f"{where} se traduce de otro modo en {first[1].name}"


def missing() -> Iterator[str]:
    """What a whole language does not say yet."""
    for room in rooms():
        for language in WHOLE:
            for name in words(collected(room)).keys() - said_by(room, language).keys():
                yield f"{room.relative_to(MINGA)}/{language}: falta «{name[0]}»"


def unlike(message: Message) -> Iterator[str]:
    """What a translation must have in common with the Spanish."""
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    for spanish, text in zip(ids, texts(message), strict=False):
        for pattern, name in ((PLACEHOLDER, "huecos"), (TAG, "marcas de HTML")):
            if sorted(pattern.findall(spanish)) != sorted(pattern.findall(text)):
                yield f"los {name} no son los mismos en «{text}»"
        if edges(spanish) != edges(text):
            yield f"los espacios de los bordes no son los mismos en «{text}»"


def edges(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()


def compile_into(folder: Path, language: str, home: Path) -> None:
    """One catalogue of all rooms; later ones win, and the country's own comes last. Beside it
    stands what a page tells of the language."""
    here = [room for room in rooms() if room.parent != home.parent or room == home]
    ours: Words = {}
    for room in here:
        ours |= said_by(room, language)
    said = ours if language == SOURCE else marked(ours)
    if language in WHOLE:
        said = marked(of_libraries()) | said_by(home, SOURCE) | said
    catalog = Catalog(fuzzy=False)
    catalog.mime_headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Plural-Forms", PLURALS),
    ]
    for message in said.values():
        catalog.add(message.id, message.string, context=message.context)
    made = BytesIO()
    write_mo(made, catalog)
    replace(folder / language / FILE.with_suffix(".mo"), made.getvalue())
    rows = [(key(it)[0], texts(it)[0], REVIEWED in it.flags) for it in ours.values()]
    told = json.dumps({"all": len(everything(here)), "words": rows}, ensure_ascii=False)
    replace(folder / language / "words.json", told.encode())


def marked(found: Words) -> Words:
    """Every translation between its marks (design.reading)."""
    return {
        name: Message(
            message.id,
            reading.marked(message.string)
            if isinstance(message.string, str)
            else tuple(map(reading.marked, texts(message))),
            context=message.context,
        )
        for name, message in found.items()
    }


def of_libraries() -> Words:
    """What the libraries say in English, as they wrote it: days, months, errors of forms."""
    found: Words = {}
    for library in LIBRARIES:
        package = find_spec(library)
        assert package
        assert package.origin
        page = Path(package.origin).parent / "locale" / SOURCE / FILE.with_suffix(".mo")
        for message in read_mo(BytesIO(page.read_bytes())):
            context = message.context
            if isinstance(context, bytes):  # as Babel reads it
                message.context = context.decode()
            if message.id and key(message)[0] != "yes,no,maybe":  # Django takes that apart
                found[key(message)] = Message(message.id, message.id, context=message.context)
    return found


def replace(page: Path, content: bytes) -> None:
    """Whole or not at all: other processes read it, or write the same at this moment."""
    page.parent.mkdir(parents=True, exist_ok=True)
    new = page.with_name(f"{page.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(page)
