"""The loop's thread ends with the channel, and what waits for it hears so in the house's own words."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from bot.channels.telegram.loop import Loop
from bot.core.errors import ChannelUnavailableError


def test_closing_ends_what_waits_as_unavailable() -> None:
    loop, heard = Loop("test"), []

    def wait() -> None:
        with pytest.raises(ChannelUnavailableError):
            loop.run(asyncio.sleep(60), 60)
        heard.append(True)

    thread = threading.Thread(target=wait)
    thread.start()
    time.sleep(0.2)
    loop.close()
    thread.join(5)
    assert heard == [True]
