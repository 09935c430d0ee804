"""Meta's published description of the Cloud API as a judge of the messages we send.

The file is Meta's own (``graph/whatsapp_cloud_openapi_v23.yaml``, MIT). Four of its readings are ours to make, because
OpenAPI leaves them to the reader: references are resolved, ``allOf`` is read as one object (else ``additionalProperties:
false`` in one part would forbid the fields of the other), a discriminator chooses its branch, and ``FALSE_REFUSALS``
names the few things the file refuses though the API takes them.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import TypeAlias

    from jsonschema import ValidationError

    Schema: TypeAlias = dict[str, Any]

SOURCE = Path(__file__).parent / "graph" / "whatsapp_cloud_openapi_v23.yaml"
PREFIX = "#/components/schemas/"

FALSE_REFUSALS = {
    "read": "marking a message read, with or without a typing indicator, is no message type of the file",
    "location": "coordinates are typed as strings, while the API and Meta's examples take numbers",
    "policy": "language.policy of a template is required, while the API has taken it as given for years",
    "samples": "Meta's own webhook samples fail the file's webhook schema: webhooks are not judged by it",
    "recipient": "a business-scoped user id is newer (2026) than the file: `recipient` may stand for `to`",
    "recipient_type": "required by the file, `individual` when absent in the API and in Meta's own example of contacts",
    "opaque": "biz_opaque_callback_data is documented by Meta on every message and missing in the file",
    "index": "the pattern of a template button's index is a misprint (^[2-6, 11-14]$) that refuses 0 and 1",
}
ALL = frozenset(FALSE_REFUSALS)
OURS = frozenset({"read", "recipient", "opaque"})
"""Those that messages of ours need; whatever else the file refuses of ours is a fault of ours."""


@cache
def description() -> Mapping[str, Any]:
    """The file, read once."""
    with SOURCE.open("rb") as file:
        loaded: Mapping[str, Any] = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


def refusals(body: Any, taken_back: frozenset[str] = ALL) -> list[str]:
    """What Meta's description has against a body for ``POST /{phone}/messages``; empty when nothing.

    ``taken_back`` names which of ``FALSE_REFUSALS`` are not counted.
    """
    if not isinstance(body, dict):
        return ["body: not an object"]
    if body.get("status") == "read" and "read" in taken_back:
        return list(_said(_read_validator(), body))
    validator = _validators(taken_back).get(body.get("type", "text"))
    if validator is None:
        return [f"type: {body.get('type')!r} is no type of message"]
    return list(_said(validator, body))


def message_types() -> list[str]:
    """The kinds of messages the file knows."""
    return sorted(_validators(ALL))


def _said(validator: Draft202012Validator, body: Mapping[str, Any]) -> Iterator[str]:
    for error in validator.iter_errors(body):
        for leaf in _leaves(error):
            yield f"{'.'.join(map(str, leaf.absolute_path)) or 'body'}: {leaf.message[-120:]}"


def _leaves(error: ValidationError) -> Iterable[ValidationError]:
    """The errors of the branch of a ``oneOf`` that came nearest, so that the reason is the sender's."""
    if not error.context:
        return [error]
    branches: dict[int, list[ValidationError]] = {}
    for part in error.context:
        branches.setdefault(int(part.schema_path[0]), []).append(part)
    nearest = min(branches.values(), key=_distance)
    return [leaf for part in nearest for leaf in _leaves(part)]


def _distance(errors: list[ValidationError]) -> tuple[int, int]:
    """A branch whose required fields are all there is nearer than one that lacks some."""
    return sum(error.validator == "required" for error in errors), len(errors)


@cache
def _validators(taken_back: frozenset[str]) -> dict[str, Draft202012Validator]:
    mapping = description()["components"]["schemas"]["Message"]["discriminator"]["mapping"]
    found = {}
    for kind, reference in mapping.items():
        schema = _Reader().resolve({"$ref": reference})
        found[kind] = Draft202012Validator(_mend(schema, kind, taken_back))
    return found


