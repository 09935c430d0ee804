"""No token stands in a log, whoever writes the line."""

import io
import logging

import pytest
from telegram.error import TelegramError
from telegram.request import BaseRequest

from bot.redaction import Redaction, redact

TOKEN = "123456789:AAbbCCddEEffGGhhIIjj"


@pytest.fixture
def written():
    root, out = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(out)
    levels = {name: logging.getLogger(name).level for name in ("httpx", "telegram", "telegram.request", "httpcore")}
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_secrets_are_hidden_in_messages_arguments_and_errors(written):
    redact(["geheim", "geheimer", ""])
    log = logging.getLogger("any.library")
    log.error("a %s and %s at https://api.telegram.org/bot%s/getMe", "geheim", "geheimer", TOKEN)
    try:
        int(f"bot{TOKEN} geheim")
    except ValueError:
        log.exception("it failed")
    said = written.getvalue()
    assert "geheim" not in said
    assert TOKEN not in said
    assert "it failed (ValueError)" in said
    assert said.count("[secret]") >= 3


def test_a_second_time_replaces_the_first(written):
    redact(["one"])
    redact(["two"])
    handlers = [handler for handler in logging.getLogger().handlers if handler.filters]
    assert all(sum(isinstance(each, Redaction) for each in handler.filters) == 1 for handler in handlers)
    logging.getLogger("x").error("one two")
    assert written.getvalue().strip() == "one [secret]"


def test_libraries_that_log_addresses_are_quiet(written):
    redact([])
    for name in ("httpx", "telegram.Bot", "httpcore.http11"):
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)


def test_answer_that_is_no_json_is_not_logged(written):
    redact([])
    with pytest.raises(TelegramError):
        BaseRequest.parse_json_payload(b'{"ok": true, "result": {"text": "Xylophonique')
    assert written.getvalue() == ""
