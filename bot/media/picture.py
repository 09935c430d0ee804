"""Decodes bytes and encodes the picture again, free of everything else; tells an identity paper from a page.

Runs inside the worker process only.
Must not know: whose picture it is, how the bytes came.
"""

from __future__ import annotations

import io
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from PIL import Image, ImageOps

from bot.core.errors import MediaRefusedError, MediaTooLargeError, MediaUnreadableError
from bot.core.ports import Picture
from bot.media.mrz import LONGEST, ink_of, level_of, zone_in
from bot.media.papers import is_identity_paper, is_page
from bot.media.sniffing import Kind, sniff

if TYPE_CHECKING:
    from bot.media.reading import Reader

_HEAD = 0.12
"""Share of the height in which a page shows its address or its name."""
_HEAD_SECONDS = 2.0
_READ_SECONDS = 4.0
_DARKEST_GROUND = 100
_GROUND_SHARE = 0.4
"""Of the pixels of a dark page, within four grey levels of its ground; a photograph has no such ground."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a picture may be, and how its copy is made."""

    pixels: int = 40_000_000
    longest: int = 2400
    """Pixels of the longest side of the copy."""
    quality: int = 88


def prepare(bounds: Bounds) -> None:
    """Make Pillow read HEIF, and stop at the first picture of too many pixels."""
    from pillow_heif import register_heif_opener  # noqa: PLC0415 - loads a library of several megabytes

    register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = bounds.pixels
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def examine(data: bytes, bounds: Bounds, reader: Reader | None) -> Picture:
    """The safe copy. Raises MediaTooLargeError, MediaUnreadableError or MediaRefusedError."""
    picture = _decoded(data, bounds)
    grey = picture.convert("L")
    if reader is None:
        is_paper = _has_zone(grey)
        safe = None if is_paper else _copy(picture, bounds)
    else:
        # The head of a page is read while the copy is made: a page that shows its address needs no more reading.
        with ThreadPoolExecutor(1) as beside:
            top = grey.crop((0, 0, grey.width, ceil(grey.height * _HEAD)))
            head = beside.submit(reader.read, _dark_on_light(top), _HEAD_SECONDS)
            safe = _copy(picture, bounds)
            is_paper = _has_zone(grey)
        is_paper = is_paper or (not is_page(head.result()) and is_identity_paper(_words(grey, reader)))
    if is_paper or safe is None:
        raise MediaRefusedError
    return safe


def _decoded(data: bytes, bounds: Bounds) -> Image.Image:
    """The first frame, upright, in RGB on white, at most as large as its copy."""
    kind = sniff(data)
    if kind is None:
        raise MediaUnreadableError
    try:
        with Image.open(io.BytesIO(data), formats=(kind.value,)) as opened:
            if opened.width * opened.height > bounds.pixels:
                raise MediaTooLargeError
            if kind is Kind.JPEG:
                opened.draft("RGB", (bounds.longest, bounds.longest))
            opened.load()
            return _plain(opened, bounds)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise MediaTooLargeError from None


def _plain(opened: Image.Image, bounds: Bounds) -> Image.Image:
    picture: Image.Image = opened
    if picture.mode.startswith("I"):
        picture = picture.point(lambda value: value / 256).convert("L")
    size = (bounds.longest, bounds.longest)
    if picture.mode in {"1", "P", "PA", "LA"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    picture.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    picture = _upright(picture)
    if picture.mode == "RGBA":
        ground = Image.new("RGB", picture.size, (255, 255, 255))
        ground.paste(picture, mask=picture.getchannel("A"))
        return ground
    plain = picture.convert("RGB")
    plain.info.clear()
    return plain


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its camera said; a broken EXIF block says nothing."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - any fault of hostile metadata
        return picture


def _copy(picture: Image.Image, bounds: Bounds) -> Picture:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=bounds.quality)
    return Picture(out.getvalue(), picture.width, picture.height)


def _has_zone(grey: Image.Image) -> bool:
    small = _small(grey)
    ink = ink_of(small)
    return zone_in(level_of(ink).turn(ink))


def _words(grey: Image.Image, reader: Reader) -> str:
    """The words of the picture with its lines made level."""
    grey = _dark_on_light(grey)
    return reader.read(level_of(ink_of(_small(grey))).turn(grey), _READ_SECONDS)


def _dark_on_light(grey: Image.Image) -> Image.Image:
    """The picture, turned round when it is a dark page: its one ground is dark. A card on a dark table stays as it is."""
    counts = grey.histogram()
    ground = max(range(len(counts)), key=counts.__getitem__)
    near = sum(counts[max(0, ground - 4) : ground + 5])
    is_dark_page = ground < _DARKEST_GROUND and near > _GROUND_SHARE * grey.width * grey.height
    return ImageOps.invert(grey) if is_dark_page else grey


def _small(grey: Image.Image) -> Image.Image:
    small = grey.copy()
    small.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX)
    return small
