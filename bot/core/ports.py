"""What the services need from the outside, as protocols; adapters implement them, tests fake them.

Must not know: any technology.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from bot.core.queued import Doubt, Priority

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from bot.core.delivery import Permanent, Status
    from bot.core.documents import LetterFacts
    from bot.core.effects import HandoffReason, PersonState, ReminderKind, TurnRecord
    from bot.core.events import MediaRef
    from bot.core.history import Entry
    from bot.core.ids import FileId, PersonId
    from bot.core.messages import InboundFile, InboundMessage, OutboundMessage
    from bot.core.queued import Queued
    from bot.core.remedy import Remedy


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
class Arrival:
    """What a platform tells of a message besides its words."""

    aliases: tuple[Address, ...] = ()
    """Other addresses of the same person."""
    also_known_as: tuple[str, ...] = ()
    """Further external ids under which the same act may come again."""
    rank: int = 0
    """Its place among the person's messages: microseconds, or a platform's own count above them. 0: as it comes."""
    not_before: datetime | None = None
    """It waits so long for what belongs before or to it."""
    album: str | None = None
    media: tuple[MediaRef, ...] = ()
    account: str = ""
    """Which of our numbers or bots it came to."""
    sent_at: datetime | None = None
    """When the person sent what is answered without a turn; None: when it came."""


PLAIN = Arrival()
"""A message that came alone."""


OURS = ""
"""The channel of files that lie with us."""


@dataclass(frozen=True, slots=True)
class FetchTask:
    """A file that lies with a platform, or with us, and that this worker fetches until its lease ends."""

    seq: int
    person: PersonId
    channel: str
    """``OURS`` for a file that lies with us."""
    ref: MediaRef
    attempts: int
    noticed_at: datetime
    is_late: bool
    """The turn has begun without it: it comes as a message of its own."""


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

    def put(
        self,
        address: Address,
        external_id: str,
        message: InboundMessage,
        received_at: datetime,
        arrival: Arrival = PLAIN,
    ) -> int:
        """Store the message and return its number; finds or creates the person.

        A picture of an album whose first one still waits joins that message and gets its number; an edit gives its
        words to the message that still waits likewise.
        Raises DuplicateMessageError when ``(channel, external_id)`` or one of the other ids was already received, or
        an edit changes no word; UnknownPersonError for an edit by somebody who is not there.
        """

    def answer(
        self,
        address: Address,
        external_id: str,
        person: PersonId,
        message: OutboundMessage,
        received_at: datetime,
        arrival: Arrival = PLAIN,
    ) -> bool:
        """Queue the answer to a message that needs no turn; False when the address is not this person's any more.

        The answer goes to the address that asked, which was heard from by that. Raises DuplicateMessageError like ``put``.
        """

    def claim(self, now: datetime, lease: timedelta) -> Received | None:
        """The oldest message of a person whose earlier messages are all done, leased to this worker.

        Persons take turns, whoever sends however much.
        """

    def renew(self, received: Received, until: datetime) -> None:
        """Hold the message until then. Raises LeaseLostError when another worker has claimed the row since."""

    def commit(self, received: Received, record: TurnRecord, now: datetime, *, failure: str | None = None) -> None:
        """One transaction: case, dialogue, effects, outbox rows, and the message is done.

        ``failure`` is the class name of what made the turn fail for good: recorded beside the apology.
        With ``JoinPersons`` the person becomes one with whoever got the code, and both addresses get the answers;
        a code that is no good any more makes the message wait to be played again.

        Raises LeaseLostError when another worker has claimed the row since.
        """

    def fail(self, received: Received, error: str, now: datetime, retry_at: datetime | None) -> None:
        """Record a failed turn by class name; retried at ``retry_at``, or given up when None."""


class Outbox(Protocol):
    """Durable, ordered per person and channel, answers before reminders."""

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        *,
        only: Iterable[str] | None = None,
        skip: Iterable[str] = (),
        skip_accounts: Iterable[tuple[str, str]] = (),
    ) -> Queued | None:
        """The next unsent message of the channels in ``only`` (None: all) that are not in ``skip``.

        ``skip_accounts`` are our numbers that must rest, each with its channel.
        """

    def sending(self, queued: Queued, *, is_repeated: bool = False) -> None:
        """Make it durable that the message is about to be handed over; until an outcome is recorded it is in doubt."""

    def arrived(self, queued: Queued, parts: int) -> None:
        """The first so many parts have arrived, and the rest is on its way: should we die, only the rest is in doubt."""

    def sent(self, queued: Queued, now: datetime) -> None:
        """The channel has it."""

    def failed(self, queued: Queued, error: str, now: datetime, retry_at: datetime | None, *, parts: int = 0) -> None:
        """Not delivered; retried at ``retry_at``, or given up when None. ``parts`` of it have arrived."""

    def hold(self, queued: Queued, until: datetime, doubt: Doubt = Doubt.NONE, *, parts: int = 0) -> None:
        """Not now; this is no failure. ``parts`` of it have arrived."""

    def is_first(self, channel: str, fact: str, now: datetime) -> bool:
        """True the first time this is told of the channel, and then no more for eight days."""

    def reported(self, token: str) -> Queued | None:
        """The message behind a token, for whoever has to find a remedy.

        None for a token that is not ours, a message that was delivered, given up or waits anyway, or whose person or
        address is gone.
        """

    def confirm(
        self,
        token: str,
        status: Status,
        now: datetime,
        code: str | None = None,
        *,
        name: str | None = None,
        remedy: Remedy | None = None,
    ) -> bool:
        """A platform reports on a message of ours; what waits or is in doubt is sent now, unless it failed.

        What failed is dealt with as the remedy says, once for each ``name`` of the platform; without one it is given
        up, with the platform's code. False for a token that is not ours, and for what was told before.
        """

    def choice(self, person: PersonId, token: str) -> tuple[str, OutboundMessage] | None:
        """The id of the button of one of the person's recent messages, and that message; None for no such button."""

    def put(
        self,
        person: PersonId,
        message: OutboundMessage,
        dedupe_key: str,
        now: datetime,
        priority: Priority = Priority.DIALOGUE,
    ) -> bool:
        """Queue a message outside a turn (a reminder, a volunteer); False when the key was already used.

        Raises KeyDestroyedError, and RecipientGoneError when the person has no address left.
        """

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

    def set_reachable(self, address: Address, now: datetime, *, is_reachable: bool) -> None:
        """The person blocked or unblocked us there, under all names of that account.

        Blocked without another address, reminders end.
        """

    def refused(self, address: Address, refusal: Permanent, now: datetime) -> None:
        """The platform says that the person cannot be reached there: as blocked, once it was said often enough."""

    def move(self, old: tuple[Address, ...], new: tuple[Address, ...], moved_at: datetime, now: datetime) -> None:
        """Whoever had the old names at ``moved_at`` has the new ones instead; an unknown person is passed over.

        Somebody first seen under a new name since then is the same person; somebody seen before stays another, without
        that name.
        """

    def is_link_code(self, code: str, now: datetime) -> bool:
        """Whether somebody got this code, and it may still be used."""

    def erase(self, person: PersonId) -> None:
        """Destroy the key, then rows and files; nothing of the person can be opened afterwards."""


