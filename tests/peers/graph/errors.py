"""Error answers in the shape of the Graph API, and the faults a test can script by name."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from tests.peers.faults import BAD_GATEWAY, CUT, DROP, Fault, hang

HREF = "/documentation/business-messaging/whatsapp/support/error-codes"

# code: (HTTP status, title, details). Branch on the code, never on a title: Meta says so, and the titles vary.
CODES: dict[int, tuple[int, str, str]] = {
    1: (400, "API Unknown", "Invalid request or possible server error."),
    2: (503, "API Service", "Temporary due to downtime or due to being overloaded."),
    4: (429, "Application request limit reached", "The app has reached its API call rate limit."),
    10: (403, "Application does not have permission for this action", "Permission is either not granted or removed."),
    100: (400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."),
    190: (401, "Error validating access token", "The access token has expired."),
    368: (403, "Temporarily blocked for policies violations", "The account is restricted."),
    80007: (429, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
    130429: (429, "Rate limit hit", "Cloud API message throughput has been reached."),
    131000: (500, "Something went wrong", "Message failed to send due to an unknown error."),
    131008: (400, "Required parameter is missing", "The request is missing a required parameter."),
    131009: (400, "Parameter value is not valid", "One or more parameter values are invalid."),
    131016: (500, "Service unavailable", "A service is temporarily unavailable."),
    131021: (400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
    131026: (400, "Message undeliverable", "Unable to deliver the message."),
    131031: (403, "Account has been locked", "The account has been locked by an integrity check."),
    131042: (400, "Business eligibility payment issue", "There was an error related to your payment method."),
    131047: (400, "Re-engagement message", "More than 24 hours have passed since the customer last replied."),
    131048: (400, "Spam rate limit hit", "There are restrictions on how many messages can be sent."),
    131049: (
        400,
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131051: (400, "Unsupported message type", "Unsupported message type."),
    131052: (400, "Media download error", "Unable to download the media sent by the user."),
    131053: (400, "Media upload error", "Unable to upload the media used in the message."),
    131056: (400, "(Business Account, Consumer Account) pair rate limit hit", "Too many messages sent to one person."),
    132000: (400, "Number of parameters does not match the expected number of params", "body: numbers differ."),
    132001: (404, "Template name does not exist in the translation", "No such template in this language."),
    132015: (400, "Template is Paused", "Template is paused due to low quality."),
    133010: (400, "Account not registered", "The phone number is not registered."),
}


@dataclass(eq=False)
class GraphError(Exception):
    """A refusal on its way to the envelope."""

    code: int
    details: str | None = None
    subcode: int | None = None
    title: str | None = None
    status: int | None = None

    def http(self) -> int:
        """The status of the answer."""
        return self.status or CODES[self.code][0]

    def envelope(self, trace: str) -> dict[str, Any]:
        """The body of the answer."""
        title = self.title or CODES[self.code][1]
        error: dict[str, Any] = {"message": f"(#{self.code}) {title}", "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.code >= 1000 or self.details:
            details = self.details or CODES[self.code][2]
            error["error_data"] = {"messaging_product": "whatsapp", "details": details}
        return {"error": {**error, "fbtrace_id": trace}}


def missing_object(name: str) -> GraphError:
    """The answer to an id nobody knows: 400 with code 100 and subcode 33, not 404."""
    title = (
        f"Unsupported get request. Object with ID '{name}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation"
    )
    return GraphError(100, None, 33, title)


def status_error(code: int, details: str | None = None) -> dict[str, Any]:
    """The same failure as it comes in a webhook."""
    _, title, known = CODES[code]
    return {
        "code": code,
        "title": title,
        "message": title,
        "error_data": {"details": details or known},
        "href": HREF,
    }


def graph_fault(
    code: int,
    *,
    retry_after: str | None = None,
    regain_minutes: int | None = None,
    status: int | None = None,
    subcode: int | None = None,
) -> Fault:
    """The fault that answers with a code of Meta's list."""
    error = GraphError(code, None, subcode, None, status)
    headers = [("retry-after", retry_after)] if retry_after is not None else []
    if regain_minutes is not None:
        usage = {
            "type": "whatsapp",
            "call_count": 100,
            "total_cputime": 25,
            "total_time": 25,
            "estimated_time_to_regain_access": regain_minutes,
        }
        headers.append(("x-business-use-case-usage", json.dumps({"102290129340398": [usage]})))
    return Fault(str(code), error.http(), error.envelope("AfAuLtTrAcE"), headers=tuple(headers))


def named_fault(name: str, seconds: float = 30.0) -> Fault:
    """A fault by the word a script uses: a code of Meta's list, or one of the failures of the line."""
    lines = {"502": BAD_GATEWAY, "cut": CUT, "drop": DROP, "hang": hang(seconds)}
    if name in lines:
        return lines[name]
    code = 131000 if name == "500" else int(name)
    limited = code in {4, 80007}
    return graph_fault(
        code,
        retry_after="2" if limited else None,
        regain_minutes=1 if limited else None,
        subcode=463 if code == 190 else None,
    )
