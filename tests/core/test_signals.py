"""Signals: few names for what many words say, the same in every language."""

from datetime import date

import pytest

from bot.core.case import Alert, ExpiryBucket, Route
from bot.core.reading import CodeReading, DateReading, Reading, Reply, Status
from bot.core.signals import signals
from tests.playing import reference

TODAY = date(2026, 11, 23)
EMPTY = Reading(text="")
CASES = [
    (EMPTY, ("length:one",)),
    (Reading(text="a b"), ("length:few",)),
    (Reading(text="a b c d?"), ("length:some", "question")),
    (Reading(text=" ".join("abcdefghi") + "؟"), ("length:many", "question")),
    (Reading(text="x", alerts=(Alert.REMOVAL,), route=Route.ASYLUM),
     ("length:one", "route", "route:asylum")),
    (Reading(text="x", title=CodeReading(Status.FOUND, "ts.sal")), ("length:one", "title", "title:ts.sal")),
    (Reading(text="x", title=CodeReading(Status.AMBIGUOUS, None, ("ts.cra1", "ts.cra10"))), ("length:one", "title")),
    (Reading(text="x", date=DateReading(Status.FOUND, "2027-01-20"), bucket=ExpiryBucket.EXPIRED),
     ("bucket", "date", "length:one")),
    (Reading(text="x", reply=Reply.YES, command="stop", is_youth=True, named_language="ar"),
     ("command:stop", "language", "length:one", "reply:yes", "youth")),
]  # fmt: skip


@pytest.mark.parametrize(("reading", "wanted"), CASES)
def test_signals_name_what_was_read(reading, wanted):
    assert len(CASES) == 9
    assert signals(reading) == wanted


def test_the_same_wish_gives_the_same_signals_in_two_languages():
    from bot.services.understand import Understand
    from tests.playing import nothing_ranked

    understand = Understand(reference().readers, nothing_ranked, {})
    french = understand.skim("ma carte étudiant finit le 20/01/2027", "fr", TODAY)
    english = understand.skim("my student card ends on 20/01/2027", "en", TODAY)
    assert signals(french) == signals(english)
    assert {"title:ts.etu", "date"} <= set(signals(french))
