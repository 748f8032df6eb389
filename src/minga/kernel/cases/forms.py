from typing import Any

from minga.kernel.forms.forms import FilesForm


class InternalForm(FilesForm):
    """Files that only officials see."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attached"].required = True
