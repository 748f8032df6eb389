"""What is said while something takes long."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(words: str) -> Iterator[None]:
    """One line for a long step, with its seconds."""
    print(f"{words}… ", end="", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("no se pudo.", flush=True)
        raise
    print(f"{time.monotonic() - began:.1f} s".replace(".", ","), flush=True)
