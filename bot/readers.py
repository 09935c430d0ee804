"""Gives the pure readers their data: one object that answers "what does this text say?".

Part of the composition root. Must not know: how a message came in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.buckets import read_bucket
from bot.core.dates import read_date
from bot.core.moments import read_attempt_day, read_moment
from bot.core.text import fold, words
from bot.i18n.detection import Detector
from bot.i18n.language_model import load_language_model
from bot.i18n.second_reading import LANGUAGES, second_reading, warm_up
from bot.services.registry import Services
from bot.storage.reference.dates import load_date_words
from bot.storage.reference.organisations import load_directory
from bot.storage.reference.places import load_gazetteer
from bot.storage.reference.rules import load_plans, load_rules
from bot.storage.reference.vocabulary import load_titles, load_vocabularies

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bot.core.case import Alert, ExpiryBucket, Risk, Route, Tried
    from bot.core.date_words import DateWords
    from bot.core.directory import Directory
    from bot.core.evidence import Plan
    from bot.core.places import Gazetteer
    from bot.core.reading import CodeReading, DateReading, PlaceReading, Reply
    from bot.core.rules import RuleBook
    from bot.core.titles import Title
    from bot.core.tokens import Said
    from bot.i18n.languages import Language
    from bot.i18n.wording import Wording
    from bot.storage.reference.language_words import LanguageBooks
    from bot.storage.reference.vocabulary import Vocabularies

LATIN = frozenset({"fr", "en", "es", "pt", "tr", "ht", "ar", "ur", "bn", "fa", "ru", "ta", "ps"})
"""Languages that people type in Latin letters: their own, or for want of another keyboard."""

LONGEST_NAMED = 8
"""Words up to which a language's name is a wish: "arabe", "in English please"."""


@dataclass(frozen=True, slots=True)
class HouseReaders:
    """``services.understand.Readers`` over the project's data."""

    vocabularies: Vocabularies
    gazetteer: Gazetteer
    date_words: DateWords
    detector: Detector
    names: Mapping[str, str]
    """Folded names of languages, their own and in French and English, to codes."""
    latin: tuple[str, ...]
    """Languages in Latin letters: what a text of no known language may be in; any other script tells itself."""

    def _books(self, languages: Sequence[str]) -> list[LanguageBooks]:
        return self.vocabularies.shelf.books(languages or self.latin)

    def warm_up(self, today: dt.date) -> None:
        """Load every language now: the first message in some would wait for seconds. Raises DataError."""
        self.vocabularies.shelf.load_all()
        warm_up(LANGUAGES, today)

    def alarms(self, said: Said, languages: Sequence[str]) -> tuple[tuple[Alert, ...], Route | None, bool]:
        """Alerts, route, and whether the writer is 18 or 19."""
        heard = self.vocabularies.alarms.read(said, [books.alarms for books in self._books(languages)], languages)
        return heard.alerts, heard.route, heard.is_youth

    def place(self, text: str, *, is_asked: bool) -> PlaceReading:
        """Which prefecture."""
        return self.gazetteer.resolve(text, is_asked)

    def title(self, said: Said, languages: Sequence[str]) -> CodeReading:
        """Which titre."""
        return self.vocabularies.titles.read(said, [books.titles for books in self._books(languages)], languages)

    def procedure(self, said: Said, languages: Sequence[str]) -> CodeReading:
        """Which procedure."""
        beside = [books.procedures for books in self._books(languages)]
        return self.vocabularies.procedures.read(said, beside, languages)

    def blockage(self, said: Said, languages: Sequence[str]) -> CodeReading:
        """Which blockage."""
        beside = [books.blockages for books in self._books(languages)]
        return self.vocabularies.blockages.read(said, beside, languages)

    def date(self, text: str, language: str | None, today: dt.date, *, is_asked: bool) -> DateReading:
        """Which date, by our own rules."""
        return read_date(text, language, today, self.date_words, is_asked=is_asked)

    def second_date(self, text: str, language: str | None, today: dt.date) -> DateReading:
        """Which date, by an independent reader."""
        return second_reading(text, language, today)

    def attempt_date(self, text: str, language: str | None, today: dt.date) -> DateReading:
        """On which day somebody tried."""
        return read_attempt_day(text, language, today, self.date_words)

    def bucket(self, text: str) -> ExpiryBucket | None:
        """When the document ends, without a date."""
        return read_bucket(text, self.date_words)

    def reply(self, said: Said) -> Reply | None:
        """Yes, no, "I don't know"."""
        return self.vocabularies.lexicon.read_reply(said)

    def command(self, said: Said) -> str | None:
        """A command typed as such."""
        return self.vocabularies.lexicon.read_command(said)

    def tried(self, said: Said, *, is_asked: bool) -> Tried | None:
        """Since when."""
        return self.vocabularies.lexicon.read_tried(said, is_asked=is_asked)

    def risks(self, said: Said) -> frozenset[Risk] | None:
        """What may happen soon."""
        return self.vocabularies.lexicon.read_risks(said)

    def language(self, text: str) -> tuple[str | None, float]:
        """Which language, and how sure."""
        return self.detector(text)

    def named_language(self, text: str) -> str | None:
        """Which language a short text names."""
        said = _named_words(text)
        if not said or len(said) > LONGEST_NAMED:
            return None
        found = {self.names[word] for word in said if word in self.names}
        return found.pop() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Reference:
    """bot/data, loaded."""

    readers: HouseReaders
    titles: Mapping[str, Title]
    rulebook: RuleBook
    plans: Mapping[str, Plan]
    directory: Directory
    letter_languages: tuple[Language, ...]
    draft_languages: frozenset[str]

    def services(
        self, new_id: Callable[[], str], new_link_code: Callable[[], str], is_link_code: Callable[[str], bool]
    ) -> Services:
        """What the flows may use."""
        readers = self.readers

        def read_moment_of(text: str, language: str | None, now: dt.datetime) -> tuple[str, bool] | None:
            return read_moment(text, language, now.date(), now, readers.date_words)

        return Services(
            gazetteer=readers.gazetteer,
            titles=self.titles,
            rulebook=self.rulebook,
            plans=self.plans,
            directory=self.directory,
            languages=tuple((language.code, language.name) for language in self.letter_languages),
            draft_languages=self.draft_languages,
            read_moment=read_moment_of,
            new_id=new_id,
            new_link_code=new_link_code,
            is_link_code=is_link_code,
        )


