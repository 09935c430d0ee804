"""What is left of an update when the library cannot read one object in it: less and less, down to that somebody wrote.

Nobody's message is dropped for a field we have no use for.
Must not know: what the parts mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.channels.telegram import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FILE = ("caption", "media_group_id")
_READ = (("text",), ("photo", *_FILE), ("document", *_FILE), ("location",))
"""What is read of a message; the first name of each says whether it is there."""


def remains(update: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The update with ever less in it; nothing when it is not of somebody who wrote or tapped."""
    number = update["update_id"]
    for kind in ("message", "edited_message"):
        message = update.get(kind)
        if isinstance(message, dict):
            frame = _frame(message)
            for names in (*(names for names in _READ if names[0] in message), ()):
                yield {"update_id": number, kind: frame | {name: message[name] for name in names if name in message}}
    query = update.get("callback_query")
    if isinstance(query, dict):
        tap = {"id": query.get("id"), "data": query.get("data"), "chat_instance": "", "from": _user(query.get("from"))}
        message = query.get("message")
        if isinstance(message, dict):  # where it was tapped still decides
            tap["message"] = {"message_id": 0, "date": 0, "chat": _chat(message.get("chat"))}
        yield {"update_id": number, "callback_query": tap}


def _frame(message: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "message_id": reading.whole(message.get("message_id")) or 0,
        "date": message.get("date"),
        "edit_date": reading.whole(message.get("edit_date")),
        "chat": _chat(message.get("chat")),
        "from": _user(message.get("from")),
    }
    if "forward_origin" in message:  # the fact alone: who wrote it first is not read
        made["forward_origin"] = {"type": "hidden_user", "date": 0, "sender_user_name": ""}
    return made


def _chat(chat: object) -> dict[str, Any] | None:
    return {"id": chat.get("id"), "type": chat.get("type")} if isinstance(chat, dict) else None


def _user(user: object) -> dict[str, Any] | None:
    if not isinstance(user, dict):
        return None
    return {"first_name": "", **{name: user.get(name) for name in ("id", "is_bot", "language_code")}}
