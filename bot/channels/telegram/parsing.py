"""Telegram's updates as events: pure and total; what cannot be read is told as such and not kept.

Names, numbers and pictures of people are never read.
Must not know: what happens to an event.
"""

from __future__ import annotations

import itertools
import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from telegram import Message, Update
from telegram.constants import ChatType

from bot.channels.telegram import reading
from bot.channels.telegram.remains import remains
from bot.core.events import Event, Inbound, MediaRef, Quarantine, Reachability
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address

if TYPE_CHECKING:
    from datetime import datetime

    from telegram import CallbackQuery, ChatMemberUpdated

CHANNEL = "telegram"
TOO_OLD = timedelta(hours=24)
"""Neither signed nor meant for now: taken in silence (channels.md 6.3)."""

_COMMAND = re.compile(r"/([a-z_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.ASCII | re.DOTALL | re.IGNORECASE)
_LINK = "link_"
_SERVICE = frozenset({
    "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set",
    "connected_website", "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo",
    "delete_chat_photo", "group_chat_created", "supergroup_chat_created", "channel_chat_created",
    "migrate_to_chat_id", "migrate_from_chat_id", "checklist_tasks_done", "checklist_tasks_added",
    "giveaway_created", "giveaway_completed", "boost_added", "proximity_alert_triggered", "successful_payment",
    "refunded_payment", "paid_message_price_changed", "forum_topic_created", "forum_topic_edited",
    "forum_topic_closed", "forum_topic_reopened", "video_chat_scheduled", "video_chat_started", "video_chat_ended",
})  # fmt: skip
"""Told by Telegram itself, said by nobody. Whatever else comes is somebody's, and is answered."""
_UNREADABLE = ("voice", "audio", "video", "video_note", "animation", "sticker")
_RANK = 1 << 51
"""Telegram's own count of updates is the one order that messages and taps share; it is set above all times, so that what
waits from before this was so stays first."""


def parse(raw: bytes, now: datetime, bot: str = "") -> list[Event]:
    """The events of a webhook's body: one update, one event at most.

    ``bot`` stands in the names of its messages: each bot counts its updates by itself.
    """
    try:
        data = json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return [Quarantine("not_json")]
    return parse_update(data, now, bot)


def parse_update(data: object, now: datetime, bot: str = "") -> list[Event]:
    """The events of one update as Telegram gives it."""
    if not isinstance(data, dict) or reading.whole(data.get("update_id")) is None or data["update_id"] < 0:
        return [Quarantine("no_update")]
    for readable in itertools.chain([data], remains(data)):
        try:
            event = _event(Update.de_json(readable, None), now, bot)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, OSError, RecursionError):
            # A known object without its required fields: Telegram would send it again and again (channels.md 1.1).
            if _is_service(data.get("message")):
                return []
            continue
        return [] if event is None else [event]
    return [Quarantine("malformed")]


def _event(update: Update, now: datetime, bot: str) -> Event | None:
    if update.my_chat_member is not None:
        return _reachability(update.my_chat_member)
    if update.callback_query is not None:
        return _tap(update.callback_query, update.update_id)
    message = update.message or update.edited_message
    if message is None:
        return None
    if message.chat.type != ChatType.PRIVATE:
        return Quarantine("not_private")
    if message.from_user is None or message.from_user.is_bot:
        return Quarantine("not_a_person")
    if update.edited_message is not None:
        return _edit(message, update.update_id, now, bot)
    if now - message.date > TOO_OLD:
        return Quarantine("too_old")
    return _inbound(message, update.update_id, bot)


def _is_service(message: object) -> bool:
    return isinstance(message, dict) and not _SERVICE.isdisjoint(message)


def _edit(message: Message, update_id: int, now: datetime, bot: str) -> Event | None:
    """The new words of an earlier message; its picture was seen already."""
    words = reading.text(message.text) or reading.text(message.caption)
    if not words:
        return None
    edited_at = message.edit_date or message.date
    if now - edited_at > TOO_OLD:
        return Quarantine("too_old")
    kind, fields = _words(words)
    said = InboundMessage(
        kind,
        language_hint=_hint(message),
        sent_at=edited_at,
        edits=_name(message),
        **fields,
    )
    return Inbound((_address(message.chat.id),), _update_name(update_id, bot), said, rank=_RANK + update_id)


