"""What a platform has thanked for and the database does not say yet: an empty file a message, made in microseconds.

A commit waits for other writers and their disk; a kill meanwhile would leave in doubt what is known to have arrived, and
a message in doubt is sent once more where no platform tells (ADR 0023). The name is the message's number, nothing else.
Must not know: the tables, channels.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.core.errors import StorageError

if TYPE_CHECKING:
    from pathlib import Path


class Slips:
    """Files in one directory, shared by all processes of the house."""

    def __init__(self, directory: Path) -> None:
        """Raises StorageError when the directory cannot be made."""
        self._directory = directory
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"{directory} cannot be made ({type(error).__name__})") from error

    def write(self, seq: int) -> None:
        """Note that the message has arrived; without it (a full disk) there is only the doubt there was before."""
        with suppress(OSError):
            os.close(os.open(self._path(seq), os.O_WRONLY | os.O_CREAT, 0o600))

    def has(self, seq: int) -> bool:
        """True for a message that was thanked for."""
        return self._path(seq).exists()

    def drop(self, seq: int) -> None:
        """The database knows it now."""
        with suppress(OSError):
            self._path(seq).unlink()

    def numbers(self) -> list[int]:
        """The messages there are slips of, after a kill."""
        return [int(path.name) for path in self._directory.iterdir() if path.name.isdigit()]

    def _path(self, seq: int) -> Path:
        return self._directory / str(seq)
