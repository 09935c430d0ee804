"""``python -W ignore -m tests.cross_validate [FOLDS]``: the classifier on examples of nlu/ that it was not trained on.

What the constants of ``bot/engine`` and the thresholds of ``bot/core/interpretation`` are chosen by, so that the frozen
sets stay a check. The examples are made to be hard, so the figures lie below those of ``poe evaluate``; read differences.
``GUICHET_ENCODER=off`` measures the configuration without sentence vectors.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import StratifiedKFold

from bot.commands.train_worker import TODAY, make_examples, reader
from bot.core.case import Alert
from bot.engine.examples import read_examples
from bot.engine.intent_training import Examples, fit
from bot.engine.kept_signals import FILE
from tests.evaluate import ALARMS, SAME, macro_f1

ROOT = Path(__file__).resolve().parents[1]
RULES = [(sure, denied) for sure in (0.55, 0.65, 0.75, 0.8) for denied in (0.03, 0.06, 0.1, 0.2)]
"""What is tried for ALARM_SURE and ALARM_DENIED; keywords were written over these examples, so DENIED looks too good here."""


@dataclass
class Held:
    """What the classifier said of one example that was held out."""

    meant: str
    ranking: tuple[tuple[str, float], ...]
    has_keyword: bool
    language: str

    @property
    def heard(self) -> str:
        """The first line of the ranking; what is the same to the person counts as the same."""
        first = self.ranking[0][0]
        return self.meant if {(first, self.meant), (self.meant, first)} & SAME else first

    @property
    def alarm(self) -> float:
        """The probability of all alarms together."""
        return sum(chance for name, chance in self.ranking if name in ALARMS)

    @property
    def surprise(self) -> tuple[float, float]:
        """Probability of what was meant, and of what was heard."""
        return dict(self.ranking)[self.meant], self.ranking[0][1]


def _some(examples: Examples, at: Any) -> Examples:
    return replace(
        examples,
        grams=[examples.grams[i] for i in at],
        labels=[examples.labels[i] for i in at],
        vectors=None if examples.vectors is None else examples.vectors[at],
        signals=[examples.signals[i] for i in at],
    )


def held_out(folds: int) -> list[Held]:
    """Every example of the first two folds, answered by a classifier of the others."""
    examples, told = (
        make_examples(ROOT, ROOT / ".guichet/models" / FILE),
        list(dict.fromkeys(read_examples(ROOT / "nlu"))),
    )
    found: list[Held] = []
    understand = reader(ROOT)
    splits = StratifiedKFold(folds, shuffle=True, random_state=7).split(told, examples.labels)
    for learn, held in list(splits)[:2]:
        model = fit(_some(examples, learn))
        for i in held:
            signals = examples.signals[i]
            alerts = understand.skim(told[i].text, told[i].language, TODAY).alerts
            rings = any(alert is not Alert.SCAM for alert in alerts)
            found.append(
                Held(
                    told[i].intent,
                    model.rank(told[i].text, lambda _text, i=i: examples.vectors[i], signals),
                    rings,
                    told[i].language,
                )
            )
    return found


def report(held: list[Held]) -> None:
    """Print macro-F1, calibration and what each pair of thresholds does to alarms."""
    print(f"macro-F1 {macro_f1([(one.meant, one.heard) for one in held]):.4f}, {len(held)} examples")
    for language in sorted({one.language for one in held}):
        print(f"  {language}  {macro_f1([(o.meant, o.heard) for o in held if o.language == language]):.3f}")
    said = np.array([one.surprise for one in held])
    right = np.array([one.meant == one.heard for one in held])
    print(f"surprise {-np.log(said[:, 0] + 1e-9).mean():.4f}")
    for low, high in ((0, 0.35), (0.35, 0.55), (0.55, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        inside = (said[:, 1] >= low) & (said[:, 1] < high)
        if inside.any():
            print(f"  said {said[inside, 1].mean():.2f}, right {right[inside].mean():.2f}, {inside.sum()}")
    for sure, denied in RULES:
        rings = [one.alarm >= (denied if one.has_keyword else sure) or one.alarm >= sure for one in held]
        found = [ring for ring, one in zip(rings, held, strict=True) if one.meant in ALARMS]
        calm = [not ring for ring, one in zip(rings, held, strict=True) if one.meant not in ALARMS]
        print(f"sure {sure:.2f} denied {denied:.2f}: found {np.mean(found):.4f}, calm {np.mean(calm):.4f}")


if __name__ == "__main__":
    report(held_out(int(sys.argv[1]) if len(sys.argv) > 1 else 5))
