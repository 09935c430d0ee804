"""What the fake Bot API keeps: the bot, chats, messages, files, updates not yet taken, and each call as it came."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.peers.telegram.errors import BLOCKED, NOT_STARTED, ApiError, bad_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.peers.telegram.parameters import Parameters

TOKEN = "123456:fake-telegram-token"
QUERY_SECONDS = 900
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class Chat:
    """A private chat with one person, or a group."""

    chat_id: int
    person: dict[str, Any] | None = None
    started: bool = False
    blocked: bool = False

    def told(self) -> dict[str, Any]:
        """The chat as messages name it."""
        if self.person is None:
            return {"id": self.chat_id, "type": "group", "title": "Groupe"}
        name: dict[str, Any] = {key: self.person[key] for key in ("first_name", "username") if key in self.person}
        return {"id": self.chat_id, "type": "private", **name}


@dataclass
class Message:
    """A message in a chat, by the bot or by a person."""

    told: dict[str, Any]
    by_bot: bool
    at: float
    deleted: bool = False
    edits: int = 0
    protected: bool = False
    reactions: list[str] = field(default_factory=list)

    @property
    def message_id(self) -> int:
        """Its id in the chat."""
        return int(self.told["message_id"])

    @property
    def text(self) -> str:
        """Its words, or those under its file."""
        return str(self.told.get("text") or self.told.get("caption") or "")

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """The labels and data of its inline buttons."""
        rows = self.told.get("reply_markup", {}).get("inline_keyboard", [])
        return [(button["text"], button.get("callback_data", "")) for row in rows for button in row]


@dataclass
class File:
    """A file Telegram holds, and what is to go wrong when it is fetched."""

    file_id: str
    path: str
    content: bytes
    size: int | None = None
    missing: int = 0
    endless: bool = False

    def told(self) -> dict[str, Any]:
        """What messages say of it."""
        size = len(self.content) if self.size is None else self.size
        return {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": size}


@dataclass(frozen=True)
class Call:
    """One call as it came."""

    method: str
    parameters: Parameters

    @property
    def chat_id(self) -> str | None:
        """Whom it was for."""
        return self.parameters.values.get("chat_id")


@dataclass
class Webhook:
    """Where updates go, and how the last delivery ended."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: tuple[int, str] | None = None


@dataclass
class TelegramState:
    """All of it, behind one lock."""

    clock: Callable[[], float] = time.time
    token: str = TOKEN
    bot: dict[str, Any] = field(
        default_factory=lambda: {
            "id": 123456,
            "is_bot": True,
            "first_name": "Guichet",
            "username": "guichet_test_bot",
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        },
    )
    chats: dict[int, Chat] = field(default_factory=dict)
    messages: dict[tuple[int, int], Message] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    pending: list[dict[str, Any]] = field(default_factory=list)
    queries: dict[str, float] = field(default_factory=dict)
    answered: list[dict[str, Any]] = field(default_factory=list)
    actions: list[tuple[int, str]] = field(default_factory=list)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    webhook: Webhook = field(default_factory=Webhook)
    allowed: set[str] | None = None
    calls: list[Call] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    count: int = 0
    update_id: int = 700_000_000
    poll: int = 0

    def number(self) -> int:
        """The next number of a row that never repeats."""
        with self.lock:
            self.count += 1
            return self.count

    def now(self) -> int:
        """The time, in whole seconds, as messages tell it."""
        return int(self.clock())

    def open_chat(self, parameters: Parameters) -> Chat:
        """The chat a call is for, when the bot may write there."""
        if not parameters.text("chat_id"):
            raise bad_request("chat_id is empty")
        chat = self.chats.get(parameters.integer("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        if chat.blocked:
            raise ApiError(403, BLOCKED)
        if not chat.started:
            raise ApiError(403, NOT_STARTED)
        return chat

    def find(self, parameters: Parameters, complaint: str) -> Message:
        """The message a call is about."""
        chat = self.open_chat(parameters)
        found = self.messages.get((chat.chat_id, parameters.integer("message_id")))
        if found is None or found.deleted:
            raise bad_request(complaint)
        return found

    def keep(self, chat: Chat, part: dict[str, Any], sender: dict[str, Any], *, by_bot: bool) -> Message:
        """A new message in a chat."""
        with self.lock:
            told = {"message_id": self.number(), "from": sender, "chat": chat.told(), "date": self.now(), **part}
            made = Message(told, by_bot, self.clock())
            self.messages[(chat.chat_id, made.message_id)] = made
            return made

    def keep_file(self, content: bytes, folder: str, suffix: str, **wrong: Any) -> File:
        """A file that can be fetched."""
        with self.lock:
            number = self.number()
            made = File(f"AgACAgQAAxkB{number:06d}", f"{folder}/file_{number}{suffix}", content, **wrong)
            self.files[made.file_id] = made
            return made

    def update(self, kind: str, part: dict[str, Any]) -> dict[str, Any] | None:
        """A new update, not yet in the row; None when the bot did not ask for its kind."""
        with self.lock:
            if kind not in self.allowed if self.allowed is not None else kind in NOT_BY_DEFAULT:
                return None
            self.update_id += 1
            return {"update_id": self.update_id, kind: part}
