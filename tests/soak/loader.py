"""Sends webhooks at a steady rate whatever the answers do; a process of its own, so that it disturbs nothing it measures.

Reads one JSON order from standard input: ``{"port": …, "rate": …, "seconds": …, "persons": …, "seed": …,
"telegram": {"path": …, "secret": …}, "whatsapp": {"path": …, "secret": …, "phone": …}}``; answers one JSON line.
Times count from the moment a webhook was due, so that a door that stalls is charged for everyone who stood in line.
Run as ``python -m tests.soak.loader``.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from random import Random
from typing import Any

from tests.peers.graph import payloads
from tests.peers.graph.state import Number
from tests.soak.phrases import PHRASES

CONNECTIONS = 100
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
LONGEST = 60.0


def telegram_request(order: dict[str, Any], number: int, person: int, words: str) -> bytes:
    """One update, as it goes over the wire."""
    who = {"id": 7_000_000 + person, "is_bot": False, "first_name": "Awa", "language_code": "fr"}
    chat = {"id": who["id"], "type": "private", "first_name": "Awa"}
    message = {"message_id": number, "from": who, "chat": chat, "date": int(time.time()), "text": words}
    raw = json.dumps({"update_id": 800_000_000 + number, "message": message}).encode()
    return _post(order["telegram"]["path"], raw, (SECRET_HEADER, order["telegram"]["secret"]))


def whatsapp_request(order: dict[str, Any], number: int, person: int, words: str) -> bytes:
    """One signed webhook of Meta."""
    told = order["whatsapp"]
    who = payloads.Person(wa_id=f"3370{person:07d}", user_id=f"FR.{2 * 10**15 + person}")
    made = payloads.message(who, f"wamid.LOAD{number:09d}", int(time.time()), *payloads.text(words))
    value = payloads.message_value(Number(told["phone"]), who, [made])
    raw = payloads.signed_bytes(payloads.envelope([value], "1"))
    return _post(told["path"], raw, ("X-Hub-Signature-256", payloads.signature(told["secret"], raw)))


def _post(path: str, raw: bytes, header: tuple[str, str]) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n"
    )
    return f"{head}{header[0]}: {header[1]}\r\n\r\n".encode() + raw


def requests(order: dict[str, Any]) -> list[bytes]:
    """All of them, one platform after the other, persons and phrases by chance."""
    chance = Random(order["seed"])
    first = order["seed"] * 1_000_000
    made = []
    for n in range(int(order["rate"] * order["seconds"])):
        build = (telegram_request, whatsapp_request)[n % 2]
        made.append(build(order, first + n, chance.randrange(order["persons"]), chance.choice(PHRASES)))
    return made


class Lines:
    """Connections that are kept open, as a platform keeps its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.free: asyncio.LifoQueue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self.free.put_nowait(None)

    async def ask(self, request: bytes) -> int:
        """The status of one answer; 0 when there was none. A kept line that was closed meanwhile is replaced once."""
        line = await self.free.get()
        kept = line is not None
        code = await self._ask(line, request)
        return await self._ask(None, request) if kept and code == 0 else code

    async def _ask(self, line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None, request: bytes) -> int:
        kept = line is not None
        try:
            line = line or await asyncio.open_connection("127.0.0.1", self.port)
            line[1].write(request)
            head = await line[0].readuntil(b"\r\n\r\n")
            length = next(int(h.split(b":")[1]) for h in head.lower().split(b"\r\n") if h.startswith(b"content-length"))
            await line[0].readexactly(length)
        except (OSError, asyncio.IncompleteReadError):
            if not kept:
                self.free.put_nowait(None)
            return 0
        self.free.put_nowait(line)
        return int(head.split(b" ", 2)[1])


async def load(order: dict[str, Any]) -> dict[str, Any]:
    """Sends all and gives the times in milliseconds."""
    made, lines = requests(order), Lines(order["port"])
    times: list[float] = []
    late: list[float] = []
    codes: dict[int, int] = {}

    async def one(due: float, request: bytes) -> None:
        sent = time.perf_counter()
        late.append((sent - due) * 1000)
        async with asyncio.timeout(LONGEST):
            code = await lines.ask(request)
        times.append((time.perf_counter() - due) * 1000)
        codes[code] = codes.get(code, 0) + 1

    gc.disable()  # pauses of ours are not the door's
    begin = time.perf_counter() + 0.2
    running = []
    for n, request in enumerate(made):
        due = begin + n / order["rate"]
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        running.append(asyncio.create_task(one(due, request)))
    await asyncio.gather(*running)
    return {"times": times, "late": late, "codes": codes, "seconds": time.perf_counter() - begin}


def main() -> None:
    """One order, one answer."""
    sys.stdout.write(json.dumps(asyncio.run(load(json.loads(sys.stdin.readline())))) + "\n")


if __name__ == "__main__":
    main()
