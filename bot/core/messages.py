"""The neutral words of every channel: what came in, what goes out.

Must not know: any platform, any wording, the database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.core.ids import FileId


class InboundKind(StrEnum):
    """What a person did."""

    TEXT = "text"
    CHOICE = "choice"
    MEDIA = "media"
    START = "start"
    LOCATION = "location"
    VOICE = "voice"
    """A voice message, a video, a sticker: something nobody here can read yet."""
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class InboundFile:
    """A file as received: sealed, not yet looked at."""

    id: FileId
    claimed_type: str
    size: int
    sha256: str
    as_document: bool = False
    problem: str | None = None
    """None when it was kept. Else ``too_large``, ``empty``, ``unreadable``, ``identity_paper``, ``gone``; ``late`` when
    its platform has not given it yet, ``unavailable`` when it never will; ``voice`` and ``unsupported`` for what nobody
    here can read."""
    safe_copy: FileId | None = None
    """The re-encoded picture, once it was looked at."""


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One thing a person sent, cleaned, before anybody understood it."""

    kind: InboundKind
    text: str = ""
    choice: str | None = None
    files: tuple[InboundFile, ...] = ()
    language_hint: str | None = None
    sent_at: datetime | None = None
    external_id: str = ""
    """The platform's or the page's own id of the message, so that a page knows its own words again, and an edit what it
    changes."""
    edits: str | None = None
    """The ``external_id`` of the earlier message whose words these replace (ADR 0034)."""
    is_forwarded: bool = False
    """Not first-hand; where it came from is not kept."""
    latitude: float | None = None
    longitude: float | None = None
    """Of a location that was shared; used for the place as it comes in and never kept."""
    places: tuple[str, ...] = ()
    """Where a shared location lies: the code of the département, and its arrondissement after a slash; several near
    a border, none abroad."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A button: a stable ASCII id and a title in the person's language."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class OutboundFile:
    """A document to be rendered when it is delivered; only its facts are stored.

    ``kind`` is ``letter`` and ``facts`` is the JSON of the document's facts (see core.documents).
    """

    kind: str
    name: str
    media_type: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message for a person, in words, ready for any channel."""

    text: str
    language: str
    asks: str | None = None
    choices: tuple[Choice, ...] = ()
    files: tuple[OutboundFile, ...] = ()
    template: str | None = None
    """What it is, for platforms that allow only approved messages outside a window; None for answers."""
    is_farewell: bool = False
    """The last word to a person who was erased; gone for good once it has reached them."""
