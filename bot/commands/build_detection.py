"""Learns to tell languages apart from the examples of nlu/: ``uv run poe detection`` (ADR 0019).

Writes bot/data/detection.npz. A maintainers' command: it needs scikit-learn, the bot does not.
Must not know: intents.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.core.ngrams import spelt, weighed
from bot.core.text import words
from bot.engine.examples import Example, read_examples
from bot.i18n.detection import script_of
from bot.i18n.language_model import LanguageModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
FILE = "bot/data/detection.npz"
FEWEST = 60
"""Examples in a script from which a language is learnt in it: a few French words in Ukrainian teach nothing."""
FEWEST_SEEN = 3
PRUDENCE = 1.3
"""The fitted temperature is raised by this: abstaining is the right error (i18n.md 3)."""


def texts(examples: Iterable[Example]) -> Iterator[tuple[str, str]]:
    """What is learnt from: texts of each language, without those that are French words alone, and without accents too."""
    told = list(examples)
    french = Counter(word for one in told if one.language == "fr" for word in words(one.text))
    scripts = Counter((one.language, script_of(one.text)) for one in told)
    for one in told:
        said = words(one.text)
        is_borrowed = one.language != "fr" and script_of(one.text) == "LATIN" and all(french[word] for word in said)
        if not said or is_borrowed or scripts[one.language, script_of(one.text)] < FEWEST:
            continue
        yield one.text, one.language
        bare = without_accents(one.text)
        if bare != one.text and script_of(one.text) == "LATIN":
            yield bare, one.language


def without_accents(text: str) -> str:
    """The text as people type it in a hurry."""
    parts = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).replace("ı", "i")


def learn(pairs: list[tuple[str, str]]) -> LanguageModel:
    """The model of these texts and their languages."""
    from scipy import sparse  # noqa: PLC0415  (a maintainer's tool)
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    grams = [weighed(spelt(text)) for text, _code in pairs]
    seen = Counter(itertools.chain.from_iterable(grams))
    buckets = np.array(sorted(bucket for bucket, count in seen.items() if count >= FEWEST_SEEN), dtype=np.uint32)
    column = {int(bucket): index for index, bucket in enumerate(buckets)}
    rows, columns, values = [], [], []
    for row, told in enumerate(grams):
        length = float(np.linalg.norm(list(told.values())) or 1.0)
        for bucket, value in told.items():
            if bucket in column:
                rows.append(row)
                columns.append(column[bucket])
                values.append(value / length)
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(grams), len(buckets)), dtype=np.float32)
    labels = np.array([code for _text, code in pairs])

    def machine() -> LinearSVC:
        return LinearSVC(C=1.0, class_weight="balanced", random_state=1)

    scores, right = [], []
    for known, held in StratifiedKFold(4, shuffle=True, random_state=1).split(matrix, labels):
        fitted = machine().fit(matrix[known], labels[known])
        scores.append(fitted.decision_function(matrix[held]))
        right.append(np.searchsorted(fitted.classes_, labels[held]))
    told_scores, truth = np.concatenate(scores), np.concatenate(right)

    def surprise(temperature: float) -> float:
        chances = told_scores / temperature
        chances = chances - chances.max(axis=1, keepdims=True)
        return float((np.log(np.exp(chances).sum(axis=1)) - chances[np.arange(len(truth)), truth]).mean())

    best = min(np.linspace(0.05, 1.0, 39), key=surprise)
    fitted = machine().fit(matrix, labels)
    return LanguageModel(
        codes=np.array(fitted.classes_),
        buckets=buckets,
        weights=fitted.coef_.T.astype(np.float16),
        bias=fitted.intercept_.astype(np.float32),
        temperature=np.float32(best * PRUDENCE),
    )


def main() -> None:
    """Learn and write."""
    learn(list(texts(read_examples(ROOT / "nlu")))).save(ROOT / FILE)


if __name__ == "__main__":
    main()
