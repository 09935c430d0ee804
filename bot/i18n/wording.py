"""Turns keys and typed values into sentences of a language.

Must not know: the flows, the channels, Rasa.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core import wording as say
from bot.core.errors import DataError
from bot.core.messages import Choice, OutboundMessage
from bot.i18n import formats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.i18n.catalogue import Catalogue
    from bot.i18n.languages import Language, Languages

_SLOT = re.compile(r"\{(\w+)\}")

SAFETY = frozenset(
    {
        "utter_ask_removal",
        "utter_letter_not_aes",
        "utter_letter_stop",
        "utter_picture_paper",
        "utter_scam",
        "utter_stop_alarm",
    }
)
"""What may cost a person their rights when a word of it is wrong: in a language that no native speaker has reviewed, the
French stands below it, to be shown to somebody."""

MERGE_LIMIT = 1000
"""Characters up to which the sentences of a turn make one message (WhatsApp's interactive body holds 1,024)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A French sentence of the sources, with the buttons of its response."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    """(choice id, French title); a title's context is ``<key>.<choice id>``."""


@dataclass(slots=True)
class Wording:
    """All sentences in all languages."""

    languages: Languages
    sources: Mapping[str, Source]
    catalogues: Mapping[str, Catalogue]
    missing: set[tuple[str, str]] = field(default_factory=set)
    """(language, key) pairs served in French for want of a translation; shown by the health page."""

    def sentence(self, key: str, language: str) -> str:
        """The sentence of a key, unfilled. Raises DataError when no source has the key."""
        source = self.sources.get(key)
        if source is None:
            raise DataError("wording", key, "no source sentence has this key")
        return self._translate(key, source.text, language)

    def _translate(self, context: str, french: str, language: str) -> str:
        if language == "fr" or language not in self.catalogues:
            return french
        found = self.catalogues[language].find(context, french)
        if found is None:
            self.missing.add((language, context))
            return french
        return found

    def translate(self, key: str, french: str, language: str) -> str:
        """The translation of a sentence that is handed in with its key (the letters)."""
        return self._translate(key, french, language)

    def render(self, utterance: say.Utterance, language: str) -> tuple[str, tuple[Choice, ...]]:
        """The text and the buttons of one utterance."""
        tongue = self.languages[language]
        text = self._fill(self.sentence(utterance.key, language), utterance.params, tongue)
        if utterance.key in SAFETY and tongue.state == "draft":
            french = self._in_french(utterance, tongue)
            text = text if text == french else f"{text}\n\n{french}"
        if utterance.offers is not None:
            choices = tuple(Choice(o.id, self.value(o.title, tongue)) for o in utterance.offers)
        else:
            choices = tuple(
                Choice(id_, self._translate(f"{utterance.key}.{id_}", title, language))
                for id_, title in self.sources[utterance.key].buttons
            )
        return text, choices

    def _in_french(self, utterance: say.Utterance, reader: Language) -> str:
        french = self._fill(self.sentence(utterance.key, "fr"), utterance.params, self.languages["fr"])
        return "\n".join(formats.isolate(line, reader) for line in french.split("\n"))

    def messages(self, utterances: Sequence[say.Utterance], language: str) -> tuple[OutboundMessage, ...]:
        """The messages of a turn: one where it fits, the last one holding the question and its buttons."""
        parts: list[OutboundMessage] = []
        for utterance in utterances:
            text, choices = self.render(utterance, language)
            message = OutboundMessage(text, language, utterance.asks, choices, utterance.files)
            if parts and not parts[-1].choices and len(parts[-1].text) + len(text) + 2 <= MERGE_LIMIT:
                earlier = parts.pop()
                message = OutboundMessage(
                    f"{earlier.text}\n\n{text}",
                    language,
                    message.asks or earlier.asks,
                    choices,
                    earlier.files + message.files,
                )
            parts.append(message)
        return tuple(parts)

    def _fill(self, sentence: str, params: Mapping[str, say.Value], language: Language) -> str:
        return _SLOT.sub(lambda m: self.value(params[m[1]], language) if m[1] in params else m[0], sentence)

    def value(self, value: say.Value, language: Language) -> str:
        """One typed value in words."""
        match value:
            case say.Name(text):
                return formats.isolate(text, language)
            case say.Day(on):
                return formats.day(on, language)
            case say.Month(on):
                return formats.month(on, language)
            case say.Moment(at):
                return formats.moment(at, language)
            case say.Label(key):
                return self.sentence(key, language.code)
            case say.Lines(items, bullet):
                return "\n".join(bullet + self.value(item, language) for item in items)
            case say.Phrase(key, params):
                return self._fill(self.sentence(key, language.code), params, language)
