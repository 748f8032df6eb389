"""How files come in: only where a view takes them, and never more than may be kept; and how
they lie on the disk and go out."""

import os
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from django.core.exceptions import RequestDataTooBig
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import FileResponse

from . import rules

REQUEST = 30 * rules.LARGEST  # bytes of a request; a larger one is refused before it is read

# The browser keeps it, opens nothing, and whatever it is can reach nothing of the house.
CLOSED = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
View = TypeVar("View", bound=Callable[..., Any])


def takes_files(view: View) -> View:
    """Mark a view that takes files; of what is sent to any other no byte is kept."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def stored(path: str) -> Iterator[bytes]:
    """The bytes of a file of the store, part by part."""
    with default_storage.open(path) as file:
        yield from file.chunks(rules.PART)


def digest_of(path: str) -> str:
    """Of a file of the store; "" when it is not there."""
    digest = sha256()
    try:
        for part in stored(path):
            digest.update(part)
    except FileNotFoundError:
        return ""
    return digest.hexdigest()


class Bounded(FileUploadHandler):
    """The first of the handlers: what it lets through, the others keep until the answer. Of
    a file that is too large they keep as much as shows it, so that the rest of the form
    is read and nothing that was typed is lost."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803  # Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > REQUEST:
            raise RequestDataTooBig("more than all files of a form together")
        match = self.request.resolver_match if self.request else None
        self.left = rules.MOST + 1 if getattr(match and match.func, "takes_files", False) else 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.size, self.left = 0, self.left - 1
        if self.left < 0:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        kept, self.size = self.size, self.size + len(raw_data)
        return raw_data if kept <= rules.LARGEST else None

    def file_complete(self, file_size: int) -> None:
        return None


def settle(path: str) -> None:
    """A row may name it from now on: it is on the disk before the row is."""
    if isinstance(default_storage, FileSystemStorage):
        file = Path(default_storage.path(path))
        for place in (file, file.parent, file.parent.parent):
            number = os.open(place, os.O_RDONLY)
            os.fsync(number)
            os.close(number)


def download(content: "File[Any]", *, name: str, media_type: str) -> FileResponse:
    """A file as a download, never shown in the browser."""
    return FileResponse(
        content, as_attachment=True, filename=name, content_type=media_type, headers=CLOSED
    )
