"""Telegram's updates as events: pure and total; what cannot be read is told as such and not kept.

Names, numbers and pictures of people are never read.
Must not know: what happens to an event.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from telegram import Message, Update
from telegram.constants import ChatType

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
_SERVICE = ("pinned_message", "group_chat_created", "message_auto_delete_timer_changed", "write_access_allowed")
_UNREADABLE = ("voice", "audio", "video", "video_note", "animation", "sticker")
_RANK = 1_000_000


def parse(raw: bytes, now: datetime) -> list[Event]:
    """The events of a webhook's body: one update, one event at most."""
    try:
        data = json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return [Quarantine("not_json")]
    return parse_update(data, now)


def parse_update(data: object, now: datetime) -> list[Event]:
    """The events of one update as Telegram gives it."""
    if not isinstance(data, dict) or not isinstance(data.get("update_id"), int):
        return [Quarantine("no_update")]
    try:
        update = Update.de_json(data, None)
        event = _event(update, now)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        # A known object without its required fields: Telegram would send it again and again (channels.md 1.1).
        return [Quarantine("malformed")]
    return [] if event is None else [event]


def _event(update: Update, now: datetime) -> Event | None:
    if update.my_chat_member is not None:
        return _reachability(update.my_chat_member)
    if update.callback_query is not None:
        return _tap(update.callback_query, update.update_id, now)
    message = update.message or update.edited_message
    if message is None:
        return None
    if message.chat.type != ChatType.PRIVATE:
        return Quarantine("not_private")
    if message.from_user is None or message.from_user.is_bot:
        return Quarantine("not_a_person")
    if update.edited_message is not None:
        return _edit(message, update.update_id, now)
    if now - message.date > TOO_OLD:
        return Quarantine("too_old")
    return _inbound(message, update.update_id)


def _edit(message: Message, update_id: int, now: datetime) -> Event | None:
    """The new words of an earlier message; its picture was seen already."""
    words = message.text or message.caption
    if not words:
        return None
    edited_at = message.edit_date or message.date
    if now - edited_at > TOO_OLD:
        return Quarantine("too_old")
    kind, fields = _words(words)
    said = InboundMessage(
        kind,
        language_hint=message.from_user.language_code if message.from_user else None,
        sent_at=edited_at,
        edits=_name(message),
        **fields,
    )
    rank = int(edited_at.timestamp()) * _RANK + update_id % _RANK
    return Inbound((_address(message.chat.id),), f"u:{update_id}", said, rank=rank)


def _name(message: Message) -> str:
    """What a message is known by when it is edited; an update has another number."""
    return f"m:{message.chat.id}:{message.message_id}"


def _reachability(change: ChatMemberUpdated) -> Event | None:
    if change.chat.type != ChatType.PRIVATE:
        return Quarantine("not_private")
    return Reachability(_address(change.chat.id), change.new_chat_member.status not in {"kicked", "left"})


def _tap(query: CallbackQuery, update_id: int, now: datetime) -> Event:
    if query.message is not None and query.message.chat.type != ChatType.PRIVATE:
        return Quarantine("not_private")
    if query.data is None or query.from_user.is_bot:
        return Quarantine("no_choice")
    return Inbound(
        (_address(query.from_user.id),),
        f"cb:{query.id}",
        InboundMessage(InboundKind.CHOICE, choice=query.data, language_hint=query.from_user.language_code),
        rank=int(now.timestamp()) * _RANK + update_id % _RANK,
        callback=query.id,
    )


def _inbound(message: Message, update_id: int) -> Event | None:
    kind, fields = _content(message)
    if kind is None:
        return None
    media: tuple[MediaRef, ...] = fields.pop("media", ())
    said = InboundMessage(
        kind,
        language_hint=message.from_user.language_code if message.from_user else None,
        sent_at=message.date,
        external_id=_name(message),
        is_forwarded=message.forward_origin is not None,
        **fields,
    )
    return Inbound(
        (_address(message.chat.id),),
        f"u:{update_id}",
        said,
        media=media,
        album=message.media_group_id if media else None,
        rank=int(message.date.timestamp()) * _RANK + update_id % _RANK,
    )


def _content(message: Message) -> tuple[InboundKind | None, dict[str, Any]]:
    """What the message is, and the fields that say it; None for what Telegram itself reports."""
    caption = message.caption or ""
    if message.text:
        return _words(message.text)
    if message.photo:
        # The last of the sizes is the largest one.
        size = message.photo[-1]
        return InboundKind.MEDIA, {
            "text": caption,
            "media": (MediaRef(size.file_id, "image", "image/jpeg", size.file_size),),
        }
    if message.location is not None:
        where = message.location
        return InboundKind.LOCATION, {"latitude": where.latitude, "longitude": where.longitude}
    if any(getattr(message, kind) for kind in _UNREADABLE):
        return InboundKind.VOICE, {"text": caption}
    if message.document is not None:
        file = message.document
        claimed = file.mime_type or "application/octet-stream"
        ref = MediaRef(file.file_id, "document", claimed, file.file_size, as_document=True)
        return InboundKind.MEDIA, {"text": caption, "media": (ref,)}
    if message.effective_attachment is not None:
        return InboundKind.UNSUPPORTED, {}
    return None, {}


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
    return Address(CHANNEL, str(chat))


def _refuse(constant: str) -> None:
    raise ValueError(constant)
