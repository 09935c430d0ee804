"""The words of one language in one file, bot/data/words/<code>.yml, built into books when they are first needed.

French, English and Arabic stand in the vocabularies themselves; the words of every other language are read beside
them, and only for texts that may be in it: words of sixteen languages at once would explain one another away.
Must not know: what a wording means.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.core.alarms import Signal
from bot.core.vocabulary import TURNS, Entry, Turns
from bot.storage.reference.wordings import SIGNAL_WORDINGS, WORDINGS, WordFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from bot.core.alarms import AlarmBook, Alarms
    from bot.core.vocabulary import Vocabulary, VocabularyBook

FOLDER = "words"


@dataclass(frozen=True, slots=True)
class LanguageBooks:
    """One language's words for every vocabulary."""

    titles: VocabularyBook
    procedures: VocabularyBook
    blockages: VocabularyBook
    alarms: AlarmBook


@dataclass(frozen=True, slots=True)
class LanguageShelf:
    """The books of the language files of a folder, each built once."""

    folder: Path
    vocabularies: Mapping[str, Vocabulary]
    """``titles``, ``procedures`` and ``blockages``."""
    alarms: Alarms
    _built: dict[str, LanguageBooks] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[str, ...]:
        """The languages that have a file."""
        return tuple(sorted(path.stem for path in (self.folder / FOLDER).glob("*.yml")))

    def books(self, codes: Iterable[str]) -> list[LanguageBooks]:
        """The books of these languages; those without a file are left out. Raises DataError naming file and key."""
        for code in codes:
            if code not in self._built and (self.folder / FOLDER / f"{code}.yml").is_file():
                self._built[code] = self._build(code)
        return [self._built[code] for code in codes if code in self._built]

    def load_all(self) -> None:
        """Build every language's books. Raises DataError naming file and key."""
        self.books(self.codes)

    def _build(self, code: str) -> LanguageBooks:
        read = WordFile.read(self.folder / FOLDER, f"{code}.yml")
        file = _LanguageFile(read, code)
        file.only(read.content, (*self.vocabularies, "alarms"), "file")
        built = {name: file.vocabulary(name, vocabulary) for name, vocabulary in self.vocabularies.items()}
        return LanguageBooks(**built, alarms=file.alarms(self.alarms))


@dataclass(frozen=True, slots=True)
class _LanguageFile:
    file: WordFile
    code: str

    def only(self, row: Mapping[Any, Any], known: Iterable[str], key: str) -> None:
        self.file.only(row, known, key)

    def words(self, text: object, key: str) -> tuple[str, ...]:
        return () if text is None else self.file.texts({self.code: text}, key)

    def part(self, name: str, part: str) -> Mapping[Any, Any]:
        told = self.file.mapping(self.file.content.get(name), name)
        return self.file.mapping(told.get(part), f"{name}.{part}")

    def vocabulary(self, name: str, vocabulary: Vocabulary) -> VocabularyBook:
        told = self.file.mapping(self.file.content.get(name), name)
        self.only(told, ("words", "turns", name, "shared"), name)
        known = {" ".join(entry.ids): entry for entry in vocabulary.entries}
        rows = {**self.part(name, name), **self.part(name, "shared")}
        self.only(rows, known, name)
        entries = []
        for key, row in rows.items():
            kinds = self.file.mapping(row, f"{name}.{key}")
            self.only(kinds, WORDINGS, f"{name}.{key}")
            entries.append(Entry(known[key].ids, *(self.words(kinds.get(k), f"{name}.{key}.{k}") for k in WORDINGS)))
        turns = self.part(name, "turns")
        self.only(turns, TURNS, f"{name}.turns")
        turned = Turns(**{kind: self.words(turns.get(kind), f"{name}.turns.{kind}") for kind in TURNS})
        return self.file.building(lambda: vocabulary.book(self.code, entries, turned, self._concepts(name)))

    def _concepts(self, name: str) -> dict[str, tuple[str, ...]]:
        return {str(key): self.words(text, f"{name}.words.{key}") for key, text in self.part(name, "words").items()}

    def alarms(self, alarms: Alarms) -> AlarmBook:
        told = self.file.mapping(self.file.content.get("alarms"), "alarms")
        self.only(told, ("words", "alerts", "routes"), "alarms")
        known = {str(signal.sign.value): signal.sign for signal in alarms.signals}
        rows = {**self.part("alarms", "alerts"), **self.part("alarms", "routes")}
        self.only(rows, known, "alarms")
        signals = []
        for key, row in rows.items():
            kinds = self.file.mapping(row, f"alarms.{key}")
            self.only(kinds, SIGNAL_WORDINGS, f"alarms.{key}")
            told_words = (self.words(kinds.get(kind), f"alarms.{key}.{kind}") for kind in SIGNAL_WORDINGS)
            signals.append(Signal(known[key], *told_words))
        return self.file.building(lambda: alarms.book(self.code, signals, self._concepts("alarms")))
