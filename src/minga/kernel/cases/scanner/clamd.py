"""ClamAV's daemon, over a socket: a file is sent in parts and answered in one line."""

import socket
import struct
from collections.abc import Iterable
from urllib.parse import urlsplit

PORT = 3310
TO_CONNECT, TO_ANSWER = 5, 30  # seconds
LONGEST = 4096  # bytes of an answer


def answer(address: str, content: Iterable[bytes]) -> str:
    """`stream: OK`, `stream: … FOUND`, or whatever it could not do (… ERROR)."""
    url = urlsplit(address)
    with socket.create_connection((url.hostname, url.port or PORT), TO_CONNECT) as line:
        line.settimeout(TO_ANSWER)
        line.sendall(b"zINSTREAM\0")
        for part in content:
            line.sendall(struct.pack("!L", len(part)) + part)
        line.sendall(struct.pack("!L", 0))
        return _read(line)


def _read(line: socket.socket) -> str:
    told = b""
    while not told.endswith(b"\0"):
        part = line.recv(LONGEST)
        if not part or len(told) > LONGEST:
            raise ConnectionError("the answer was cut off")
        told += part
    return told.rstrip(b"\0").decode("utf-8", "replace")
