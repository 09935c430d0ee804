"""``guichet chat``: talk to the bot in the terminal, pictures by path.

Must not know: Rasa, SQL.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.errors import DocumentError
from bot.core.messages import InboundKind, InboundMessage
from bot.core.ports import Address
from bot.services.receive import Upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.bootstrap import House

_PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".heic", ".heif"}


def chat(
    house: House, language: str | None, folder: Path, read: Callable[[str], str], write: Callable[[str], None]
) -> None:
    """Converse until the input ends; a line that is the path of a picture sends the picture."""
    address = Address(house.terminal.name, "terminal")
    start = InboundMessage(InboundKind.START, language_hint=language)
    _say(house, address, start, (), folder, write)
    while True:
        try:
            line = read("> ")
        except (EOFError, KeyboardInterrupt):
            return
        path = Path(line.strip().strip("'\""))
        if path.suffix.lower() in _PICTURES and path.is_file():
            upload = Upload(path.read_bytes(), "application/octet-stream", as_document=True)
            _say(house, address, InboundMessage(InboundKind.MEDIA), (upload,), folder, write)
        else:
            _say(house, address, InboundMessage(InboundKind.TEXT, text=line, language_hint=language), (), folder, write)


def _say(
    house: House,
    address: Address,
    message: InboundMessage,
    uploads: tuple[Upload, ...],
    folder: Path,
    write: Callable[[str], None],
) -> None:
    house.receive(address, house.new_id(), message, uploads)
    house.settle()
    for _to, sent in house.terminal.take():
        write(sent.text)
        for number, choice in enumerate(sent.choices, 1):
            write(f"  {number}. {choice.title}")
        for file in sent.files:
            path = folder / file.name
            try:
                path.write_bytes(house.render(file))
            except DocumentError:
                continue
            write(f"  → {path}")
