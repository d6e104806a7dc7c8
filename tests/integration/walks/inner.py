"""What `spec.operator` of a group asks for: power, variables of its own, and grants as objects."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from typing import Any

from integration.walks import grants
from integration.walks.scene import Scene, is_handled, vault_of
from integration.world import condition_of

Body = Mapping[str, Any]
Form = dict[str, Any]
PATIENCE = 40.0
"""Seconds until grants have followed their group: they are objects with passes of their own."""


def wanted(scene: Scene, spec: Body, form: Form) -> Form:
    """Add to a form what `spec.operator` asks for of the group itself."""
    containers = {
        name: {**one, "variables": _injected(scene, spec) | one["variables"]}
        for name, one in form["containers"].items()
    }
    stopped = _policy(spec).get("powerState") == "Stopped"
    return {**_without_address(form, stopped), "containers": containers, "stopped": stopped}


def seen(body: Body, form: Form) -> Form:
    """Add to a form whether Azure has stopped the group."""
    view = body["properties"].get("instanceView") or {}
    stopped = view.get("state") == "Stopped"
    return {**_without_address(form, stopped), "stopped": stopped}


def _without_address(form: Form, stopped: bool) -> Form:
    """What is stopped has given its address back."""
    names = ("address", "scopeOfLabel") if stopped else ()
    return {name: value for name, value in form.items() if name not in names}


def replaces(spec: Body) -> bool:
    """Whether the group may be deleted to be made anew."""
    return bool(_policy(spec).get("update") == "Replace")


async def grants_unlike(scene: Scene, token: str, spec: Body) -> dict[str, Any]:
    """Wait until the grants inside a group are as its spec says; give what is not, or nothing."""
    end = time.monotonic() + PATIENCE
    while True:
        found = _grants_unlike(scene, token, spec)
        if not found or time.monotonic() > end:
            return found
        await asyncio.sleep(0.3)


def _grants_unlike(scene: Scene, token: str, spec: Body) -> dict[str, Any]:
    asked = sorted(json.dumps(each, sort_keys=True) for each in _entries(spec, token))
    held = _children(scene, token)
    there = sorted(json.dumps(_entry(each["spec"]), sort_keys=True) for each in held)
    if asked != there:
        return {"objects": (asked, there)}
    said = condition_of(scene.objects["ContainerGroup", token], "AccessGranted").get("status")
    late = [each for each in held if not is_handled(each, each["metadata"]["generation"])]
    ready = [each for each in held if condition_of(each, "Ready").get("status") == "True"]
    told = str(len(ready) == len(held)) if held else None
    if late or said != told:
        return {"AccessGranted": (told, said, [each["status"] for each in late])}
    if len(ready) < len(held):
        return {}  # one that is refused leaves what there was
    by: dict[str, list[Any]] = {}
    for each in held:
        who = scene.principal_of(each["spec"]["principal"])
        by.setdefault(who, []).append(each["spec"]["permissions"])
    should, does = grants.compared(scene, vault_of(token), by)
    return {} if should == does else {"grants": (should, does)}


def _children(scene: Scene, token: str) -> list[dict[str, Any]]:
    return [
        item
        for (kind, _), item in scene.objects.items()
        if kind == "KeyVaultAccess"
        and [owner["name"] for owner in item["metadata"].get("ownerReferences", ())] == [token]
    ]


def _entry(spec: Body) -> Form:
    names = ("keyVaultRef", "permissions", "mode", "principal")
    return {name: spec.get(name) for name in names}


def _entries(spec: Body, token: str) -> list[Form]:
    return [
        {
            "keyVaultRef": each["keyVaultRef"],
            "permissions": each["permissions"],
            "mode": each.get("mode", "Auto"),
            "principal": _principal(spec, token),
        }
        for each in _policy(spec).get("keyVaultAccess") or ()
    ]


def _principal(spec: Body, token: str) -> Form:
    """The identity that the containers are told, else the system's, else the only other one."""
    told = _told(spec)
    identity = spec.get("identity") or {}
    if told is None and "SystemAssigned" not in identity.get("type", ""):
        (told,) = identity["userAssigned"]
    return {"userAssignedIdentityRef": told} if told else {"containerGroupRef": {"name": token}}


def _told(spec: Body) -> Any:
    assigned = (spec.get("identity") or {}).get("userAssigned") or []
    if not _policy(spec).get("injectIdentity") or not assigned:
        return None
    return _policy(spec).get("injectIdentityRef") or (assigned[0] if len(assigned) == 1 else None)


def _injected(scene: Scene, spec: Body) -> dict[str, str]:
    told = _told(spec)
    if told is None:
        return {}
    name = told.get("name") or told["id"].rpartition("/")[2]
    status = scene.objects["UserAssignedIdentity", name]["status"]
    if spec.get("osType") == "Windows":
        return {"AZURE_PRINCIPAL_ID": status["principalId"]}
    return {"AZURE_CLIENT_ID": status["clientId"]}


def _policy(spec: Body) -> Body:
    found: Body = spec.get("operator") or {}
    return found
