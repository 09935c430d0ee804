"""Fits the intent classifier: a linear support vector machine, and a small network beside it (ADR 0016, 0033).

Runs in the training process only, which has the real scikit-learn. Must not know: Rasa, how a text was read.
"""

from __future__ import annotations

import itertools
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.core.ngrams import hashed
from bot.engine.intent_model import SIGNAL_WEIGHT, IntentModel
from bot.engine.network import inputs
from bot.engine.network_training import train_network

if TYPE_CHECKING:
    from collections.abc import Sequence

PENALTY = 1.0
TOLERANCE = 1e-3
"""Where the fit may stop: at 1e-4 it takes a third longer for the same decisions."""

_SEED = 20211  # any fixed number: the same examples give the same model

Grams = tuple[Any, Any]
"""The hashed n-grams of one text: buckets (uint32) and weights (float32)."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Training texts with what is known of each."""

    grams: Sequence[Grams]
    labels: Sequence[str]
    vectors: Any | None
    """(n, 384), or None without the encoder."""
    signals: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class _Blocks:
    """The rows of the linear model by where they come from, and the words of each."""

    buckets: Any
    idf: Any
    grams: Any
    names: list[str]
    told: Any
    """(n, M) signals, 0 or 1."""
    mean: Any
    centred: Any | None


def grams_of(text: str) -> Grams:
    """The hashed n-grams of a text as arrays, small enough to be handed from one process to another."""
    found = hashed(text)
    return (
        np.fromiter(found, dtype=np.uint32, count=len(found)),
        np.fromiter(found.values(), dtype=np.float32, count=len(found)),
    )


def fit(examples: Examples) -> IntentModel:
    """The classifier of these examples; the network is trained while the linear model is, each on its core."""
    blocks = _blocks(examples)
    kinds, targets = np.unique(np.array(examples.labels), return_inverse=True)
    with ThreadPoolExecutor(2) as pool:
        linear = pool.submit(_machine, blocks, targets)
        network = None
        if blocks.centred is not None:
            network = train_network(inputs(blocks.centred, blocks.told), targets, len(kinds), _SEED)
        weights, bias = linear.result()
    first = len(blocks.buckets)
    return IntentModel(
        labels=kinds,
        buckets=blocks.buckets,
        idf=blocks.idf,
        ngram_weights=weights[:first].astype(np.float16),
        mean=blocks.mean,
        signals=np.array(blocks.names),
        signal_weights=weights[first:],
        bias=bias,
        network=network,
    )


def _blocks(examples: Examples) -> _Blocks:
    lengths = [len(buckets) for buckets, _weights in examples.grams]
    every = np.concatenate([buckets for buckets, _weights in examples.grams])
    seen = Counter(every.tolist())
    buckets = np.array(sorted(bucket for bucket, count in seen.items() if count > 1), dtype=np.uint32)
    known = np.array([seen[int(bucket)] for bucket in buckets], dtype=np.float32)
    idf = (np.log((1 + len(lengths)) / (1 + known)) + 1).astype(np.float32)
    names = sorted(set(itertools.chain.from_iterable(examples.signals)))
    column = {name: index for index, name in enumerate(names)}
    told = np.zeros((len(lengths), len(names)), np.float32)
    for row, signals in enumerate(examples.signals):
        told[row, [column[name] for name in signals]] = 1
    mean, centred = np.zeros(0, np.float32), None
    if examples.vectors is not None:
        mean = examples.vectors.mean(axis=0).astype(np.float32)
        centred = (examples.vectors - mean).astype(np.float32)
        centred /= np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-9)
    weights = np.concatenate([weights for _buckets, weights in examples.grams])
    return _Blocks(buckets, idf, _ngram_block(every, weights, lengths, buckets, idf), names, told, mean, centred)


def _ngram_block(every: Any, weights: Any, lengths: Sequence[int], buckets: Any, idf: Any) -> Any:
    """(n, N) sparse rows of length 1, of the n-grams that were seen twice or more."""
    from scipy import sparse  # noqa: PLC0415  (real in the training process only)

    row = np.repeat(np.arange(len(lengths)), lengths)
    at = np.minimum(np.searchsorted(buckets, every), max(len(buckets) - 1, 0))
    is_known = buckets[at] == every if len(buckets) else np.zeros(len(every), bool)
    row, at = row[is_known], at[is_known]
    values = weights[is_known] * idf[at]
    squares = np.bincount(row, weights=values.astype(np.float64) ** 2, minlength=len(lengths))
    values = values / np.sqrt(squares[row]).astype(np.float32)
    return sparse.csr_matrix((values, (row, at)), shape=(len(lengths), len(buckets)), dtype=np.float32)


def _machine(blocks: _Blocks, targets: Any) -> tuple[Any, Any]:
    """Weights (columns, K) and bias (K,) of the linear model; the vector is left to the network (ADR 0033)."""
    from scipy import sparse  # noqa: PLC0415  (real in the training process only)
    from sklearn.svm import LinearSVC  # noqa: PLC0415

    columns = sparse.hstack([blocks.grams, sparse.csr_matrix(SIGNAL_WEIGHT * blocks.told)]).tocsr()
    machine = LinearSVC(C=PENALTY, tol=TOLERANCE, random_state=_SEED).fit(columns, targets)
    return machine.coef_.T.astype(np.float32), machine.intercept_.astype(np.float32)
