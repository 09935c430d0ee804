"""The soak finds what it looks for: each of its figures misses its aim when something is wrong."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import pytest

from tests.soak import burst, memory, throttle
from tests.soak.ledger import SENT, Account, Row, _whatsapp
from tests.soak.report import Report

KILLS = 3


def missed(report):
    return {figure.what.partition(": ")[2] or figure.what for figure in report.missed}


def burst_of(channel="telegram", **wrong):
    report, said = Report(), Counter(["0", "2", "4"])
    given = {"taken": 3, "heard": Counter(said), "answers": 3} | wrong
    burst.tell(report, channel, Account(**given), said, KILLS)
    return missed(report)


def test_good_storm_misses_nothing():
    assert burst_of() == burst_of("whatsapp") == set()


def test_one_lost_and_another_taken_twice_do_not_cancel_out():
    assert burst_of(heard=Counter(["0", "2", "2"])) == {"lost", "taken in twice"}


@pytest.mark.parametrize(("channel", "flagged", "is_missed"), [
    ("telegram", KILLS, False), ("telegram", KILLS + 1, True), ("whatsapp", 1, True),
])  # fmt: skip
def test_each_kill_explains_one_flagged_copy_on_telegram(channel, flagged, is_missed):
    assert burst_of(channel, doubled=flagged, flagged=flagged) == (
        {"doubled and flagged in the outbox"} if is_missed else set()
    )


@pytest.mark.parametrize(("fault", "told"), [
    ({"unflagged": 1}, "doubled, not flagged"), ({"given_up": 1}, "given up, person told"), ({"unsent": 1}, "lost"),
    ({"missing": 1}, "lost"), ({"unanswered": 1}, "lost"), ({"unplayed": 1}, "lost"),
    ({"out_of_order": 1}, "persons out of order"), ({"strangers": 1}, "sent and in no outbox"),
])  # fmt: skip
def test_everything_else_that_is_wrong_is_told(fault, told):
    assert burst_of(**fault) == {told}


def whatsapp(*sent, repeated=()):
    rows = [Row(seq, SENT, token in repeated, "a", token, ()) for seq, token in enumerate("abc", 1)]
    made = Account()
    graph = SimpleNamespace(sent=[SimpleNamespace(opaque=opaque, text=text, to="x") for opaque, text in sent])
    _whatsapp(rows, SimpleNamespace(graph=graph), made)
    return made


def test_answer_in_parts_is_in_order_and_of_our_outbox():
    made = whatsapp(("a", "1"), ("b.1", "2"), ("b.2", "3"), ("b", "4"), ("c", "5"))
    assert (made.out_of_order, made.strangers, made.missing, made.doubled) == (0, 0, 0, 0)


def test_part_that_comes_before_an_earlier_answer_is_out_of_order():
    assert whatsapp(("b.1", "2"), ("a", "1"), ("b", "4"), ("c", "5")).out_of_order == 1


def test_doubled_part_is_flagged_by_its_message():
    twice = (("a", "1"), ("b.1", "2"), ("b.1", "2"), ("b", "4"), ("c", "5"))
    assert [(m.doubled, m.flagged, m.unflagged) for m in (whatsapp(*twice), whatsapp(*twice, repeated="b"))] == [
        (1, 0, 1),
        (1, 1, 0),
    ]


def test_message_of_no_row_and_one_that_never_came_are_found():
    made = whatsapp(("a", "1"), ("z", "?"), (None, "!"), ("c", "5"))
    assert (made.strangers, made.missing) == (2, 1)


def throttled(before, after):
    report = Report()
    throttle.tell(report, "telegram", before, after)
    return report


def test_others_who_wait_longer_are_found_and_the_slowest_are_told():
    report = throttled([0.4] * 20, [0.4] * 18 + [9.0] * 2)
    assert missed(report) == set()
    assert [figure.value for figure in report.figures[1:]] == ["0.40 s without, 9.00 s with"] * 2
    assert missed(throttled([0.4] * 20, [0.9] * 20)) == {"median delay of others"}


def test_throttled_person_who_is_never_answered_is_a_finding_and_no_crash():
    def wait(_number, _seconds):
        raise TimeoutError

    assert not throttle.is_heard(SimpleNamespace(wait=wait), 1)
    assert throttle.is_heard(SimpleNamespace(wait=lambda _number, _seconds: []), 1)


def test_steady_leak_has_its_slope_whatever_noise_lies_on_it():
    assert memory.slope([5.0, 7.0, 9.0]) == pytest.approx(2)
    level = [400.0 + (-1) ** n * 3 for n in range(11)]
    leaking = [point + n * 20 * 1000 / 10_000 for n, point in enumerate(level)]
    per_10_000 = [memory.slope(points) * memory.POINTS * 10_000 / 20_000 for points in (level, leaking)]
    assert per_10_000[0] < memory.SLOPE < per_10_000[1]
    assert per_10_000[1] - per_10_000[0] == pytest.approx(20)
