"""Takes in what a platform tells: messages into the inbox, reports to the outbox, the rest to the persons.

Everything is durable when this returns, so that the platform may be thanked.
Must not know: any platform, HTTP.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot.core.delivery import Status
from bot.core.errors import DuplicateMessageError, StorageError, UnknownPersonError, UnreadableError
from bot.core.events import Inbound, Moved, Quarantine, Reachability, StatusEvent
from bot.core.ids import FileId
from bot.core.messages import InboundFile, InboundKind
from bot.core.paging import read_more, remaining
from bot.core.ports import Arrival
from bot.core.text import clean
from bot.services.receive import MAX_CHOICE, MAX_HINT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from bot.core.capabilities import Capabilities
    from bot.core.events import Event
    from bot.core.ids import PersonId
    from bot.core.messages import InboundMessage
    from bot.core.ports import Clock, Inbox, Outbox, Persons
    from bot.core.reading import PlaceCandidate

TAP_SECONDS = 3
"""The same button again within so long is one act: a double tap."""

MOST_REFUSALS = 3
"""A store that is locked says so after seconds: it is asked about so many events of a delivery, then about no more."""

_UNREAD = frozenset({InboundKind.VOICE, InboundKind.UNSUPPORTED})

PIN = "📍"
"""What a location says in the conversation's history, with the codes of its départements."""

EXPIRED = "expired:choice"
"""Stands for a button whose message is gone or whose token is not this person's."""


class Ledger(Protocol):
    """Counts what came."""

    def received(self, channel: str, kind: str) -> None:
        """One of this kind."""

    def billed(self, channel: str, category: str) -> None:
        """A message the platform bills."""


