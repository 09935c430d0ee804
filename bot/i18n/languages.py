"""The language registry, read from bot/data/languages.yml.

Must not know: any text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from bot.core.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

_STATES = {"source", "draft", "reviewed", "planned"}


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the registry."""

    code: str
    name: str
    """Its own name, as shown in the picker."""
    name_fr: str
    direction: str
    """``ltr`` or ``rtl``."""
    locale: str
    font: str
    state: str
    """``source``, ``draft``, ``reviewed`` or ``planned``."""
    reviewed_by: str | None = None
    reviewed_on: str | None = None

    @property
    def is_offered(self) -> bool:
        """True when its texts exist and it is shown in the picker."""
        return self.state != "planned"


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages, French first."""

    all: tuple[Language, ...]

    def __getitem__(self, code: str) -> Language:
        """The language with this code; KeyError when there is none."""
        for language in self.all:
            if language.code == code:
                return language
        raise KeyError(code)

    @property
    def offered(self) -> tuple[Language, ...]:
        """Those a person can choose."""
        return tuple(language for language in self.all if language.is_offered)

    def is_offered(self, code: str | None) -> bool:
        """True when a person can choose this code."""
        return any(language.code == code for language in self.offered)


def load_languages(path: Path) -> Languages:
    """The registry of a languages.yml. Raises DataError naming the entry and the key."""
    entries = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    languages = []
    for entry in entries:
        code = str(entry.get("code", "?"))
        try:
            language = Language(**entry)
        except TypeError as error:
            raise DataError(path.name, code, "keys missing or unknown") from error
        if language.state not in _STATES or language.direction not in {"ltr", "rtl"}:
            raise DataError(path.name, code, "unknown state or direction")
        if language.state == "reviewed" and not (language.reviewed_by and language.reviewed_on):
            raise DataError(path.name, code, "reviewed needs reviewed_by and reviewed_on")
        languages.append(language)
    if len({language.code for language in languages}) != len(languages):
        raise DataError(path.name, "code", "used twice")
    return Languages(tuple(languages))
