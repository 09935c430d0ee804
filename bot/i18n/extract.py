"""Writes locales/messages.pot from the French sources and brings every catalogue up to date.

``python -m bot.i18n.extract`` writes; with ``--check`` it only says what is out of date and exits 1.
A changed French sentence makes its translation fuzzy: it is not shown until somebody has looked at it (ADR 0005).
Must not know: how a sentence is used.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.i18n.languages import load_languages
from bot.i18n.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel.messages.catalog import Message

ROOT = Path(__file__).resolve().parents[2]
_HEADER = "# Guichet: texts.\n# msgctxt is the key, msgid the French source sentence (ADR 0005).\n#"


def french(root: Path) -> dict[str, str]:
    """Every French sentence by its context, in a stable order."""
    return {key: source.text for key, source in sorted(load_sources(root).items())}


def template(sentences: Mapping[str, str]) -> bytes:
    """The bytes of messages.pot."""
    catalog = _empty(None)
    for context, sentence in sentences.items():
        catalog.add(sentence, context=context)
    return _written(catalog)


def updated(po: bytes | None, language: str, sentences: Mapping[str, str]) -> bytes:
    """The catalogue with today's sentences: kept where the French is the same, fuzzy where it changed."""
    catalog = _empty(language)
    by_context: dict[str, Message] = {}
    if po is not None:
        for message in read_po(io.BytesIO(po)):
            if message.id:
                by_context[str(message.context or "")] = message
    for context, sentence in sentences.items():
        old = by_context.get(context)
        is_same = old is not None and str(old.id) == sentence
        flags = set(old.flags) - {"fuzzy"} if old is not None else set()
        if old is not None and old.string and (not is_same or old.fuzzy):
            flags.add("fuzzy")
        comments = tuple(old.user_comments) if old is not None else ()
        string = str(old.string) if old is not None and old.string else ""
        catalog.add(sentence, string, flags=flags, user_comments=comments, context=context)
    return _written(catalog)


def _empty(language: str | None) -> Catalog:
    return Catalog(
        locale=None,
        project="Guichet",
        version=" ",
        charset="utf-8",
        fuzzy=False,
        header_comment=_HEADER if language is None else f"{_HEADER}\n# Language: {language}\n#",
    )


def _written(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, width=0, no_location=True, omit_header=True)
    header = (
        (catalog.header_comment or "").rstrip("#").rstrip() + "\n"
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n\n'
    )
    return header.encode() + out.getvalue().strip() + b"\n"


def outdated(root: Path) -> dict[Path, bytes]:
    """The files that differ from what the sources ask for, with their right contents."""
    sentences = french(root)
    wanted = {root / "locales" / "messages.pot": template(sentences)}
    for language in load_languages(root / "bot/data/languages.yml").offered:
        if language.code == "fr":
            continue
        path = root / "locales" / language.code / "LC_MESSAGES" / "messages.po"
        wanted[path] = updated(path.read_bytes() if path.exists() else None, language.code, sentences)
    return {path: text for path, text in wanted.items() if not path.exists() or path.read_bytes() != text}


def main(arguments: list[str]) -> int:
    """Write what is out of date, or with ``--check`` only name it."""
    files = outdated(ROOT)
    for path, text in files.items():
        if "--check" in arguments:
            sys.stderr.write(f"{path.relative_to(ROOT)} is out of date: run `uv run poe i18n`\n")
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return 1 if files and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
