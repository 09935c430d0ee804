"""The French sentences of the project, by key: what the catalogues translate and what is said.

Every sentence a person can see lives in one of these files. Must not know: any translation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from bot.core.errors import DataError
from bot.i18n.wording import Source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_KEYED = (
    ("bot/data/steps.yml", ""),
    ("bot/data/doors.yml", ""),
    ("bot/data/webchat.yml", "webchat."),
    ("bot/data/whatsapp.yml", "whatsapp."),
    ("bot/data/profile.yml", "profile."),
    ("bot/data/letters/letter.yml", "letter."),
)
"""Files of ``key: French`` or ``key: {fr: French, …}``, and the prefix of their keys."""

_NAMED = (
    ("bot/data/titles.yml", "titles", "title."),
    ("bot/data/procedures.yml", "procedures", "procedure."),
    ("bot/data/blockages.yml", "blockages", "blockage."),
)
"""Files with a list of entries that have an ``id`` and a ``name_fr``."""


def load_sources(root: Path) -> dict[str, Source]:
    """Every French sentence below the project's folder. Raises DataError when a key stands twice or is empty."""
    sources: dict[str, Source] = {}
    for file, key, source in _all(root):
        if key in sources:
            raise DataError(file, key, "stands twice")
        if not source.text.strip():
            raise DataError(file, key, "has no French sentence")
        sources[key] = source
    return sources


def _all(root: Path) -> Iterator[tuple[str, str, Source]]:
    for path in sorted(root.glob("flows/*/domain.yml")):
        yield from _responses(path)
    for name, prefix in _KEYED:
        for key, entry in _read(root / name).items():
            text = entry.get("fr") if isinstance(entry, dict) else entry
            yield name, f"{prefix}{key}", Source(str(text or "").strip())
    for name, part, prefix in _NAMED:
        for entry in _read(root / name)[part]:
            yield name, f"{prefix}{entry['id']}", Source(str(entry["name_fr"]))
    for entry in _read(root / "bot/data/letters/grounds.yml")["grounds"]:
        yield "grounds.yml", f"letter.{entry['rule_id']}", Source(str(entry["text_fr"]).strip())
    for path in sorted((root / "bot/data/rules").glob("*.yml")):
        entry = _read(path)
        yield path.name, f"rule.{entry['id']}", Source(str(entry["text_fr"]).strip())


def _responses(path: Path) -> Iterator[tuple[str, str, Source]]:
    for key, variants in (_read(path).get("responses") or {}).items():
        variant = variants[0]
        buttons = tuple((str(b["payload"]), str(b["title"])) for b in variant.get("buttons", ()))
        yield path.parent.name, key, Source(str(variant["text"]).strip(), buttons)
        for payload, title in buttons:
            yield path.parent.name, f"{key}.{payload}", Source(title)


def _read(path: Path) -> Any:
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}
    except OSError as error:
        raise DataError(path.name, "-", "cannot be read") from error
