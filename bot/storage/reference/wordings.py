"""A YAML file of bot/data that holds wordings: one text a language, wordings between commas.

Must not know: what the wordings mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot.core.errors import DataError
from bot.storage.reference.entries import read_mapping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

T = TypeVar("T")
Words = tuple[str, ...]

EVERY = "any"
"""Stands for a language code where a text holds in all of them."""
WORDINGS = ("says", "hints", "unless")
"""The kinds of wordings of a title, a procedure or a blockage."""
SIGNAL_WORDINGS = ("sure", "says", "unless", "never", "over", "doubted")
"""Those of an alarm or another door."""
_LANGUAGE = re.compile(r"[a-z]{2}|any")


@dataclass(frozen=True, slots=True)
class WordFile:
    """One YAML file and its name, for errors that a jurist can act upon."""

    name: str
    content: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path, name: str) -> WordFile:
        """The file of that name. Raises DataError when it is no mapping."""
        return cls(name, read_mapping(folder / name))

    def wrong(self, key: str, problem: str) -> DataError:
        """The error that names this file; to be raised."""
        return DataError(self.name, key, problem)

    def mapping(self, value: object, key: str) -> Mapping[Any, Any]:
        """The value as a mapping; nothing is an empty one."""
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self.wrong(key, "is not a mapping")
        return value

    def rows(self, key: str) -> list[dict[str, Any]]:
        """The entries of a list, each with an id of its own."""
        rows = self.content.get(key)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.wrong(key, "is not a list of entries")
        seen: set[str] = set()
        for row in rows:
            if not isinstance(row.get("id"), str) or row["id"] in seen:
                raise self.wrong(key, f"id {row.get('id')} is missing or stands twice")
            seen.add(row["id"])
        return rows

    def only(self, row: Mapping[Any, Any], known: Iterable[str], key: str) -> None:
        """Nothing when the row holds known keys alone."""
        if strange := sorted(str(name) for name in set(row) - set(known)):
            raise self.wrong(key, f"unknown key {strange[0]}")

    def texts(self, value: object, key: str) -> Words:
        """The wordings of all languages, as written."""
        found: list[str] = []
        for language, text in self.mapping(value, key).items():
            where = f"{key}.{language}"
            if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
                raise self.wrong(key, f"{language} is no language code")
            if not isinstance(text, str):
                raise self.wrong(where, "is not a text of wordings between commas")
            wordings = [wording.strip() for wording in text.split(",")]
            if not all(wordings):
                raise self.wrong(where, "two commas in a row, or one at an end")
            found += wordings
        return tuple(dict.fromkeys(found))

    def in_any(self, value: object, key: str) -> Words:
        """The wordings that hold in every language."""
        told = self.mapping(value, key)
        return self.texts({EVERY: told[EVERY]}, key) if EVERY in told else ()

    def building(self, build: Callable[[], T]) -> T:
        """What ``build`` makes, the errors of its wordings naming this file."""
        try:
            return build()
        except DataError as error:
            raise self.wrong(error.key, str(error).removeprefix(f"{error.file}: {error.key}: ")) from error
