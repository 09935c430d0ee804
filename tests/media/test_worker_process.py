"""The worker: warm, limited, replaced when it fails, and never believed."""

from __future__ import annotations

import io
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from PIL import Image

from bot.core.errors import MediaUnreadableError
from bot.media.inspection import Inspector, Limits
from tests.media.drawings import booking_page, jpeg, png

SMALL = jpeg(booking_page(270, 480))
ROOT = Path(__file__).parents[2]


def worker_pids() -> set[int]:
    """The worker processes of this test run."""
    children = psutil.Process().children(recursive=True)
    return {child.pid for child in children if "bot.media.worker" in " ".join(child.cmdline())}


def fake(code: str, **limits: float) -> Inspector:
    """An inspector whose worker runs some Python instead."""
    return Inspector(None, Limits(**limits), command=(sys.executable, "-c", code))  # type: ignore[arg-type]


def test_worker_stays_warm_and_is_replaced_after_its_share() -> None:
    """A leak cannot grow for ever."""
    before = worker_pids()
    inspector = Inspector(None, Limits(pictures=2))
    seen = []
    for _ in range(4):
        inspector.inspect(SMALL)
        seen.append(worker_pids() - before)
    assert seen[0]
    assert seen[1] == seen[3] == set()
    assert seen[0] != seen[2]
    inspector.close()
    inspector.close()
    assert worker_pids() == before


def test_picture_after_close_starts_a_new_worker() -> None:
    """Closing is not the end."""
    inspector = Inspector(None)
    assert inspector.inspect(SMALL).width == 270
    inspector.close()
    assert inspector.inspect(SMALL).width == 270
    inspector.close()


@pytest.mark.parametrize("moment", ["idle", "busy"])
def test_killed_worker_is_replaced(moment: str) -> None:
    """The picture that was on it is lost, the next one is not."""
    inspector = Inspector(None)
    before = worker_pids()
    inspector.inspect(SMALL)
    (pid,) = worker_pids() - before
    if moment == "idle":
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.1)
    else:
        os.kill(pid, signal.SIGSTOP)
        threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
        with pytest.raises(MediaUnreadableError):
            inspector.inspect(SMALL)
    assert inspector.inspect(SMALL).width == 270
    inspector.close()


def test_worker_that_takes_too_long_is_ended() -> None:
    """The wall clock is held even against a stopped process."""
    inspector = Inspector(None, Limits(seconds=2.5))
    before = worker_pids()
    inspector.inspect(SMALL)
    (pid,) = worker_pids() - before
    os.kill(pid, signal.SIGSTOP)
    start = time.monotonic()
    with pytest.raises(MediaUnreadableError, match="in time"):
        inspector.inspect(SMALL)
    assert 2 < time.monotonic() - start < 5
    assert not psutil.pid_exists(pid)
    assert inspector.inspect(SMALL).width == 270
    inspector.close()


def test_picture_that_needs_too_much_memory_is_unreadable() -> None:
    """The limit is the process's, not the machine's; the next picture works."""
    inspector = Inspector(None, Limits(megabytes=220))
    with pytest.raises(MediaUnreadableError):
        inspector.inspect(png(Image.new("RGB", (7900, 5000), "white")))
    assert inspector.inspect(SMALL).width == 270
    inspector.close()


def test_processor_time_is_limited_for_each_picture() -> None:
    """A busy loop in a decoder ends by itself, before the wall clock."""
    code = "from bot.media.worker import allow_seconds\nallow_seconds(1)\nwhile True: pass\n"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=30, check=False)
    assert done.returncode == -signal.SIGXCPU


def test_processor_time_is_given_anew() -> None:
    """The second picture has as much as the first."""
    code = (
        "import time\nfrom bot.media.worker import allow_seconds\n"
        "for _ in range(3):\n    allow_seconds(1)\n    end = time.process_time() + 0.6\n"
        "    while time.process_time() < end: pass\n"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=30, check=False).returncode == 0


def test_worker_cannot_write_files_and_sees_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The master key is not in the memory of a process that decodes strangers' files."""
    monkeypatch.setenv("GUICHET_MASTER_KEY", "SPECIMEN")
    inspector = Inspector(None)
    before = worker_pids()
    inspector.inspect(SMALL)
    (pid,) = worker_pids() - before
    assert b"GUICHET" not in Path(f"/proc/{pid}/environ").read_bytes()
    limits = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8")
    assert limits.split("Max file size")[1].split()[0] == "0"
    assert limits.split("Max core file size")[1].split()[0] == "0"
    assert int(limits.split("Max address space")[1].split()[0]) == 1024 << 20
    inspector.close()


