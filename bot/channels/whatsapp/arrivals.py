"""One message of a person as neutral events; names, profiles and contact cards are never read.

Must not know: batches, signatures, what a message means.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.channels.whatsapp import identities
from bot.channels.whatsapp.reading import degrees, table, text, whole
from bot.channels.whatsapp.statuses import MAX_ID, external_id, moment
from bot.core.events import Inbound, MediaRef, Moved, Quarantine
from bot.core.messages import InboundKind, InboundMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.core.events import Event
    from bot.core.ports import Address

MAX_AGE = timedelta(hours=24)
"""An older message is a replay, or waited too long for an answer that still helps; Meta repeats for up to seven days."""
MAX_MOVE_AGE = timedelta(days=8)
"""A change of number is as true after a week as at once, and is told once only; an older one is a replay."""
MAX_AHEAD = timedelta(hours=24)
"""A later one has no time we can order by."""
ALBUM = "wa"
"""Albums arrive as single messages that nothing binds together: the core merges those that follow one another."""
MAX_TITLE = 200
_TOKEN = re.compile(r"r:[\x21-\x7e]{1,198}")
_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,100}", re.ASCII)
_MEDIA_ID = re.compile(r"[\w.-]{1,200}", re.ASCII)
_HEX = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class _Content:
    """What a message says, without who and when."""

    kind: InboundKind
    text: str = ""
    choice: str | None = None
    media: tuple[MediaRef, ...] = ()
    latitude: float | None = None
    longitude: float | None = None


def arrival(node: dict[str, Any], contacts: Sequence[dict[str, Any]], account: str, now: datetime) -> list[Event]:
    """What one element of ``messages`` tells."""
    wamid = text(node.get("id"))
    if not wamid or len(wamid) > MAX_ID:
        return [Quarantine("no_id")]
    addresses = _addresses(node, contacts)
    if not addresses:
        return [Quarantine("no_sender")]
    sent_at = moment(node.get("timestamp"))
    kind = text(node.get("type"))
    if sent_at is not None and now - sent_at > (MAX_MOVE_AGE if kind == "system" else MAX_AGE):
        return [Quarantine("too_old")]
    if sent_at is not None and sent_at - now > MAX_AHEAD:
        sent_at = None
    if kind == "system":
        return [_move(table(node.get("system")), addresses, sent_at)]
    if kind in _SILENT:
        return []
    content = _READERS.get(kind, _unsupported)(node)
    if content is None:
        return [Quarantine(f"malformed_{kind}")]
    return [_inbound(node, content, addresses, external_id(account, wamid), sent_at, account)]


def _inbound(
    node: dict[str, Any],
    content: _Content,
    addresses: tuple[Address, ...],
    name: str,
    sent_at: datetime | None,
    account: str,
) -> Inbound:
    context = table(node.get("context"))
    return Inbound(
        addresses=addresses,
        external_id=name,
        message=InboundMessage(
            kind=content.kind,
            text=content.text,
            choice=content.choice,
            sent_at=sent_at,
            external_id=name,
            edits=_original(node, account),
            is_forwarded=context.get("forwarded") is True or context.get("frequently_forwarded") is True,
            latitude=content.latitude,
            longitude=content.longitude,
        ),
        media=content.media,
        album=ALBUM if content.media else None,
        rank=int(sent_at.timestamp()) * 1_000_000 if sent_at else 0,
        account=account,
    )


def _addresses(node: dict[str, Any], contacts: Sequence[dict[str, Any]]) -> tuple[Address, ...]:
    """The sender's number, then the id of our business alone; one of them may be missing since 2026."""
    number = identities.phone(node.get("from"))
    own = identities.bsuid(node.get("from_user_id")) or identities.bsuid(node.get("from"))
    contact = _contact(number, own, contacts)
    number = number or identities.phone(contact.get("wa_id"))
    own = own or identities.bsuid(contact.get("user_id"))
    return tuple(address for address in (number, own) if address)


