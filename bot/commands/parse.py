"""``guichet parse``: understanding alone, JSON lines in and out (contracts.md 1).

Must not know: Rasa.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TextIO

from bot.core.case import Question
from bot.core.choices import resolve_choice
from bot.core.interpretation import heard_alerts, interpret
from bot.core.signals import signals
from bot.core.text import clean

if TYPE_CHECKING:
    from bot.core.reading import CodeReading, Reading
    from bot.services.understand import Understand


LONGEST_CODE = 35
"""Characters of a language tag (RFC 5646, 4.4.1)."""


def parse(understand: Understand, today: date, lines: TextIO, out: TextIO) -> None:
    """Answer every line, in order, flushing after each."""
    for line in lines:
        text = line.rstrip("\r\n")
        if text:
            print(json.dumps(parse_line(understand, today, text), ensure_ascii=False), file=out, flush=True)


def parse_line(understand: Understand, today: date, line: str) -> dict[str, Any]:
    """What one line says; a line that is not a JSON object is a text."""
    entry = _entry(line)
    text = clean(str(entry.get("text", "")))
    try:
        asks = Question(entry["asks"]) if entry.get("asks") else None
        day = date.fromisoformat(entry["today"]) if entry.get("today") else today
        entry["language"] = _language(entry.get("language"))
    except (ValueError, TypeError):
        return {"text": text, "error": "asks, today or language cannot be read"}
    reading = understand.read(text, entry["language"], day, asks)
    ranking = understand.rank(text, signals(reading)) if text else ()
    intent = interpret(
        reading, ranking, asked=asks, choice=resolve_choice(text, ()), is_picture=False, known_alerts=frozenset()
    )
    ranked = {line.intent: line.confidence for line in ranking}
    name, confidence = str(intent), ranked.get(intent, 1.0)
    if name == "answer" and ranking:
        name, confidence = str(ranking[0].intent), ranking[0].confidence
    return _plain(text, entry, replace(reading, alerts=heard_alerts(reading, ranking, intent)), name, confidence)


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return {"text": line}
    return entry if isinstance(entry, dict) and "text" in entry else {"text": line}


def _language(told: object) -> str | None:
    """The code that was told, clean enough to be printed; raises TypeError for anything but a text."""
    if told is not None and not isinstance(told, str):
        message = "language is not a text"
        raise TypeError(message)
    return clean(told, LONGEST_CODE) or None if told else None


def _plain(text: str, entry: dict[str, Any], reading: Reading, intent: str, confidence: float) -> dict[str, Any]:
    found = reading.place.found
    language = entry.get("language") or reading.language
    return {
        "text": text,
        "language": {
            "code": language,
            "confidence": 1.0 if entry.get("language") else round(reading.language_confidence, 4),
        },
        "intent": {"name": intent, "confidence": round(confidence, 4)},
        "alerts": [str(alert) for alert in reading.alerts],
        "place": {
            "status": str(reading.place.status),
            "departement": found.departement if found else None,
            "prefecture": found.prefecture if found else None,
            "arrondissement": found.arrondissement if found else None,
            "candidates": [
                {"departement": c.departement, "prefecture": c.prefecture, "arrondissement": c.arrondissement,
                 "label": c.label}
                for c in reading.place.candidates
            ],
        },
        "title": _code(reading.title),
        "procedure": _code(reading.procedure, candidates=False),
        "blockage": _code(reading.blockage, candidates=False),
        "date": {
            "status": str(reading.date.status),
            "iso": reading.date.iso,
            "precision": str(reading.date.precision) if reading.date.precision else None,
            "candidates": [day.isoformat() for day in reading.date.candidates],
        },
    }  # fmt: skip


def _code(reading: CodeReading, *, candidates: bool = True) -> dict[str, Any]:
    plain: dict[str, Any] = {"status": str(reading.status), "id": reading.id}
    return {**plain, "candidates": list(reading.candidates)} if candidates else plain
