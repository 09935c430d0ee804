"""The methods of the Bot API by which a bot tells who it is, what it understands and where updates go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.peers.telegram.errors import bad_request
from tests.peers.telegram.state import Webhook

if TYPE_CHECKING:
    from tests.peers.telegram.methods import Method
    from tests.peers.telegram.parameters import Parameters
    from tests.peers.telegram.state import TelegramState

PORTS = {80, 88, 443, 8443}
PROFILE_MAX = {"name": 64, "description": 512, "short_description": 120}
COMMANDS_MAX = 100
DESCRIPTION_MAX = 256
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"([a-z]{2})?")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def set_webhook(state: TelegramState, parameters: Parameters) -> Any:
    """From now on updates are delivered; an empty address goes back to polling."""
    url, secret = parameters.text("url"), parameters.text("secret_token")
    if url:
        _check_address(url)
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = parameters.integer("max_connections", 40)
    if not 1 <= connections <= 100:
        raise bad_request("max_connections must be between 1 and 100")
    allow(state, parameters)
    _drop(state, parameters)
    state.webhook = Webhook(url, secret, connections)
    return True


def _check_address(url: str) -> None:
    """HTTPS on four ports, as in Telegram; loopback over HTTP is the one thing the fake adds."""
    parts = urlsplit(url)
    if parts.hostname in {"127.0.0.1", "localhost"}:
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def delete_webhook(state: TelegramState, parameters: Parameters) -> Any:
    """Back to polling."""
    _drop(state, parameters)
    state.webhook = Webhook()
    return True


def get_webhook_info(state: TelegramState, _parameters: Parameters) -> Any:
    """Where updates go, how many wait, and the last failure."""
    hook = state.webhook
    made: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(state.pending),
    }
    if hook.url:
        made |= {"max_connections": hook.max_connections, "ip_address": "127.0.0.1"}
    if hook.last_error is not None:
        made |= {"last_error_date": hook.last_error[0], "last_error_message": hook.last_error[1]}
    if state.allowed is not None:
        made["allowed_updates"] = sorted(state.allowed)
    return made


def allow(state: TelegramState, parameters: Parameters) -> None:
    """Keeps which kinds of updates the bot wants; an absent list leaves the last one in force."""
    wanted = parameters.json("allowed_updates", "can't parse allowed updates JSON object")
    if wanted is not None:
        state.allowed = set(wanted) or None


def _drop(state: TelegramState, parameters: Parameters) -> None:
    if parameters.flag("drop_pending_updates"):
        state.pending.clear()


def _language(parameters: Parameters) -> str:
    language = parameters.text("language_code")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _scope(parameters: Parameters) -> str:
    scope = parameters.json("scope", "can't parse BotCommandScope JSON object") or {"type": "default"}
    return ":".join(str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope)


def set_my_commands(state: TelegramState, parameters: Parameters) -> Any:
    """The menu of commands for a scope and a language."""
    commands = parameters.json("commands", "can't parse commands JSON object")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > COMMANDS_MAX:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command.get("command", "").removeprefix("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= DESCRIPTION_MAX:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.commands[(_scope(parameters), _language(parameters))] = commands
    return True


def get_my_commands(state: TelegramState, parameters: Parameters) -> Any:
    """The menu set for exactly that scope and language; empty when none was."""
    return state.commands.get((_scope(parameters), _language(parameters)), [])


def delete_my_commands(state: TelegramState, parameters: Parameters) -> Any:
    """No menu for that scope and language."""
    state.commands.pop((_scope(parameters), _language(parameters)), None)
    return True


def _set_profile(part: str) -> Method:
    def method(state: TelegramState, parameters: Parameters) -> Any:
        text, language = parameters.text(part), _language(parameters)
        if len(text) > PROFILE_MAX[part]:
            raise bad_request(f"{part.replace('_', ' ')} is too long")
        if text:
            state.profile[(part, language)] = text
        else:
            state.profile.pop((part, language), None)
        return True

    return method


def _get_profile(part: str) -> Method:
    """The text for a language; that of all languages when it has none."""

    def method(state: TelegramState, parameters: Parameters) -> Any:
        default = state.bot["first_name"] if part == "name" else ""
        general = state.profile.get((part, ""), default)
        return {part: state.profile.get((part, _language(parameters)), general)}

    return method


SETTINGS: dict[str, Method] = {
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
    "setmycommands": set_my_commands,
    "getmycommands": get_my_commands,
    "deletemycommands": delete_my_commands,
    **{f"setmy{part.replace('_', '')}": _set_profile(part) for part in PROFILE_MAX},
    **{f"getmy{part.replace('_', '')}": _get_profile(part) for part in PROFILE_MAX},
}
