"""Starts the typesetting process for each document and waits for it, never longer than allowed.

A process a letter: a crash, a leak or a hostile text ends with it. Its environment is empty, so that no setting or
key of the service is in its memory.
Must not know: what a document says.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.errors import DocumentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PDF_MAGIC = b"%PDF-"
_HOME = Path(__file__).parents[2]
"""The folder that holds the package ``bot``."""


@dataclass(frozen=True, slots=True)
class Typesetter:
    """A way to turn a template and its data into PDF bytes."""

    seconds: int = 20
    """Wall clock and processor time, each."""
    megabytes: int = 1024
    """Address space; a letter with forty attempts needs 256, with four hundred 350."""
    command: Sequence[str] = (sys.executable, "-s", "-E", "-m", "bot.documents.typesetting")

    def compile(self, template: str, data: Mapping[str, Any], timestamp: int) -> bytes:
        """The PDF. Raises DocumentError naming the template, never its content."""
        pdf = self._run({"template": template, "data": data, "timestamp": timestamp}, template)
        if not pdf.startswith(_PDF_MAGIC):
            message = f"{template}: the typesetting process gave no PDF"
            raise DocumentError(message)
        return pdf

    def families(self) -> frozenset[str]:
        """The font families that Typst finds in the font packages. Raises DocumentError."""
        return frozenset(json.loads(self._run({"families": True}, "fonts")))

    def _run(self, task: Mapping[str, Any], name: str) -> bytes:
        problem = ""
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                [*self.command, str(self.seconds), str(self.megabytes)],
                input=json.dumps(task, ensure_ascii=False).encode("utf-8", "replace"),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_HOME,
                env={"PATH": os.defpath, "LANG": "C.UTF-8"},
                timeout=self.seconds,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            problem = f"took more than {self.seconds} s"
        except OSError as error:
            problem = f"did not start ({type(error).__name__})"
        else:
            if done.returncode == 0:
                return done.stdout
            problem = f"ended with code {done.returncode}"
        # Raised out here so that no traceback carries the task along.
        message = f"{name}: the typesetting process {problem}"
        raise DocumentError(message)
