"""Golden files: what goes in and what must come out, side by side, to be read by people.

``python -m tests.channels.whatsapp.goldens`` writes what comes out today into every file; the difference is then read.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from bot.channels.whatsapp.parsing import parse
from bot.channels.whatsapp.rendering import render
from bot.core.delivery import Outgoing, TemplateCall
from bot.core.messages import Choice, OutboundFile, OutboundMessage
from bot.core.ports import Address

FOLDER = Path(__file__).parent / "golden"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NUMBERS = ("106540352242922", "106540352242923")
WORDS = {
    "whatsapp.choose": "Choisir",
    "whatsapp.more": "Suite…",
    "whatsapp.numbered": "Répondez avec le numéro.",
    "whatsapp.document_failed": "Le document « {name} » n'a pas pu partir.",
}


def say(key, language):
    return WORDS[key]


def plain(value):
    """A value as JSON has it; what a dataclass leaves at its default is left out."""
    if is_dataclass(value):
        told = {
            field.name: plain(getattr(value, field.name))
            for field in fields(value)
            if field.default is MISSING or getattr(value, field.name) != field.default
        }
        return {"is": type(value).__name__, **{name: part for name, part in told.items() if part not in ([], {})}}
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value.value, int) else value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: plain(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def parsed(given):
    """The events of a body."""
    return plain(parse(json.dumps(given).encode(), NOW, NUMBERS))


def outgoing(given):
    """The message a golden file describes."""
    choices = tuple(Choice(f"c:{index}", title) for index, title in enumerate(given.get("choices", ())))
    files = tuple(OutboundFile("letter", name, "application/pdf") for name in given.get("files", ()))
    message = OutboundMessage(
        given["text"] * given.get("times", 1), given.get("language", "fr"), choices=choices, files=files
    )
    template = given.get("template")
    return Outgoing(
        seq=1,
        token="out:1",
        address=Address("whatsapp", given.get("to", "phone:33600000001")),
        message=message,
        choice_tokens=tuple(f"r:t{index:02}" for index in range(len(choices))),
        template=TemplateCall(template["name"], template["language"], tuple(template["parameters"]))
        if template
        else None,
    )


def rendered(given):
    """The requests of a message."""
    return [
        {"file": request.file_index, **dict(request.body)} if request.file_index is not None else dict(request.body)
        for request in render(outgoing(given), say)
    ]


KINDS = {"parse": parsed, "render": rendered}


def files(kind):
    return sorted((FOLDER / kind).glob("*.json"))


def main():
    for kind, made in KINDS.items():
        for path in files(kind):
            case = json.loads(path.read_text(encoding="utf-8"))
            case["out"] = made(case["in"])
            is_ascii = path.stem == "half_a_sign"
            path.write_text(json.dumps(case, ensure_ascii=is_ascii, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
