"""A house in memory behind the web chat, and a way to read its streams."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
import uuid
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx
import pytest
import uvicorn
from ruamel.yaml import YAML

from bot.channels.web import WebChannel
from bot.core.errors import DuplicateMessageError, KeyDestroyedError, StorageError
from bot.core.ids import PersonId
from bot.core.messages import InboundKind
from bot.gateway.app import create_app
from bot.gateway.health import Health
from bot.gateway.limits import Limits
from bot.gateway.page import PageSettings
from bot.gateway.sessions import Sessions
from bot.gateway.stream import Rhythm
from bot.gateway.webchat import WebChat, WebSettings
from bot.gateway.webdesk import Sender, Upload, WebEvent, WebLanguage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from typing import TypeAlias

    from starlette.applications import Starlette

    from bot.core.messages import InboundMessage
    from bot.core.ports import Address
    from bot.gateway.webdesk import WakeUp

    Serve: TypeAlias = Callable[["House"], AbstractContextManager[tuple[int, uvicorn.Server]]]

DATA = Path(__file__).parents[2] / "bot" / "data"
BASE = "http://guichet.test"


@dataclass
class FakeClock:
    """A clock that stands still until it is moved."""

    time: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The time it was set to."""
        return self.time


@dataclass
class Arrival:
    """What the desk was handed."""

    address: Address
    external_id: str
    message: InboundMessage
    uploads: tuple[Upload, ...]


@dataclass
class FakeDesk:
    """The house: keeps conversations in memory, answers nothing by itself."""

    channel: WebChannel = field(default_factory=WebChannel)
    persons: dict[Address, PersonId] = field(default_factory=dict)
    events: dict[PersonId, list[WebEvent]] = field(default_factory=dict)
    arrivals: list[Arrival] = field(default_factory=list)
    letters: dict[tuple[PersonId, int, int], tuple[str, str, bytes]] = field(default_factory=dict)
    failure: Exception | None = None
    seq: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    texts: dict[str, str] = field(default_factory=dict)

    def receive(self, address: Address, external_id: str, message: InboundMessage, uploads: Sequence[Upload]) -> None:
        """Store it once."""
        self.fail()
        with self.lock:
            if any(arrival.external_id == external_id for arrival in self.arrivals):
                raise DuplicateMessageError(external_id)
            self.arrivals.append(Arrival(address, external_id, message, tuple(uploads)))
            person = self.persons.setdefault(address, PersonId(f"person-{len(self.arrivals)}"))
            self.events.setdefault(person, [])
        if message.kind is not InboundKind.START:
            self.say(
                person, message.text, sender=Sender.PERSON, pictures=len(uploads), external_id=external_id, ring=False
            )

    def say(self, person: PersonId, text: str, *, ring: bool = True, **more: Any) -> WebEvent:
        """Add an event to a conversation, by default the bot's, and ring."""
        with self.lock:
            self.seq += 1
            event = WebEvent(self.seq, Sender.BOT, datetime(2026, 11, 23, 9, 0, tzinfo=UTC), text, "fr")
            event = replace(event, **more)
            self.events[person].append(event)
        if ring:
            for address, known in self.persons.items():
                if known == person:
                    self.ring(address)
        return event

    def erase(self, person: PersonId) -> None:
        """Destroy everything of a person."""
        with self.lock:
            del self.events[person]
            addresses = [address for address, known in self.persons.items() if known == person]
            for address in addresses:
                del self.persons[address]
        for address in addresses:
            self.ring(address)

    def fail(self) -> None:
        """Raise what the test wants to see raised."""
        if self.failure is not None:
            raise self.failure

    def find(self, address: Address) -> PersonId | None:
        """The person of an address."""
        if isinstance(self.failure, StorageError):
            raise self.failure
        return self.persons.get(address)

    def history(self, person: PersonId, after: int) -> list[WebEvent]:
        """The conversation above a number."""
        events = self.events.get(person)
        if events is None:
            raise KeyDestroyedError(person)
        return [event for event in events if event.seq > after]

    def letter(self, person: PersonId, seq: int, index: int) -> tuple[str, str, bytes] | None:
        """A prepared document."""
        self.fail()
        return self.letters.get((person, seq, index))

    def listen(self, address: Address) -> AbstractContextManager[WakeUp]:
        """The real bell."""
        return self.channel.listen(address)

    def ring(self, address: Address) -> None:
        """The real bell."""
        self.channel.ring(address)

    def ui_texts(self, language: str) -> dict[str, str]:
        """The French texts, marked with the language."""
        return {key: f"{language}: {text}" if language != "fr" else text for key, text in self.texts.items()}

    def languages(self) -> list[WebLanguage]:
        """Four languages of the registry."""
        return [
            WebLanguage("fr", "Français", "ltr"),
            WebLanguage("en", "English", "ltr", is_draft=True),
            WebLanguage("ar", "العربية", "rtl", is_draft=True),
            WebLanguage("ka", "ქართული", "ltr", is_draft=True),
        ]


