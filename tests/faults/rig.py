"""A house in this process with both platforms on loopback: real doors, jobs, store and channels, and a stub engine."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from bot.bootstrap import House, HouseClock
from bot.channels.whatsapp.settings import WhatsAppSettings
from bot.commands.serve import Doors
from bot.config import Settings, Telegram
from bot.core.messages import Choice, InboundKind, OutboundMessage
from bot.core.ports import Picture
from bot.gateway.app import create_app
from tests.house import PlainRenderer
from tests.peers.graph.peer import FakeGraph
from tests.peers.graph.state import PHONE_ID, Number
from tests.peers.serving import Served
from tests.peers.telegram.peer import FakeTelegram
from tests.playing import reference, services, wording
from tests.records import turn
from tests.soak.serving import free_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OTHER = "106540352242999"
"""Another number of the house."""
SECONDS = 15.0


class Stub:
    """Answers each message with what it understood; buttons come when asked for."""

    def __init__(self):
        self.heard = []
        self.seconds = 0.0
        self.answer = None

    def play(self, state, received, now):
        self.heard.append((received.person, received.message))
        if self.seconds:
            time.sleep(self.seconds)
        message = received.message
        said = message.choice if message.kind is InboundKind.CHOICE else message.text
        files = ",".join(file.problem or "ok" for file in message.files)
        answer = OutboundMessage(" ".join(filter(None, (f"#{said}" if said else "", files))) or "#", "fr")
        if self.answer is not None:
            answer = OutboundMessage(self.answer, "fr")
        elif said == "buttons":
            answer = OutboundMessage("Choose", "fr", choices=(Choice("pick:yes", "Oui"), Choice("pick:no", "Non")))
        record = turn()
        return type(record)(record.case, record.dialogue, (answer,), ())

    def close(self):
        """Nothing to close."""

    @property
    def words(self):
        return [message.text for _person, message in self.heard]

    @property
    def choices(self):
        return [message.choice for _person, message in self.heard if message.choice is not None]

    @property
    def files(self):
        return [[file.problem or "ok" for file in message.files] for _person, message in self.heard if message.files]


class Taker:
    """An inspector that takes everything."""

    def inspect(self, data):
        return Picture(b"safe" + data, 10, 10)

    def close(self):
        """Nothing to close."""


class Shifted(HouseClock):
    """The system's time and a little."""

    def __init__(self):
        super().__init__()
        self.ahead = timedelta()

    def now(self):
        return datetime.now(UTC) + self.ahead


class Rig:
    """All of it; ``open`` and ``close`` may be called in turn on the same folder."""

    def __init__(self, folder: Path, **settings: object) -> None:
        self.folder = folder
        self.telegram, self.graph = FakeTelegram(), FakeGraph()
        self.telegram.__enter__()
        self.graph.__enter__()
        self.graph.state.numbers[OTHER] = Number(phone_id=OTHER, display="33700000001")
        self.port = free_port()
        self.engine, self.clock = Stub(), Shifted()
        self.inspector = settings.pop("inspector", None) or Taker()
        self.given = settings
        self.open()

    def settings(self) -> Settings:
        whatsapp = WhatsAppSettings(
            "graph-token",
            (self.graph.app_secret,),
            self.graph.verify_token,
            (PHONE_ID, OTHER),
            self.graph.url,
        )
        telegram = Telegram(self.telegram.token, api_url=self.telegram.base_url, file_url=self.telegram.base_file_url)
        told = {"telegram": telegram, "whatsapp": whatsapp, **self.given}
        return Settings(data_dir=self.folder, public_url=f"http://127.0.0.1:{self.port}", **told)

    def open(self) -> None:
        self.house = House(self.settings(), clock=self.clock)
        plain = {
            "engine": self.engine,
            "inspector": self.inspector,
            "renderer": PlainRenderer(),
            "wording": wording(),
            "reference": reference(),
            "warm_up": lambda: None,
        }
        for name, part in {**plain, "services": services()}.items():
            setattr(self.house, name, part)
        self.doors = Doors(self.house)
        self.doors.load()
        app = create_app(self.doors.web(), self.doors.health(), self.doors.platforms.routes())
        self.served = Served(app, self.port).start()
        self.graph.webhook_url = f"{self.served.url}/whatsapp"
        self.doors.workers.start()
        self.doors.platforms.start()
        self.until(lambda: self.telegram.state.webhook.url, "Telegram knows our address")

    def close(self) -> None:
        self.served.stop()
        self.doors.platforms.stop()
        self.doors.workers.stop()
        self.house.close()

    def end(self) -> None:
        self.close()
        self.telegram.__exit__()
        self.graph.__exit__()

    def until(self, holds: Callable[[], object], what: str, seconds: float = SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, what
            time.sleep(0.02)

    def calm(self, seconds: float = SECONDS) -> None:
        """Waits until everything that came was played and everything to say was said, and a little longer."""
        self.until(lambda: not self.open_rows(), f"{self.open_rows()} are still open", seconds)

    def open_rows(self) -> dict[tuple[str, str], int]:
        return {key: count for key, (count, _oldest) in self.house.store.dead_letters.standing().items()}

    def later(self, **by: float) -> None:
        """The clock of the house jumps by that much, and goes on."""
        self.clock.ahead += timedelta(**by)
        self.doors.workers.wake()
        self.doors.workers.wake_delivery()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.house.store.database.connection().execute(query).fetchall()

    def count(self, table: str, where: str = "1") -> int:
        return int(str(self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0]))

    @property
    def dead(self) -> list[tuple[str, bool]]:
        """The reasons of what was given up, and whether it may have arrived."""
        return [(letter.error, letter.is_doubtful) for letter in self.house.store.dead_letters.listed()]
