"""``guichet serve``: everything in one process; ``guichet work``: the jobs alone.

Must not know: Rasa, SQL.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
import threading
from typing import TYPE_CHECKING

import uvicorn

from bot.commands.keeping import kept_for_good
from bot.commands.platform_doors import PlatformDoors
from bot.commands.second_door import open_second_door
from bot.core.errors import SettingsError
from bot.gateway.app import create_app
from bot.gateway.heads import server_config
from bot.gateway.health import Health, State
from bot.gateway.house_desk import HouseDesk
from bot.gateway.sessions import Sessions
from bot.gateway.webchat import WebChat, WebSettings
from bot.jobs.workers import Steps, make_workers
from bot.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.bootstrap import House

logger = logging.getLogger(__name__)

SWITCH_SECONDS = 0.0005
"""How long a busy thread keeps the interpreter from the others. Python's 5 ms add up while a turn is computed: whoever
waits for the store waits for each holder to be let in again (p99 of a webhook 1.5 s before, 0.4 s after, two busy cores)."""


class Doors:
    """The web side of a house, and whether it is ready."""

    def __init__(self, house: House) -> None:
        """Nothing runs yet."""
        self.house = house
        house.has_terminal = False
        self.workers = make_workers(Steps(house.converse, self._deliver, house.fetch, house.remind, house.purge))
        self.platforms = PlatformDoors(house, self.workers.wake)
        redact(house.secrets)  # once more: the platforms are open now, and derived some
        self._is_loaded = threading.Event()

    def load(self) -> None:
        """Load all that messages need; raises ModelMissingError, DocumentError or DataError, which stop the start."""
        with kept_for_good():
            self.house.renderer.check_fonts()
            self.house.warm_up()
        self._is_loaded.set()

    def web(self) -> WebChat:
        """The web chat over this house."""
        house = self.house
        desk = HouseDesk(
            house.receive,
            house.store.persons,
            house.store.outbox,
            house.web,
            house.wording,
            house.render,
            self.workers.wake,
        )
        public = house.settings.public_url
        sessions = Sessions(house.session_key, is_secure=bool(public and public.startswith("https")))
        return WebChat(desk, sessions, house.clock, WebSettings(public_origin=public))

    def health(self) -> Health:
        """The state of each part."""
        parts = {"engine": self._engine, "store": self._store, "jobs": self._jobs, "texts": self._texts}
        return Health({**parts, **self.platforms.checks()})

    def admin(self, health: Health) -> uvicorn.Server | None:
        """The second door; None when no port is set. Raises OSError when its port is another program's."""
        return open_second_door(self.house, health)

    def _deliver(self) -> object:
        done = self.house.deliver()
        self.house.stoppages.look(self.house.platforms, self.house.deliver.why_resting)
        return done

    def _engine(self) -> State:
        return State.OK if self._is_loaded.is_set() else State.STARTING

    def _store(self) -> State:
        self.house.store.handoffs.open()
        return State.OK

    def _jobs(self) -> State:
        return State.OK if self.workers.failures == 0 else State.DEGRADED

    def _texts(self) -> State:
        return State.OK if not self.house.wording.missing else State.DEGRADED


def serve(house: House, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until a signal; returns after the turn in hand is committed and delivered.

    Raises SettingsError or OSError when a port cannot be had.
    """
    if house.settings.admin_port == port:
        message = f"GUICHET_ADMIN_PORT and the port of the web chat are both {port}: choose another"
        raise SettingsError(message)
    doors = Doors(house)
    say("Loading the model…")
    doors.load()
    web = doors.web()
    public = house.settings.public_url
    health = doors.health()
    app = create_app(web, health, doors.platforms.routes(), is_secure=bool(public and public.startswith("https")))
    config = server_config(app, host, port, grace_seconds=5)
    server = _Server(config, web.end_streams)
    address = public or f"http://{host}:{port}"
    admin = doors.admin(health)
    doors.workers.start()
    doors.platforms.start()
    say(f"Web chat:  {address}/")
    say(f"Health:    http://{host}:{port}/health/ready")
    if admin is not None:
        say(f"Metrics:   http://127.0.0.1:{house.settings.admin_port}/metrics")
    for name in house.platforms:
        say(f"{name}: set up; `guichet channels check` tells more")
    say(f"Data:      {house.settings.data_dir}")
    say("Cases marked for a human: `guichet handoffs`. The volunteers' desk is not built yet.")
    _outlive_the_server()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        server.run()
    finally:
        if admin is not None:
            admin.should_exit = True  # first: a scrape in hand reads the store, which is closed when this returns
        doors.platforms.stop()
        doors.workers.stop()
    if not server.started:
        message = f"port {port} on {host} cannot be opened"
        raise OSError(message)


def _outlive_the_server() -> None:
    """Let SIGTERM end the server and not the process: uvicorn raises it anew when it has ended, before our jobs have."""
    with contextlib.suppress(ValueError):  # not the main thread: nobody's signals come here
        signal.signal(signal.SIGTERM, lambda *_: None)


class _Server(uvicorn.Server):
    """Ends the open streams first, so that a stop does not wait for them."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        self._end_streams()
        await asyncio.sleep(0)
        await super().shutdown(sockets)  # type: ignore[arg-type]


def work(house: House, say: Callable[[str], None]) -> None:
    """Run the jobs alone until a signal."""
    doors = Doors(house)
    doors.load()
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(ValueError):
            signal.signal(name, lambda *_: stopped.set())
    doors.workers.start()
    say("Jobs are running.")
    stopped.wait()
    doors.workers.stop()
