"""``python -m tests.shows`` plays the conversations of bot/docs/transcripts through a real ``guichet serve`` and writes them down."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.shows.arabic import Played, play, written
from tests.soak.serving import ROOT, Serving
from tests.soak.vendors import CHANNELS, TELEGRAM, Vendors

FOLDER = ROOT / "bot/docs/transcripts"
TITLES = {TELEGRAM: "Arabic, on Telegram, with a picture", "whatsapp": "Arabic, on WhatsApp, with a picture"}
HOW = (
    "Played through `guichet serve` against the fakes of `tests/peers` and written by `python -m tests.shows`; "
    "`tests/shows` keeps it current, but for dates. The person is invented."
)


def page_of(channel: str) -> Path:
    """Where the conversation of a channel is written."""
    return FOLDER / f"{channel}-ar.md"


def played_on(channel: str, folder: Path) -> Played:
    """The conversation, in a house of its own."""
    with Vendors() as vendors, Serving(folder, vendors) as serving:
        return play(serving, vendors.somebody(channel, 1))


def main() -> None:
    """Write those that are named, or both."""
    FOLDER.mkdir(exist_ok=True)
    for channel in sys.argv[1:] or CHANNELS:
        with tempfile.TemporaryDirectory() as folder:
            page = written(played_on(channel, Path(folder)), TITLES[channel], HOW)
        page_of(channel).write_text(page, encoding="utf-8")
        print(page_of(channel))  # noqa: T201


if __name__ == "__main__":
    main()
