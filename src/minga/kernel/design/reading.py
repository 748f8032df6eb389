"""A page in another language: which of its words are in which. Pure Python.

Catalogues of other languages are compiled with every translation between two marks that
nobody sees. What a page shows outside of them is as the State wrote it: Spanish."""

import re
from collections.abc import Iterator

WHOLE = frozenset({"en"})  # into which everything is translated; of others, what somebody did
OPEN, CLOSE = "\ue000", "\ue001"
MARKS = re.compile(f"[{OPEN}{CLOSE}]")
ESCAPED = re.compile(rb"\\ue00[01]|\xee\x80[\x80\x81]")  # the same in JSON, or as bytes
# What is no text of its own: tags, entities, and what is put in when the text is shown.
APART = re.compile(r"(<[^>]*>|&#?\w+;|%\(\w+\)[-#0 +]*[\d.]*[a-z]|%[sd%]|\{\w*\})")
WORDS = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
TOKEN = re.compile(
    r"<!.*?>|<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?P<said>(?:\"[^\"]*\"|'[^']*'|[^'\">])*)>"
    r"|[^<]+|<",
    re.DOTALL,
)
PART = re.compile(f"([{OPEN}{CLOSE}])")
LETTERS = re.compile(r"[^\W\d_]{2}")
CODE = re.compile(r"\S*[\d@/]\S*")  # of a case, of a place; an address
ADDRESS = re.compile(r'(\b(?:href|action|formaction)="|content="\d+; url=)(/(?!/)[^"]*)')
FILE = re.compile(r"^/static/|\.\w+$")  # for machines: the same in every language
OWN = re.compile(r"\slang=")
CLOSED = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
BARE = {"title", "textarea", "script", "style", "option", "text", "tspan"}  # no element inside
LINE = {"a", "abbr", "b", "bdi", "br", "cite", "code", "del", "em", "i", "img", "ins", "kbd"}
LINE |= {"mark", "path", "q", "s", "small", "span", "strong", "sub", "sup", "svg", "time", "wbr"}


def marked(text: str) -> str:
    """A translation as it is compiled: its words between marks, what is put in outside."""
    parts = APART.split(text)
    parts[::2] = [WORDS.sub(rf"{OPEN}\g<0>{CLOSE}", part) for part in parts[::2]]
    return "".join(parts)


def bare(text: str) -> str:
    return MARKS.sub("", text)


def is_words(text: str) -> bool:
    """Whether a language can be told of it: codes, numbers and addresses have none."""
    return bool(LETTERS.search(text)) and not CODE.fullmatch(text.strip())


def address_in(prefix: str, address: str) -> str:
    """An address of this site as a page under a language's prefix names it."""
    path = re.split("[?#]", address, maxsplit=1)[0]
    local = address.startswith("/") and not address.startswith("//")
    return prefix + address if local and not FILE.search(path) else address


class Reading:
    """One page on its way out: `language` is that of its catalogue; when it is `whole` the
    page is in it and Spanish is what gets named, otherwise the other way round."""

    def __init__(self, language: str, source: str, *, whole: bool) -> None:
        self.prefix, self.whole = f"/{language}", whole
        self.named = source if whole else language  # the language that has to be said
        self.inside = False  # between two marks
        self.own: list[str] = []  # open elements that say their language themselves
        self.out: list[str] = []
        self.last = ""  # the name of the tag just before, if it opened

    def page(self, html: str) -> str:
        for token in TOKEN.finditer(html):
            if name := token["name"]:
                self.tag(token[0], name.lower(), bool(token["end"]), token["said"])
            elif token[0].startswith("<"):
                self.out.append(token[0])
            else:
                self.text(token[0], html, token.end())
        return "".join(self.out)

    def tag(self, tag: str, name: str, end: bool, said: str) -> None:
        if name not in LINE:
            self.inside = False  # a text that lost its last mark ends with its paragraph
        self.last = "" if end else name
        if self.own:
            if name == self.own[0]:
                self.own = self.own[1:] if end else [*self.own, name]
        elif not end and name not in CLOSED and name != "html" and OWN.search(said):
            self.own.append(name)
        if "hreflang=" not in said:
            tag = ADDRESS.sub(self.led, tag)
        self.out.append(bare(tag))

    def led(self, found: re.Match[str]) -> str:
        return found[1] + address_in(self.prefix, found[2])

    def text(self, text: str, html: str, end: int) -> None:
        parts = list(self.parts(text))
        kinds = {named for part, named in parts if is_words(part)}
        opened, self.last = self.last, ""
        if True not in kinds or self.own:
            self.out.append(bare(text))
        elif kinds == {True} and opened and html.startswith(f"</{opened}", end):
            self.out[-1] = f'{self.out[-1][:-1]} lang="{self.named}">'
            self.out.append(bare(text))
        elif opened in BARE:
            self.out.append(bare(text))
        else:
            self.out += [self.wrapped(part) if named else part for part, named in parts]

    def parts(self, text: str) -> Iterator[tuple[str, bool]]:
        """Each piece, and whether its language has to be said."""
        for part in PART.split(text):
            if part in (OPEN, CLOSE):
                self.inside = part == OPEN
            elif part:
                yield part, self.inside != self.whole

    def wrapped(self, part: str) -> str:
        if not is_words(part):
            return part
        stripped = part.strip()
        before, after = part.split(stripped, 1)
        return f'{before}<span lang="{self.named}">{stripped}</span>{after}'