@dataclass
class House:
    """An application and everything a test turns on it."""

    app: Starlette
    web: WebChat
    desk: FakeDesk
    clock: FakeClock
    timer: list[float]

    @asynccontextmanager
    async def browser(self, **headers: str) -> AsyncIterator[Browser]:
        """A browser with an empty cookie jar; a stream that should have been refused must not hang the test."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with (
            asyncio.timeout(20),
            httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as client,
        ):
            yield Browser(self, client)


@dataclass
class Browser:
    """One browser."""

    house: House
    client: httpx.AsyncClient

    async def enter(self) -> Self:
        """Get the cookie."""
        answer = await self.client.post("/web/session")
        assert answer.status_code == 200
        return self

    async def send(self, text: str = "", *, message_id: str | None = None, **more: Any) -> httpx.Response:
        """Post one message as multipart, as the page does."""
        parts: list[tuple[str, Any]] = [("client_msg_id", (None, message_id or str(uuid.uuid4())))]
        if text:
            parts.append(("text", (None, text)))
        parts += [(name, (None, value)) for name, value in more.pop("fields", {}).items()]
        parts += [("file[]", ("name.png", data, "image/png")) for data in more.pop("pictures", [])]
        assert not more
        return await self.client.post("/web/messages", files=parts)

    @property
    def cookie(self) -> str:
        """The Cookie header it would send."""
        return "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())

    @property
    def person(self) -> PersonId:
        """The only person of the house."""
        (person,) = self.house.desk.events
        return person

    @asynccontextmanager
    async def stream(self, path: str = "/web/events", **headers: str) -> AsyncIterator[Stream]:
        """An open event stream."""
        stream = Stream(self.house.app, path, {"cookie": self.cookie, **headers})
        await stream.start()
        try:
            yield stream
        finally:
            await stream.stop()


class Stream:
    """Reads server-sent events straight from the application, while it goes on."""

    def __init__(self, app: Starlette, path: str, headers: dict[str, str]) -> None:
        """Not connected."""
        self._app = app
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path.partition("?")[0],
            "raw_path": path.partition("?")[0].encode(),
            "query_string": path.partition("?")[2].encode(),
            "root_path": "",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("guichet.test", 80),
        }
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._gone = asyncio.Event()
        self._started = asyncio.Event()
        self._buffer = ""
        self._is_first = True
        self.status = 0
        self.headers: dict[str, str] = {}

    async def start(self) -> None:
        """Connect and wait for the head of the answer."""
        self._task = asyncio.create_task(self._run())
        async with asyncio.timeout(5):
            await self._started.wait()

    async def _run(self) -> None:
        await self._app(self._scope, self._receive, self._send)
        self._chunks.put_nowait(None)

    async def _receive(self) -> dict[str, Any]:
        if self._is_first:
            self._is_first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self._started.set()
        elif message["body"]:
            self._chunks.put_nowait(message["body"])

    async def block(self, seconds: float = 5) -> str | None:
        """The next block of lines, None at the end of the stream. Raises TimeoutError."""
        while "\n\n" not in self._buffer:
            async with asyncio.timeout(seconds):
                chunk = await self._chunks.get()
            if chunk is None:
                return None
            self._buffer += chunk.decode()
        block, _gap, self._buffer = self._buffer.partition("\n\n")
        return block

    async def event(self) -> dict[str, Any]:
        """The next event as ``{"event", "id", "data"}``; pings and the retry hint are passed over."""
        while True:
            block = await self.block()
            assert block is not None, "the stream has ended"
            fields = dict(line.split(": ", 1) for line in block.split("\n") if not line.startswith(":"))
            if "data" in fields:
                return {**fields, "data": json.loads(fields["data"])}

    async def texts(self, count: int) -> list[str]:
        """The texts of the next events."""
        return [(await self.event())["data"]["text"] for _ in range(count)]

    async def is_quiet(self, seconds: float = 0.15) -> bool:
        """True when no event comes for a while."""
        try:
            async with asyncio.timeout(seconds):
                await self.event()
        except TimeoutError:
            return True
        return False

    async def stop(self) -> None:
        """Go away, as a closed page does."""
        self._gone.set()
        async with asyncio.timeout(5):
            await self._task


@pytest.fixture
def anyio_backend() -> str:
    """The server runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def french() -> dict[str, str]:
    """The words of the page."""
    texts = YAML(typ="safe").load((DATA / "webchat.yml").read_text(encoding="utf-8"))
    assert isinstance(texts, dict)
    return texts


