"""Words as search compares them: the same in Python, SQLite and PostgreSQL. Pure Python."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from threading import Lock

import snowballstemmer

from minga.kernel.base.text import plain, unaccented

VERSION = "1"  # raised with any change of the roots below: records are then written again
LONGEST_TITLE = 300
LONGEST_ROOT = 40
ROOTS_KEPT = 200_000  # characters of one record: PostgreSQL refuses a tsvector of 1 MB
WORDS_ASKED = 8
SHORTEST_BEGINNING = 3  # letters: a shorter root is asked for as a whole word
SNIPPET = 240
SCANNED = 20_000  # characters of a text where a snippet is looked for

FILLED = re.compile(r"<[^>]*>")  # of a route: where a code or a name stands

# A word may contain an apostrophe (ch'amani) and marks that have no composed letter.
# What never ends is cut, here and in what is asked, into words of 60.
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f]|['\u2019\u02bc](?=[^\W_])){0,59}")
STOP_WORDS = """
a al algo ante aquel aquella aquellas aquellos asi aun aunque cada como con contra cual cuales
cuando de del desde donde e el ella ellas ellos en entre era eran es esa esas ese eso esos esta
estan estar estas este esto estos fue fueron ha haber habia han hasta hay la las le les lo los mas
me mi mis muy ni no nos nosotros nuestra nuestras nuestro nuestros o os para pero por porque pues
que quien quienes se sea sean ser si sido sin sino sobre solo somos son su sus suya suyo tambien
tan tanto te tiene tienen toda todas todo todos tu tus un una unas uno unos usted ustedes y ya yo
"""
STOP = frozenset(STOP_WORDS.split())
stemmer = snowballstemmer.stemmer("spanish")
one_at_a_time = Lock()  # the stemmer keeps the word it works on in itself


@lru_cache(maxsize=50_000)
def roots(word: str) -> tuple[str, ...]:
    """What a word is found by, the first one as it is asked for: none for a stop word,
    two when its plural is written otherwise (luz, luces)."""
    letters = "".join(unaccented(word).split())
    if not letters or letters in STOP:
        return ()
    with one_at_a_time:
        root = stemmer.stemWord(singular(letters))[:LONGEST_ROOT]
    if root[-1] == "z" or letters.endswith("ces"):
        return root, root[:-1] + ("c" if root[-1] == "z" else "z")
    return (root,)


def singular(word: str) -> str:
    """Before the stemmer, which takes ciudades and ciudad for two words."""
    while len(word) > 3 and word[-1] == "s":
        if word[-2] == "e" and word[-3] not in "aeiou" and len(word) > 4:
            word = word[:-2]
        elif word[-2] in "aeiou":
            word = word[:-1]
        else:
            break
    return word


def type_root(type: str) -> str:
    """A type as one more word of its records; nobody can type it, for its first letter."""
    return "=" + re.sub(r"[^\w.-]", "-", type[:100], flags=re.ASCII)


def written(text: str) -> str:
    """The roots of a text as they are stored: each once, in the order they were met."""
    found = (root for word in WORD.finditer(text) for root in roots(word[0]))
    whole = " ".join(dict.fromkeys(found))
    return whole if len(whole) <= ROOTS_KEPT else whole[:ROOTS_KEPT].rpartition(" ")[0]


def all_roots(type: str, title: str, text: str) -> str:
    """What the search index is made of."""
    return f"{type_root(type)} {written(f'{title} {text}')}".strip()


def asked(words: str) -> list[str]:
    """The roots that somebody looks for: everything found begins with each of them so."""
    found = (roots(word[0]) for word in WORD.finditer(words))
    return list(dict.fromkeys(root[0] for root in found if root))[:WORDS_ASKED]


def is_beginning(root: str) -> bool:
    return len(root) >= SHORTEST_BEGINNING


def score(title_roots: str, wanted: Iterable[str]) -> int:
    """How much a title says of what was asked: a whole word says more than a beginning."""
    title = f" {title_roots} "
    return sum((f" {root} " in title) + (f" {root}" in title) for root in wanted)


def is_meant(word: str, wanted: Sequence[str]) -> bool:
    begin = tuple(filter(is_beginning, wanted))
    return any(root in wanted or root.startswith(begin) for root in roots(word))


def marked(text: str, wanted: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and whether each is a word that was asked for."""
    done = 0
    for word in WORD.finditer(text):
        if is_meant(word[0], wanted):
            yield text[done : word.start()], False
            yield word[0], True
            done = word.end()
    yield text[done:], False


def snippet(text: str, wanted: Sequence[str]) -> str:
    """The part of a text around the first word that was asked for, else its beginning."""
    text = " ".join(text[:SCANNED].split())
    found = (w.start() for w in WORD.finditer(text) if is_meant(w[0], wanted))
    start = max(0, next(found, 0) - SNIPPET // 3)
    end = start + SNIPPET
    if start:
        start = text.find(" ", start) + 1
    part = text[start:end]
    if end < len(text):
        part = f"{part.rpartition(' ')[0] or part} …"
    return f"… {part}" if start else part


def shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def stored(title: str, text: str) -> tuple[str, str]:
    """The words of a record as they are kept."""
    return shortened(plain(title), LONGEST_TITLE), plain(text)


def is_page(route: str) -> bool:
    """Whether people read what is there: the name of a file has no slash at its end."""
    return not route.rpartition("/")[2]


def page_of(route: str) -> str:
    """A public page as it is counted: its route, without the kinds of what fills it."""
    return f"/{FILLED.sub('…', route)}"
