"""What a platform allows in a second is not passed in any second, the first one included."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.telegram.settings import CAPABILITIES as TELEGRAM
from bot.channels.whatsapp.capabilities import CAPABILITIES as WHATSAPP
from bot.core.pacing import Buckets, Pacing

NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(("abilities", "allowed"), [(TELEGRAM, 30), (WHATSAPP, 40)], ids=["telegram", "whatsapp"])
def test_no_second_has_more_messages_than_a_number_may_send(abilities, allowed):
    pacing = Pacing(Buckets(abilities.channel_pace), Buckets(abilities.person_pace))
    left = []
    for step in range(0, 5000, 5):
        now = NOW + timedelta(milliseconds=step)
        while not pacing.wait(f"p{len(left)}", now):
            pacing.take(f"p{len(left)}", now)
            left.append(step)
    assert all(sum(1 for each in left if 0 <= each - step < 1000) <= allowed for step in left)
    assert len(left) >= allowed * 5 * 0.75
