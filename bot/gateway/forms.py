"""The multipart body of one message, read in memory and cut while it arrives.

Starlette's own parser puts files over 1 MB on the disk, unsealed: a person's picture must never lie there.
Must not know: what the fields mean. File names are dropped here.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException

from bot.gateway.webdesk import Upload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from bot.gateway.limits import Bodies, Limits

_FIELD_BYTES = 64 * 1024
"""More than 4,000 characters of any script; the rest of a longer field is read and dropped."""

_FIELDS = 12
_FILE_FIELDS = frozenset({"file", "file[]"})
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """The fields, the last of each name, and the files in order."""

    fields: Mapping[str, str]
    uploads: tuple[Upload, ...]


@dataclass(slots=True)
class _Part:
    """A part being read."""

    name: str = ""
    claimed_type: str = ""
    is_file: bool = False
    is_unnamed: bool = False
    data: bytearray = field(default_factory=bytearray)


class _Collector:
    """Takes the parser's callbacks and enforces the limits at each of them."""

    def __init__(self, limits: Limits) -> None:
        """Nothing read yet."""
        self._limits = limits
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._headers: dict[str, bytes] = {}
        self._part = _Part()
        self.fields: dict[str, str] = {}
        self.uploads: list[Upload] = []
        self._files = 0
        self._count = 0
        self.is_complete = False

    def on_part_begin(self) -> None:
        """Start a part."""
        self._headers = {}
        self._part = _Part()
        self._count += 1
        if self._count > _FIELDS + self._limits.files:
            raise HTTPException(400, "bad_form")

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        """Collect a header's name."""
        self._header_name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        """Collect a header's value."""
        self._header_value += data[start:end]

    def on_header_end(self) -> None:
        """Keep a header."""
        self._headers[bytes(self._header_name).decode("latin-1").lower()] = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def on_headers_finished(self) -> None:
        """Decide what the part is."""
        _disposition, options = parse_options_header(self._headers.get("content-disposition"))
        name = options.get(b"name")
        if name is None:
            raise HTTPException(400, "bad_form")
        self._part.name = name.decode("utf-8", "replace")
        self._part.is_file = b"filename" in options
        self._part.is_unnamed = options.get(b"filename") == b""
        self._part.claimed_type = _clean_type(self._headers.get("content-type", b""))
        if self._part.is_file and self._part.name not in _FILE_FIELDS:
            raise HTTPException(400, "bad_form")

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Keep bytes, up to the limit of the part."""
        part = self._part
        if not part.is_file:
            part.data += data[start : min(end, start + _FIELD_BYTES - len(part.data))]
            return
        if len(part.data) + end - start > self._limits.file_bytes:
            raise HTTPException(413, "file_too_large")
        part.data += data[start:end]

    def on_part_end(self) -> None:
        """File the part; a file input that was left empty is no file."""
        part = self._part
        if not part.is_file:
            self.fields[part.name] = bytes(part.data).decode("utf-8", "replace")
        elif part.data or not part.is_unnamed:
            self._files += 1
            if self._files > self._limits.files:
                raise HTTPException(413, "too_many_files")
            self.uploads.append(Upload(bytes(part.data), part.claimed_type, as_document=True))

    def on_end(self) -> None:
        """The closing boundary was seen."""
        self.is_complete = True


async def read_form(request: Request, bodies: Bodies, limits: Limits) -> Form:
    """The form of a request.

    Raises HTTPException 400 for a broken form, 408 for one that takes too long, 413 over a limit,
    415 for anything but a form.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    try:
        async with asyncio.timeout(limits.body_seconds):
            if kind == b"multipart/form-data":
                return await _read_multipart(request, bodies, limits, options.get(b"boundary", b""))
            if kind == b"application/x-www-form-urlencoded":
                return await _read_urlencoded(request, bodies)
    except TimeoutError as error:
        raise HTTPException(408, "too_slow") from error
    raise HTTPException(415, "not_a_form")


async def _read_multipart(request: Request, bodies: Bodies, limits: Limits, boundary: bytes) -> Form:
    collector = _Collector(limits)
    if not boundary:
        raise HTTPException(400, "bad_form")
    try:
        parser = MultipartParser(
            boundary,
            {
                "on_part_begin": collector.on_part_begin,
                "on_part_data": collector.on_part_data,
                "on_part_end": collector.on_part_end,
                "on_header_field": collector.on_header_field,
                "on_header_value": collector.on_header_value,
                "on_header_end": collector.on_header_end,
                "on_headers_finished": collector.on_headers_finished,
                "on_end": collector.on_end,
            },
        )
        async with aclosing(bodies.read(request)) as chunks:
            async for chunk in chunks:
                parser.write(chunk)
    except FormParserError as error:
        raise HTTPException(400, "bad_form") from error
    if not collector.is_complete:
        raise HTTPException(400, "bad_form")
    return Form(collector.fields, tuple(collector.uploads))


async def _read_urlencoded(request: Request, bodies: Bodies) -> Form:
    """A message without files from a client that has no multipart at hand."""
    body = bytearray()
    async with aclosing(bodies.read(request)) as chunks:
        async for chunk in chunks:
            body += chunk
    try:
        pairs = parse_qsl(bytes(body).decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_FIELDS)
    except ValueError as error:
        raise HTTPException(400, "bad_form") from error
    return Form(dict(pairs), ())


def _clean_type(raw: bytes) -> str:
    kind = raw.decode("latin-1").partition(";")[0].strip().lower()
    return kind if _TYPE.fullmatch(kind) else "application/octet-stream"
