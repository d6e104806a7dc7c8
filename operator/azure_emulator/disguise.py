"""Answers in another guise: what a client that reads carefully must not stumble over.

Nothing here is evidence of Azure; it is what Azure may do at any time without a new api-version
(more members), never promised (an order), or does in places (another letter case of IDs).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from azure_emulator.settings import Settings

UNLISTED = "unlistedMember"
_MAPS = frozenset({"tags", "keyValuePairs", "metadata", "secret", "settings", "annotations"})
"""Members whose value is a map with names that users chose."""
_KEYED_BY_ID = "userAssignedIdentities"
_UNORDERED = frozenset({"value", "accessPolicies", "secrets", "usages"})
_SHOUTED = frozenset(
    {
        "id",
        "type",
        "location",
        "scope",
        "roleDefinitionId",
        "principalId",
        "objectId",
        "clientId",
    }
)
_SHOUTED_START = ("/", "Microsoft.")


def disguised(body: Any, settings: Settings) -> Any:
    """Give an answer's body in the guise that the settings ask for."""
    if settings.unlisted_fields:
        body = _with_more(body, "")
    if settings.shouted_case:
        body = _shouted(body, "")
    if settings.shuffled_order:
        body = _shuffled(body, "")
    return body


def _with_more(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_with_more(each, "") for each in value]
    if not isinstance(value, Mapping) or name in _MAPS:
        return value
    more = {} if name == _KEYED_BY_ID else {UNLISTED: {"since": "never listed"}}
    return {**{key: _with_more(each, key) for key, each in value.items()}, **more}


def _shuffled(value: Any, name: str) -> Any:
    if isinstance(value, list):
        ordered = [_shuffled(each, "") for each in value]
        return ordered[::-1] if name in _UNORDERED else ordered
    if not isinstance(value, Mapping):
        return value
    return {key: _shuffled(value[key], key) for key in reversed(value)}


def _shouted(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [_shouted(each, "") for each in value]
    if isinstance(value, Mapping):
        if name in _MAPS:
            return value
        keyed = name == _KEYED_BY_ID
        return {key.upper() if keyed else key: _shouted(each, key) for key, each in value.items()}
    return value.upper() if isinstance(value, str) and _is_shouted(name, value) else value


def _is_shouted(name: str, value: str) -> bool:
    """Tell whether a text is an ID, a resource type or a location: no kind of identity
    (`type: SystemAssigned`), no secret's URL."""
    if name == "type":
        return "/" in value
    return name in _SHOUTED and "://" not in value
