"""The routes of the web chat (channels.md 5, contracts.md 3).

Every refusal is a JSON object with one code; the page finds the words for it.
Must not know: storage, wording, how a message is understood.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

import anyio.to_thread
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from bot.core.errors import DocumentError, DuplicateMessageError, StorageError
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address
from bot.core.text import clean
from bot.gateway.forms import read_form
from bot.gateway.limits import Bodies, Buckets, Limits, Seats
from bot.gateway.origin import public_origin, require_same_origin
from bot.gateway.page import Page, PageSettings
from bot.gateway.stream import EventStream, Rhythm, last_event_id
from bot.gateway.webdesk import CHANNEL, Sender

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bot.core.ids import PersonId
    from bot.core.ports import Clock
    from bot.gateway.forms import Form
    from bot.gateway.sessions import Session, Sessions
    from bot.gateway.webdesk import WebDesk

_MESSAGE_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII)
_CHOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}", re.ASCII)
_SMALL = re.compile(r"\d{1,18}", re.ASCII)
_RETRY = {"Retry-After": "5"}
_LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class WebSettings:
    """What the composition root decides for the web chat."""

    public_origin: str | None = None
    """The public address, with or without a path; None when there is none."""
    limits: Limits = field(default_factory=Limits)
    rhythm: Rhythm = field(default_factory=Rhythm)
    page: PageSettings = field(default_factory=PageSettings)


class WebChat:
    """The web chat of one house."""

    def __init__(
        self,
        desk: WebDesk,
        sessions: Sessions,
        clock: Clock,
        settings: WebSettings,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """``timer`` counts seconds for the rate limits and never goes back."""
        limits = settings.limits
        self._desk = desk
        self._sessions = sessions
        self._clock = clock
        self._settings = settings
        self._origin = public_origin(settings.public_origin)
        self._page = Page(desk, settings.page)
        self._bodies = Bodies(limits)
        self._seats = Seats(limits.streams_per_session, limits.streams)
        self._newcomers = Buckets(limits.sessions_burst, limits.sessions_per_second, timer)
        self._messages = Buckets(limits.messages_burst, limits.messages_per_second, timer)
        self._streams = Buckets(limits.streams_burst, limits.streams_per_second, timer)
        self._letters = Buckets(limits.letters_burst, limits.letters_per_second, timer)
        self._drawing = asyncio.Semaphore(2)

    def routes(self) -> list[BaseRoute]:
        """All routes, for the application."""
        return [
            Route("/", self.show_page, methods=["GET"]),
            Route("/web/texts/{language}", self.show_texts, methods=["GET"]),
            Route("/web/session", self.open_session, methods=["POST"]),
            Route("/web/events", self.stream_events, methods=["GET"]),
            Route("/web/messages", self.receive_message, methods=["POST"]),
            Route("/web/files/{seq}/{index}", self.show_file, methods=["GET"]),
            Route("/web/leave", self.leave, methods=["POST"]),
        ]

    def end_streams(self) -> None:
        """Let all streams end, so that the server can stop; the pages connect again by themselves."""
        for session in self._seats.sessions():
            self._seats.end(session, "closing")
            self._desk.ring(_address(session))

    async def show_page(self, request: Request) -> Response:
        """``GET /``: the page; ``?lang=ar`` shows it in a language before anything was said."""
        asked = request.query_params.get("lang")
        try:
            session = self._sessions.read(request, self._clock.now())
        except HTTPException:
            session = None
        html = await anyio.to_thread.run_sync(self._render, asked, session, request.headers.get("accept-language", ""))
        return HTMLResponse(html)

    async def show_texts(self, request: Request) -> Response:
        """``GET /web/texts/{language}``: the words of the page."""
        language = self._page.language(request.path_params["language"])
        if language is None:
            raise HTTPException(404, "no_such_language")
        texts = await anyio.to_thread.run_sync(self._desk.ui_texts, language.code)
        return JSONResponse(
            {
                "language": language.code,
                "dir": language.direction,
                "draft": language.is_draft,
                "texts": dict(texts),
            }
        )

    async def open_session(self, request: Request) -> Response:
        """``POST /web/session``: a cookie with an id of our making; a valid one is kept.

        A forged or foreign cookie is refused with 403 and taken away, so that the next call gives a fresh one.
        """
        require_same_origin(request, self._origin)
        now = self._clock.now()
        try:
            session = self._sessions.read(request, now)
        except HTTPException as error:
            refusal = JSONResponse({"error": error.detail}, error.status_code)
            self._sessions.forget(refusal)
            return refusal
        is_known = session is not None
        if session is None:
            self._welcome(request)
            session = self._sessions.create(now)
        is_started = is_known and await self._find(session) is not None
        response = JSONResponse({"ok": True, "started": is_started})
        if not is_known or self._sessions.is_due(session, now):
            self._sessions.remember(response, session, now)
        return response

    async def stream_events(self, request: Request) -> EventStream:
        """``GET /web/events``: the conversation after ``Last-Event-ID`` (or ``?after=``), then live."""
        if request.method != "GET":
            raise HTTPException(405, "bad_method")
        session = self._sessions.require(request, self._clock.now())
        self._streams.take(session.id)
        seat = self._seats.take(session.id)
        address = _address(session.id)
        self._desk.ring(address)
        return EventStream(
            self._desk,
            address,
            seat,
            last_event_id(request.headers.get("last-event-id") or request.query_params.get("after")),
            self._settings.rhythm,
        )

    async def receive_message(self, request: Request) -> Response:
        """``POST /web/messages``: stored before it is answered, and once however often it is sent."""
        require_same_origin(request, self._origin)
        session = self._sessions.require(request, self._clock.now())
        self._messages.take(session.id)
        form = await read_form(request, self._bodies, self._settings.limits)
        message_id = form.fields.get("client_msg_id", "").strip().lower()
        if not _MESSAGE_ID.fullmatch(message_id):
            raise HTTPException(400, "bad_client_msg_id")
        message = self._as_message(form)
        address = _address(session.id)
        try:
            await anyio.to_thread.run_sync(self._desk.receive, address, message_id, message, form.uploads)
        except DuplicateMessageError:
            return JSONResponse({"ok": True})
        except StorageError as error:
            raise HTTPException(503, "unavailable", _RETRY) from error
        self._desk.ring(address)
        return JSONResponse({"ok": True})

    async def show_file(self, request: Request) -> Response:
        """``GET /web/files/{seq}/{index}``: a document of this person, drawn now and kept nowhere."""
        session = self._sessions.require(request, self._clock.now())
        seq, index = request.path_params["seq"], request.path_params["index"]
        person = await self._find(session)
        if person is None or not _SMALL.fullmatch(seq) or not _SMALL.fullmatch(index):
            raise HTTPException(404, "not_found")
        self._letters.take(session.id)
        try:
            async with self._drawing:
                letter = await anyio.to_thread.run_sync(self._desk.letter, person, int(seq), int(index))
        except (DocumentError, StorageError) as error:
            raise HTTPException(503, "unavailable", _RETRY) from error
        if letter is None:
            raise HTTPException(404, "not_found")
        name, media_type, data = letter
        # Only a PDF is shown by the browser itself; anything else could run as a page of ours.
        shown = "inline" if media_type == "application/pdf" else "attachment"
        headers = {"Content-Disposition": f"{shown}; filename*=UTF-8''{quote(name, safe='')}"}
        return Response(data, media_type=media_type, headers=headers)

    async def leave(self, request: Request) -> Response:
        """``POST /web/leave``: this device forgets the conversation, in all its windows."""
        require_same_origin(request, self._origin)
        response = JSONResponse({"ok": True})
        self._sessions.forget(response)
        try:
            session = self._sessions.read(request, self._clock.now())
        except HTTPException:
            return response
        if session is not None:
            self._seats.end(session.id, "left")
            self._desk.ring(_address(session.id))
        return response

    def _welcome(self, request: Request) -> None:
        """Slow down who opens session after session; behind a proxy on this machine all look alike and pass."""
        host = request.client.host if request.client else None
        if host and host not in _LOOPBACK:
            self._newcomers.take(host)

    async def _find(self, session: Session) -> PersonId | None:
        try:
            return await anyio.to_thread.run_sync(self._desk.find, _address(session.id))
        except StorageError as error:
            raise HTTPException(503, "unavailable", _RETRY) from error

    def _render(self, asked: str | None, session: Session | None, accept_language: str) -> str:
        spoken, is_started = self._spoken(session)
        language = self._page.language(asked) or self._page.language(spoken) or self._page.source
        return self._page.render(language, accept_language, is_started=is_started)

    def _spoken(self, session: Session | None) -> tuple[str | None, bool]:
        """The language of the bot's last message, and whether there is a conversation; nothing when it cannot be read."""
        if session is None:
            return None, False
        try:
            person = self._desk.find(_address(session.id))
            events = [] if person is None else self._desk.history(person, 0)
        except StorageError:
            return None, False
        spoken = [event.language for event in events if event.sender is Sender.BOT and event.language]
        return (spoken[-1] if spoken else None), person is not None

    def _as_message(self, form: Form) -> InboundMessage:
        """The message of a form. Raises HTTPException 400 for an empty one or a choice that no button has."""
        text = clean(form.fields.get("text", ""))
        choice = form.fields.get("choice", "").strip() or None
        if choice is not None and not _CHOICE.fullmatch(choice):
            raise HTTPException(400, "bad_choice")
        language = self._page.language(form.fields.get("language"))
        if form.uploads:
            kind = InboundKind.MEDIA
        elif choice is not None:
            kind = InboundKind.CHOICE
        elif text:
            kind = InboundKind.TEXT
        elif language is not None:
            kind = InboundKind.START
        else:
            raise HTTPException(400, "empty")
        hint = language.code if language else None
        return InboundMessage(kind, text, choice, language_hint=hint, sent_at=self._clock.now())


def _address(session: str) -> Address:
    return Address(CHANNEL, session)
