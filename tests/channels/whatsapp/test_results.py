"""Each of Meta's codes, and each way of answering without one, has one meaning."""

from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest

from bot.channels.whatsapp import results
from bot.channels.whatsapp.graph import Answer
from bot.channels.whatsapp.results import TOKEN_PAUSE, classify, verdict, wait_told
from bot.core.delivery import WINDOW_CLOSED, Permanent, Retry, Scope
from tests.channels.whatsapp.goldens import NOW

KEEP = "kept"  # a person must act, the queue is kept
PAUSE = "pause"  # the channel waits, the try does not count
PAUSE_NUMBER = "pause of a number"
SLOW = "slow"  # one person waits, 4^n seconds
AGAIN = "again"
WINDOW = "window"
NEVER = "never"
PERSON = "person"
MISSED = "missed"  # the person, once it was said three times
STOP = "stop"
NUMBER = "stop of a number"

ROWS = [
    (0, KEEP), (190, KEEP), (102, KEEP), (3, KEEP), (10, KEEP), (200, KEEP), (250, KEEP), (299, KEEP), (131005, KEEP),
    (4, PAUSE), (80007, PAUSE), (613, PAUSE), (130429, PAUSE_NUMBER),
    (131056, SLOW),
    (1, AGAIN), (2, AGAIN), (131000, AGAIN), (131016, AGAIN), (131052, AGAIN), (131053, AGAIN), (131057, AGAIN), (133004, AGAIN),
    (131047, WINDOW),
    (131026, MISSED), (131030, PERSON), (130497, PERSON), (131021, PERSON),
    (368, STOP), (131042, STOP),
    (131031, NUMBER), (131037, NUMBER), (131045, NUMBER), (133010, NUMBER), (33, NUMBER),
    (100, NEVER), (131008, NEVER), (131009, NEVER), (131051, NEVER), (131048, NEVER), (131049, NEVER), (130472, NEVER),
    (131050, NEVER), (132000, NEVER), (132001, NEVER), (132005, NEVER), (132007, NEVER), (132012, NEVER), (132015, NEVER),
    (132016, NEVER), (132068, NEVER), (132069, NEVER), (135000, NEVER),
]  # fmt: skip


def meaning(found):
    match found:
        case Retry(_, after, Scope.CHANNEL, False, 0):
            return KEEP if after == TOKEN_PAUSE else PAUSE
        case Retry(_, timedelta(), Scope.ACCOUNT, False, 0):
            return PAUSE_NUMBER
        case Retry(_, timedelta(), Scope.PERSON, True, 0):
            return SLOW
        case Retry(_, None, Scope.MESSAGE, True, 0):
            return AGAIN
        case Permanent(_, Scope.PERSON, 0, 3):
            return MISSED
        case Permanent(reason, scope, 0, 1):
            told = {Scope.MESSAGE: NEVER, Scope.PERSON: PERSON, Scope.ACCOUNT: NUMBER, Scope.CHANNEL: STOP}[scope]
            return WINDOW if reason == WINDOW_CLOSED else told
    return None


@pytest.mark.parametrize(("code", "expected"), ROWS)
def test_code_has_one_meaning(code, expected):
    found = verdict(code)
    assert meaning(found) == expected
    assert found.reason == (WINDOW_CLOSED if expected == WINDOW else str(code))


def test_every_code_of_the_table_is_tested():
    permissions = set(range(200, 300))
    assert set(results._TABLE) - permissions == {code for code, _ in ROWS} - permissions
    assert permissions <= set(results._TABLE)


def test_no_code_stands_in_two_groups():
    groups = (
        results.BROKEN_TOKEN, results.TOO_MANY_CALLS, results.THROUGHPUT, results.PAIR_RATE, results.CLOSED,
        results.UNDELIVERABLE, results.UNREACHABLE, results.STOPPED, results.PASSING, results.REFUSED,
    )  # fmt: skip
    listed = [code for group in groups for code in group]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 4), (2, 16), (3, 64), (4, 256), (5, 300), (99, 300), (0, 4)])
def test_pair_rate_waits_four_times_as_long_each_time(attempts, seconds):
    assert verdict(131056, attempts).after == timedelta(seconds=seconds)


