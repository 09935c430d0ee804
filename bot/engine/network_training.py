"""Trains the network by Adam with dropout: the same rows, the same network (ADR 0021).

Runs in the training process only, with numpy alone. Must not know: what the rows are made of.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.engine.network import Network

HIDDEN = 512
EPOCHS = 15
BATCH = 128
RATE = 4e-3
DROPPED, DROPPED_INPUTS = 102, 26
"""Of 256 hidden units and of 256 inputs: without, the network learns the examples by heart."""
SMOOTHING = 0.05
DECAY = 1e-4
_MOMENTUM, _SPREAD = 0.9, 0.999
_TINY = np.float32(1e-8)


@dataclass(slots=True)
class _Weight:
    """One array of weights, with the running mean of its gradients and of their squares (Adam)."""

    value: Any
    mean: Any
    square: Any

    @classmethod
    def of(cls, value: Any) -> _Weight:
        value = value.astype(np.float32)
        return cls(value, np.zeros_like(value), np.zeros_like(value))

    def move(self, gradient: Any, step: int, rate: float) -> None:
        self.mean += np.float32(1 - _MOMENTUM) * (gradient - self.mean)
        self.square += np.float32(1 - _SPREAD) * (gradient * gradient - self.square)
        if self.value.ndim > 1:
            self.value *= np.float32(1 - rate * DECAY)
        spread = np.sqrt(self.square / np.float32(1 - _SPREAD**step)) + _TINY
        self.value -= np.float32(rate / (1 - _MOMENTUM**step)) * self.mean / spread


def train_network(rows: Any, targets: Any, kinds: int, seed: int) -> Network:
    """The network that tells the ``kinds`` apart; ``rows`` is (n, D) float32, ``targets`` (n,) numbers of kinds."""
    chance = np.random.default_rng(seed)
    count, width = rows.shape
    weights = [
        _Weight.of(chance.standard_normal((width, HIDDEN)) * np.sqrt(2 / width)),
        _Weight.of(np.zeros(HIDDEN)),
        _Weight.of(chance.standard_normal((HIDDEN, kinds)) * np.sqrt(1 / HIDDEN)),
        _Weight.of(np.zeros(kinds)),
    ]
    wanted = np.full((count, kinds), SMOOTHING / kinds, np.float32)
    wanted[np.arange(count), targets] += 1 - SMOOTHING
    steps, step = EPOCHS * -(-count // BATCH), 0
    for _epoch in range(EPOCHS):
        order = chance.permutation(count)
        for start in range(0, count, BATCH):
            batch = order[start : start + BATCH]
            step += 1
            rate = RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
            seen = rows[batch] * _kept(chance, (len(batch), width), DROPPED_INPUTS)
            kept = _kept(chance, (len(batch), HIDDEN), DROPPED)
            gradients = _gradients([weight.value for weight in weights], seen, wanted[batch], kept)
            for weight, gradient in zip(weights, gradients, strict=True):
                weight.move(gradient, step, rate)
    return Network(*(weight.value.astype(np.float16).astype(np.float32) for weight in weights))


def _kept(chance: np.random.Generator, shape: tuple[int, int], dropped: int) -> Any:
    """What each value is multiplied by: 0 where it is dropped, a little over 1 elsewhere."""
    kept = chance.integers(0, 256, shape, dtype=np.uint8) >= dropped
    return kept * np.float32(256 / (256 - dropped))


def _gradients(weights: list[Any], rows: Any, wanted: Any, kept: Any) -> list[Any]:
    hidden_weights, hidden_bias, out_weights, out_bias = weights
    hidden = rows @ hidden_weights + hidden_bias
    kept = kept * (hidden > 0)
    hidden *= kept
    scores = hidden @ out_weights + out_bias
    scores -= scores.max(axis=1, keepdims=True)
    wrong = np.exp(scores)
    wrong /= wrong.sum(axis=1, keepdims=True)
    wrong -= wanted
    wrong /= len(rows)
    behind = (wrong @ out_weights.T) * kept
    return [rows.T @ behind, behind.sum(axis=0), hidden.T @ wrong, wrong.sum(axis=0)]
