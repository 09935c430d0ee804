"""The readers against the examples of nlu/, written by others: most ends are read, and hardly any where there is none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.core.buckets import read_bucket
from bot.core.dates import read_date
from bot.core.reading import Status

TODAY = date(2026, 11, 23)
NLU = Path(__file__).resolve().parents[2] / "nlu"
STATED = {"state_expiry"}
QUIET = {"greet", "affirm", "deny", "dont_know", "state_place", "change_language", "delete_data", "stop", "ask_human"}


def _examples(language: str) -> dict[str, list[str]]:
    found = YAML(typ="safe").load((NLU / f"{language}.yml").read_text(encoding="utf-8"))
    return {
        entry["intent"]: [line.removeprefix("- ") for line in entry["examples"].splitlines()]
        for entry in found["nlu"]
        if "intent" in entry
    }


def _is_read(words, text: str, language: str) -> bool:
    reading = read_date(text, language, TODAY, words)
    return reading.status is not Status.NONE or reading.problem is not None or read_bucket(text, words) is not None


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_most_stated_ends_are_read(words, language):
    texts = [text for intent, texts in _examples(language).items() if intent in STATED for text in texts]
    read = sum(_is_read(words, text, language) for text in texts)
    assert len(texts) >= 50
    assert read / len(texts) > 0.85


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_hardly_any_end_is_read_where_none_is_stated(words, language):
    texts = [text for intent, texts in _examples(language).items() if intent in QUIET for text in texts]
    read = [text for text in texts if _is_read(words, text, language)]
    assert len(texts) >= 300
    assert len(read) / len(texts) < 0.01
