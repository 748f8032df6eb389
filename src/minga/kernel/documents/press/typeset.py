"""One paper: words and drawings come in as JSON, a PDF goes out. A program that stands alone,
so that it starts at once and whatever happens in it happens to nobody else."""

import json
import resource
import sys
from pathlib import Path

MEMORY = 1 << 30  # bytes of address space: a paper takes a tenth of it
SECONDS = 20  # of processor
HERE = Path(__file__).parent


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst

    said = json.load(sys.stdin)
    made = typst.compile(
        HERE / "paper.typ",
        root=HERE,
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1", "a-2a"],  # to be read aloud, and to be kept
        timestamp=said["timestamp"],
        sys_inputs={"paper": json.dumps(said)},
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
