"""Someone at the other end of a private chat: what they send, and what they see."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.peers.telegram.formatting import units
from tests.peers.telegram.state import QUERY_SECONDS, Chat, File, Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from tests.peers.telegram.state import TelegramState

    Update: TypeAlias = dict[str, Any]

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
SIZES = ((90, 67), (320, 240), (1280, 960))


@dataclass
class TelegramPerson:
    """A user with a private chat. Each act makes one update and hands it to the row (or to those held back)."""

    state: TelegramState
    enqueue: Callable[[Update | None], Update | None]
    user_id: int = 5_000_001
    first_name: str = "Awa"
    language_code: str = "fr"
    chat: Chat = field(init=False)

    def __post_init__(self) -> None:
        self.chat = Chat(self.user_id, self.who())
        self.state.chats[self.user_id] = self.chat

    def who(self) -> dict[str, Any]:
        """The user as Telegram names them."""
        return {
            "id": self.user_id,
            "is_bot": False,
            "first_name": self.first_name,
            "language_code": self.language_code,
        }

    # What they do.

    def say(self, text: str, **more: Any) -> Update | None:
        """Writes words; those that begin with a slash are marked as a command."""
        part: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            command = text.split(maxsplit=1)[0]
            part["entities"] = [{"type": "bot_command", "offset": 0, "length": units(command)}]
        return self.post({**part, **more})

    def start(self, payload: str = "") -> Update | None:
        """Opens the bot, by a deep link when there is a payload."""
        return self.say(f"/start {payload}".rstrip())

    def click(self, message: Message, data: str | None = None) -> Update | None:
        """Taps a button of a message: the one with this data or label, else the first."""
        known = message.buttons
        chosen = next(value for label, value in known if data in {None, value, label})
        query_id = str(4_000_000_000_000 + self.state.number())
        self.state.queries[query_id] = self.state.clock() + QUERY_SECONDS
        query = {
            "id": query_id,
            "from": self.who(),
            "chat_instance": str(self.user_id * 1000),
            "message": message.told,
            "data": chosen,
        }
        return self._do("callback_query", query)

    def photo(self, content: bytes = JPEG, **more: Any) -> Update | None:
        """Sends a picture the quick way: it arrives in several sizes."""
        return self.post({"photo": self.sizes(content, more.pop("wrong", {})), **more})

    def sizes(self, content: bytes, wrong: dict[str, Any]) -> list[dict[str, Any]]:
        """The sizes of one picture, the largest last."""
        made = []
        for width, height in SIZES:
            file = self.state.keep_file(content, "photos", ".jpg", **wrong)
            made.append({**file.told(), "width": width, "height": height})
        return made

    def document(
        self,
        content: bytes,
        name: str = "papier.pdf",
        mime: str = "application/pdf",
        **more: Any,
    ) -> Update | None:
        """Sends a file as it is. ``wrong`` makes it lie or fail: ``size``, ``missing``, ``endless``."""
        file = self.state.keep_file(content, "documents", "." + name.rpartition(".")[2], **more.pop("wrong", {}))
        return self.post({"document": {**file.told(), "file_name": name, "mime_type": mime}, **more})

    def album(self, contents: list[bytes], caption: str = "") -> list[Update | None]:
        """Sends several pictures at once: separate updates with one group id, the caption on the first."""
        group = str(13_000_000_000_000 + self.state.number())
        captions = [caption] + [""] * (len(contents) - 1)
        return [
            self.photo(content, media_group_id=group, **({"caption": words} if words else {}))
            for content, words in zip(contents, captions, strict=True)
        ]

    def forward(self, text: str, author: str = "Quelqu'un") -> Update | None:
        """Forwards what somebody else wrote, who hides their account."""
        origin = {"type": "hidden_user", "date": self.state.now() - 3600, "sender_user_name": author}
        return self.say(text, forward_origin=origin)

    def voice(self, content: bytes = b"OggS\x00", seconds: int = 3) -> Update | None:
        """Speaks."""
        file = self.state.keep_file(content, "voice", ".oga")
        return self.post({"voice": {**file.told(), "duration": seconds, "mime_type": "audio/ogg"}})

    def location(self, latitude: float = 48.85, longitude: float = 2.35) -> Update | None:
        """Sends where they are."""
        return self.post({"location": {"latitude": latitude, "longitude": longitude}})

    def contact(self, phone: str = "33600000003", name: str = "Awa") -> Update | None:
        """Sends a visiting card."""
        return self.post({"contact": {"phone_number": phone, "first_name": name}})

    def edit(self, update: Update, text: str) -> Update | None:
        """Changes the words of a message sent before."""
        told = {**update["message"], "text": text, "edit_date": self.state.now()}
        return self._do("edited_message", told)

    def react(self, message: Message, emoji: str = "👍") -> Update | None:
        """Puts an emoji on a message; the bot is told only if it asked for such updates."""
        part = {
            "chat": self.chat.told(),
            "message_id": message.message_id,
            "user": self.who(),
            "date": self.state.now(),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}],
        }
        return self._do("message_reaction", part)

    def block(self) -> Update | None:
        """Blocks the bot: it is told, and may not write any more."""
        self.chat.blocked = True
        return self._membership("member", "kicked")

    def unblock(self) -> Update | None:
        """Takes it back."""
        self.chat.blocked = False
        return self._membership("kicked", "member")

    def post(self, part: dict[str, Any]) -> Update | None:
        """Sends a message of any kind; ``chat`` in it names a group to send it to."""
        chat = part.pop("chat", self.chat)
        chat.started = True
        made = self.state.keep(chat, part, self.who(), by_bot=False)
        return self._do("message", made.told)

    def _membership(self, old: str, new: str) -> Update | None:
        bot = {key: self.state.bot[key] for key in ("id", "is_bot", "first_name", "username")}

        def member(status: str) -> dict[str, Any]:
            return {"user": bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}

        part = {
            "chat": self.chat.told(),
            "from": self.who(),
            "date": self.state.now(),
            "old_chat_member": member(old),
            "new_chat_member": member(new),
        }
        return self._do("my_chat_member", part)

    def _do(self, kind: str, part: dict[str, Any]) -> Update | None:
        return self.enqueue(self.state.update(kind, part))

    # What they see.

    @property
    def seen(self) -> list[Message]:
        """The bot's messages in the chat, without those taken away."""
        with self.state.lock:
            chat_id = self.chat.chat_id
            known = [made for (chat, _), made in sorted(self.state.messages.items()) if chat == chat_id]
        return [made for made in known if made.by_bot and not made.deleted]

    def wait(self, number: int = 1, seconds: float = 10.0) -> list[Message]:
        """The bot's messages, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(self.seen) < number:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(self.seen)} messages after {seconds} s, not {number}")
            time.sleep(0.02)
        return self.seen

    def received(self, message: Message) -> File:
        """The file of a message of the bot."""
        part = message.told.get("document") or message.told["photo"][-1]
        return self.state.files[part["file_id"]]
