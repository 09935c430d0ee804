"""The sentences of a language, from its gettext catalogue.

A fuzzy or missing translation is not shown: the French sentence is, which everybody can show to somebody.
Must not know: who speaks, what is said when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.messages.pofile import PoFileError, read_po

from bot.core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Catalogue:
    """The sentences of one language, by context (the response name)."""

    def __init__(self, sentences: Mapping[tuple[str, str], str]) -> None:
        """``sentences`` maps (context, French) to the translation."""
        self._sentences = sentences

    def find(self, context: str, french: str) -> str | None:
        """The translation, or None when there is none to show."""
        return self._sentences.get((context, french))


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue of a messages.po; fuzzy and empty entries are left out. Raises DataError when it cannot be read."""
    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
    except (OSError, ValueError, PoFileError) as error:
        raise DataError(str(path.name), path.parent.parent.name, "cannot be read") from error
    sentences = {
        (str(message.context or ""), str(message.id)): str(message.string)
        for message in catalog
        if message.id and message.string and not message.fuzzy
    }
    return Catalogue(sentences)