def answer(status, body=None, **headers):
    return Answer(status, httpx.Headers({name.replace("_", "-"): value for name, value in headers.items()}), body)


def error(code, **more):
    return {"error": {"code": code, "message": "m", **more}}


UNCODED = [
    (answer(401), KEEP), (answer(403), KEEP), (answer(429), PAUSE), (answer(500), AGAIN), (answer(502), AGAIN),
    (answer(503), AGAIN), (answer(408), AGAIN), (answer(404), KEEP), (answer(301), KEEP), (answer(400), KEEP),
    (answer(400, {"error": "text"}), KEEP),
    (answer(400, error(999_999)), NEVER), (answer(500, error(999_999)), AGAIN), (answer(401, error(999_999)), KEEP),
    (answer(400, error(999_999, is_transient=True)), AGAIN), (answer(429, error(999_999)), PAUSE),
    # The code wins over the status.
    (answer(500, error(131047)), WINDOW), (answer(400, error(131056)), SLOW), (answer(200, error(190)), KEEP),
]  # fmt: skip


@pytest.mark.parametrize(("told", "expected"), UNCODED, ids=range(len(UNCODED)))
def test_answer_without_a_known_code_goes_by_its_status(told, expected):
    assert meaning(classify(told, NOW)) == expected


DATE = format_datetime(NOW + timedelta(seconds=90), usegmt=True)
USAGE = '{"102290129340398":[{"type":"messaging","call_count":100,"estimated_time_to_regain_access":2}]}'
WAITS = [
    ({"retry_after": "7"}, 7), ({"retry_after": "2.5"}, 2.5), ({"retry_after": DATE}, 90), ({"retry_after": "0"}, None),
    ({"retry_after": "-5"}, None), ({"retry_after": "soon"}, None), ({"retry_after": "999999999"}, 3600), ({}, None),
    ({"retry_after": format_datetime(NOW - timedelta(days=1), usegmt=True)}, None),
    ({"x_business_use_case_usage": USAGE}, 120), ({"x_business_use_case_usage": USAGE, "retry_after": "7"}, 120),
    ({"x_business_use_case_usage": "{"}, None), ({"x_business_use_case_usage": "[]"}, None),
    ({"x_business_use_case_usage": '{"a":[{"estimated_time_to_regain_access":0}]}'}, None),
    ({"x_business_use_case_usage": '{"a":[{"estimated_time_to_regain_access":99999999999}]}'}, 3600),
    *[
        ({"x_business_use_case_usage": f'{{"a":[{{"estimated_time_to_regain_access":{told}}}]}}'}, None)
        for told in (-1, -999999999999999999999, "9" * 4000, "-" + "9" * 4000, "9" * 5000, 1e300, '"2"x', "null")
    ],
    ({"x_business_use_case_usage": USAGE.replace("2}]", '2},{"estimated_time_to_regain_access":-9999999999}]')}, 120),
    *[
        ({"retry_after": told}, None)
        for told in (
            "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 99999999999999999999 Jan 2026 00:00:00 GMT",
            "Mon, 01 Jan 2026 99:00:00 GMT", "Mon, 01 Jan 2026 00:00:00 +99999", "Mon, 01 Jan 0001 00:00:00 +2359",
            "NaN", "1e9", "9" * 5000, " ",
        )
    ],
    ({"retry_after": "Wed, 31 Dec 9999 23:59:59 -2359"}, 3600),
]  # fmt: skip


@pytest.mark.parametrize(("headers", "seconds"), WAITS, ids=range(len(WAITS)))
def test_wait_that_meta_asks_for(headers, seconds):
    told = wait_told(answer(429, **headers).headers, NOW)
    assert told == (None if seconds is None else timedelta(seconds=seconds))


def test_channel_waits_as_long_as_it_is_told_and_a_message_by_its_own_back_off():
    assert classify(answer(429, error(4), retry_after="7"), NOW).after == timedelta(seconds=7)
    assert classify(answer(400, error(80007), x_business_use_case_usage=USAGE), NOW).after == timedelta(minutes=2)
    assert classify(answer(429, error(130429)), NOW).after == timedelta(seconds=10)
    assert classify(answer(500, error(131000), retry_after="7"), NOW).after is None
