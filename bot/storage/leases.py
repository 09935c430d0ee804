"""Who holds a leased row: a worker instance, alive as long as it holds a lock on its own file.

The kernel drops the lock with the process, however it ends, so that a dead worker's rows can be taken over at once.
Lock files bear the instance's random name, which is never used again. A process that forks without exec shares the
lock with its child: then only the end of the lease frees the rows.
Must not know: the tables.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.core.errors import StorageError
from bot.storage.sealing import Random, fresh_id

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX = ".lock"


class Leases:
    """This worker's name, held alive until ``close``."""

    def __init__(self, directory: Path, random: Random) -> None:
        """Take a name and lock it. Raises StorageError when the directory cannot be written."""
        self._directory = directory
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.owner, self._handle = self._take(random)
        except OSError as error:
            raise StorageError(f"{directory} cannot be locked ({type(error).__name__})") from error

    def is_alive(self, owner: str) -> bool:
        """True while the process of that name lives; its lock is tried and given back at once."""
        if owner == self.owner:
            return True
        return not self._bury(owner, is_removed=False)

    def sweep(self) -> None:
        """Remove the lock files of dead instances."""
        with suppress(OSError):
            for path in self._directory.glob(f"*{_SUFFIX}"):
                owner = path.name.removesuffix(_SUFFIX)
                if owner != self.owner:
                    self._bury(owner, is_removed=True)

    def close(self) -> None:
        """Give the name back; rows still leased are free for others."""
        with suppress(OSError):
            self._path(self.owner).unlink()
        os.close(self._handle)

    def _path(self, owner: str) -> Path:
        return self._directory / f"{owner}{_SUFFIX}"

    def _take(self, random: Random) -> tuple[str, int]:
        while True:
            owner = fresh_id("w", random)
            handle = os.open(self._path(owner), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            fcntl.flock(handle, fcntl.LOCK_EX)
            if os.fstat(handle).st_nlink:
                return owner, handle
            os.close(handle)  # swept between open and lock by a process that starts beside us

    def _bury(self, owner: str, *, is_removed: bool) -> bool:
        """True when the owner is dead."""
        path = self._path(owner)
        try:
            handle = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if is_removed:
                path.unlink(missing_ok=True)
        except OSError:
            return False
        else:
            return True
        finally:
            os.close(handle)
