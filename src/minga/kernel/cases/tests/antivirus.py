"""ClamAV's daemon on this machine, for one test: it knows the test file and nothing else."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

# In pieces, so that no antivirus of a developer takes this file for it.
EICAR = b"".join(
    [rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR", b"-STANDARD-ANTIVIRUS", b"-TEST-FILE!$H+H*"]
)
DROP = ""  # an answer: the line is cut


class Antivirus(ThreadingTCPServer):
    """Keeps what it was sent, and what it was told to answer first."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Line)
        self.answers: list[str] = []
        self.seen: list[bytes] = []

    @property
    def address(self) -> str:
        return f"clamd://127.0.0.1:{self.server_address[1]}"


class Line(StreamRequestHandler):
    server: Antivirus

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.seen.append(content)
        found = "Win.Test.EICAR_HDB-1 FOUND" if EICAR in content else "OK"
        said = self.server.answers.pop(0) if self.server.answers else f"stream: {found}\0"
        self.wfile.write(said.encode())


@contextmanager
def antivirus() -> Iterator[Antivirus]:
    with Antivirus() as daemon:
        thread = Thread(target=daemon.serve_forever, args=[0.01])
        thread.start()
        try:
            yield daemon
        finally:
            daemon.shutdown()
            thread.join()
