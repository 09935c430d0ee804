"""The conversation as server-sent events: replayed from a number on, then live.

Must not know: cookies, how messages are stored.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread

from bot.core.errors import KeyDestroyedError, StorageError
from bot.gateway.webdesk import Sender

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence

    from starlette.types import Receive, Scope, Send

    from bot.core.ids import PersonId
    from bot.core.ports import Address
    from bot.gateway.limits import Seat
    from bot.gateway.webdesk import WakeUp, WebDesk, WebEvent

_log = logging.getLogger(__name__)
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)

_START = "retry: 2000\n\n"
_PING = ": ping\n\n"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often a stream speaks and looks, in seconds."""

    ping: float = 15.0
    look: float = 1.0
    """While the person waits for an answer: the jobs may run in another process, whose bell does not reach us."""
    patience: float = 60.0
    """How long a missing answer is looked for that often; after that at every ping."""


def last_event_id(raw: str | None) -> int:
    """The number after which to replay; 0, the whole conversation, for anything that is not one of our numbers."""
    return int(raw) if raw and _NUMBER.fullmatch(raw) else 0


def event_data(event: WebEvent, directions: Mapping[str, str]) -> dict[str, object]:
    """An event as the page reads it (channels.md 5)."""
    data: dict[str, object] = {
        "seq": event.seq,
        "from": event.sender.value,
        "at": event.at.isoformat(timespec="seconds"),
        "text": event.text,
        "language": event.language,
        "dir": directions.get(event.language or "", "auto"),
        "asks": event.asks,
        "choices": [{"id": choice.id, "title": choice.title} for choice in event.choices],
        "files": [
            {"name": file.name, "type": file.media_type, "url": f"/web/files/{event.seq}/{index}"}
            for index, file in enumerate(event.files)
        ],
    }
    if event.sender is Sender.PERSON:
        data["pictures"] = event.pictures
        data["client_msg_id"] = event.external_id
    return data


@dataclass(frozen=True, slots=True)
class _News:
    """What one look brought."""

    events: Sequence[WebEvent] = ()
    notice: str | None = None
    """``erased``: the conversation no longer exists. ``reset``: what the page shows is another one than what follows."""


class EventStream:
    """An ASGI response that lasts as long as the page is open."""

    def __init__(self, desk: WebDesk, address: Address, seat: Seat, after: int, rhythm: Rhythm) -> None:
        """Replays what comes after the number ``after``; the seat is left at the end, whatever ended it."""
        self._desk = desk
        self._address = address
        self._seat = seat
        self._after = after
        self._rhythm = rhythm
        self._person: PersonId | None = None
        self._erased: PersonId | None = None
        self._is_first = True
        self._quiet_looks = 0
        self._is_awaited = False

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Stream until the page goes away or the seat is taken."""
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store, no-transform"),
            (b"x-accel-buffering", b"no"),
        ]
        try:
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            async with anyio.create_task_group() as group:
                group.start_soon(_until_gone, receive, group.cancel_scope)
                with self._desk.listen(self._address) as bell:
                    async for chunk in self._chunks(bell):
                        await send({"type": "http.response.body", "body": chunk.encode(), "more_body": True})
                group.cancel_scope.cancel()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._seat.leave()

    async def _chunks(self, bell: WakeUp) -> AsyncGenerator[str]:
        yield _START
        languages = await anyio.to_thread.run_sync(self._desk.languages)
        directions = {language.code: language.direction for language in languages}
        pinged_at = anyio.current_time()
        while self._seat.ended is None:
            try:
                news = await anyio.to_thread.run_sync(self._look)
            except StorageError as error:
                # The page connects again by itself and replays what it has not seen.
                _log.warning("event stream ended: %s", type(error).__name__)
                return
            if news.notice:
                yield _named(news.notice)
            for event in news.events:
                self._after = event.seq
                self._is_awaited = event.sender is Sender.PERSON
                yield f"id: {event.seq}\ndata: {json.dumps(event_data(event, directions))}\n\n"
            self._quiet_looks = 0 if news.events else self._quiet_looks + 1
            await bell.wait(max(0.0, min(self._pause(), pinged_at + self._rhythm.ping - anyio.current_time())))
            if anyio.current_time() - pinged_at >= self._rhythm.ping:
                yield _PING
                pinged_at = anyio.current_time()
        if self._seat.ended != "closing":
            yield _named(self._seat.ended)

    def _pause(self) -> float:
        is_patient = self._quiet_looks * self._rhythm.look < self._rhythm.patience
        return self._rhythm.look if self._is_awaited and is_patient else self._rhythm.ping

    def _look(self) -> _News:
        """What is new; runs in a worker thread."""
        person = self._desk.find(self._address)
        is_first, self._is_first = self._is_first, False
        if person is None or person == self._erased:
            was_here = self._person is not None or (is_first and self._after > 0)
            return self._forget() if was_here else _News()
        notice = None
        try:
            if self._person not in {None, person}:
                notice = "reset" if self._goes_on(person) else "erased"
                self._forget()
            self._person = person
            events = self._desk.history(person, self._after)
            if is_first and self._after and not events:
                return self._replay_if_foreign(person)
        except KeyDestroyedError:
            return self._forget()
        return _News(events, notice)

    def _goes_on(self, person: PersonId) -> bool:
        """True when what the page shows is a part of this conversation: the person became one with another (ADR 0027).

        Whoever was erased begins anew with later numbers.
        """
        events = self._desk.history(person, 0)
        return any(event.sender is Sender.PERSON and event.seq <= self._after for event in events)

    def _forget(self) -> _News:
        """The person was erased; whoever writes from here next begins anew."""
        self._erased, self._person, self._after = self._person, None, 0
        return _News(notice="erased")

    def _replay_if_foreign(self, person: PersonId) -> _News:
        """The whole conversation when the page's number is not of this one: it was erased and began anew."""
        events = self._desk.history(person, 0)
        return _News(events, notice="reset") if events and events[-1].seq < self._after else _News()


def _named(name: str) -> str:
    """An event without number for the page itself."""
    return f"event: {name}\ndata: {{}}\n\n"


async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    is_here = True
    while is_here:
        is_here = (await receive())["type"] != "http.disconnect"
    scope.cancel()
