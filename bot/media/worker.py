"""The worker process: pictures in on standard input, safe copies out on standard output, until its input ends.

Run as ``python -m bot.media.worker PIXELS LONGEST QUALITY MEGABYTES SECONDS [PROGRAM LANGUAGES]``. It limits itself
before it decodes anything: address space for good, processor time anew for each picture, no files beyond a few bytes,
no core dump. A limit that is reached ends the process; whoever waits for it sees that. It says nothing about errors.

A request is four bytes of length and the bytes. An answer is the byte of its Outcome, width, height and length in four
bytes each, and the JPEG.
Must not know: whose picture it is.
"""

from __future__ import annotations

import resource
import struct
import sys
from enum import IntEnum
from typing import IO

from bot.core.errors import MediaRefusedError, MediaTooLargeError
from bot.media.picture import Bounds, examine, prepare
from bot.media.reading import Reader

REQUEST = struct.Struct(">I")
ANSWER = struct.Struct(">BIII")


class Outcome(IntEnum):
    """What became of a picture."""

    SAFE = 0
    TOO_LARGE = 1
    UNREADABLE = 2
    REFUSED = 3
    EXHAUSTED = 4
    """Unreadable within the memory; the process ends after saying so."""


def limit_memory(megabytes: int) -> None:
    """Bound address space, files and core dumps of this process and of those it starts."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_seconds(seconds: int) -> None:
    """Allow so much more processor time from now on."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(usage.ru_utime + usage.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = spent + seconds if hard == resource.RLIM_INFINITY else min(spent + seconds, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def answer(data: bytes, bounds: Bounds, reader: Reader | None) -> tuple[Outcome, bytes]:
    """The outcome and the answer's bytes for one picture."""
    outcome, width, height, safe = Outcome.SAFE, 0, 0, b""
    try:
        picture = examine(data, bounds, reader)
        width, height, safe = picture.width, picture.height, picture.safe
    except MediaTooLargeError:
        outcome = Outcome.TOO_LARGE
    except MediaRefusedError:
        outcome = Outcome.REFUSED
    except MemoryError:
        outcome = Outcome.EXHAUSTED
    except Exception:  # noqa: BLE001 - whatever a hostile file does to a decoder; its text may quote the file
        outcome = Outcome.UNREADABLE
    return outcome, ANSWER.pack(outcome, width, height, len(safe)) + safe


def serve(source: IO[bytes], sink: IO[bytes], bounds: Bounds, reader: Reader | None, seconds: int) -> None:
    """Answer pictures one by one until the input ends or the memory has once been too small."""
    while len(head := source.read(REQUEST.size)) == REQUEST.size:
        (length,) = REQUEST.unpack(head)
        data = source.read(length)
        allow_seconds(seconds)
        outcome, reply = answer(data, bounds, reader)
        sink.write(reply)
        sink.flush()
        if outcome is Outcome.EXHAUSTED:
            return


def main(arguments: list[str]) -> None:
    """Limit this process, then serve."""
    pixels, longest, quality, megabytes, seconds = map(int, arguments[:5])
    program, languages = [*arguments[5:], "", ""][:2]
    limit_memory(megabytes)
    bounds = Bounds(pixels, longest, quality)
    prepare(bounds)
    reader = Reader(program, languages) if program else None
    serve(sys.stdin.buffer, sys.stdout.buffer, bounds, reader, seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