class Files(Protocol):
    """Sealed files, each under its person's key."""

    def put(self, person: PersonId, data: bytes, kind: FileKind, now: datetime) -> FileId:
        """Seal and store; the file waits, and is erased unless an attempt keeps it (domain.md S-PHOTO)."""

    def open(self, person: PersonId, file: FileId) -> bytes:
        """The original bytes, checked. Raises UnreadableError when missing or altered, StorageError when not now."""

    def discard(self, person: PersonId, files: tuple[FileId, ...]) -> None:
        """Erase rows and bytes; missing ones are passed over."""

    def discard_waiting(self, before: datetime) -> int:
        """Erase all files that wait since before that time; returns how many."""


class MediaQueue(Protocol):
    """Files that are to be fetched or looked at, side by side; a message waits a while for its own."""

    def claim(self, now: datetime, lease: timedelta, *, only: Iterable[str] | None = None) -> FetchTask | None:
        """The next file to fetch."""

    def fetched(self, task: FetchTask, file: InboundFile, now: datetime) -> None:
        """It is here, or will never be (``file.problem`` says why); the last one of a message lets it go on.

        Raises LeaseLostError.
        """

    def retry(self, task: FetchTask, error: str, now: datetime, retry_at: datetime) -> None:
        """Not yet. Raises LeaseLostError."""


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
