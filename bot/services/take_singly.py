"""Takes in a delivery event by event, so that one that nobody foresaw is not delivered again for ever, with all beside it.

Must not know: any platform, what an event says.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.core.errors import StorageError
from bot.core.events import Quarantine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.core.events import Event, Inbound

logger = logging.getLogger(__name__)


def take_singly(take_in: Callable[[list[Event]], list[Inbound]], events: Iterable[Event]) -> list[Inbound]:
    """The messages to be acknowledged; an event that cannot be taken in is counted as put aside.

    Raises StorageError, the first one, when all others are stored: the platform delivers the whole again.
    """
    new: list[Inbound] = []
    failed: StorageError | None = None
    for event in events:
        try:
            new += take_in([event])
        except StorageError as error:
            failed = failed or error
        except Exception as error:  # noqa: BLE001 - it would come back for ever; its text may quote the message
            logger.error("an event could not be taken in: %s", type(error).__name__)  # noqa: TRY400 - the same
            new += take_in([Quarantine("not_taken")])
    if failed is not None:
        raise failed
    return new
