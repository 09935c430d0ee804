"""Text as Telegram counts and reads it: UTF-16 units, entities, the HTML it takes."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from tests.peers.telegram.errors import bad_request

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}


def units(text: str) -> int:
    """The length of a text in UTF-16 units, in which Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def formatted(text: str, mode: str | None, entities: list[dict[str, Any]] | None) -> tuple[str, list[dict[str, Any]]]:
    """The text that is shown and its entities."""
    if mode is None or mode == "":
        made = entities or []
        _check_bounds(text, made)
        return text, made
    if mode.lower() != "html":
        raise bad_request("unsupported parse_mode")
    reader = _Html()
    reader.feed(text)
    reader.close()
    if reader.open:
        raise bad_request(f"can't parse entities: Can't find end tag corresponding to start tag {reader.open[-1][0]}")
    return reader.text, reader.entities


def _check_bounds(text: str, entities: list[dict[str, Any]]) -> None:
    whole = units(text)
    for entity in entities:
        offset, length = entity["offset"], entity["length"]
        if offset < 0 or length <= 0 or offset + length > whole:
            raise bad_request("ENTITY_BOUNDS_INVALID")


class _Html(HTMLParser):
    """The few tags Telegram takes; all others are an error there, as here."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self.open: list[tuple[str, int, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self._byte()}')
        given = {name: value or "" for name, value in attrs}
        self.open.append((tag, units(self.text), {"url": given["href"]} if "href" in given else {}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {self._byte()}")
        _, start, more = self.open.pop()
        if units(self.text) > start:
            made = {"type": TAGS[tag], "offset": start, "length": units(self.text) - start, **more}
            self.entities.append(made)

    def handle_data(self, data: str) -> None:
        self.text += data

    def _byte(self) -> int:
        return len(self.text.encode())
