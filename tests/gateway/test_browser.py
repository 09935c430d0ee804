"""The page in a real browser: Debian's chromium, driven over plain WebDriver.

Needs the packages ``chromium`` and ``chromium-driver``, nothing else.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import shutil
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.messages import Choice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .conftest import House, Serve

pytestmark = pytest.mark.browser

ESCAPE, ENTER, TAB = "\ue00c", "\ue007", "\ue004"
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Driver:
    """The few words of WebDriver that a page of text and buttons needs."""

    def __init__(self, port: int, profile: Path, width: int | None) -> None:
        self._port = port
        arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--window-size=500,800", f"--user-data-dir={profile}",
        ]  # fmt: skip
        options: dict[str, Any] = {"args": arguments, "binary": shutil.which("chromium")}
        if width:
            options["mobileEmulation"] = {"deviceMetrics": {"width": width, "height": 640, "pixelRatio": 1}}
        capabilities = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}
        answer = self._ask("POST", "/session", {"capabilities": capabilities})
        self._session = f"/session/{answer['sessionId']}"

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)) as connection:
            content = json.dumps(body if body is not None else {}) if method == "POST" else None
            connection.request(method, path, content, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())["value"]
        assert not (isinstance(answer, dict) and "error" in answer), answer
        return answer

    def open(self, address: str) -> None:
        self._ask("POST", f"{self._session}/url", {"url": address})

    def reload(self) -> None:
        self._ask("POST", f"{self._session}/refresh")

    def run(self, script: str) -> Any:
        return self._ask("POST", f"{self._session}/execute/sync", {"script": f"return {script}", "args": []})

    def click(self, selector: str) -> None:
        found = self._ask("POST", f"{self._session}/element", {"using": "css selector", "value": selector})
        self._ask("POST", f"{self._session}/element/{found[ELEMENT]}/click")

    def press(self, keys: str) -> None:
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self._ask("POST", f"{self._session}/actions", {"actions": [source]})

    def until(self, script: str, wanted: object = True, seconds: float = 10) -> None:
        deadline, seen = time.monotonic() + seconds, None
        while time.monotonic() < deadline:
            seen = self.run(script)
            if seen == wanted:
                return
            time.sleep(0.05)
        pytest.fail(f"{script} is {seen!r}, not {wanted!r}")

    def bubbles(self) -> list[str]:
        found = self.run("[...document.querySelectorAll('#log ol > li .bubble')].map((one) => one.innerText)")
        assert isinstance(found, list)
        return found

    def quit(self) -> None:
        self._ask("DELETE", self._session)


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Callable[..., Driver]]:
    """Opens a browser; with a width, as a phone of that many pixels."""
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        pytest.skip("chromium and chromium-driver are not installed: the page was NOT tried in a browser")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        ["chromedriver", f"--port={port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        with contextlib.ExitStack() as opened:

            def _drive(width: int | None = None) -> Driver:
                driver = Driver(port, tmp_path, width)
                opened.callback(driver.quit)
                return driver

            yield _drive
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def talking(build: Callable[..., House]) -> House:
    """A house that greets in the chosen language and echoes."""
    house = build(exit_url="/health/live")
    receive = house.desk.receive

    def receive_and_answer(address: Any, external_id: str, message: Any, uploads: Any) -> None:
        receive(address, external_id, message, uploads)
        person = house.desk.persons[address]
        language = message.language_hint or "fr"
        if message.text == "EFFACER":
            threading.Timer(0.1, house.desk.erase, [person]).start()
        elif (message.choice or "").startswith("language:"):
            choices = (Choice("consent:yes", "نعم"), Choice("consent:no", "لا"))
            house.desk.say(person, "مرحبا\n\n• واحد\n• اثنان", language=language, asks="consent", choices=choices)
        else:
            house.desk.say(person, f"<b>{message.text}</b> {len(uploads)}", language=language)

    house.desk.receive = receive_and_answer  # type: ignore[method-assign]
    return house


def test_a_person_talks_reloads_erases_and_leaves(talking: House, serve: Serve, drive: Callable[..., Driver]) -> None:
    driver = drive()
    with serve(talking) as (port, _server):
        driver.open(f"http://127.0.0.1:{port}/")
        assert driver.run("[document.documentElement.lang, document.querySelector('#picker').open]") == ["fr", True]
        driver.click("[data-language=ar]")
        driver.until("document.querySelectorAll('.choice:enabled').length", 2)
        driver.until("document.documentElement.dir", "rtl")
        assert driver.run("document.querySelectorAll('#log .bubble ul li').length") == 2
        assert driver.run("document.querySelector('#send, .send').textContent") == "ar: Envoyer"

        driver.click(".choice")
        driver.until("document.querySelectorAll('#log ol > li').length", 4)
        assert driver.bubbles()[2:] == ["نعم", "<b>نعم</b> 0"]
        assert driver.run("document.querySelectorAll('#log b').length") == 0
        assert driver.run("document.querySelectorAll('.choice:enabled').length") == 0

        driver.run("document.querySelector('#text').focus()")
        driver.press(f"salam{ENTER}")
        driver.until("document.querySelectorAll('#log ol > li').length", 6)
        assert driver.run("document.activeElement.id") == "text"
        assert driver.run("document.querySelectorAll('.state').length") == 0

        before = driver.bubbles()
        driver.reload()
        driver.until("document.querySelectorAll('#log ol > li').length", 6)
        assert driver.bubbles() == before
        assert driver.run("[document.documentElement.lang, document.querySelector('#picker').open]") == ["ar", False]

        driver.click("#erase")
        driver.click("#erasing .sure")
        driver.until("document.querySelectorAll('#log ol > li').length", 0)
        driver.until("document.querySelector('#status').textContent.startsWith('ar: Tout est')")

        driver.press(ESCAPE + ESCAPE)
        driver.until("location.pathname", "/health/live")
        assert driver.run("document.cookie") == ""
        driver.open(f"http://127.0.0.1:{port}/")
        assert driver.run("document.querySelectorAll('#log ol > li').length") == 0


def test_a_message_written_while_the_server_is_away_is_kept_and_sent_once(
    talking: House, serve: Serve, drive: Callable[..., Driver]
) -> None:
    from bot.core.errors import StorageError

    driver = drive()
    with serve(talking) as (port, _server):
        driver.open(f"http://127.0.0.1:{port}/")
        talking.desk.failure = StorageError("away")
        driver.run("document.querySelector('#text').focus()")
        driver.press(f"bonjour{ENTER}")
        driver.until("document.querySelector('.state')?.textContent.startsWith('Message gardé')")
        talking.desk.failure = None
        driver.until("document.querySelectorAll('#log ol > li').length", 2, seconds=20)
        assert driver.bubbles() == ["bonjour", "<b>bonjour</b> 0"]
        assert len(talking.desk.arrivals) == 1


def test_nothing_is_wider_than_a_small_phone(talking: House, serve: Serve, drive: Callable[..., Driver]) -> None:
    driver = drive(width=320)
    with serve(talking) as (port, _server):
        driver.open(f"http://127.0.0.1:{port}/?lang=ar")
        assert driver.run("[innerWidth, document.documentElement.scrollWidth]") == [320, 320]
        driver.click("[data-language=ar]")
        driver.until("document.querySelectorAll('.choice').length", 2)
        assert driver.run("document.documentElement.scrollWidth") == 320
        small = "[...document.querySelectorAll('button, .exit, .tool, .add')].filter((one) => one.offsetHeight)"
        assert driver.run(f"Math.min(...{small}.map((one) => Math.min(one.offsetHeight, one.offsetWidth)))") >= 44
