"""The legal grounds a letter may state, and the letters no template may replace; both are data signed by jurists.

Must not know: how a letter is drawn, any clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.core.documents import LetterKind
from bot.core.errors import DataError
from bot.core.ids import RuleId
from bot.core.titles import FilingChannel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNKNOWN_CHANNEL = "UNKNOWN"
_CHANNELS = frozenset({*FilingChannel, UNKNOWN_CHANNEL})
_READ_IN_PRIMARY_SOURCE = "READ-P"


@dataclass(frozen=True, slots=True)
class Ground:
    """One rule of law, word for word as a letter states it."""

    rule_id: RuleId
    fact: str
    """Id in domain.md 1.1."""
    text_fr: str
    source: str
    status: str
    as_of: date
    verified_by: str | None
    verified_on: date | None
    expires_on: date
    applies_to: frozenset[LetterKind]
    channels: frozenset[str]

    def may_be_stated(self, on: date) -> bool:
        """True until its expiry, when it was read in a primary source or signed by a jurist (design.md 3.2)."""
        is_trusted = self.status == _READ_IN_PRIMARY_SOURCE or (self.verified_by and self.verified_on)
        return bool(is_trusted) and on <= self.expires_on


@dataclass(frozen=True, slots=True)
class LetterLaw:
    """All grounds, in the order they are printed, and what is locked."""

    grounds: tuple[Ground, ...]
    locked_titles: Mapping[str, str]
    """Title id to the reason."""
    locked_departements: Mapping[str, str]

    def stated(self, kind: LetterKind, channel: str, on: date) -> tuple[Ground, ...]:
        """The grounds for a letter written on a day about a title filed by a channel; may be empty."""
        return tuple(
            ground
            for ground in self.grounds
            if kind in ground.applies_to and channel in ground.channels and ground.may_be_stated(on)
        )


def load_law(path: Path) -> LetterLaw:
    """The grounds of a file. Raises DataError naming the rule and the field."""
    try:
        raw = YAML(typ="safe").load(path)
    except (OSError, YAMLError) as error:
        raise DataError(path.name, "-", f"cannot be read: {type(error).__name__}") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("grounds"), list):
        raise DataError(path.name, "grounds", "must be a list")
    grounds = tuple(_ground(path.name, entry) for entry in raw["grounds"])
    if len({ground.rule_id for ground in grounds}) != len(grounds):
        raise DataError(path.name, "rule_id", "is used twice")
    locked = raw.get("locked") or {}
    return LetterLaw(
        grounds,
        {str(key): str(reason) for key, reason in (locked.get("titles") or {}).items()},
        {str(key): str(reason) for key, reason in (locked.get("departements") or {}).items()},
    )


def _ground(file: str, entry: object) -> Ground:
    if not isinstance(entry, dict) or not isinstance(entry.get("rule_id"), str):
        raise DataError(file, "rule_id", "is missing")
    rule = entry["rule_id"]
    for field in ("fact", "text_fr", "source", "status"):
        if not isinstance(entry.get(field), str) or not entry[field].strip():
            raise DataError(file, f"{rule}.{field}", "must be a text")
    for field in ("as_of", "expires_on"):
        if not isinstance(entry.get(field), date):
            raise DataError(file, f"{rule}.{field}", "must be a date")
    if (entry.get("verified_by") is None) != (entry.get("verified_on") is None):
        raise DataError(file, f"{rule}.verified_by", "needs verified_on, and the other way round")
    return Ground(
        RuleId(rule),
        entry["fact"],
        entry["text_fr"],
        entry["source"],
        entry["status"],
        entry["as_of"],
        entry.get("verified_by"),
        entry.get("verified_on"),
        entry["expires_on"],
        frozenset(LetterKind(kind) for kind in _members(file, rule, entry, "applies_to", frozenset(LetterKind))),
        _members(file, rule, entry, "channels", _CHANNELS),
    )


def _members(file: str, rule: str, entry: Mapping[str, object], field: str, allowed: frozenset[str]) -> frozenset[str]:
    values = entry.get(field)
    if not isinstance(values, list) or not values or not allowed.issuperset(map(str, values)):
        raise DataError(file, f"{rule}.{field}", f"must list some of {', '.join(sorted(allowed))}")
    return frozenset(map(str, values))
