"""Which sites may show an institution's frame. Pure Python."""

import re
from enum import StrEnum

MOST_HOSTS = 10
LONGEST_HOST = 253
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
PORT = re.compile(r"[1-9][0-9]{0,4}")
TLD = re.compile(r"[a-z][a-z0-9-]*[a-z0-9]")


class Astray(StrEnum):
    """Why an address is not that of a site."""

    INSECURE = "insecure"
    ANYBODY = "anybody"  # a star, which would let everybody in
    SCHEME = "scheme"
    PLACE = "place"  # it says more than the site: a path, a name, a query
    HOST = "host"


class NoOrigin(ValueError):
    def __init__(self, why: Astray) -> None:
        super().__init__(why)
        self.why = why


def origin(said: str) -> str:
    """The origin that somebody wrote, as a browser writes it; or NoOrigin. Nothing else can
    reach the policy, where a space or a semicolon would say something else."""
    typed = said.strip()
    scheme, separator, rest = typed.partition("://")
    if "*" in typed:
        raise NoOrigin(Astray.ANYBODY)
    if separator and scheme.lower() == "http":
        raise NoOrigin(Astray.INSECURE)
    if not separator or scheme.lower() != "https":
        raise NoOrigin(Astray.SCHEME)
    if re.search(r"[/?#@\\]", rest.removesuffix("/")):
        raise NoOrigin(Astray.PLACE)
    host, colon, port = rest.removesuffix("/").partition(":")
    if colon and not (PORT.fullmatch(port) and int(port) < 65_536):
        raise NoOrigin(Astray.HOST)
    shown = f":{port}" if colon and port != "443" else ""
    return f"https://{_host(host)}{shown}"


def _host(said: str) -> str:
    """In the letters of the net: «peñón.ec» is written as «xn--pen-8mak.ec»."""
    try:
        host = said.lower().encode("idna").decode()
    except UnicodeError:
        raise NoOrigin(Astray.HOST) from None
    labels = host.split(".")
    is_name = len(labels) > 1 and all(LABEL.fullmatch(label) for label in labels)
    if not is_name or not TLD.fullmatch(labels[-1]) or len(host) > LONGEST_HOST:
        raise NoOrigin(Astray.HOST)
    return host
