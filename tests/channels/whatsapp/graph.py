"""Meta as a function: answers are scripted, requests are noted; nothing leaves the process."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx

from bot.channels.whatsapp.channel import WhatsAppChannel
from bot.channels.whatsapp.settings import WhatsAppSettings
from tests.channels.whatsapp.goldens import NOW, NUMBERS, say

SETTINGS = WhatsAppSettings("graph-token", ("app-secret",), "verify-token", NUMBERS)


class Script:
    """Answers in order, the last one for ever; an exception is raised, a function is asked."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []

    def __call__(self, request):
        self.requests.append(request)
        request.read()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return unread(answer(request) if callable(answer) else answer)

    @property
    def bodies(self):
        return [json.loads(request.content) for request in self.requests if b"json" in kind(request)]


def unread(response):
    """The same answer as it comes off a wire: not read yet."""
    if not response.is_stream_consumed:
        return response
    return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(response.content))


def kind(request):
    return request.headers.get("content-type", "").encode()


def accepted(wamid="wamid.S="):
    return httpx.Response(200, json={"messaging_product": "whatsapp", "messages": [{"id": wamid}]})


def refused(code, status=400, headers=None, **more):
    error = {"message": "(#) text", "type": "OAuthException", "code": code, **more}
    return httpx.Response(status, json={"error": error}, headers=headers)


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.time = NOW

    def __call__(self):
        return self.time

    def seconds(self):
        return self.time.timestamp()

    def move(self, **by):
        self.time += timedelta(**by)


def channel(script, clock=None, settings=SETTINGS):
    clock = clock or Clock()
    return WhatsAppChannel(settings, say, clock, httpx.MockTransport(script), clock.seconds)
