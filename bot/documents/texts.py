"""The sentences of a letter in French and, beside it, in the person's language, as pairs of runs.

Must not know: where translations come from, the facts, the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.core.errors import DataError, DocumentError
from bot.documents.languages import FRENCH
from bot.documents.runs import Run, blank, fill, kept, placeholders, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from bot.documents.languages import Setting

Translate: TypeAlias = "Callable[[str, str, str], str]"
"""From key, French sentence and language code to the translation; the French itself, or nothing, when there is none."""

Pair = dict[str, list[Run] | None]
"""``{"fr": runs, "tr": runs}``; ``tr`` is None where French stands alone."""

NO_BREAK = "\u00a0"
DOTS = "……"
"""What stands in a translation where the French has a line to fill in: it is filled in once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A name, a number, an address: the same in every language, left to right."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A line to fill in by hand, in French only; its size is one of runs.Run."""

    size: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day, in words and in digits: ``20 janvier 2027 (20/01/2027)``."""

    on: date


@dataclass(frozen=True, slots=True)
class Month:
    """A month and its year: ``janvier 2027 (01/2027)``."""

    on: date


Value = Kept | Blank | Day | Month


def runs_of(value: Value, setting: Setting, *, is_translation: bool) -> list[Run]:
    """The value as it stands in a sentence of one language."""
    match value:
        case Kept(text):
            return [kept(text)]
        case Blank(size):
            return [words(DOTS)] if is_translation else [blank(size)]
        case Day(on):
            return _dated(setting.in_words(on), f"{on:%d/%m/%Y}", is_translation=is_translation)
        case Month(on):
            return _dated(setting.month_in_words(on), f"{on:%m/%Y}", is_translation=is_translation)


def _dated(in_words: str, digits: str, *, is_translation: bool) -> list[Run]:
    """Words and digits; in a half page the words stay on one line, where a torn right-to-left date reads wrong."""
    return [words(f"{in_words.replace(' ', NO_BREAK) if is_translation else in_words} ("), kept(digits), words(")")]


def load_sentences(path: Path) -> Mapping[str, str]:
    """Key to French sentence. Raises DataError naming the key."""
    try:
        raw = YAML(typ="safe").load(path)
    except (OSError, YAMLError) as error:
        raise DataError(path.name, "-", f"cannot be read: {type(error).__name__}") from None
    if not isinstance(raw, dict):
        raise DataError(path.name, "-", "must map keys to sentences")
    for key, sentence in raw.items():
        if not isinstance(sentence, str) or not sentence.strip():
            raise DataError(path.name, str(key), "must be a sentence")
        try:
            placeholders(sentence)
        except ValueError:
            raise DataError(path.name, str(key), "has odd braces") from None
    return {str(key): str(sentence) for key, sentence in raw.items()}


class Texts:
    """The sentences of one letter, in French and in one other language."""

    def __init__(self, sentences: Mapping[str, str], french: Setting, other: Setting, translate: Translate) -> None:
        """``other`` is ``french`` for a letter in French alone."""
        self._sentences = sentences
        self._french = french
        self._other = other
        self._translate = translate

    def pair(self, key: str, **values: Value) -> Pair:
        """The sentence of letter.yml in both languages. Raises DocumentError naming the key."""
        if key not in self._sentences:
            message = f"letter.yml: {key} is missing"
            raise DocumentError(message)
        return self.pair_of(key, self._sentences[key], **values)

    def pair_of(self, key: str, french: str, **values: Value) -> Pair:
        """A sentence whose French comes from elsewhere, such as a legal ground. Raises DocumentError naming the key."""
        if not placeholders(french) <= values.keys():
            message = f"{key} holds a placeholder that nobody fills in"
            raise DocumentError(message)
        translation = self._translation(key, french)
        runs = {name: runs_of(value, self._french, is_translation=False) for name, value in values.items()}
        pair: Pair = {"fr": fill(french, runs), "tr": None}
        if translation is not None:
            runs = {name: runs_of(value, self._other, is_translation=True) for name, value in values.items()}
            pair["tr"] = fill(translation, runs, is_rtl=self._other.is_rtl)
        return pair

    def _translation(self, key: str, french: str) -> str | None:
        """The translation, or None when there is none or when it lost or invented a placeholder."""
        if self._other.code == FRENCH:
            return None
        text = self._translate(key, french, self._other.code)
        try:
            is_usable = bool(text) and text != french and placeholders(text) == placeholders(french)
        except ValueError:
            is_usable = False
        return text if is_usable else None
