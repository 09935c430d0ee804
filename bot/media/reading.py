"""Reads the words of a picture with tesseract, in a process of its own, never longer than allowed.

Must not know: what the words are for.
"""

from __future__ import annotations

import io
import os
import subprocess
from dataclasses import dataclass

from PIL import Image

LONGEST = 1400
"""Pixels: larger is slower and reads no better."""
_LANGUAGES = ("fra", "eng")
_START_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Reader:
    """A tesseract that answered, with the language data it has."""

    program: str
    languages: str

    def read(self, grey: Image.Image, seconds: float) -> str:
        """The words, dark on light, line by line; nothing when the program fails or takes more than so many seconds."""
        grey = grey.copy()
        grey.thumbnail((LONGEST, LONGEST), Image.Resampling.BOX)
        data = io.BytesIO()
        grey.save(data, "BMP")
        options = ("-l", self.languages, "--psm", "6", "-c", "tessedit_do_invert=0")
        return _run((self.program, "-", "-", *options), seconds, data.getvalue())


def find_reader(program: str) -> Reader | None:
    """The tesseract at this path with the languages it has, or None when it reads neither French nor English."""
    available = set(_run((program, "--list-langs"), _START_SECONDS).split())
    for language in _LANGUAGES:
        if language in available:
            return Reader(program, f"{language}+ocrb" if "ocrb" in available else language)
    return None


def _run(command: tuple[str, ...], seconds: float, data: bytes = b"") -> str:
    """What the program prints; nothing when it fails, whatever the reason."""
    folder = os.environ.get("TESSDATA_PREFIX")
    environment = {"PATH": os.defpath, "OMP_THREAD_LIMIT": "1"} | ({"TESSDATA_PREFIX": folder} if folder else {})
    try:
        done = subprocess.run(  # noqa: S603 - the program found or set at start
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            timeout=seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace")
