"""Where papers are typeset: in a process of its own, with little time and little memory."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ORDER = [sys.executable, "-I", str(Path(__file__).with_name("typeset.py"))]
SECONDS = 30.0
LARGEST = 20 << 20  # bytes of a paper


class Jammed(Exception):
    """Nothing came out of the press."""


def pressed(said: Mapping[str, Any]) -> bytes:
    """The PDF of a sheet: the same bytes for the same sheet."""
    try:
        ended = subprocess.run(  # noqa: S603  # our own program; what it reads is data
            ORDER,
            input=json.dumps(said).encode(),
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env={"RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"},
        )
    except subprocess.TimeoutExpired:
        raise Jammed("it took too long") from None
    if ended.returncode or not ended.stdout.startswith(b"%PDF-"):
        raise Jammed(f"it ended with {ended.returncode}")
    if len(ended.stdout) > LARGEST:
        raise Jammed("it is too large")
    return ended.stdout
