"""Which language a text is in: the script, then tell-tale words, then py3langid when it is sure, else unknown.

Abstaining is the right error: the person can always be asked (i18n.md 3). Must not know: the conversation.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.core.text import words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SURE = 0.9
"""py3langid was never wrong from here on, on 248 messages (i18n.md 3)."""

_SCRIPTS = (
    ("BENGALI", "bn"),
    ("TAMIL", "ta"),
    ("GEORGIAN", "ka"),
    ("CJK", "zh"),
)
_LETTERS = {
    "ur": set("ٹڈڑےںھ"),
    "ps": set("ټډړښځڅڼېۍ"),
    "fa": set("پچژگ"),
    "ar": set("ةىيك"),
}
_CYRILLIC = {"uk": set("іїєґ"), "ru": set("ыэёъ")}
_WEIGHTS = {"ar": 3}
"""Romanised Arabic is mixed with French administrative words: one word of it outweighs two of French."""

_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Detector:
    """Detects one of the registry's languages."""

    told: Mapping[str, frozenset[str]]
    """Tell-tale words by language."""
    classify: Callable[[str], tuple[str, float]]
    """py3langid over the whole text: code and probability."""

    def __call__(self, text: str) -> tuple[str | None, float]:
        """The code and how sure, or None and 0.0."""
        by_script = _by_script(text)
        if by_script is not None:
            return by_script
        said = words(text)
        scores = {code: sum(word in told for word in said) * _WEIGHTS.get(code, 1) for code, told in self.told.items()}
        best = max(scores, key=lambda code: scores[code], default=None)
        if best is not None and scores[best] > 0:
            others = max((score for code, score in scores.items() if code != best), default=0)
            if scores[best] >= 2 * others + 1:
                return best, 0.95 if scores[best] > 1 else 0.9
        if len(_WORD.findall(text)) < 2:
            return None, 0.0
        code, probability = self.classify(text)
        return (code, probability) if probability >= SURE else (None, 0.0)


def _by_script(text: str) -> tuple[str, float] | None:
    letters = [c for c in text if c.isalpha()]
    if not letters:
        return None
    names = [unicodedata.name(c, "") for c in letters[:200]]
    for script, code in _SCRIPTS:
        if sum(name.startswith(script) for name in names) * 2 > len(names):
            return code, 0.99
    if sum(name.startswith("ARABIC") for name in names) * 2 > len(names):
        present = set(text)
        for code in ("ur", "ps", "fa"):
            if present & _LETTERS[code]:
                return code, 0.95
        return ("ar", 0.97) if present & _LETTERS["ar"] else ("ar", 0.9)
    if sum(name.startswith("CYRILLIC") for name in names) * 2 > len(names):
        present = set(text.casefold())
        for code, marks in _CYRILLIC.items():
            if present & marks:
                return code, 0.97
        return "ru", 0.8
    return None


def load_classifier(codes: tuple[str, ...]) -> Callable[[str], tuple[str, float]]:
    """py3langid restricted to these codes."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  (80 MB, only where texts are read)

    identifier: Any = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in codes if code in identifier.labels])
    identifier._full_model = None  # noqa: SLF001  (26 MB of languages nobody asks for)

    def classify(text: str) -> tuple[str, float]:
        code, probability = identifier.classify(text)
        return str(code), float(probability)

    return classify
