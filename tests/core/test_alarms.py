"""Alarms, other doors and the youth flag, on words of our own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.alarms import ORDER, AlarmReading, Alarms, Signal, Youth
from bot.core.case import Alert, Route

ALARMS = Alarms(
    [
        Signal(
            Alert.REMOVAL,
            ("j'ai <paper>",),
            ("<paper>",),
            ("peur .. <paper>",),
            ("si .. j'ai <paper>",),
            ("annulé .. <paper>",),
            ("nouvelle",),
        ),
        Signal(Alert.SCAM, says=("vend",)),
        Signal(Alert.MINOR, says=("mineur",)),
        Signal(Youth.YOUTH, says=("majeur",)),
        Signal(Route.EU, says=("italien",)),
        Signal(Route.ASYLUM, says=("asile",), unless=("pas d'asile",)),
    ],
    {"paper": ["oqtf"]},
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bonjour", AlarmReading()),
        ("oqtf", AlarmReading((Alert.REMOVAL,))),
        ("peur d'une oqtf", AlarmReading()),
        ("peur, j'ai oqtf", AlarmReading((Alert.REMOVAL,))),
        ("si un jour j'ai oqtf", AlarmReading()),
        ("annulé, oqtf", AlarmReading()),
        ("annulé quand j'ai oqtf", AlarmReading()),
        ("annulé, oqtf. j'ai oqtf", AlarmReading((Alert.REMOVAL,))),
        ("annulé, oqtf. une nouvelle", AlarmReading((Alert.REMOVAL,))),
        ("annulé oqtf ?", AlarmReading((Alert.REMOVAL,))),
        ("salut, annulé oqtf ?? merci", AlarmReading((Alert.REMOVAL,))),
        ("annulé oqtf, et alors ?", AlarmReading()),
        ("annulé oqtf. et alors ?", AlarmReading()),
        ("peur, annulé oqtf, nouvelle", AlarmReading((Alert.REMOVAL,))),
        ("mineur, on me vend oqtf", AlarmReading((Alert.REMOVAL, Alert.SCAM, Alert.MINOR))),
        ("majeur", AlarmReading(is_youth=True)),
        ("asile ou italien", AlarmReading(route=Route.EU)),
        ("pas d'asile", AlarmReading()),
    ],
)
def test_a_text_raises_its_alarms(text, expected):
    assert ALARMS.read(text) == expected


def test_every_alarm_has_its_place_in_the_order():
    assert set(ORDER) == set(Alert)
    assert len(ORDER) == len(Alert)


@given(st.text(max_size=100))
def test_alarms_come_in_order_whatever_the_text(text):
    alerts = ALARMS.read(text).alerts
    assert list(alerts) == sorted(alerts, key=ORDER.index)