def test_threads_get_their_own_pictures(blind: Inspector) -> None:
    """No answer is given to somebody else's question."""
    sizes = [(100 + 10 * number, 200) for number in range(12)]

    def ask(size: tuple[int, int]) -> tuple[int, int]:
        picture = blind.inspect(jpeg(Image.new("RGB", size, "white")))
        return picture.width, picture.height

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(ask, sizes)) == sizes


READ = "import sys, struct\nhead = sys.stdin.buffer.read(4)\nsys.stdin.buffer.read(struct.unpack('>I', head)[0])\n"
LIES = (
    ("silence", READ),
    ("crash", READ + "import os; os.abort()"),
    ("noise", READ + "sys.stdout.buffer.write(b'x' * 100)"),
    ("half an answer", READ + "sys.stdout.buffer.write(struct.pack('>BIII', 0, 10, 10, 100) + b'\\xff\\xd8\\xff')"),
    ("no JPEG", READ + "sys.stdout.buffer.write(struct.pack('>BIII', 0, 10, 10, 4) + b'<svg')"),
    ("too much", READ + "sys.stdout.buffer.write(struct.pack('>BIII', 0, 10, 10, 3) + b'\\xff\\xd8\\xff' + b'x' * 50)"),
    ("endless", READ + "while True: sys.stdout.buffer.write(struct.pack('>BIII', 0, 1, 1, 1 << 31) + bytes(1 << 20))"),
    ("wrong size", READ + "sys.stdout.buffer.write(struct.pack('>BIII', 0, 9999, 10, 3) + b'\\xff\\xd8\\xff')"),
    ("unknown outcome", READ + "sys.stdout.buffer.write(struct.pack('>BIII', 9, 1, 1, 0))"),
    ("refusal with a payload", READ + "sys.stdout.buffer.write(struct.pack('>BIII', 3, 1, 1, 3) + b'abc')"),
    (
        "answer before the question",
        "import sys, struct, time\nsys.stdout.buffer.write(struct.pack('>BIII', 3, 0, 0, 0))",
    ),
)


@pytest.mark.parametrize(("name", "code"), LIES)
def test_worker_is_not_believed(name: str, code: str) -> None:
    """A decoder that was taken over can answer what it likes."""
    assert len(LIES) == 11
    inspector = fake(code, seconds=5)
    with pytest.raises(MediaUnreadableError):
        inspector.inspect(SMALL + bytes(4 << 20) if name == "answer before the question" else SMALL)
    inspector.close()


def test_worker_that_does_not_start_is_a_media_error() -> None:
    """A broken installation is not an OSError in the middle of a conversation."""
    with pytest.raises(MediaUnreadableError):
        Inspector(None, command=("/nowhere/python",)).inspect(SMALL)


def test_error_names_neither_file_nor_content(blind: Inspector) -> None:
    """What is logged of an error is harmless."""
    data = bytearray(SMALL)
    data[300:] = b"SPECIMEN" * 100
    with pytest.raises(MediaUnreadableError) as caught:
        blind.inspect(bytes(data[:600]))
    assert "SPECIMEN" not in str(caught.value)


def test_protocol_is_four_bytes_of_length_then_the_bytes() -> None:
    """The module answers on its own, as its docstring says."""
    arguments = ["40000000", "2400", "88", "1024", "10"]
    done = subprocess.run(
        [sys.executable, "-m", "bot.media.worker", *arguments],
        input=struct.pack(">I", len(SMALL)) + SMALL + struct.pack(">I", 3) + b"abc" + b"\x00",
        stdout=subprocess.PIPE,
        cwd=ROOT,
        timeout=20,
        check=True,
    )
    outcome, width, height, length = struct.unpack_from(">BIII", done.stdout)
    assert (outcome, width, height) == (0, 270, 480)
    assert Image.open(io.BytesIO(done.stdout[13 : 13 + length])).size == (270, 480)
    assert struct.unpack_from(">BIII", done.stdout, 13 + length) == (2, 0, 0, 0)


@pytest.mark.timing
def test_ordinary_screenshot_is_fast_without_words(blind: Inspector) -> None:
    """Warm worker, median of five; the bound is loose because test machines are busy."""
    data = png(booking_page(1080, 2400))
    blind.inspect(data)
    times = []
    for _ in range(5):
        start = time.monotonic()
        blind.inspect(data)
        times.append(time.monotonic() - start)
    assert sorted(times)[2] < 1.0
