"""What becomes of a message that the platform had taken and that failed after all.

Must not know: platforms, queues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Remedy:
    """It waits to be sent again, or is given up."""

    retry_at: datetime | None = None
    """None: it is given up."""
    is_counted: bool = True
    """False when nothing is wrong with the message: the try does not count."""
    closed_before: datetime | None = None
    """The platform takes no free text for whoever was last heard from before the message left: that was at this time
    at the latest, whatever our clock says."""
