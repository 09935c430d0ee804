"""Reads one YAML file of bot/data into checked entries; every mistake names the file and the key.

Must not know: what the entries mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.core.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

E = TypeVar("E", bound=StrEnum)


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping a YAML file holds. Raises DataError when it cannot be read or is something else."""
    try:
        found = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise DataError(path.name, "file", "cannot be read as YAML") from error
    if not isinstance(found, dict) or not all(isinstance(key, str) for key in found):
        raise DataError(path.name, "file", "must be a mapping of names")
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """One mapping of a file, whose values are taken out with their type checked."""

    file: str
    key: str
    values: Mapping[str, Any]

    @classmethod
    def of(cls, file: str, key: str, found: object) -> Entry:
        """The entry of this key. Raises DataError when it is no mapping."""
        if not isinstance(found, dict):
            raise DataError(file, key, "must be a mapping")
        return cls(file, key, found)

    def fail(self, name: str, problem: str) -> NoReturn:
        """Raise the DataError for one value of this entry."""
        raise DataError(self.file, f"{self.key}.{name}", problem)

    def only(self, *names: str) -> None:
        """Raise DataError for a name that means nothing here."""
        for name in self.values:
            if name not in names:
                self.fail(str(name), "unknown name")

    def text(self, name: str) -> str:
        """A text that is not empty, its line breaks kept. Raises DataError."""
        found = self.values.get(name)
        if not isinstance(found, str) or not found.strip():
            self.fail(name, "must be a text")
        return found.strip()

    def optional_text(self, name: str) -> str | None:
        """A text, or None when nothing stands there. Raises DataError."""
        return None if self.values.get(name) is None else self.text(name)

    def day(self, name: str) -> date:
        """A date. Raises DataError."""
        found = self.values.get(name)
        if type(found) is not date:
            self.fail(name, "must be a date such as 2026-11-23")
        return found

    def optional_day(self, name: str) -> date | None:
        """A date, or None when nothing stands there. Raises DataError."""
        return None if self.values.get(name) is None else self.day(name)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number from 0 on. Raises DataError."""
        found = self.values.get(name, default)
        if type(found) is not int or found < 0:
            self.fail(name, "must be a whole number")
        return found

    def flag(self, name: str) -> bool:
        """True or false; false when nothing stands there. Raises DataError."""
        found = self.values.get(name, False)
        if not isinstance(found, bool):
            self.fail(name, "must be true or false")
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts; empty when nothing stands there. Raises DataError."""
        found = self.values.get(name, [])
        if not isinstance(found, list) or not all(isinstance(item, str) and item for item in found):
            self.fail(name, "must be a list of texts")
        return tuple(found)

    def code(self, name: str, kind: type[E]) -> E:
        """One of the codes of ``kind``. Raises DataError."""
        found = self.text(name)
        try:
            return kind(found)
        except ValueError:
            self.fail(name, "unknown code")

    def codes(self, name: str, kind: type[E]) -> tuple[E, ...]:
        """A list of codes of ``kind``. Raises DataError."""
        try:
            return tuple(kind(item) for item in self.texts(name))
        except ValueError:
            self.fail(name, "unknown code")
