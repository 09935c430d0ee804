"""The methods of the Bot API by which a bot speaks, edits, deletes and reacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.peers.telegram.errors import NOT_MODIFIED, OLD_QUERY, ApiError, bad_request
from tests.peers.telegram.formatting import formatted, units
from tests.peers.telegram.parameters import Upload, inline_markup

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from tests.peers.telegram.parameters import Parameters
    from tests.peers.telegram.state import File, Message, TelegramState

    Method: TypeAlias = Callable[[TelegramState, Parameters], Any]

TEXT_MAX = 4096
CAPTION_MAX = 1024
ANSWER_MAX = 200
PHOTO_BYTES = 10 * 1024 * 1024
FILE_BYTES = 50 * 1024 * 1024
DOWNLOAD_BYTES = 20 * 1024 * 1024
DELETE_SECONDS = 48 * 3600
DELETE_MAX = 100
REACTIONS = set(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def get_me(state: TelegramState, _parameters: Parameters) -> Any:
    """Who the bot is."""
    return state.bot


def send_message(state: TelegramState, parameters: Parameters) -> Any:
    """Words, with entities and an inline keyboard."""
    part = _words(parameters, "text")
    return _send(state, parameters, part)


def send_document(state: TelegramState, parameters: Parameters) -> Any:
    """A file as it is."""
    state.open_chat(parameters)
    given = parameters.file("document")
    name, mime = (given.name, given.mime) if isinstance(given, Upload) else ("file", "application/octet-stream")
    file = _taken(state, given, "documents", FILE_BYTES)
    part = {"document": {**file.told(), "file_name": name, "mime_type": mime}, **_words(parameters, "caption")}
    return _send(state, parameters, part)


def send_photo(state: TelegramState, parameters: Parameters) -> Any:
    """A picture, told in two sizes."""
    state.open_chat(parameters)
    file = _taken(state, parameters.file("photo"), "photos", PHOTO_BYTES)
    sizes = [{**file.told(), "width": width, "height": width} for width in (90, 800)]
    return _send(state, parameters, {"photo": sizes, **_words(parameters, "caption")})


def send_chat_action(state: TelegramState, parameters: Parameters) -> Any:
    """Shows that the bot is typing, or busy otherwise."""
    chat = state.open_chat(parameters)
    action = parameters.text("action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    state.actions.append((chat.chat_id, action))
    return True


def answer_callback_query(state: TelegramState, parameters: Parameters) -> Any:
    """Ends the waiting of a button."""
    until = state.queries.get(parameters.text("callback_query_id"))
    if until is None or state.clock() >= until:
        raise ApiError(400, OLD_QUERY)
    if units(parameters.text("text")) > ANSWER_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    state.answered.append(dict(parameters.values))
    return True


def edit_message_text(state: TelegramState, parameters: Parameters) -> Any:
    """Other words in the place of those."""
    found = _own(state, parameters)
    part = _words(parameters, "text")
    return _edited(found, part, parameters, state)


def edit_message_reply_markup(state: TelegramState, parameters: Parameters) -> Any:
    """Another keyboard, or none."""
    found = _own(state, parameters)
    keep: dict[str, Any] = {key: found.told[key] for key in ("text", "entities") if key in found.told}
    return _edited(found, keep, parameters, state)


def delete_message(state: TelegramState, parameters: Parameters) -> Any:
    """Takes a message away for both sides, within 48 hours."""
    found = state.find(parameters, "message to delete not found")
    if state.clock() - found.at >= DELETE_SECONDS:
        raise bad_request("message can't be deleted for everyone")
    found.deleted = True
    return True


def delete_messages(state: TelegramState, parameters: Parameters) -> Any:
    """Takes many away; those not found are passed over."""
    chat = state.open_chat(parameters)
    wanted = parameters.json("message_ids", "can't parse message identifiers")
    if not isinstance(wanted, list) or not wanted:
        raise bad_request("message identifiers are not specified")
    if len(wanted) > DELETE_MAX:
        raise bad_request("too many messages to delete")
    for message_id in wanted:
        found = state.messages.get((chat.chat_id, int(message_id)))
        if found is not None and state.clock() - found.at < DELETE_SECONDS:
            found.deleted = True
    return True


def set_message_reaction(state: TelegramState, parameters: Parameters) -> Any:
    """One emoji on a message, or none."""
    found = state.find(parameters, "message to react not found")
    given = parameters.json("reaction", "can't parse reaction types JSON object") or []
    emoji = [reaction.get("emoji", "").removesuffix("\ufe0f") for reaction in given]
    if len(emoji) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(one not in REACTIONS for one in emoji):
        raise bad_request("REACTION_INVALID")
    found.reactions = emoji
    return True


def get_file(state: TelegramState, parameters: Parameters) -> Any:
    """Where a file can be fetched."""
    file = state.files.get(parameters.text("file_id"))
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    told = file.told()
    if told["file_size"] > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return {**told, "file_path": file.path}


def _words(parameters: Parameters, name: str) -> dict[str, Any]:
    """A text or a caption with its entities, checked."""
    key = "entities" if name == "text" else "caption_entities"
    given = parameters.json(key, "can't parse entities: can't parse JSON")
    text, entities = formatted(parameters.text(name).rstrip(), parameters.values.get("parse_mode"), given)
    if name == "text" and not text.strip():
        raise bad_request("message text is empty")
    if units(text) > (TEXT_MAX if name == "text" else CAPTION_MAX):
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    made: dict[str, Any] = {name: text} if text else {}
    if entities:
        made[key] = entities
    return made


def _send(state: TelegramState, parameters: Parameters, part: dict[str, Any]) -> dict[str, Any]:
    chat = state.open_chat(parameters)
    markup = inline_markup(parameters)
    if markup is not None:
        part["reply_markup"] = markup
    if parameters.flag("protect_content"):
        part["has_protected_content"] = True
    made = state.keep(chat, part, sender(state), by_bot=True)
    made.protected = parameters.flag("protect_content")
    return made.told


def sender(state: TelegramState) -> dict[str, Any]:
    """The bot as the author of a message."""
    return {key: state.bot[key] for key in ("id", "is_bot", "first_name", "username")}


def _taken(state: TelegramState, given: Upload | str, folder: str, limit: int) -> File:
    if isinstance(given, str):
        known = state.files.get(given)
        if known is None:
            raise bad_request("wrong remote file identifier specified: Wrong string length")
        return known
    if not given.content:
        raise bad_request("file must be non-empty")
    if len(given.content) > limit:
        raise ApiError(413, "Request Entity Too Large")
    suffix = "." + given.name.rpartition(".")[2] if "." in given.name else ""
    return state.keep_file(given.content, folder, suffix)


def _own(state: TelegramState, parameters: Parameters) -> Message:
    found = state.find(parameters, "message to edit not found")
    if not found.by_bot:
        raise bad_request("message can't be edited")
    return found


def _edited(found: Message, part: dict[str, Any], parameters: Parameters, state: TelegramState) -> dict[str, Any]:
    markup = inline_markup(parameters)
    if markup is not None:
        part["reply_markup"] = markup
    kept = {key: value for key, value in found.told.items() if key not in {"text", "entities", "reply_markup"}}
    shown = {key: found.told[key] for key in ("text", "entities", "reply_markup") if key in found.told}
    if part == shown:
        raise ApiError(400, NOT_MODIFIED)
    found.told = {**kept, **part, "edit_date": state.now()}
    found.edits += 1
    return found.told


METHODS: dict[str, Method] = {
    "getme": get_me,
    "sendmessage": send_message,
    "senddocument": send_document,
    "sendphoto": send_photo,
    "sendchataction": send_chat_action,
    "answercallbackquery": answer_callback_query,
    "editmessagetext": edit_message_text,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "deletemessages": delete_messages,
    "setmessagereaction": set_message_reaction,
    "getfile": get_file,
}
