"""Runs inside pywa's own environment: reads one JSON request a line, answers one JSON line each."""

from __future__ import annotations

import io
import json
import logging
import sys
from typing import Any

from pywa import WhatsApp, types

logging.disable(logging.CRITICAL)


def client(asked: dict[str, Any]) -> tuple[WhatsApp, list[Any]]:
    """pywa as a server and a client of one number, and the updates its handlers were given."""
    wa = WhatsApp(
        phone_id=asked["phone_id"],
        token=asked["token"],
        app_secret=asked["app_secret"],
        verify_token=asked["verify_token"],
        skip_duplicate_updates=False,
        webhook_challenge_delay=0,
    )
    if "base_url" in asked:
        wa.api._session.base_url = asked["base_url"]  # pywa has no setting for it
    seen: list[Any] = []

    def note(_client: WhatsApp, update: Any) -> None:
        seen.append(update)

    for register in (
        WhatsApp.on_message,
        WhatsApp.on_callback_button,
        WhatsApp.on_callback_selection,
        WhatsApp.on_message_status,
        WhatsApp.on_phone_number_change,
    ):
        register(wa)(note)
    return wa, seen


def receive(asked: dict[str, Any]) -> dict[str, Any]:
    """What pywa's own handler makes of a body: its answer, and the update it read."""
    wa, seen = client(asked)
    raw = asked["raw"].encode()
    refused = wa.webhook_update_validator(raw, asked["signature"])
    status = refused[1] if refused else wa.webhook_update_handler(raw)[1]
    return {"status": status, "updates": [told(update) for update in seen]}


def told(update: Any) -> dict[str, Any]:
    """An update in plain values."""
    made: dict[str, Any] = {"class": type(update).__name__, "id": getattr(update, "id", None)}
    for name in ("text", "caption", "data", "title", "tracker", "new_wa_id", "old_wa_id"):
        value = getattr(update, name, None)
        if value is not None:
            made[name] = str(value)
    for name in ("type", "status"):
        if hasattr(update, name):
            made[name] = str(getattr(update, name).value)
    sender = getattr(update, "from_user", None)
    if sender is not None:
        made["from"] = {"wa_id": sender.wa_id, "user_id": getattr(sender, "bsuid", None), "name": sender.name}
    for name in ("image", "document", "audio", "sticker"):
        part = getattr(update, name, None)
        if part is not None:
            made["media"] = {"id": part.id, "sha256": part.sha256, "mime_type": part.mime_type}
    for name in ("reaction", "location", "contacts", "error"):
        part = getattr(update, name, None)
        if part is not None:
            made[name] = str(part)
    return made


def send(asked: dict[str, Any]) -> dict[str, Any]:
    """Sends each kind of message we send, through pywa's client."""
    wa, _seen = client(asked)
    to = asked["to"]
    rows = [types.SectionRow(title=f"Ligne {n}", callback_data=f"r:{n}") for n in range(10)]
    sections = types.SectionList("Ouvrir", [types.Section("Choix", rows)])
    buttons = [types.Button("Oui", "r:1"), types.Button("Non", "r:2")]
    ids = [
        wa.send_message(to, "Bonjour", tracker="out-1").id,
        wa.send_message(to, "Pick", buttons=buttons).id,
        wa.send_message(to, "Pick", buttons=sections).id,
        wa.send_document(to, io.BytesIO(b"%PDF-1.7"), filename="a.pdf", caption="c", mime_type="application/pdf").id,
    ]
    return {"ids": ids}


def fetch(asked: dict[str, Any]) -> dict[str, Any]:
    """Fetches a file in two hops, as pywa does."""
    wa, _seen = client(asked)
    media = wa.get_media_url(asked["media_id"])
    content = wa.get_media_bytes(media.url)
    return {"sha256": media.sha256, "size": media.file_size, "content": content.hex()}


def challenge(asked: dict[str, Any]) -> dict[str, Any]:
    """pywa's answer to a verification."""
    wa, _seen = client(asked)
    answer, status = wa.webhook_challenge_handler(asked["given"], "12345")
    return {"status": status, "answer": answer}


WORK = {"receive": receive, "send": send, "fetch": fetch, "challenge": challenge}


def main() -> None:
    """Answers until the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = WORK[asked["do"]](asked)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
