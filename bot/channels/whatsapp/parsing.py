"""The body of a webhook as neutral events: pure and total, whatever arrives.

One body may hold several entries, changes, messages and statuses, of several of our numbers. What cannot be read is
counted by a reason and never kept. Must not know: what is done with an event.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.channels.whatsapp.arrivals import arrival
from bot.channels.whatsapp.reading import UnreadableError, read_object, rows, table, text, whole
from bot.channels.whatsapp.statuses import read_status
from bot.core.events import Quarantine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from bot.core.events import Event

OBJECT = "whatsapp_business_account"
_FIELD = re.compile(r"[a-z_]{1,40}")


def parse(raw: bytes, now: datetime, numbers: Collection[str]) -> list[Event]:
    """Everything a body tells of our ``numbers``."""
    try:
        body = read_object(raw)
    except UnreadableError as error:
        return [Quarantine(f"unreadable_{error}")]
    if body.get("object") != OBJECT:
        return [Quarantine("other_object")]
    changes = [change for entry in rows(body.get("entry")) for change in rows(entry.get("changes"))]
    if not changes:
        return [Quarantine("empty")]
    return [event for change in changes for event in _change(change, now, numbers)]


def _change(change: dict[str, Any], now: datetime, numbers: Collection[str]) -> list[Event]:
    name = text(change.get("field"))
    if name != "messages":
        return [Quarantine(f"field_{name}" if _FIELD.fullmatch(name) else "field")]
    value = table(change.get("value"))
    account = text(table(value.get("metadata")).get("phone_number_id"))
    if account not in numbers:
        return [Quarantine("unknown_number")]
    if not any(rows(value.get(part)) for part in ("messages", "statuses", "errors")):
        return [Quarantine("empty")]
    return list(_all_of(value, account, now))


def _all_of(value: dict[str, Any], account: str, now: datetime) -> Iterator[Event]:
    contacts = rows(value.get("contacts"))
    for node in rows(value.get("messages")):
        yield from arrival(node, contacts, account, now)
    for node in rows(value.get("statuses")):
        yield read_status(node, account, now)
    for node in rows(value.get("errors")):
        code = whole(node.get("code"))
        yield Quarantine("error" if code is None else f"error_{code}"[:30])
