"""Stores one inbound message once, with its files, before anything is answered.

Must not know: the platform, what the message means.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.core.events import HELD, MediaRef
from bot.core.ids import FileId
from bot.core.messages import InboundFile
from bot.core.ports import Arrival, FileKind
from bot.core.text import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.ids import PersonId
    from bot.core.messages import InboundMessage
    from bot.core.ports import Address, Clock, Files, Inbox, Persons

MAX_FILE_BYTES = 16 * 1024 * 1024
"""Larger files are not kept; the person is told."""

MAX_CHOICE = 200
"""Characters of a button's id or title; no real one is longer."""

MAX_HINT = 35
"""Characters of a language tag (RFC 5646, 4.4.1)."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in."""

    data: bytes
    claimed_type: str
    as_document: bool = False


@dataclass(frozen=True, slots=True)
class Receive:
    """Puts messages into the inbox."""

    inbox: Inbox
    persons: Persons
    files: Files
    clock: Clock

    def __call__(
        self, address: Address, external_id: str, message: InboundMessage, uploads: Sequence[Upload] = ()
    ) -> PersonId:
        """Store the message; raises DuplicateMessageError when the platform delivered it before, StorageError else."""
        now = self.clock.now()
        person = self.persons.find_or_create(address, now)
        files = tuple(self._seal(person, upload) for upload in uploads)
        kept = replace(
            message,
            text=clean(message.text),
            choice=None if message.choice is None else clean(message.choice, MAX_CHOICE),
            language_hint=None if message.language_hint is None else clean(message.language_hint, MAX_HINT),
            files=files,
            external_id=external_id,
        )
        try:
            self.inbox.put(address, external_id, kept, now, Arrival(media=tuple(map(_held, _kept(files)))))
        except Exception:
            self.files.discard(person, tuple(file.id for file in _kept(files)))
            raise
        return person

    def _seal(self, person: PersonId, upload: Upload) -> InboundFile:
        size = len(upload.data)
        problem = "empty" if size == 0 else "too_large" if size > MAX_FILE_BYTES else None
        file = self.files.put(person, upload.data, FileKind.ORIGINAL, self.clock.now()) if problem is None else None
        return InboundFile(
            id=file or FileId(""),
            claimed_type=upload.claimed_type[:100],
            size=size,
            sha256=sha256(upload.data).hexdigest(),
            as_document=upload.as_document,
            problem=problem,
        )


def _kept(files: tuple[InboundFile, ...]) -> list[InboundFile]:
    return [file for file in files if file.problem is None]


def _held(file: InboundFile) -> MediaRef:
    """What has the file looked at before its turn."""
    return MediaRef(file.id, HELD, file.claimed_type, file.size, file.sha256, file.as_document)
