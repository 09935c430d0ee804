"""``guichet chat --json``: the real path for programs, one JSON line in, one out (contracts.md 1).

Must not know: Rasa, SQL.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bot.core.calendar import local_day
from bot.core.case import Case
from bot.core.effects import PersonState
from bot.core.errors import GuichetError
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address
from bot.core.text import clean
from bot.services.receive import Upload
from bot.services.report_state import report_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.bootstrap import House
    from bot.core.messages import OutboundFile, OutboundMessage

_KEYS = {"person", "text", "choice", "file", "as", "now", "language_hint", "tick"}
MAX_LINE = 8_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Of instants that programs may pass: beyond, calendars and time zones end."""


class RefusedLine(Exception):  # noqa: N818  (said to the program, not raised further)
    """An input line that cannot be used; the text says why."""


@dataclass(slots=True)
class JsonChat:
    """One session."""

    house: House
    folder: Path
    """Where documents are put for the program to read."""
    written: int = 0

    def run(self, lines: TextIO, out: TextIO) -> None:
        """Answer every line until the input ends."""
        for line in lines:
            if line.strip():
                print(json.dumps(self.answer(line), ensure_ascii=False), file=out, flush=True)

    def answer(self, line: str) -> dict[str, Any]:
        """The answer to one line; a refused line or a failure is an ``error``, and the session goes on."""
        try:
            return self._answer(_parse(line))
        except RefusedLine as refused:
            return {"error": str(refused)}
        except GuichetError as error:
            return {"error": f"{type(error).__name__}"}

    def _answer(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        if "tick" in entry:
            return self._tick(_instant(entry["tick"]))
        person = entry.get("person")
        if not isinstance(person, str) or not person or len(person) > 200 or not _is_unicode(person):
            raise RefusedLine("person is missing")
        self.house.clock.set(_instant(entry["now"]) if "now" in entry else None)
        message, uploads = _message(entry)
        address = Address(self.house.terminal.name, person)
        self.house.receive(address, self.house.new_id(), message, uploads)
        self.house.settle()
        messages = [self._plain(sent) for to, sent in self.house.terminal.take() if to == person]
        return {"person": person, "messages": messages, "state": self._state(address)}

    def _tick(self, at: datetime) -> dict[str, Any]:
        self.house.clock.set(at)
        self.house.tick()
        sent = [{"person": to, **self._plain(message)} for to, message in self.house.terminal.take()]
        return {"tick": at.isoformat(), "messages": sent}

    def _state(self, address: Address) -> dict[str, object]:
        now = self.house.clock.now()
        person = self.house.store.persons.find(address)
        state = PersonState(Case(), b"", ()) if person is None else self.house.store.persons.state(person)
        return report_state(state, self.house.services, local_day(now))

    def _plain(self, message: OutboundMessage) -> dict[str, Any]:
        return {
            "text": message.text,
            "asks": message.asks,
            "choices": [{"id": c.id, "title": c.title} for c in message.choices],
            "files": [self._write(file) for file in message.files],
        }

    def _write(self, file: OutboundFile) -> dict[str, str]:
        self.written += 1
        path = self.folder / f"{self.written:03d}-{Path(file.name).name}"
        path.write_bytes(self.house.render(file))
        return {"name": file.name, "path": str(path), "type": file.media_type}


def _parse(line: str) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise RefusedLine("the line is too long")
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        raise RefusedLine("not JSON") from None
    if not isinstance(entry, dict):
        raise RefusedLine("not a JSON object")
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise RefusedLine(f"unknown key {clean(unknown[0], 40)}")
    return entry


def _instant(raw: object) -> datetime:
    try:
        at = datetime.fromisoformat(str(raw))
    except ValueError:
        raise RefusedLine("the time is not ISO 8601") from None
    if at.tzinfo is None:
        raise RefusedLine("the time has no offset")
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise RefusedLine("the time is out of range")
    return at


def _is_unicode(text: str) -> bool:
    """False for half a surrogate pair: JSON can write it, nothing else can."""
    return text.encode("utf-8", "replace").decode() == text


def _message(entry: Mapping[str, Any]) -> tuple[InboundMessage, tuple[Upload, ...]]:
    given = [key for key in ("text", "choice", "file") if key in entry]
    if len(given) != 1 and given != ["text", "file"]:
        raise RefusedLine("give one of text, choice, file")
    hint = entry.get("language_hint")
    if hint is not None and not isinstance(hint, str):
        raise RefusedLine("language_hint is not a text")
    for key in given:
        if not isinstance(entry[key], str):
            raise RefusedLine(f"{key} is not a text")
    text = entry.get("text", "")
    if "file" in given:
        return InboundMessage(InboundKind.MEDIA, text=text, language_hint=hint), (_upload(entry),)
    if "choice" in given:
        return InboundMessage(InboundKind.CHOICE, choice=entry["choice"], language_hint=hint), ()
    return InboundMessage(InboundKind.TEXT, text=text, language_hint=hint), ()


def _upload(entry: Mapping[str, Any]) -> Upload:
    how = entry.get("as", "photo")
    if how not in {"photo", "document"}:
        raise RefusedLine("as is photo or document")
    try:
        data = Path(entry["file"]).read_bytes()
    except (OSError, ValueError):
        raise RefusedLine("the file cannot be read") from None
    return Upload(data, "application/octet-stream", as_document=how == "document")


def chat_json(house: House, folder: Path) -> None:
    """Serve standard input until it ends."""
    JsonChat(house, folder).run(sys.stdin, sys.stdout)
