"""What became of a message we sent, as Meta tells it; they arrive in any order and more than once.

Must not know: which status is kept (core.delivery, ``advance``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.channels.whatsapp.capabilities import OPAQUE_MAX
from bot.channels.whatsapp.reading import rows, table, text, whole
from bot.core.delivery import Status
from bot.core.events import Quarantine, StatusEvent

if TYPE_CHECKING:
    from bot.core.events import Event

STATUSES = {
    "accepted": Status.ACCEPTED,
    "sent": Status.SENT,
    "delivered": Status.DELIVERED,
    "read": Status.READ,
    "played": Status.READ,
    "failed": Status.FAILED,
}
MAX_ID = 300
"""Characters of a message's id; Meta's have about 60."""
_CATEGORY = re.compile(r"[a-z_]{1,40}")
_LAST = 253_402_300_799
"""The last second of the year 9999."""


def moment(value: object) -> datetime | None:
    """Seconds since 1970, as digits, as an aware time; None when it is none."""
    seconds = whole(value)
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None and 0 < seconds <= _LAST else None


def external_id(account: str, wamid: str) -> str:
    """Our name of a message, received or sent: a wamid of one number says nothing of another."""
    return f"{account}:{wamid}"


def read_status(node: dict[str, Any], account: str, now: datetime) -> Event:
    """One line of ``statuses``."""
    wamid = text(node.get("id"))
    status = STATUSES.get(text(node.get("status")))
    if not wamid or len(wamid) > MAX_ID or status is None:
        return Quarantine("status")
    errors = rows(node.get("errors"))
    code = whole(errors[0].get("code")) if errors else None
    pricing = table(node.get("pricing"))
    category = text(pricing.get("category"))
    token = text(node.get("biz_opaque_callback_data"))
    return StatusEvent(
        external_id=external_id(account, wamid),
        token=token if 0 < len(token) <= OPAQUE_MAX else None,
        status=status,
        at=moment(node.get("timestamp")) or now,
        code=None if code is None else str(code),
        is_billed=pricing.get("billable") is True,
        category=category if _CATEGORY.fullmatch(category) else None,
    )
