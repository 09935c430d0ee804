"""The conversation as the page shows it, numbered so that nothing is lost or shown twice after a reconnection.

Inbox and outbox count for themselves, and an answer may become visible after a message that was written later.
So the number of an event says how far a reader has come in both: the last inbox number and the last outbox number
that were shown up to it. Whoever has seen number n is missing exactly what lies beyond it in either.
Must not know: storage, HTTP.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.history import Direction
from bot.core.messages import InboundMessage, OutboundMessage
from bot.gateway.webdesk import Sender, WebEvent, WebFile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.history import Entry

_BITS = 26
"""Two of them fit into the 53 bits of a whole number in a browser: 67 million messages each way."""

_MASK = (1 << _BITS) - 1


def event_number(inbox: int, outbox: int) -> int:
    """The number of an event up to which these inbox and outbox numbers were shown."""
    return inbox << _BITS | outbox


def outbox_number(event: int) -> int:
    """The outbox number of an event of the bot."""
    return event & _MASK


def transcript(entries: Sequence[Entry], after: int) -> list[WebEvent]:
    """The events beyond the number ``after``; ``entries`` is the whole conversation, oldest first.

    A conversation begun without a word (a language was picked) leaves no event of the person.
    """
    inbox, outbox = after >> _BITS, after & _MASK
    titles: dict[str, str] = {}
    events: list[WebEvent] = []
    for entry in entries:
        message = entry.message
        is_new = entry.seq > (inbox if entry.direction is Direction.IN else outbox)
        if isinstance(message, OutboundMessage):
            titles.update((choice.id, choice.title) for choice in message.choices)
        if not is_new:
            continue
        if entry.direction is Direction.IN:
            inbox = entry.seq
        else:
            outbox = entry.seq
        event = _event(event_number(inbox, outbox), entry, titles)
        if event is not None:
            events.append(event)
    return events


def _event(number: int, entry: Entry, titles: dict[str, str]) -> WebEvent | None:
    message = entry.message
    if isinstance(message, OutboundMessage):
        return WebEvent(
            number,
            Sender.BOT,
            entry.at,
            message.text,
            message.language,
            message.asks,
            message.choices,
            tuple(WebFile(file.name, file.media_type) for file in message.files),
        )
    text = _own_words(message, titles)
    if not text and not message.files:
        return None
    own_id = message.external_id or None
    return WebEvent(number, Sender.PERSON, entry.at, text, pictures=len(message.files), external_id=own_id)


def _own_words(message: InboundMessage, titles: dict[str, str]) -> str:
    """What the person typed, or the title of the button they pressed."""
    return message.text or titles.get(message.choice or "", "")
