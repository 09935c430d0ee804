"""Records of the core as JSON bytes and back, driven by their own type hints.

A new field needs no code here: what is missing in older bytes takes the field's default, keys of a newer version are
passed over. Unknown is written ``{"?": reason}``, so that it never reads as a value.
Must not know: where the bytes go, what a field means.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, NewType, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from bot.core import case, events, evidence, ids, link_codes, messages
from bot.core.errors import StorageError, UnreadableError
from bot.core.unknown import Unknown

T = TypeVar("T")
Reader = Callable[[Any], Any]
Writer = Callable[[Any], Any]

_UNKNOWN_KEY = "?"
_NAMES = {
    **vars(ids),
    **vars(link_codes),
    **vars(case),
    **vars(evidence),
    **vars(messages),
    **vars(events),
    "date": date,
    "datetime": datetime,
    "Mapping": Mapping,
}
"""What the hints of the records name; the core imports some of it for type checkers alone."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
_decode = json.JSONDecoder().decode


def to_bytes(record: object) -> bytes:
    """The record as JSON. Raises StorageError when it holds something that JSON cannot."""
    try:
        return _encode(_plain(record)).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError) as error:
        raise StorageError(f"a {type(record).__name__} cannot be written as JSON") from error


def from_bytes(kind: type[T], data: bytes) -> T:
    """The record of ``to_bytes``. Raises UnreadableError when the bytes are not one."""
    try:
        read = _reader(cast("Any", kind))
        return cast("T", read(_decode(data.decode("utf-8", "surrogatepass"))))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise UnreadableError(f"a stored {kind.__name__} cannot be read ({type(error).__name__})") from None


def _plain(value: object) -> Any:
    return _writer(cast("Any", type(value)))(value)


@lru_cache(maxsize=256)
def _writer(kind: type) -> Writer:
    """What turns a value of that type into plain JSON; enumerations of texts are texts already."""
    for types_, writer in _WRITERS:
        if issubclass(kind, types_):
            return writer
    if not is_dataclass(kind):
        raise TypeError(f"{kind.__name__} is not a record")
    names = tuple(field.name for field in fields(kind))
    return lambda record: {name: _plain(getattr(record, name)) for name in names}


_WRITERS: tuple[tuple[tuple[type, ...], Writer], ...] = (
    ((str, int, float, types.NoneType), lambda value: value),
    ((Unknown,), lambda unknown: {_UNKNOWN_KEY: unknown.value}),
    ((tuple, list), lambda items: [_plain(item) for item in items]),
    ((frozenset,), lambda items: sorted(_plain(item) for item in items)),
    ((date,), lambda moment: moment.isoformat()),
    ((Mapping,), lambda facts: {key: _plain(value) for key, value in facts.items()}),
)


@lru_cache(maxsize=256)
def _reader(hint: Any) -> Reader:
    """What turns plain JSON into a value of that hint."""
    if isinstance(hint, NewType):
        return _reader(hint.__supertype__)
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return _union_reader(arguments)
    if origin in {tuple, frozenset}:
        return _collection_reader(cast("type", origin), _reader(_element(hint, arguments)))
    return _plain_reader(dict if origin is Mapping else hint)


def _plain_reader(kind: type) -> Reader:
    if is_dataclass(kind):
        return _record_reader(kind)
    if issubclass(kind, date):
        return kind.fromisoformat
    return kind if issubclass(kind, Enum) else _checked(kind)


def _element(hint: object, arguments: tuple[Any, ...]) -> object:
    if len(arguments) == 1 or arguments[1:] == (Ellipsis,):
        return arguments[0]
    raise TypeError(f"{hint} is not written by this codec")


def _record_reader(kind: type) -> Reader:
    hints = get_type_hints(kind, localns=_NAMES)
    readers = [(field.name, _reader(hints[field.name])) for field in fields(kind)]
    required = {field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING}

    def read(raw: Any) -> Any:
        if not isinstance(raw, dict):
            raise TypeError(kind.__name__)
        known = {name: reader(raw[name]) for name, reader in readers if name in raw}
        if not required <= known.keys():
            raise KeyError(kind.__name__)
        return kind(**known)

    return read


def _union_reader(arguments: tuple[Any, ...]) -> Reader:
    values = [argument for argument in arguments if argument not in {Unknown, types.NoneType}]
    if len(values) != 1:
        raise TypeError("a field may have one type beside None and Unknown")
    inner = _reader(values[0])
    may_be_none, may_be_unknown = types.NoneType in arguments, Unknown in arguments

    def read(raw: Any) -> Any:
        if raw is None and may_be_none:
            return None
        if may_be_unknown and isinstance(raw, dict) and _UNKNOWN_KEY in raw:
            return Unknown(raw[_UNKNOWN_KEY])
        return inner(raw)

    return read


def _collection_reader(kind: type, element: Reader) -> Reader:
    def read(raw: Any) -> Any:
        if not isinstance(raw, list):
            raise TypeError(kind.__name__)
        return kind([element(item) for item in raw])

    return read


def _checked(kind: type) -> Reader:
    """A reader for JSON's own types: True is no int, a number no text."""

    def read(raw: Any) -> Any:
        if type(raw) is not kind:
            raise TypeError(kind.__name__)
        return raw

    return read
