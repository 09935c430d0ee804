"""The directory of sealed files: a file appears whole or not at all, and disappears by name.

Names are opaque ids made by the store; nothing a person sent is ever part of a path.
Must not know: keys, whom a file belongs to.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.core.errors import StorageError, UnreadableError
from bot.core.ids import FileId
from bot.storage.master_key import sync_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_DRAFT = ".part"


class Disk:
    """Files under one directory."""

    def __init__(self, directory: Path, owner: str) -> None:
        """``owner`` is this worker's lease name; drafts of dead workers are swept. Raises StorageError."""
        self._directory = directory
        self._owner = owner
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _refused(error) from error

    def draft(self, file: FileId, data: bytes) -> Path:
        """Write the bytes durably under a draft's name. Raises StorageError, leaving nothing, when the disk is full."""
        path = self._directory / f"{self._owner}.{file}{_DRAFT}"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            self.drop(path)
            raise _refused(error) from error
        return path

    def publish(self, draft: Path, file: FileId) -> None:
        """Give the draft its name, durably. Raises StorageError."""
        try:
            draft.rename(self._directory / file)
            sync_directory(self._directory)
        except OSError as error:
            raise _refused(error) from error

    def drop(self, draft: Path) -> None:
        """Remove a draft that will not be published."""
        with suppress(OSError):
            draft.unlink(missing_ok=True)

    def read(self, file: FileId) -> bytes:
        """The bytes. Raises UnreadableError when missing, StorageError when the disk refuses for now."""
        try:
            return (self._directory / file).read_bytes()
        except FileNotFoundError as error:
            raise UnreadableError(f"file {file} is not on the disk") from error
        except OSError as error:
            raise _refused(error) from error

    def remove(self, files: Iterable[FileId]) -> None:
        """Unlink the files; missing ones are passed over, others are left to ``orphans``."""
        for file in files:
            with suppress(OSError):
                (self._directory / file).unlink(missing_ok=True)

    def orphans(self, is_known: Callable[[FileId], bool], is_alive: Callable[[str], bool]) -> list[FileId]:
        """Names of files that no row knows and of drafts whose worker is dead."""
        return [
            FileId(name)
            for name in sorted(path.name for path in self._directory.iterdir())
            if not (is_alive(name.partition(".")[0]) if name.endswith(_DRAFT) else is_known(FileId(name)))
        ]


def _refused(error: OSError) -> StorageError:
    return StorageError(f"the disk refused: {type(error).__name__} {error.errno}")
