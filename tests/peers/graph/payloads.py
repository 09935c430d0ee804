"""The bodies of WhatsApp webhooks, structurally as Meta's samples and captured traffic have them. Pure."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tests.peers.graph.errors import status_error

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal, TypeAlias

    from tests.peers.graph.state import Number

    Value: TypeAlias = dict[str, Any]
    Known: TypeAlias = Literal["both", "number", "user_id"]


@dataclass(frozen=True)
class Person:
    """Someone who writes: by number, by business-scoped user id, or by both."""

    wa_id: str = "33600000001"
    name: str = "Awa Exemple"
    user_id: str = "FR.13491208655302741918"
    username: str = "awa.exemple"
    known: Known = "both"

    def as_known_by(self, known: Known) -> Person:
        """The same person, told apart by other means."""
        return replace(self, known=known)

    @property
    def address(self) -> str:
        """Where an answer goes."""
        return self.user_id if self.known == "user_id" else self.wa_id

    def contact(self) -> Value:
        """The entry in ``contacts``."""
        made: Value = {"profile": {"name": self.name}}
        if self.known != "number":
            made["profile"]["username"] = self.username
            made["user_id"] = self.user_id
        if self.known != "user_id":
            made["wa_id"] = self.wa_id
        return made

    def sender(self) -> Value:
        """The keys of a message that say who wrote it."""
        made: Value = {}
        if self.known != "user_id":
            made["from"] = self.wa_id
        if self.known != "number":
            made["from_user_id"] = self.user_id
        return made

    def recipient(self) -> Value:
        """The keys of a status that say whom it is about."""
        made: Value = {}
        if self.known != "user_id":
            made["recipient_id"] = self.wa_id
        if self.known != "number":
            made["recipient_user_id"] = self.user_id
        return made


def metadata(number: Number) -> Value:
    """The number of ours it came to."""
    return {"display_phone_number": number.display, "phone_number_id": number.phone_id}


def message_value(number: Number, person: Person, messages: Sequence[Value]) -> Value:
    """A value with messages of one person."""
    return {
        "messaging_product": "whatsapp",
        "metadata": metadata(number),
        "contacts": [person.contact()],
        "messages": list(messages),
    }


def message(person: Person, wamid: str, at: int, kind: str, part: Any, context: Value | None = None) -> Value:
    """One message: its kind names the key its part stands under."""
    made: Value = {} if context is None else {"context": context}
    return {**made, **person.sender(), "id": wamid, "timestamp": str(at), "type": kind, kind: part}


def text(body: str) -> tuple[str, Value]:
    """Words."""
    return "text", {"body": body}


def button_reply(identity: str, title: str) -> tuple[str, Value]:
    """A tap on a reply button."""
    return "interactive", {"type": "button_reply", "button_reply": {"id": identity, "title": title}}


def list_reply(identity: str, title: str, description: str = "") -> tuple[str, Value]:
    """A row chosen from a list."""
    row = {"id": identity, "title": title}
    if description:
        row["description"] = description
    return "interactive", {"type": "list_reply", "list_reply": row}


def button(payload: str, label: str) -> tuple[str, Value]:
    """A tap on a quick reply of a template."""
    return "button", {"payload": payload, "text": label}


def media(kind: str, described: Mapping[str, Any], *, caption: str = "", filename: str = "") -> tuple[str, Value]:
    """An image, a document, a voice message, a sticker."""
    made: Value = {"caption": caption} if caption else {}
    if filename:
        made["filename"] = filename
    made |= {"mime_type": described["mime_type"], "sha256": described["sha256"], "id": described["id"]}
    made["url"] = described["url"]
    if kind == "audio":
        made["voice"] = True
    if kind == "sticker":
        made["animated"] = False
    return kind, made


def location(latitude: float, longitude: float, name: str = "") -> tuple[str, Value]:
    """A place."""
    made: Value = {"latitude": latitude, "longitude": longitude}
    if name:
        made |= {"name": name, "address": "1 rue de l'Exemple, 75000 Paris"}
    return "location", made


def contacts(name: str, phone: str) -> tuple[str, Any]:
    """A visiting card."""
    card = {
        "name": {"first_name": name.split(maxsplit=1)[0], "formatted_name": name},
        "phones": [{"phone": f"+{phone}", "wa_id": phone, "type": "MOBILE"}],
    }
    return "contacts", [card]


def reaction(wamid: str, emoji: str = "👍") -> tuple[str, Value]:
    """An emoji on a message; an empty one takes it back."""
    made = {"message_id": wamid}
    if emoji:
        made["emoji"] = emoji
    return "reaction", made


def unsupported(person: Person, wamid: str, at: int) -> Value:
    """A message the API cannot represent: it has no part, only an error."""
    error = status_error(131051, "Message type is currently not supported.")
    error |= {"title": "Message type unknown", "message": "Message type unknown"}
    error.pop("href")
    made = {**person.sender(), "id": wamid, "timestamp": str(at), "type": "unsupported"}
    return {**made, "errors": [error], "unsupported": {"type": "poll_update"}}


def number_change(number: Number, person: Person, new_wa_id: str, wamid: str, at: int, *, older: bool = False) -> Value:
    """A person changed number. There is no ``contacts``; older versions spell the new number otherwise."""
    system = {
        "body": f"User {person.name} changed from {person.wa_id} to {new_wa_id}",
        "new_wa_id" if older else "wa_id": new_wa_id,
        "type": "user_changed_number",
    }
    made = {"from": person.wa_id, "id": wamid, "timestamp": str(at), "type": "system", "system": system}
    return {"messaging_product": "whatsapp", "metadata": metadata(number), "messages": [made]}


def status(
    person: Person,
    wamid: str,
    name: str,
    at: int,
    *,
    opaque: str | None = None,
    code: int | None = None,
    category: str = "service",
    billable: bool = True,
) -> Value:
    """What became of a message of ours."""
    made: Value = {"id": wamid, "status": name, "timestamp": str(at), **person.recipient()}
    if name in {"sent", "delivered", "read"}:
        origin = {"type": category}
        made["conversation"] = {"id": hashlib.sha256(person.address.encode()).hexdigest()[:32], "origin": origin}
        if name == "sent":
            made["conversation"]["expiration_timestamp"] = str(at + 86_400)
    if name in {"sent", "delivered"}:
        pricing = {"billable": billable, "pricing_model": "PMP", "type": "regular", "category": category}
        made["pricing"] = pricing
    if opaque is not None:
        made["biz_opaque_callback_data"] = opaque
    if code is not None:
        made["errors"] = [status_error(code)]
    return made


def status_value(number: Number, statuses: Sequence[Value], person: Person | None = None) -> Value:
    """A value with statuses; ``contacts`` came with user ids in 2026, and older webhooks have none."""
    made: Value = {"messaging_product": "whatsapp", "metadata": metadata(number)}
    if person is not None and person.known != "number":
        made["contacts"] = [person.contact()]
    return {**made, "statuses": list(statuses)}


def errors_value(number: Number, *codes: int) -> Value:
    """A value with errors that belong to no message."""
    made = [status_error(code) for code in codes]
    return {"messaging_product": "whatsapp", "metadata": metadata(number), "errors": made}


def envelope(values: Sequence[Value], account_id: str, *, entries: bool = False, name: str = "messages") -> Value:
    """The body around values: changes of one entry, or an entry each."""
    changes = [{"value": value, "field": name} for value in values]
    parts = [[change] for change in changes] if entries else [changes]
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": account_id, "changes": part} for part in parts],
    }


def signed_bytes(body: Value) -> bytes:
    r"""The bytes Meta sends and signs: each character beyond ASCII is written ``\uXXXX``, and slashes are escaped."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature(secret: str, raw: bytes) -> str:
    """The header that proves the bytes."""
    return "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()


def forgeries(secret: str, raw: bytes) -> dict[str, list[tuple[str, str]]]:
    """Headers that prove nothing, by what is wrong with them; a receiver answers all of them alike."""
    name, right = "X-Hub-Signature-256", signature(secret, raw)
    again = json.dumps(json.loads(raw), ensure_ascii=False).encode("utf-8", "surrogatepass")
    wrong = {
        "absent": [],
        "empty": [""],
        "of another secret": [signature(f"{secret}x", raw)],
        "of another body": [signature(secret, raw + b" ")],
        "of the body written again": [signature(secret, again)],
        "cut short": [right[:-1]],
        "one digit too many": [right + "0"],
        "without its name": [right.removeprefix("sha256=")],
        "by sha1": ["sha1=" + hmac.new(secret.encode(), raw, hashlib.sha1).hexdigest()],
        "named sha1": [right.replace("sha256", "sha1")],
        "in capitals": [right.upper()],
        "not ascii": ["sha256=" + "\u00e9" * 64],
        "twice, the first wrong": [signature(f"{secret}x", raw), right],
    }
    return {reason: [(name, value) for value in values] for reason, values in wrong.items()}
