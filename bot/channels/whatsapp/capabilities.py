"""What WhatsApp can show and carry (Meta's description of the Cloud API, v23 and later).

Must not know: how a message is written on the wire.
"""

from __future__ import annotations

from datetime import timedelta

from bot.core.capabilities import Capabilities, Pace, TextUnit, UnknownPolicy

BODY_MAX = 1024
"""Body of a message with buttons or a list; also the caption of a document."""
LIST_LABEL_MAX = 20
TOKEN_MAX = 200
"""Row ids hold 200 characters, button ids 256."""
OPAQUE_MAX = 512
"""Characters of ``biz_opaque_callback_data``."""
FILE_NAME_MAX = 120

CAPABILITIES = Capabilities(
    text_max=4096,
    # Meta says "characters"; UTF-16 units are never fewer, so what fits by them fits either way.
    text_unit=TextUnit.UTF16,
    buttons=3,
    button_title=20,
    rows=10,
    row_title=24,
    row_description=72,
    has_documents=True,
    caption_max=BODY_MAX,
    has_typing=True,
    window=timedelta(hours=24),
    unknown=UnknownPolicy.AWAIT_STATUS,
    # 80 messages a second each way together is the least a number has (20 beside the Business app): half is ours, the
    # burst within it.
    channel_pace=Pace(burst=8, per_second=32.0),
    # One message in six seconds to one person, with credit for a burst that Meta does not publish: 45 is reported. Two
    # thirds of it, so that whoever taps through the questions quickly waits for no answer; 131056 is known should it be
    # less.
    person_pace=Pace(burst=30, per_second=1 / 6),
    hold=0.5,
    album_hold=2.0,
    late_after=timedelta(minutes=15),
)
