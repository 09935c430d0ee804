"""What the fake Graph API keeps: numbers, templates, media, accepted messages, and each request as it came."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

URL_SECONDS = 300
PHONE_ID = "106540352242922"
ACCOUNT_ID = "102290129340398"
DISPLAY_PHONE = "33700000000"


@dataclass
class Template:
    """An approved template: how many places its body has, and whether it is paused."""

    parameters: int = 0
    paused: bool = False


@dataclass
class Number:
    """A phone number of the business."""

    phone_id: str = PHONE_ID
    display: str = DISPLAY_PHONE
    name: str = "Guichet"
    quality: str = "GREEN"
    status: str = "CONNECTED"

    def fields(self) -> dict[str, Any]:
        """What ``GET /{phone_id}`` tells."""
        return {
            "id": self.phone_id,
            "verified_name": self.name,
            "display_phone_number": f"+{self.display[:2]} {self.display[2:]}",
            "quality_rating": self.quality,
            "status": self.status,
            "code_verification_status": "VERIFIED",
            "name_status": "APPROVED",
            "platform_type": "CLOUD_API",
            "throughput": {"level": "STANDARD"},
        }


@dataclass
class Media:
    """A file the API holds, and what is to go wrong when it is fetched."""

    media_id: str
    content: bytes
    mime: str
    filename: str = ""
    phone_id: str = PHONE_ID
    sha256: str = ""
    size: int | None = None
    missing: int = 0
    endless: bool = False
    uploaded: bool = False

    def descriptor(self, url: str) -> dict[str, Any]:
        """What ``GET /{media_id}`` tells."""
        return {
            "messaging_product": "whatsapp",
            "url": url,
            "mime_type": self.mime,
            "sha256": self.sha256 or digest(self.content),
            "file_size": len(self.content) if self.size is None else self.size,
            "id": self.media_id,
        }


@dataclass(frozen=True)
class Recorded:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Sent:
    """One message the API took."""

    wamid: str
    phone_id: str
    to: str
    body: Mapping[str, Any]
    opaque: str | None
    at: float

    @property
    def text(self) -> str:
        """The words of the message, whatever its kind."""
        kind = self.body.get("type", "text")
        part = self.body[kind]
        if kind == "interactive":
            return str(part.get("body", {}).get("text", ""))
        return str(part.get("body") or part.get("caption") or "")

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The ids and titles of its buttons or rows."""
        action = self.body.get("interactive", {}).get("action", {})
        buttons = [(b["reply"]["id"], b["reply"]["title"]) for b in action.get("buttons", ())]
        rows = [(row["id"], row["title"]) for part in action.get("sections", ()) for row in part.get("rows", ())]
        return buttons + rows


@dataclass
class GraphState:
    """All of it, behind one lock."""

    clock: Callable[[], float] = time.time
    tokens: set[str] = field(default_factory=lambda: {"graph-token"})
    expired: set[str] = field(default_factory=set)
    token_until: int = 0
    numbers: dict[str, Number] = field(default_factory=lambda: {PHONE_ID: Number()})
    templates: dict[tuple[str, str], Template] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)
    media: dict[str, Media] = field(default_factory=dict)
    links: dict[str, tuple[str, float]] = field(default_factory=dict)
    requests: list[Recorded] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    reads: list[Mapping[str, Any]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    count: int = 0

    def number(self) -> int:
        """The next number of a row that never repeats."""
        with self.lock:
            self.count += 1
            return self.count

    def wamid(self, phone: str) -> str:
        """A message id in the shape Meta gives it."""
        raw = b"\x1c\x18" + phone.encode() + b"\x15\x02\x00\x11\x18\x12" + f"{self.number():018X}".encode() + b"\x00"
        return "wamid." + base64.b64encode(raw).decode()

    def trace(self) -> str:
        """A trace id for an error."""
        return "A" + base64.urlsafe_b64encode(hashlib.sha256(str(self.number()).encode()).digest()[:16]).decode()[:22]

    def keep_media(self, media: Media) -> Media:
        """Puts a file where it can be fetched."""
        with self.lock:
            self.media[media.media_id] = media
        return media

    def media_id(self) -> str:
        """An id of digits only, as the API gives them."""
        return str(1_003_383_421_000_000 + self.number())

    def link(self, media_id: str) -> str:
        """A path that leads to a file for five minutes."""
        key = hashlib.sha256(f"{media_id}/{self.number()}".encode()).hexdigest()
        with self.lock:
            self.links[key] = (media_id, self.clock() + URL_SECONDS)
        return f"/whatsapp_business/attachments/{key}"

    def linked(self, key: str) -> Media | None:
        """The file a path leads to, while it does."""
        with self.lock:
            media_id, until = self.links.get(key, ("", 0.0))
            return self.media.get(media_id) if self.clock() < until else None

    def duplicates(self) -> dict[str, int]:
        """Callback data that more than one accepted message carries: messages somebody got twice."""
        with self.lock:
            counts = Counter(sent.opaque for sent in self.sent if sent.opaque)
        return {opaque: count for opaque, count in counts.items() if count > 1}


def digest(content: bytes) -> str:
    """The SHA-256 of a file as Meta writes it: base64, not hexadecimal."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
