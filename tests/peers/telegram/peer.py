"""The fake Bot API as a test holds it: serve, script faults, be the persons, repeat and reorder what they did."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from tests.peers.faults import Faults
from tests.peers.serving import Served
from tests.peers.telegram.app import telegram_app
from tests.peers.telegram.control import control_routes
from tests.peers.telegram.courier import Courier
from tests.peers.telegram.person import TelegramPerson
from tests.peers.telegram.state import Call, Chat, TelegramState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.applications import Starlette

    from tests.peers.telegram.person import Update


@dataclass
class FakeTelegram:
    """Telegram's side: an API a bot calls, updates it polls for or is sent, and persons who write."""

    state: TelegramState = field(default_factory=TelegramState)
    faults: Faults = field(default_factory=Faults)
    port: int = 0
    persons: dict[int, TelegramPerson] = field(default_factory=dict)
    held: list[Update] | None = None
    courier: Courier = field(init=False)
    served: Served | None = None

    def __post_init__(self) -> None:
        self.courier = Courier(self.state)

    def app(self) -> Starlette:
        """The ASGI application."""
        return telegram_app(self.state, self.faults, control_routes(self))

    def __enter__(self) -> Self:
        self.served = Served(self.app(), self.port).start()
        self.courier.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.courier.stop()
        if self.served is not None:
            self.served.stop()

    @property
    def url(self) -> str:
        """What stands for ``https://api.telegram.org``."""
        assert self.served is not None, "not served"
        return self.served.url

    @property
    def base_url(self) -> str:
        """What python-telegram-bot takes as ``base_url``: the token is appended to it."""
        return f"{self.url}/bot"

    @property
    def base_file_url(self) -> str:
        """The same for files."""
        return f"{self.url}/file/bot"

    @property
    def token(self) -> str:
        """The token of the bot."""
        return self.state.token

    def person(self, user_id: int = 5_000_001, **named: Any) -> TelegramPerson:
        """A person, the same one for the same id."""
        if user_id not in self.persons:
            self.persons[user_id] = TelegramPerson(self.state, self.enqueue, user_id, **named)
        return self.persons[user_id]

    def group(self, chat_id: int = -500_001) -> Chat:
        """A group the bot is in."""
        return self.state.chats.setdefault(chat_id, Chat(chat_id, started=True))

    def calls(self, method: str) -> list[Call]:
        """The calls of one method, in the order they came, those that failed too."""
        return [call for call in self.state.calls if call.method.lower() == method.lower()]

    def enqueue(self, update: Update | None) -> Update | None:
        """Puts an update in the row, or among those held back."""
        if update is not None:
            with self.state.lock:
                (self.state.pending if self.held is None else self.held).append(update)
        return update

    def repeat(self, update: Update) -> None:
        """The same update once more, as after an answer that was lost."""
        self.enqueue(update)

    @contextlib.contextmanager
    def hold(self) -> Iterator[list[Update]]:
        """Updates made within are held back; the list may be reordered, and goes out at the end."""
        held: list[Update] = []
        self.held = held
        try:
            yield held
        finally:
            self.held = None
            for update in held:
                self.enqueue(update)

    def settle(self, seconds: float = 10.0) -> None:
        """Waits until the webhook has taken all updates."""
        self.courier.settle(seconds)