@dataclass(frozen=True, slots=True)
class TakeIn:
    """All events of one delivery of a platform."""

    inbox: Inbox
    outbox: Outbox
    persons: Persons
    clock: Clock
    ledger: Ledger
    locate: Callable[[float, float], tuple[PlaceCandidate, ...]]
    """The places a point on the map may lie in."""
    failed: Callable[[str, StatusEvent], None] | None = None
    """Deals with a message of ours that failed after all; None: it is written down, and that is all."""

    def __call__(self, channel: str, abilities: Capabilities, events: Iterable[Event]) -> list[Inbound]:
        """Store all; the messages to be acknowledged: the new ones, and each tap of a button that was tapped twice.

        Raises StorageError when something could not be stored, after the rest was: what was stored is known as a
        duplicate when the platform delivers the whole again. A store that refuses one event after the other is not
        asked about all of them, each at the price of its patience.
        """
        felt: list[Inbound] = []
        first: StorageError | None = None
        patience = MOST_REFUSALS
        for event in events:
            try:
                felt += self._take(channel, abilities, event)
            except StorageError as error:
                first = first or error
                patience -= not isinstance(error, UnreadableError)
                if not patience:
                    break
        if first is not None:
            raise first
        return felt

    def _take(self, channel: str, abilities: Capabilities, event: Event) -> list[Inbound]:
        """Store one event; the message when somebody waits for a sign."""
        self.ledger.received(channel, type(event).__name__)
        match event:
            case Inbound():
                return [event] if self._is_felt(channel, abilities, event) else []
            case StatusEvent():
                self._reported(channel, event)
            case Reachability(address, is_reachable):
                self.persons.set_reachable(address, self.clock.now(), is_reachable=is_reachable)
            case Moved(old, new, at):
                now = self.clock.now()
                self.persons.move(old, new, now if at is None else min(at, now), now)
            case Quarantine(reason):
                self.ledger.received(channel, f"quarantine_{reason}")
        return []

    def _reported(self, channel: str, event: StatusEvent) -> None:
        """Count what it cost, once however often it is told, and write down what became of it."""
        now = self.clock.now()
        if event.is_billed and self.outbox.is_first(channel, f"billed:{event.external_id}", now):
            self.ledger.billed(channel, event.category or "unnamed")
        if event.token is None:
            return
        if event.status is Status.FAILED and self.failed is not None:
            self.failed(channel, event)
        else:
            self.outbox.confirm(event.token, event.status, now, event.code, name=event.external_id)

    def _is_felt(self, channel: str, abilities: Capabilities, event: Inbound) -> bool:
        """Store one message; whether its person waits for a sign: of a second tap too, though it is no second act."""
        try:
            if not self._turn_page(event):
                self._store(event, abilities)
        except DuplicateMessageError:
            self.ledger.received(channel, "duplicate")
            return event.callback is not None
        except UnknownPersonError:
            self.ledger.received(channel, "edit_by_nobody")
            return False
        return True

    def _store(self, event: Inbound, abilities: Capabilities) -> None:
        now = self.clock.now()
        no_others: tuple[str, ...] = ()
        address, *aliases = event.addresses
        message = replace(
            event.message,
            text=clean(event.message.text),
            choice=None if event.message.choice is None else clean(event.message.choice, MAX_CHOICE),
            language_hint=None if event.message.language_hint is None else clean(event.message.language_hint, MAX_HINT),
            external_id=event.message.external_id or event.external_id,
        )
        if message.kind in _UNREAD:
            # What nobody here can read yet is told like a picture that does not open.
            unread = InboundFile(FileId(""), "application/octet-stream", 0, "", problem=str(message.kind))
            message = replace(message, kind=InboundKind.MEDIA, files=(unread,))
        if message.kind is InboundKind.LOCATION:
            message = self._located(message)
        also = no_others
        if message.kind is InboundKind.CHOICE:
            also = _taps(event, now)
            message = self._resolved(event, message)
        hold = abilities.album_hold if event.album else abilities.hold
        arrival = Arrival(
            aliases=tuple(aliases),
            also_known_as=also,
            rank=event.rank,
            not_before=now + timedelta(seconds=hold) if hold else None,
            album=event.album,
            media=event.media,
            account=event.account,
        )
        self.inbox.put(address, event.external_id, message, now, arrival)

    def _located(self, message: InboundMessage) -> InboundMessage:
        """The message with the département instead of the point, which nobody will see again."""
        latitude, longitude = message.latitude, message.longitude
        found = () if latitude is None or longitude is None else self.locate(latitude, longitude)
        return replace(
            message,
            text=PIN if not found else f"{PIN} {', '.join(place.departement for place in found)}",
            latitude=None,
            longitude=None,
            places=tuple(f"{place.departement}/{place.arrondissement or ''}".rstrip("/") for place in found),
        )

    def _resolved(self, event: Inbound, message: InboundMessage) -> InboundMessage:
        """The message with the id of the button behind the token."""
        person = self._person(event)
        found = None if person is None else self.outbox.choice(person, message.choice or "")
        return replace(message, choice=found[0] if found else EXPIRED, text=message.text if found else "")

    def _person(self, event: Inbound) -> PersonId | None:
        return next(filter(None, (self.persons.find(address) for address in event.addresses)), None)

    def _turn_page(self, event: Inbound) -> bool:
        """True when the tap asked for the choices that did not fit: they are queued, and no turn is played."""
        more = read_more(event.message.choice or "")
        person = self._person(event) if more is not None else None
        if more is None or person is None:
            return False
        found = self.outbox.choice(person, more.first)
        rest = None if found is None else remaining(found[1], more.shown)
        if rest is None:
            return False
        now = self.clock.now()
        address, *aliases = event.addresses
        arrival = Arrival(
            aliases=tuple(aliases),
            also_known_as=_taps(event, now),
            account=event.account,
            sent_at=event.message.sent_at,
        )
        return self.inbox.answer(address, event.external_id, person, rest, now, arrival)


def _taps(event: Inbound, now: datetime) -> tuple[str, str]:
    """The names under which the same button pressed again within a few seconds is known."""
    moment = int(now.timestamp()) // TAP_SECONDS
    button = f"tap:{event.addresses[0].identity}:{event.message.choice}"
    return f"{button}:{moment}", f"{button}:{moment - 1}"