def _name(message: Message) -> str:
    """What a message is known by when it is edited; an update has another number."""
    return f"m:{message.chat.id}:{reading.required(message.message_id)}"


def _update_name(update_id: int, bot: str) -> str:
    return f"u:{bot}:{update_id}" if bot else f"u:{update_id}"


def _hint(message: Message) -> str | None:
    return (reading.text(message.from_user.language_code) or None) if message.from_user else None


def _reachability(change: ChatMemberUpdated) -> Event | None:
    if change.chat.type != ChatType.PRIVATE:
        return Quarantine("not_private")
    return Reachability(_address(change.chat.id), change.new_chat_member.status not in {"kicked", "left"})


def _tap(query: CallbackQuery, update_id: int) -> Event:
    if query.message is not None and query.message.chat.type != ChatType.PRIVATE:
        return Quarantine("not_private")
    choice, number = reading.text(query.data), reading.text(query.id)
    if not choice or not number or query.from_user.is_bot:
        return Quarantine("no_choice")
    hint = reading.text(query.from_user.language_code) or None
    return Inbound(
        (_address(query.from_user.id),),
        f"cb:{number}",
        InboundMessage(InboundKind.CHOICE, choice=choice, language_hint=hint),
        rank=_RANK + update_id,
        callback=number,
    )


def _inbound(message: Message, update_id: int, bot: str) -> Event | None:
    kind, fields = _content(message)
    if kind is None:
        return None
    media: tuple[MediaRef, ...] = fields.pop("media", ())
    said = InboundMessage(
        kind,
        language_hint=_hint(message),
        sent_at=message.date,
        external_id=_name(message),
        is_forwarded=message.forward_origin is not None,
        **fields,
    )
    return Inbound(
        (_address(message.chat.id),),
        _update_name(update_id, bot),
        said,
        media=media,
        album=reading.text(message.media_group_id) or None,
        rank=_RANK + update_id,
    )


def _content(message: Message) -> tuple[InboundKind | None, dict[str, Any]]:
    """What the message is, and the fields that say it; None for what Telegram itself reports."""
    caption = reading.text(message.caption)
    if words := reading.text(message.text):
        return _words(words)
    if message.photo:
        # The last of the sizes is the largest one.
        size = message.photo[-1]
        ref = MediaRef(_file_id(size.file_id), "image", "image/jpeg", reading.whole(size.file_size))
        return InboundKind.MEDIA, {"text": caption, "media": (ref,)}
    if message.location is not None:
        where = message.location
        return InboundKind.LOCATION, {
            "latitude": reading.degrees(where.latitude, 90),
            "longitude": reading.degrees(where.longitude, 180),
        }
    if any(getattr(message, kind) for kind in _UNREADABLE):
        return InboundKind.VOICE, {"text": caption}
    if message.document is not None:
        file = message.document
        claimed = reading.text(file.mime_type) or "application/octet-stream"
        size_told = reading.whole(file.file_size)
        ref = MediaRef(_file_id(file.file_id), "document", claimed, size_told, as_document=True)
        return InboundKind.MEDIA, {"text": caption, "media": (ref,)}
    is_service = any(getattr(message, kind, None) for kind in _SERVICE) or _is_service(dict(message.api_kwargs))
    return (None, {}) if is_service else (InboundKind.UNSUPPORTED, {})


def _file_id(value: object) -> str:
    found = reading.text(value)
    if not found:
        raise TypeError("no file")
    return found


def _words(text: str) -> tuple[InboundKind, dict[str, Any]]:
    command = _COMMAND.fullmatch(text)
    if command is None:
        return InboundKind.TEXT, {"text": text}
    name, payload = command[1].lower(), command[2] or ""
    if name != "start":
        return InboundKind.TEXT, {"text": f"{name} {payload}".strip()}
    if payload.startswith(_LINK):
        return InboundKind.TEXT, {"text": f"link {payload.removeprefix(_LINK)}"}
    return InboundKind.START, {}


def _address(chat: int) -> Address:
    return Address(CHANNEL, str(reading.required(chat)))


def _refuse(constant: str) -> None:
    raise ValueError(constant)
