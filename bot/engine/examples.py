"""The training examples of nlu/<language>.yml, by language.

Must not know: Rasa, how they are learnt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

from bot.core.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

_BULLET = "- "


@dataclass(frozen=True, slots=True)
class Example:
    """What somebody says, and what they want."""

    text: str
    intent: str
    language: str


def read_examples(folder: Path) -> tuple[Example, ...]:
    """Every example of every file of ``nlu/``, in order. Raises DataError naming the file and the intent."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        for entry in YAML(typ="safe").load(path.read_text(encoding="utf-8")).get("nlu") or ():
            intent = str(entry["intent"])
            for line in str(entry["examples"]).splitlines():
                if not line.startswith(_BULLET) or not line.removeprefix(_BULLET).strip():
                    raise DataError(path.name, intent, "an example is a line that begins with “- ”")
                found.append(Example(line.removeprefix(_BULLET).strip(), intent, path.stem))
    return tuple(found)
