"""What goes wrong between us and a vendor, written as a script: the next ones, every nth, or for one recipient."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    Manner: TypeAlias = Literal["answer", "hang", "cut", "drop"]

HTML = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


@dataclass(frozen=True)
class Fault:
    """One thing that happens in the place of the true answer.

    ``done`` says that the work was done and only its answer was lost: the case in which a second try sends twice.
    """

    name: str
    status: int = 500
    body: Mapping[str, Any] | None = None
    text: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    manner: Manner = "answer"
    seconds: float = 30.0
    done: bool = False

    @property
    def content(self) -> bytes:
        """The bytes of the wrong answer."""
        return json.dumps(self.body).encode() if self.body is not None else self.text.encode()

    @property
    def media_type(self) -> str:
        """What the bytes are said to be."""
        return "application/json" if self.body is not None else "text/html"

    def after_the_work(self) -> Fault:
        """The same fault, met only once the work is done."""
        return replace(self, done=True)


BAD_GATEWAY = Fault("502 in HTML", 502, text=HTML)
CUT = Fault("line cut in the body", manner="cut")
DROP = Fault("line cut before the answer", manner="drop")


def hang(seconds: float = 30.0) -> Fault:
    """No answer for a time, then the line is cut."""
    return Fault("no answer", manner="hang", seconds=seconds)


@dataclass
class Rule:
    """A fault and when it is due."""

    fault: Fault
    call: str | None
    to: str | None
    left: int | None
    nth: int = 1
    seen: int = 0

    def due(self, call: str, to: str | None) -> bool:
        """Whether this call meets the fault; counts the call when it is one of the rule's own."""
        if self.left == 0 or self.call not in {None, call} or self.to not in {None, to}:
            return False
        self.seen += 1
        if self.seen % self.nth:
            return False
        if self.left is not None:
            self.left -= 1
        return True


@dataclass
class Faults:
    """The script: rules in the order they were given, the first that is due wins."""

    rules: list[Rule] = field(default_factory=list)
    met: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, fault: Fault, times: int = 1, *, call: str | None = None, to: str | None = None) -> None:
        """The next calls, of one kind or to one recipient when named, meet the fault."""
        with self.lock:
            self.rules.append(Rule(fault, call, to, times))

    def always(self, fault: Fault, *, call: str | None = None, to: str | None = None) -> None:
        """All calls meet the fault until ``clear``."""
        with self.lock:
            self.rules.append(Rule(fault, call, to, None))

    def every(self, nth: int, fault: Fault, *, call: str | None = None, to: str | None = None) -> None:
        """Each nth call meets the fault."""
        with self.lock:
            self.rules.append(Rule(fault, call, to, None, nth))

    def clear(self) -> None:
        """No more faults."""
        with self.lock:
            self.rules.clear()

    def take(self, call: str, to: str | None = None) -> Fault | None:
        """The fault this call meets, if any."""
        with self.lock:
            for rule in self.rules:
                if rule.due(call, to):
                    self.met.append(rule.fault.name)
                    return rule.fault
        return None
