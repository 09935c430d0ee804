"""Who may call: two secrets while one replaces the other, raw bytes, and one answer to everything else."""

import hashlib
import hmac
import json

import pytest
from starlette.datastructures import Headers

from bot.channels.whatsapp.signing import challenge, verify
from bot.core.errors import UnauthorizedError

BODY = b'{"object":"whatsapp_business_account","text":"\\u00e9t\\u00e9"}'
NEW, OLD = "new-secret", "old-secret"


def signed(body=BODY, secret=NEW):
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("name", ["X-Hub-Signature-256", "x-hub-signature-256", "X-HUB-SIGNATURE-256"])
@pytest.mark.parametrize("secret", [NEW, OLD])
def test_either_secret_signs_under_any_case_of_the_name(name, secret):
    verify({name: signed(secret=secret)}, BODY, (NEW, OLD))


REFUSED = {
    "missing": {},
    "empty": {"X-Hub-Signature-256": ""},
    "other header": {"X-Hub-Signature": signed()},
    "uppercase scheme": {"X-Hub-Signature-256": signed().replace("sha256", "SHA256")},
    "uppercase digest": {"X-Hub-Signature-256": "sha256=" + signed()[7:].upper()},
    "sha1": {"X-Hub-Signature-256": "sha1=" + hmac.new(NEW.encode(), BODY, hashlib.sha1).hexdigest()},
    "no scheme": {"X-Hub-Signature-256": signed()[7:]},
    "cut": {"X-Hub-Signature-256": signed()[:-1]},
    "longer": {"X-Hub-Signature-256": signed() + "0"},
    "new line": {"X-Hub-Signature-256": signed() + "\n"},
    "blank before": {"X-Hub-Signature-256": " " + signed()},
    "two in one": {"X-Hub-Signature-256": f"{signed()}, {signed()}"},
    "another secret": {"X-Hub-Signature-256": signed(secret="forged")},
    "no secret at all": {"X-Hub-Signature-256": signed(secret="")},
    "another body": {"X-Hub-Signature-256": signed(BODY + b" ")},
    "body written anew": {"X-Hub-Signature-256": signed(json.dumps(json.loads(BODY), ensure_ascii=False).encode())},
    "not ascii": {"X-Hub-Signature-256": "sha256=" + "é" * 64},
    "arabic digits": {"X-Hub-Signature-256": "sha256=" + "٣" * 64},
}


@pytest.mark.parametrize("case", REFUSED)
def test_anything_else_is_refused_alike(case):
    with pytest.raises(UnauthorizedError) as refused:
        verify(REFUSED[case], BODY, (NEW, OLD))
    assert str(refused.value) == "whatsapp"


def test_two_headers_are_refused_even_when_both_are_right():
    pair = (b"x-hub-signature-256", signed().encode())
    verify(Headers(raw=[pair]), BODY, (NEW,))
    with pytest.raises(UnauthorizedError):
        verify(Headers(raw=[pair, pair]), BODY, (NEW,))


@pytest.mark.parametrize("secrets", [(), ("",), ("", "")])
def test_without_a_secret_nobody_is_let_in(secrets):
    with pytest.raises(UnauthorizedError):
        verify({"X-Hub-Signature-256": signed(secret="")}, BODY, secrets)


GOOD = {"hub.mode": "subscribe", "hub.verify_token": "v", "hub.challenge": "1158201444"}


def test_challenge_is_given_back():
    assert challenge(GOOD, "v") == "1158201444"


@pytest.mark.parametrize(
    "change",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
        {"hub.verify_token": "w"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "é\ud800"},
        {"hub.challenge": ""},
        {"hub.challenge": "<script>"},
        {"hub.challenge": "1" * 201},
    ],
)
def test_challenge_of_anybody_else_is_refused_alike(change):
    with pytest.raises(UnauthorizedError, match=r"^whatsapp$"):
        challenge({**GOOD, **change}, "v")


def test_challenge_without_a_verify_token_of_ours_is_refused():
    with pytest.raises(UnauthorizedError):
        challenge({**GOOD, "hub.verify_token": ""}, "")
