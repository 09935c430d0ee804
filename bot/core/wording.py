"""What is to be said, before it is in any language: keys and typed values.

Must not know: the sentences, the languages, how a date is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.core.messages import OutboundFile


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name, a number or a web address: never translated, kept together in right-to-left text."""

    value: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day: in words with its weekday in the person's language, in French too, and in digits."""

    on: date


@dataclass(frozen=True, slots=True)
class Month:
    """A month and its year, in words."""

    on: date


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and an hour as ISO local text, or a day alone."""

    at: str


@dataclass(frozen=True, slots=True)
class Label:
    """Another wording key, said in the same language."""

    key: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Several wording keys or values, one a line."""

    items: tuple[Value, ...]
    bullet: str = "• "


@dataclass(frozen=True, slots=True)
class Phrase:
    """A wording key with its own values."""

    key: str
    params: Mapping[str, Value] = field(default_factory=dict)


Value = Name | Day | Month | Moment | Label | Lines | Phrase


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: its id, and its title as a value."""

    id: str
    title: Value


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing to say; without offers of its own it shows those of its response in the domain."""

    key: str
    params: Mapping[str, Value] = field(default_factory=dict)
    asks: str | None = None
    offers: tuple[Offer, ...] | None = None
    files: tuple[OutboundFile, ...] = ()