def load_reference(root: Path, wording: Wording) -> Reference:
    """Everything of bot/data. Raises DataError naming file and key."""
    data = root / "bot" / "data"
    languages = wording.languages
    gazetteer = load_gazetteer(data / "places")
    readers = HouseReaders(
        vocabularies=load_vocabularies(data),
        gazetteer=gazetteer,
        date_words=load_date_words(data),
        detector=Detector(load_language_model(data / "detection.npz"), LATIN),
        names=_names(languages.all),
        latin=tuple(language.code for language in languages.all if language.name[0].isascii() or language.code == "fr"),
    )
    return Reference(
        readers=readers,
        titles=load_titles(data),
        rulebook=load_rules(data / "rules"),
        plans=load_plans(data / "plans.yml"),
        directory=load_directory(data),
        letter_languages=languages.offered,
        draft_languages=frozenset(language.code for language in languages.offered if language.state == "draft"),
    )


_ENGLISH = {
    "french": "fr", "english": "en", "arabic": "ar", "spanish": "es", "portuguese": "pt", "turkish": "tr",
    "russian": "ru", "ukrainian": "uk", "persian": "fa", "farsi": "fa", "dari": "fa", "pashto": "ps", "urdu": "ur",
    "bengali": "bn", "bangla": "bn", "tamil": "ta", "chinese": "zh", "georgian": "ka", "creole": "ht",
    "arabi": "ar", "3arabi": "ar", "العربيه": "ar", "بالعربيه": "ar", "عربي": "ar", "بالعربي": "ar", "الفرنسيه": "fr",
    "فرنسي": "fr", "بالفرنسيه": "fr", "الانجليزيه": "en", "انجليزي": "en", "بالانجليزيه": "en", "anglais": "en",
}  # fmt: skip


def _names(languages: tuple[Language, ...]) -> dict[str, str]:
    names = {fold(name): code for name, code in _ENGLISH.items()}
    for language in languages:
        for word in _named_words(f"{language.name} {language.name_fr}"):
            if len(word) > 1 and word != "et":
                names[word] = language.code
    return names


def _named_words(text: str) -> list[str]:
    """The folded words; Arabic keyboards exchange the last letter freely: "العربية", "العربيه"."""
    return [word.replace("ة", "ه") for word in words(text)]
