"""What the web chat needs from the house behind it, as one protocol.

Must not know: storage, the engine, the wording. ``bootstrap`` implements it; tests fake it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from bot.core.ids import PersonId
    from bot.core.messages import Choice, InboundMessage
    from bot.core.ports import Address

CHANNEL = "web"
"""The channel of every address the web chat makes."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as the browser sent it; its name was dropped on arrival."""

    data: bytes
    claimed_type: str
    as_document: bool
    """True: the web chat hands over the original bytes, never a recompressed photo."""


class Sender(StrEnum):
    """Whose words an event holds."""

    BOT = "bot"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class WebFile:
    """A document the person may open; it is drawn when it is asked for."""

    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class WebEvent:
    """One line of the conversation, either way."""

    seq: int
    """Above 0, and growing in the order in which events become visible: an event that appears later never has
    a smaller number, or a reader that has passed it would miss it (``transcript`` makes such numbers)."""
    sender: Sender
    at: datetime
    text: str = ""
    language: str | None = None
    asks: str | None = None
    choices: tuple[Choice, ...] = ()
    files: tuple[WebFile, ...] = ()
    pictures: int = 0
    """How many pictures the person sent with it; they are never shown again."""
    external_id: str | None = None
    """The ``client_msg_id`` of the person's own message, so that the page knows it again; None when it is not kept
    (the page then compares the words)."""


@dataclass(frozen=True, slots=True)
class WebLanguage:
    """A language of the picker."""

    code: str
    name: str
    """Its own name."""
    direction: str
    """``ltr`` or ``rtl``."""
    is_draft: bool = False
    """True while no native speaker has reviewed the translation."""


class WakeUp(Protocol):
    """A bell that rings when something may be new."""

    async def wait(self, seconds: float) -> bool:
        """True as soon as it rang since the last call; False after ``seconds`` without a ring."""


class WebDesk(Protocol):
    """The house as the web chat sees it.

    ``listen`` and ``ring`` run in the event loop (``ring`` in any thread); the others block and run in worker threads.
    """

    def receive(self, address: Address, external_id: str, message: InboundMessage, uploads: Sequence[Upload]) -> None:
        """Store one message of a person, with its files; the person is made when the address is new.

        A message of kind START with a ``language_hint`` is a language named before the first word (our own page sends
        the choice ``language:<code>`` instead).
        Raises DuplicateMessageError when ``external_id`` was received before, StorageError when nothing was stored.
        """

    def find(self, address: Address) -> PersonId | None:
        """The person behind an address, or None before the first message and after the erasure."""

    def history(self, person: PersonId, after: int) -> list[WebEvent]:
        """The conversation both ways above the number ``after``, oldest first.

        Raises KeyDestroyedError when the person was erased.
        """

    def letter(self, person: PersonId, seq: int, index: int) -> tuple[str, str, bytes] | None:
        """Name, media type and bytes of a document of an event of this person, drawn now; None when there is none.

        Raises DocumentError.
        """

    def listen(self, address: Address) -> AbstractContextManager[WakeUp]:
        """A bell for this address, for as long as the context lasts; no ring is lost in between."""

    def ring(self, address: Address) -> None:
        """Ring all bells of this address."""

    def ui_texts(self, language: str) -> Mapping[str, str]:
        """The words of the page in a language: all keys of ``bot/data/webchat.yml``."""

    def languages(self) -> Sequence[WebLanguage]:
        """The languages a person can choose, in the order of the registry."""
