"""The file by which antivirus programs are tried. It harms nobody, and every one knows it."""

from collections.abc import Iterable

# In pieces, so that no antivirus takes this file for it.
TEST = b"".join(
    (rb"X5O!P%@AP[4\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!$H+H*")
)


def is_clean(content: Iterable[bytes]) -> bool:
    """Whether it is not in there, also across two parts."""
    end = b""
    for part in content:
        if TEST in end + part:
            return False
        end = (end + part)[-len(TEST) :]
    return True
