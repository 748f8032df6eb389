"""The language in which the house keeps what it says."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils.translation import override


@contextmanager
def prevailing() -> Iterator[None]:
    """In the language that prevails, whatever the reader's page is in: made anew at each call,
    so that one thread never leaves its language to another."""
    with override(settings.LANGUAGE_CODE):
        yield
