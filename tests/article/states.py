"""What an emulated Azure holds, in words that mean the same in another one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from azure_emulator.emulator import Emulator

_GUID = re.compile(r"\b[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}\b")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_LOOPBACK = re.compile(r"https://127\.0\.0\.1:\d+")
_SECONDS = ("created", "updated")
CALLER = "oid of the caller"

State = dict[str, dict[str, Any]]


def state_of(azure: Emulator) -> State:
    """Give all resources by section and name, role assignments by `role to principal`.

    Principals are called by their names (`oid of myACIId`), roles by theirs; other IDs, times and
    the ports of vaults are masked. The caller's own roles, which each test gives, are left out.
    """
    state = json.loads(_named(azure), object_hook=_without_seconds)
    assignments = state.pop("roleAssignments")
    state = {section: _by_name(bodies) for section, bodies in state.items()}
    state["roleAssignments"] = {
        f"{_last(each['roleDefinitionId'])} to {each['principalId']}": each
        for each in (body["properties"] for body in assignments)
        if each["principalId"] != CALLER
    }
    return dict(state)


def _named(azure: Emulator) -> str:
    """Write the state as JSON with lists for sections, since masked IDs may be alike."""
    text = json.dumps({name: list(bodies.values()) for name, bodies in azure.state().items()})
    for known, name in names_of(azure).items():
        text = text.replace(known, name)
    return _GUID.sub("*", _TIME.sub("*", _LOOPBACK.sub("https://vault", text)))


def names_of(azure: Emulator) -> dict[str, str]:
    """Give the name of each ID that has one: of principals, roles, the tenant, the subscription."""
    names = {
        azure.settings.tenant_id: "tenant",
        azure.settings.subscription_ids[0]: "subscription",
    }
    for principal in azure.cloud.directory.principals():
        name = principal.display_name if principal.managed else "the caller"
        names |= {principal.oid: f"oid of {name}", principal.appid: f"appid of {name}"}
    return names | {role.name: role.role_name for role in azure.cloud.authorization.definitions}


def _by_name(bodies: list[dict[str, Any]]) -> dict[str, Any]:
    return {_last(body["id"]): body for body in bodies}


def _last(arm_id: str) -> str:
    return arm_id.rpartition("/")[2]


def _without_seconds(body: dict[str, Any]) -> dict[str, Any]:
    masked = {name: "*" for name in _SECONDS if isinstance(body.get(name), int)}
    return {**body, **masked}


def differences(one: Any, other: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """List where two JSON values differ, by path, with both values (None: absent or null)."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        pairs = {f"{path}.{key}": (one.get(key), other.get(key)) for key in {**one, **other}}
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = {f"{path}[{n}]": pair for n, pair in enumerate(zip(one, other, strict=True))}
    else:
        return {} if one == other else {path.removeprefix("."): (one, other)}
    found: dict[str, tuple[Any, Any]] = {}
    for below, pair in pairs.items():
        found |= differences(*pair, below)
    return found
