"""Letters to the prefect as PDF: implements the port Renderer.

Must not know: the catalogue, the clock, storage; it is given the facts, and a function that translates.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.documents import LetterKind
from bot.core.errors import DocumentError
from bot.documents.content import content
from bot.documents.grounds import UNKNOWN_CHANNEL, load_law
from bot.documents.languages import FRENCH, LATIN_FAMILY, settings_of
from bot.documents.texts import Texts, load_sentences
from bot.documents.typesetter import Typesetter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.core.documents import LetterFacts
    from bot.core.titles import Title
    from bot.documents.languages import Setting
    from bot.documents.texts import Translate
    from bot.i18n.languages import Language

DATA = Path(__file__).parents[1] / "data" / "letters"
_TEMPLATE = "letter.typ"
_NOTICE = "guide_translation"
"""Only the French counts: a language in which this is not said is not printed at all."""


class LetterRenderer:
    """Draws the letters of domain.md 4.2 with their annex, one process a letter."""

    def __init__(
        self,
        translate: Translate,
        languages: Iterable[Language],
        titles: Mapping[str, Title] | None = None,
        *,
        data: Path = DATA,
        typesetter: Typesetter | None = None,
    ) -> None:
        """Read the sentences and the legal grounds. Raises DataError.

        ``titles`` tells how each titre is filed, which decides the grounds; a titre it does not hold is filed in an
        unknown way. ``languages`` must hold French.
        """
        self._translate = translate
        self._settings = settings_of(languages)
        self._titles = titles or {}
        self._sentences = load_sentences(data / "letter.yml")
        self._law = load_law(data / "grounds.yml")
        self._typesetter = typesetter or Typesetter()

    def check_fonts(self) -> None:
        """Ask Typst itself which families it finds. Raises DocumentError naming those that are missing.

        Called once at start: Typst is silent about a missing font.
        """
        needed = {LATIN_FAMILY, *(setting.family for setting in self._settings.values())}
        missing = sorted(needed - self._typesetter.families())
        if missing:
            message = f"fonts are missing for letters: {', '.join(missing)}"
            raise DocumentError(message)

    def lock_of(self, facts: LetterFacts) -> str | None:
        """Why no template may be used for these facts, or None (domain.md 4.2 a-AES, 5.3)."""
        reason = self._law.locked_departements.get(facts.departement)
        return self._law.locked_titles.get(facts.title or "", reason)

    def letter(self, facts: LetterFacts) -> bytes:
        """The letter with its guide and its annex; the same facts give the same bytes. Raises DocumentError."""
        lock = self.lock_of(facts)
        if lock is not None:
            message = f"letter {facts.kind} is locked: {lock}"
            raise DocumentError(message)
        french, other = self._setting(FRENCH), self._setting(facts.language)
        texts = Texts(self._sentences, french, other, self._translate)
        if texts.pair(_NOTICE)["tr"] is None:
            other = french
            texts = Texts(self._sentences, french, french, self._translate)
        grounds = self._law.stated(facts.kind, self._channel(facts), facts.written_on)
        data = content(texts, facts, grounds)
        data["language"] = {
            "code": other.code,
            "family": other.family,
            "rtl": other.is_rtl,
            "leading": other.leading,
            "french": french.leading,
        }
        day = facts.written_on
        data["written_on"] = [day.year, day.month, day.day]
        return self._typesetter.compile(_TEMPLATE, data, int(datetime.combine(day, time(), UTC).timestamp()))

    def _setting(self, language: str) -> Setting:
        if language not in self._settings:
            message = "letters are not made in this language"
            raise DocumentError(message)
        return self._settings[language]

    def _channel(self, facts: LetterFacts) -> str:
        title = self._titles.get(facts.title or "")
        if title is None:
            return UNKNOWN_CHANNEL
        return str(title.renewal_channel if facts.kind is LetterKind.RENEWAL else title.channel)
