"""What Meta says of our numbers, our token and our templates, in plain words for whoever runs the house.

Must not know: where the lines are shown.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

from bot.channels.whatsapp.reading import rows, table, text, whole
from bot.channels.whatsapp.results import BROKEN_TOKEN, read_error
from bot.core.channel import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.channels.whatsapp.graph import Answer, Graph

FIELDS = "quality_rating,status,name_status,code_verification_status,throughput,platform_type"
SOON = timedelta(days=14)
MANAGEMENT = "whatsapp_business_management"
MESSAGING = "whatsapp_business_messaging"
MAX_PAGES = 10
"""Pages of templates; two texts in sixteen languages fill one."""
BROKEN = frozenset({"REJECTED", "PAUSED", "DISABLED"})
NOT_LOOKED_AT = "templates: not looked at, for Meta does not name the accounts of this token; see WhatsApp Manager, Message templates"
_WORD = re.compile(r"[\w.:-]{1,60}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checker:
    """Asks Meta; changes nothing."""

    graph: Graph
    now: Callable[[], datetime]

    def __call__(self) -> list[Finding]:
        """One line for each thing that was looked at; never raises."""
        stand_in = Finding(is_ok=True, text="GUICHET_WHATSAPP_API_URL names this machine, not Meta: nobody is reached")
        try:
            findings = [stand_in] if self.graph.settings.is_for_tests else []
            findings += [finding for number in self.graph.settings.phone_number_ids for finding in self._number(number)]
            accounts, lines = self._token()
            findings += lines
            if accounts:
                findings += self._templates(accounts)
        except httpx.HTTPError as error:
            return [Finding(is_ok=False, text=f"Meta does not answer ({type(error).__name__})")]
        return findings

    def refusals(self) -> list[str]:
        """Why a number cannot be spoken for; empty when all can. Raises httpx.HTTPError."""
        found = []
        for number in self.graph.settings.phone_number_ids:
            answer = self.graph.get(number, fields="id")
            if not answer.is_success:
                found.append(_refused(number, answer))
        return found

    def _number(self, number: str) -> Iterator[Finding]:
        answer = self.graph.get(number, fields=FIELDS)
        if not answer.is_success:
            yield Finding(is_ok=False, text=_refused(number, answer))
            return
        node = table(answer.body)
        state, quality, name = (_word(node.get(key)) for key in ("status", "quality_rating", "name_status"))
        level = _word(table(node.get("throughput")).get("level"))
        yield Finding(is_ok=state in {"CONNECTED", ""}, text=f"number {number}: {state or 'state not told'}")
        yield Finding(
            is_ok=quality not in {"RED", "YELLOW"},
            text=f"number {number}: quality {quality or 'not told'}, throughput {level or 'not told'}",
        )
        if name and name not in {"APPROVED", "AVAILABLE_WITHOUT_REVIEW"}:
            yield Finding(is_ok=False, text=f"number {number}: the name shown to people is {name}, not approved")

    def _token(self) -> tuple[list[str], list[Finding]]:
        """The business accounts the token may manage, and what is known of the token."""
        answer = self.graph.get("debug_token", input_token=self.graph.settings.token)
        node = table(table(answer.body).get("data"))
        if not answer.is_success or not node:
            return [], [Finding(is_ok=True, text="token: Meta does not tell how long it lasts")]
        if node.get("is_valid") is not True:
            return [], [Finding(is_ok=False, text="token: not valid any more; make a new one (bot/docs/whatsapp.md)")]
        lines = [self._lasting(whole(node.get("expires_at")))]
        scopes = {text(scope) for scope in node.get("scopes") or () if isinstance(scope, str)}
        lines += [
            Finding(is_ok=False, text=f"token: lacks the right {right}")
            for right in (MESSAGING, MANAGEMENT)
            if scopes and right not in scopes
        ]
        accounts = [
            name
            for scope in rows(node.get("granular_scopes"))
            if scope.get("scope") == MANAGEMENT
            for target in scope.get("target_ids") or ()
            if (name := text(target)).isdigit()
        ]
        if not accounts:
            # A right on all accounts names none.
            lines.append(Finding(is_ok=True, text=NOT_LOOKED_AT))
        return accounts, lines

    def _lasting(self, until: int | None) -> Finding:
        if not until:
            return Finding(is_ok=True, text="token: valid, does not end")
        ends = datetime.fromtimestamp(max(0, min(until, 253_402_300_799)), UTC)
        return Finding(is_ok=ends - self.now() > SOON, text=f"token: valid until {ends:%Y-%m-%d}")

    def _templates(self, accounts: list[str]) -> list[Finding]:
        """The states of all templates; the last line holds them when Meta told them all."""
        findings: list[Finding] = []
        shown: dict[str, str] = {}
        is_whole = True
        for account in accounts:
            states: Counter[str] = Counter()
            broken: list[str] = []
            nodes, lacking = self._listed(account)
            for node in nodes:
                state = _word(node.get("status")) or "UNKNOWN"
                label = f"{_word(node.get('name'))}/{_word(node.get('language'))}"
                states[state] += 1
                if state in BROKEN:
                    broken.append(f"{label} {state}")
                if shown.get(label) != "APPROVED":
                    shown[label] = state
            is_whole = is_whole and not lacking
            told = ", ".join(f"{count} {state}" for state, count in sorted(states.items())) or "none"
            text = "; ".join(part for part in (told if nodes or not lacking else "", lacking) if part)
            findings.append(Finding(is_ok=True, text=f"templates of {account}: {text}"))
            if broken:
                findings.append(Finding(is_ok=False, text=f"templates of {account}: {', '.join(sorted(broken))}"))
        if is_whole:
            findings[-1] = replace(findings[-1], templates=shown)
        return findings

    def _listed(self, account: str) -> tuple[list[dict[str, Any]], str]:
        """What Meta shows of an account's templates, and why that is not all of them."""
        nodes: list[dict[str, Any]] = []
        after: dict[str, str] = {}
        for _page in range(MAX_PAGES):
            answer = self.graph.get(f"{account}/message_templates", fields="name,language,status", limit="100", **after)
            if not answer.is_success:
                return nodes, f"Meta does not tell ({_code(answer)})"
            nodes += rows(table(answer.body).get("data"))
            paging = table(table(answer.body).get("paging"))
            cursor = text(table(paging.get("cursors")).get("after"))
            if not cursor or "next" not in paging:
                return nodes, ""
            after = {"after": cursor}
        return nodes, f"more than {MAX_PAGES} pages, so not all of them"


def _refused(number: str, answer: Answer) -> str:
    error = read_error(answer)
    if error.code in BROKEN_TOKEN or answer.status in {401, 403}:
        return f"number {number}: Meta refuses the token ({_code(answer)}); make a new one (bot/docs/whatsapp.md)"
    if error.code == 100:
        return f"number {number}: Meta does not know this id, or the token may not use it ({_code(answer)})"
    return f"number {number}: Meta answers {_code(answer)}"


def _code(answer: Answer) -> str:
    code = read_error(answer).code
    return f"http {answer.status}" if code is None else f"code {code}"


def _word(value: object) -> str:
    """A value of Meta's own vocabulary; anything else is not shown."""
    found = text(value)
    return found if _WORD.fullmatch(found) else ""
