"""The typesetting process: one task as JSON on standard input, its result on standard output, then it ends.

Run as ``python -m bot.documents.typesetting SECONDS MEGABYTES``. It limits itself before it reads anything: processor
time, memory, no file writes, no core dump. Exit codes: 0 done, 2 refused by Typst (a font without a glyph, a fault in
a template), 3 anything else. Nothing is ever said about an error: a letter's content stays out of every log.
Must not know: what a letter says, who asked for it.
"""

from __future__ import annotations

import json
import resource
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

FONT_PACKAGES = ("manimgx_fonts", "pylopdf_fonts_zh_cn")
TEMPLATES = Path(__file__).parent / "templates"
DONE, REFUSED, FAILED = 0, 2, 3


def font_folders() -> list[str]:
    """The folders of the font packages that are installed."""
    specs = [find_spec(name) for name in FONT_PACKAGES]
    return [str(Path(spec.origin).parent) for spec in specs if spec is not None and spec.origin is not None]


def limit(seconds: int, megabytes: int) -> None:
    """Bound this process for good: processor seconds, address space, and no writing to files."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def families() -> bytes:
    """The font families Typst really finds, as a JSON list."""
    import typst  # noqa: PLC0415 - only after the limits are set

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_paths())
    return json.dumps(sorted(fonts.families())).encode()


def compile_pdf(template: str, data: dict[str, Any], timestamp: int) -> bytes:
    """The PDF/A-2a and PDF/UA-1 of a template of the folder; the same input gives the same bytes.

    A missing glyph is an error (PDF/A forbids it). Raises typst.TypstError; RuntimeError for any warning of Typst,
    which is how it reports an unknown font.
    """
    import typst  # noqa: PLC0415 - only after the limits are set

    pdf, warnings = typst.compile_with_warnings(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_paths()),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"letter": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        package_path=TEMPLATES / "no-packages",
        package_cache_path=TEMPLATES / "no-packages",
        timestamp=timestamp,
    )
    if warnings:
        raise RuntimeError
    return pdf


def _paths() -> list[Any]:
    return list(font_folders())


def answer(task: dict[str, Any]) -> bytes:
    """The result of a task: ``{"families": true}`` or ``{"template", "data", "timestamp"}``."""
    if task.get("families"):
        return families()
    return compile_pdf(task["template"], task["data"], task["timestamp"])


def main(arguments: list[str], source: IO[bytes], sink: IO[bytes]) -> int:
    """One task, one result; returns the exit code."""
    limit(int(arguments[0]), int(arguments[1]))
    try:
        result = answer(json.loads(source.read()))
    except Exception as error:  # noqa: BLE001 - its text may quote the letter; the exit code says enough
        return REFUSED if type(error).__name__ == "TypstError" or type(error) is RuntimeError else FAILED
    sink.write(result)
    sink.flush()
    return DONE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer))
