"""What the services need from the outside, as protocols; adapters implement them, tests fake them.

Must not know: any technology.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

    from bot.core.capabilities import Capabilities
    from bot.core.delivery import Outgoing, SendResult
    from bot.core.documents import LetterFacts
    from bot.core.effects import HandoffReason, PersonState, ReminderKind, TurnRecord
    from bot.core.events import Event, Inbound, MediaRef
    from bot.core.history import Entry
    from bot.core.ids import FileId, PersonId
    from bot.core.messages import InboundMessage, OutboundFile, OutboundMessage


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person writes from: the channel and the platform's own name for them."""

    channel: str
    identity: str


@dataclass(frozen=True, slots=True)
class Received:
    """An inbox row that this worker holds until its lease ends."""

    seq: int
    person: PersonId
    message: InboundMessage
    received_at: datetime
    attempts: int
    """How often the row was claimed, this time included; also the fence of the lease."""


@dataclass(frozen=True, slots=True)
class Queued:
    """An outbox row that this worker holds until its lease ends."""

    seq: int
    person: PersonId
    address: Address
    message: OutboundMessage
    attempts: int


@dataclass(frozen=True, slots=True)
class HandoffRow:
    """A case marked for a human, without any content."""

    person: PersonId
    reason: HandoffReason
    since: datetime
    channel: str


class FileKind(StrEnum):
    """What a sealed file is."""

    ORIGINAL = "original"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded and re-encoded picture, free of metadata."""

    safe: bytes
    """JPEG bytes."""
    width: int
    height: int


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Now, aware, UTC."""


class Inbox(Protocol):
    """Durable, ordered per person, each platform message once."""

    def put(self, address: Address, external_id: str, message: InboundMessage, received_at: datetime) -> int:
        """Store the message and return its number; finds or creates the person.

        Raises DuplicateMessageError when ``(channel, external_id)`` was already received.
        """

    def claim(self, now: datetime, lease: timedelta) -> Received | None:
        """The oldest message of a person whose earlier messages are all done, leased to this worker."""

    def commit(self, received: Received, record: TurnRecord, now: datetime, *, failure: str | None = None) -> None:
        """One transaction: case, dialogue, effects, outbox rows, and the message is done.

        ``failure`` is the class name of what made the turn fail for good: recorded beside the apology.

        Raises LeaseLostError when another worker has claimed the row since.
        """

    def fail(self, received: Received, error: str, now: datetime, retry_at: datetime | None) -> None:
        """Record a failed turn by class name; retried at ``retry_at``, or given up when None."""


class Outbox(Protocol):
    """Durable, ordered per person."""

    def claim(self, now: datetime, lease: timedelta) -> Queued | None:
        """The oldest unsent message of a person whose earlier messages are all sent or given up."""

    def sent(self, queued: Queued, now: datetime) -> None:
        """The channel has it."""

    def failed(self, queued: Queued, error: str, now: datetime, retry_at: datetime | None) -> None:
        """Not delivered; retried at ``retry_at``, or given up when None."""

    def put(self, person: PersonId, message: OutboundMessage, dedupe_key: str, now: datetime) -> bool:
        """Queue a message outside a turn (a reminder, a volunteer); False when the key was already used."""

    def since(self, person: PersonId, after: int, channel: str) -> list[Queued]:
        """Messages already handed to the channel with a number above ``after``, oldest first (web replay)."""

    def history(self, person: PersonId) -> list[Entry]:
        """The whole conversation both ways, oldest first. Raises KeyDestroyedError when the person was erased."""


class Persons(Protocol):
    """Who is who, by opaque id."""

    def find(self, address: Address) -> PersonId | None:
        """The person behind an address, or None."""

    def find_or_create(self, address: Address, now: datetime) -> PersonId:
        """The person behind an address; a new one gets a fresh data key."""

    def state(self, person: PersonId) -> PersonState:
        """Case, dialogue and attempts. Raises KeyDestroyedError when the person was erased."""

    def erase(self, person: PersonId) -> None:
        """Destroy the key, then rows and files; nothing of the person can be opened afterwards."""


class Files(Protocol):
    """Sealed files, each under its person's key."""

    def put(self, person: PersonId, data: bytes, kind: FileKind, now: datetime) -> FileId:
        """Seal and store; the file waits, and is erased unless an attempt keeps it (domain.md S-PHOTO)."""

    def open(self, person: PersonId, file: FileId) -> bytes:
        """The original bytes, checked. Raises StorageError when missing or altered."""

    def discard(self, person: PersonId, files: tuple[FileId, ...]) -> None:
        """Erase rows and bytes; missing ones are passed over."""

    def discard_waiting(self, before: datetime) -> int:
        """Erase all files that wait since before that time; returns how many."""


class Handoffs(Protocol):
    """Cases marked for a human."""

    def open(self) -> list[HandoffRow]:
        """All open ones, oldest first."""


class Reminders(Protocol):
    """Times at which a person wants to hear from us."""

    def due(self, now: datetime) -> list[tuple[PersonId, ReminderKind, datetime]]:
        """Those whose time has come and that were not sent."""

    def done(self, person: PersonId, kind: ReminderKind) -> None:
        """It was queued."""


class Inspector(Protocol):
    """Looks at pictures out of process, under limits."""

    def inspect(self, data: bytes) -> Picture:
        """A safe copy. Raises MediaTooLargeError, MediaUnreadableError or MediaRefusedError."""


class Renderer(Protocol):
    """Draws documents."""

    def letter(self, facts: LetterFacts) -> bytes:
        """The letter as PDF bytes. Raises DocumentError."""


class Engine(Protocol):
    """The dialogue: one turn in, its record out; touches nothing else."""

    def play(self, state: PersonState, received: Received, now: datetime) -> TurnRecord:
        """Play one message. Raises TurnFailedError; a message already played gives an empty record."""


class Channel(Protocol):
    """One way to reach people; adding one is one folder of bot/channels and its capability table.

    Implementations are safe to call from several threads at once.
    """

    name: str
    capabilities: Capabilities

    def send(self, outgoing: Outgoing, file: Callable[[OutboundFile], bytes]) -> SendResult:
        """Hand the message to the platform, drawing its files when they are due; never raises a platform's error.

        Raises DocumentError when a file cannot be drawn.
        """


class Webhooks(Protocol):
    """A channel whose platform calls us. ``parse`` is pure and total."""

    name: str
    secrets: tuple[str, ...]
    """What must never stand in a log; the composition root redacts them."""

    def authenticate(self, headers: Mapping[str, str], raw: bytes) -> None:
        """Check who calls, over the raw bytes, in constant time. Raises UnauthorizedError. No I/O."""

    def parse(self, raw: bytes, now: datetime) -> list[Event]:
        """Everything the body tells; what cannot be read becomes Quarantine."""

    def acknowledge(self, event: Inbound) -> None:
        """Show that somebody is reading (typing, read, the button's spinner); best effort, never raises."""

    def fetch(self, ref: MediaRef, limit: int) -> bytes:
        """The file, whole and checked, cut while it arrives.

        Raises MediaTooLargeError, MediaUnavailableError (try again) or MediaGoneError (never).
        """

    def setup(self) -> None:
        """Tell the platform where we are and what we are called; changes only what differs. Raises SetupError."""

    def check(self) -> list[Finding]:
        """What the platform says of us, in plain words, for ``guichet channels check`` and the health page."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a check."""

    is_ok: bool
    text: str
    """Plain words for whoever runs the house; no secrets, nobody's name."""
