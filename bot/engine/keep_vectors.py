"""Keeps the sentence vectors of the training examples beside them: ``uv run poe vectors`` (ADR 0017).

With ``--check`` it only says which files lack a vector or hold one of no example, and exits 1.
Must not know: intents.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bot.engine.e5_vectors import encode, key_of, read_kept, write_kept
from bot.engine.examples import read_examples

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "nlu/vectors"


def by_language(root: Path) -> dict[str, list[str]]:
    """The texts of the examples by language, each once."""
    found: dict[str, dict[str, None]] = {}
    for example in read_examples(root / "nlu"):
        found.setdefault(example.language, {})[example.text] = None
    return {language: list(texts) for language, texts in found.items()}


def outdated(root: Path) -> list[str]:
    """The languages whose file does not hold exactly the vectors of its examples."""
    wrong = []
    for language, texts in by_language(root).items():
        path = root / FOLDER / f"{language}.npz"
        if set(read_kept(path.parent, path.name)) != {key_of(text) for text in texts}:
            wrong.append(language)
    return wrong


def main(arguments: list[str]) -> int:
    """Encode what is missing and write, or with ``--check`` only name it."""
    wrong = outdated(ROOT)
    for language in wrong:
        if "--check" in arguments:
            sys.stderr.write(f"{FOLDER}/{language}.npz is out of date: run `uv run poe vectors`\n")
            continue
        texts = by_language(ROOT)[language]
        path = ROOT / FOLDER / f"{language}.npz"
        known = read_kept(path.parent, path.name)
        fresh = encode([text for text in texts if key_of(text) not in known])
        write_kept(path, {text: fresh[text] if text in fresh else known[key_of(text)] for text in texts})
    return 1 if wrong and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
