"""What kind of picture bytes are, by their first bytes alone; what a platform or a file name claims is not looked at.

Must not know: how a picture is decoded.
"""

from __future__ import annotations

from enum import StrEnum

_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})


class Kind(StrEnum):
    """The kinds that are taken, by the name Pillow gives them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIF = "HEIF"


def sniff(data: bytes) -> Kind | None:
    """The kind of picture, or None for anything else: GIF, SVG, PDF, AVIF, archives, nothing at all."""
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return Kind.HEIF
    return None