@pytest.fixture
def build(french: dict[str, str]) -> Callable[..., House]:
    """Builds a house; keyword arguments change its limits and its rhythm."""

    def _build(
        *, rhythm: Rhythm | None = None, public: str | None = None, health: Health | None = None, **limits: Any
    ) -> House:
        desk, clock, timer = FakeDesk(texts=french), FakeClock(), [0.0]
        is_secure = bool(public and public.startswith("https"))
        page = PageSettings(limits.pop("exit_url", PageSettings().exit_url))
        settings = WebSettings(public, Limits(**limits), rhythm or Rhythm(), page)
        web = WebChat(desk, Sessions(b"k" * 32, is_secure=is_secure), clock, settings, lambda: timer[0])
        app = create_app(web, health or Health({}), is_secure=is_secure)
        return House(app, web, desk, clock, timer)

    return _build


@pytest.fixture
def house(build: Callable[..., House]) -> House:
    """A house with the limits it has in life."""
    return build()


@pytest.fixture
def later() -> Iterator[Callable[[float, Callable[[], object]], None]]:
    """Calls a function from another thread after some seconds, as the delivery job does."""
    timers: list[threading.Timer] = []

    def _later(seconds: float, call: Callable[[], object]) -> None:
        timers.append(threading.Timer(seconds, call))
        timers[-1].start()

    yield _later
    for timer in timers:
        timer.join()


@pytest.fixture
def days() -> Callable[[float], timedelta]:
    """Days as a time difference."""
    return lambda count: timedelta(days=count)


@pytest.fixture
def serve() -> Serve:
    """Serves a house on a free port of this machine, as in production; gives the port and the server."""
    return _served


@contextmanager
def _served(house: House) -> Iterator[tuple[int, uvicorn.Server]]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            house.app, ws="none", access_log=False, log_level="warning", server_header=False, lifespan="off",
            timeout_graceful_shutdown=5,
        )  # fmt: skip
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])))
        thread.start()
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started
        try:
            yield port, server
        finally:
            house.web.end_streams()
            server.should_exit = True
            thread.join(10)
    assert not thread.is_alive()
