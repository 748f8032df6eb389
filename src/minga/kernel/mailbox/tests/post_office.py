"""A mail server on this machine, for one test: it answers what it was told to answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import ClassVar

DROP = ""  # an answer: the line is cut


class PostOffice(ThreadingTCPServer):
    """Keeps the letters it takes, and what it was told before each."""

    daemon_threads = True

    def __init__(self, *, greets: bool, encrypts: bool) -> None:
        super().__init__(("127.0.0.1", 0), Line)
        self.greets, self.encrypts = greets, encrypts
        self.answers: list[str] = []  # to the senders of the next letters; then it takes all
        self.heard: list[bytes] = []
        self.letters: list[bytes] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class Line(StreamRequestHandler):
    server: PostOffice
    SAID: ClassVar = {b"DATA": "354 go on", b"QUIT": "221 bye", b"STAR": "220 go on"}

    def handle(self) -> None:
        if not self.server.greets:
            self.server.heard.append(self.rfile.read(1))
            return
        self.say("220 here")
        for words in self.rfile:
            self.server.heard.append(words.strip())
            verb = words[:4].upper()
            answer = self.answer(verb)
            if answer == DROP:
                return
            self.say(answer)
            if verb == b"DATA":
                self.take()
            elif verb == b"STAR":  # nobody here can go on: the first byte says enough
                self.server.heard.append(self.rfile.read(1))
                return

    def answer(self, verb: bytes) -> str:
        if verb == b"MAIL" and self.server.answers:
            return self.server.answers.pop(0)
        if verb == b"EHLO" and self.server.encrypts:
            return "250-here\r\n250 STARTTLS"
        return self.SAID.get(verb, "250 good")

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())

    def take(self) -> None:
        self.server.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
        self.say("250 taken")


@contextmanager
def post_office(*, greets: bool = True, encrypts: bool = False) -> Iterator[PostOffice]:
    with PostOffice(greets=greets, encrypts=encrypts) as office:
        thread = Thread(target=office.serve_forever, args=[0.01])
        thread.start()
        try:
            yield office
        finally:
            office.shutdown()
            thread.join()
