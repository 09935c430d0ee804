"""Fits the intent classifier: a linear support vector machine and its temperature (ADR 0016).

Runs in the training process only, which has the real scikit-learn. Must not know: Rasa.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.ngrams import hashed
from bot.engine.intent_model import SIGNAL_WEIGHT, IntentModel

if TYPE_CHECKING:
    from collections.abc import Sequence

PENALTY = 1.0
FOLDS = 3
_TEMPERATURES = np.linspace(0.1, 1.5, 57)
_SEED = 20211  # any fixed number: the same examples give the same model


@dataclass(frozen=True, slots=True)
class Examples:
    """Training texts with what is known of each."""

    texts: Sequence[str]
    labels: Sequence[str]
    vectors: Any | None
    """(n, 384), or None without the encoder."""
    signals: Sequence[Sequence[str]]


def fit(examples: Examples) -> IntentModel:
    """The classifier of these examples."""
    from scipy import sparse  # noqa: PLC0415  (real in the training process only)
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    grams = [hashed(text) for text in examples.texts]
    seen = Counter(itertools.chain.from_iterable(grams))
    buckets = np.array(sorted(bucket for bucket, count in seen.items() if count > 1), dtype=np.uint32)
    column = {int(bucket): index for index, bucket in enumerate(buckets)}
    known = np.array([seen[int(bucket)] for bucket in buckets], dtype=np.float32)
    idf = (np.log((1 + len(grams)) / (1 + known)) + 1).astype(np.float32)
    names = sorted(set(itertools.chain.from_iterable(examples.signals)))
    blocks = [_ngram_block(sparse, grams, column, idf), _signal_block(sparse, examples.signals, names)]
    mean = np.zeros(0, np.float32)
    if examples.vectors is not None:
        mean = examples.vectors.mean(axis=0).astype(np.float32)
        centred = examples.vectors - mean
        centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
        blocks.append(sparse.csr_matrix(centred))
    rows = sparse.hstack(blocks).tocsr()
    labels = np.array(examples.labels)
    machine = LinearSVC(C=PENALTY, random_state=_SEED).fit(rows, labels)
    weights = machine.coef_.T.astype(np.float32)
    first, second = len(buckets), len(buckets) + len(names)
    return IntentModel(
        labels=np.array(machine.classes_),
        buckets=buckets,
        idf=idf,
        ngram_weights=weights[:first].astype(np.float16),
        mean=mean,
        vector_weights=weights[second:],
        signals=np.array(names),
        signal_weights=weights[first:second],
        bias=machine.intercept_.astype(np.float32),
        temperature=np.float32(_temperature(rows, labels)),
    )


def _ngram_block(sparse: Any, grams: Sequence[dict[int, float]], column: dict[int, int], idf: Any) -> Any:
    data, columns, ends = [], [], [0]
    for row in grams:
        kept = [(column[bucket], value) for bucket, value in row.items() if bucket in column]
        at = np.array([index for index, _value in kept], dtype=np.int64)
        values = np.array([value for _index, value in kept], dtype=np.float32) * idf[at]
        length = np.linalg.norm(values)
        data.append(values / length if length else values)
        columns.append(at)
        ends.append(ends[-1] + len(at))
    return sparse.csr_matrix((np.concatenate(data), np.concatenate(columns), ends), shape=(len(grams), len(column)))


def _signal_block(sparse: Any, signals: Sequence[Sequence[str]], names: Sequence[str]) -> Any:
    column = {name: index for index, name in enumerate(names)}
    block = np.zeros((len(signals), len(names)), np.float32)
    for row, told in enumerate(signals):
        block[row, [column[name] for name in told]] = SIGNAL_WEIGHT
    return sparse.csr_matrix(block)


def _temperature(rows: Any, labels: Any) -> float:
    """The divisor of scores under which examples that were held out are least surprising."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=_SEED).split(rows, labels)
    learn, held = next(iter(folds))  # one fold is some thousand texts: enough for one number
    machine = LinearSVC(C=PENALTY, random_state=_SEED).fit(rows[learn], labels[learn])
    told, right = machine.decision_function(rows[held]), np.searchsorted(machine.classes_, labels[held])

    def surprise(temperature: float) -> float:
        chances = told / temperature
        chances = chances - chances.max(axis=1, keepdims=True)
        total = np.log(np.exp(chances).sum(axis=1))
        return float((total - chances[np.arange(len(right)), right]).mean())

    return float(min(_TEMPERATURES, key=surprise))