def _contact(number: Address | None, own: Address | None, contacts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The contact of this sender: the one that shares a name with it, never a neighbour's of the same batch."""
    for contact in contacts:
        names = {identities.phone(contact.get("wa_id")), identities.bsuid(contact.get("user_id"))} - {None}
        if names & {number, own}:
            return contact
    is_alone = len(contacts) == 1 and number is None and own is None
    return contacts[0] if is_alone else {}


def _move(system: dict[str, Any], old: tuple[Address, ...], at: datetime | None) -> Event:
    """A person changed the number: old and new names; Meta has written the new ones in two places over the years."""
    number = identities.phone(system.get("wa_id")) or identities.phone(system.get("new_wa_id"))
    own = identities.bsuid(system.get("user_id")) or identities.bsuid(system.get("new_user_id"))
    new = tuple(address for address in (number, own) if address)
    return Moved(old, new, at) if set(new) - set(old) else Quarantine("system")


def _text(node: dict[str, Any]) -> _Content | None:
    body = text(table(node.get("text")).get("body"))
    return _Content(InboundKind.TEXT, body) if body.strip() else None


def _interactive(node: dict[str, Any]) -> _Content | None:
    interactive = table(node.get("interactive"))
    kind = text(interactive.get("type"))
    if kind not in {"button_reply", "list_reply"}:
        return _unsupported(node)
    reply = table(interactive.get(kind))
    return _pressed(text(reply.get("id")), text(reply.get("title")))


def _template_button(node: dict[str, Any]) -> _Content | None:
    """A button of a template: its payload is ours when it looks so, else the words on it were said."""
    button = table(node.get("button"))
    return _pressed(text(button.get("payload")), text(button.get("text")))


def _pressed(token: str, title: str) -> _Content | None:
    if _TOKEN.fullmatch(token):
        return _Content(InboundKind.CHOICE, title[:MAX_TITLE], choice=token)
    return _Content(InboundKind.TEXT, title[:MAX_TITLE]) if title.strip() else None


def _edited(node: dict[str, Any]) -> _Content | None:
    """The new words of an earlier message; its picture was seen already."""
    message = table(table(node.get("edit")).get("message"))
    caption = text(table(message.get(text(message.get("type")))).get("caption"))
    return _text(message) or (_Content(InboundKind.TEXT, caption) if caption.strip() else None)


def _original(node: dict[str, Any], account: str) -> str | None:
    """The id of the message that an edit changes; one that names none changes a message nobody knows."""
    if text(node.get("type")) != "edit":
        return None
    return external_id(account, text(table(node.get("edit")).get("original_message_id"))[:MAX_ID])


def _media(node: dict[str, Any]) -> _Content | None:
    kind = text(node.get("type"))
    media = table(node.get(kind))
    name = text(media.get("id"))
    if not _MEDIA_ID.fullmatch(name):
        return None
    claimed = text(media.get("mime_type")).partition(";")[0].strip().lower()
    ref = MediaRef(
        ref=name,
        kind=kind,
        claimed_type=claimed if _TYPE.fullmatch(claimed) else "application/octet-stream",
        size=whole(media.get("file_size")),
        sha256=hex_digest(media.get("sha256")),
        as_document=kind == "document",
    )
    return _Content(InboundKind.MEDIA, text(media.get("caption")), media=(ref,))


def hex_digest(value: object) -> str | None:
    """A SHA-256 in hex; Meta writes it in base64, and in hex here and there."""
    told = text(value).strip()
    if _HEX.fullmatch(told.lower()):
        return told.lower()
    try:
        digest = base64.b64decode(told, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest.hex() if len(digest) == 32 else None


def _location(node: dict[str, Any]) -> _Content | None:
    place = table(node.get("location"))
    latitude, longitude = degrees(place.get("latitude"), 90.0), degrees(place.get("longitude"), 180.0)
    if latitude is None or longitude is None:
        return None
    return _Content(InboundKind.LOCATION, latitude=latitude, longitude=longitude)


def _voice(node: dict[str, Any]) -> _Content:
    """Nobody here can listen or watch: the file stays with Meta, and what was written under a video is read."""
    return _Content(InboundKind.VOICE, text(table(node.get(text(node.get("type")))).get("caption")))


def _unsupported(_node: dict[str, Any]) -> _Content:
    return _Content(InboundKind.UNSUPPORTED)


def _welcome(_node: dict[str, Any]) -> _Content:
    """The chat was opened for the first time."""
    return _Content(InboundKind.START)


_SILENT = frozenset({"reaction", "revoke"})
"""Heard, and nothing to answer: a thumb is no "yes"."""

_READERS: dict[str, Callable[[dict[str, Any]], _Content | None]] = {
    "text": _text,
    "interactive": _interactive,
    "button": _template_button,
    "edit": _edited,
    "image": _media,
    "document": _media,
    "audio": _voice,
    "video": _voice,
    "sticker": _voice,
    "location": _location,
    "request_welcome": _welcome,
}