def _mend(schema: Schema, kind: str, taken_back: frozenset[str]) -> Schema:
    """Takes back what is named of ``FALSE_REFUSALS``, and nothing else."""
    properties = schema["properties"]
    properties["messaging_product"] = {"const": "whatsapp"}
    schema["additionalProperties"] = False  # the file forbids it for all kinds but two, by oversight
    needed = set(schema["required"]) - ({"recipient_type"} & taken_back)
    if "recipient" in taken_back:
        properties["recipient"] = {"type": "string", "pattern": r"^[A-Z]{2}\.(ENT\.)?[0-9A-Za-z]{1,128}$"}
        needed.discard("to")
        schema["anyOf"] = [{"required": ["to"]}, {"required": ["recipient"]}]
    schema["required"] = sorted(needed)
    if "opaque" in taken_back:
        properties["biz_opaque_callback_data"] = {"type": "string", "maxLength": 512}
    if kind == "location" and "location" in taken_back:
        for name in ("latitude", "longitude"):
            properties["location"]["properties"][name] = {"type": ["number", "string"]}
    if kind == "template" and "policy" in taken_back:
        properties["template"]["properties"]["language"]["required"] = ["code"]
    if kind == "template" and "index" in taken_back:
        for part in _dicts(properties["template"]):
            if isinstance(part.get("index"), dict) and "pattern" in part["index"]:
                part["index"] = {"type": ["string", "integer"], "pattern": "^[0-9]$"}
    return schema


def _dicts(schema: Any) -> Iterator[Schema]:
    if isinstance(schema, dict):
        yield schema
    for value in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _dicts(value)


@cache
def _read_validator() -> Draft202012Validator:
    """The body of a read mark, written from Meta's page on typing indicators."""
    return Draft202012Validator(
        {
            "type": "object",
            "required": ["messaging_product", "status", "message_id"],
            "additionalProperties": False,
            "properties": {
                "messaging_product": {"const": "whatsapp"},
                "status": {"const": "read"},
                "message_id": {"type": "string", "minLength": 1},
                "typing_indicator": {
                    "type": "object",
                    "required": ["type"],
                    "additionalProperties": False,
                    "properties": {"type": {"const": "text"}},
                },
            },
        },
    )


class _Reader:
    """Turns schemas of the file into plain JSON Schema."""

    def __init__(self) -> None:
        self.schemas = description()["components"]["schemas"]

    def resolve(self, schema: Any, *, choose: bool = True) -> Any:
        """A schema with its references, unions and discriminators read out."""
        if isinstance(schema, list):
            return [self.resolve(part) for part in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            return self.resolve(self.schemas[schema["$ref"].removeprefix(PREFIX)], choose=choose)
        if choose and "mapping" in schema.get("discriminator", {}):
            return self._chosen(schema)
        parts = [self.resolve(part, choose=False) for part in schema.get("allOf", ())]
        own = {key: self._value(key, value) for key, value in schema.items() if key not in {"allOf", "discriminator"}}
        return _merged([*parts, own]) if parts else own

    def _value(self, key: str, value: Any) -> Any:
        if key == "properties":
            return {name: self.resolve(part) for name, part in value.items()}
        if key in {"example", "examples", "default", "enum", "required", "const"}:
            return copy.deepcopy(value)
        return self.resolve(value)

    def _chosen(self, schema: Schema) -> Schema:
        """The branch the discriminator names; a value it does not know is refused."""
        name, mapping = schema["discriminator"]["propertyName"], schema["discriminator"]["mapping"]
        branches = [
            {
                "if": {"properties": {name: {"const": value}}, "required": [name]},
                "then": self.resolve({"$ref": reference}, choose=False),
            }
            for value, reference in mapping.items()
        ]
        return {"required": [name], "properties": {name: {"enum": sorted(mapping)}}, "allOf": branches}


def _merged(parts: list[Schema]) -> Schema:
    """Several parts of one object as one object, so that a closed part closes the whole, not its neighbours."""
    whole: Schema = {"type": "object", "properties": {}, "required": []}
    for part in parts:
        for name, value in part.get("properties", {}).items():
            known = whole["properties"].get(name)
            whole["properties"][name] = {**known, **value} if known else value
        whole["required"] += [name for name in part.get("required", ()) if name not in whole["required"]]
        for key, value in part.items():
            if key not in {"type", "properties", "required"}:
                whole[key] = value
    return whole
