"""Values of status in a ConfigMap of the object's own, for programs that cannot read status.

`spec.operator.configMap` names it, and for each of its keys the place in status. How the object
itself fares does not depend on it: what is wrong stands in the condition `Exported` alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.engine.queue import Share
from aci_operator.kube import owned_config_maps as config_maps
from aci_operator.kube.errors import Denied
from aci_operator.reconcile.context import Pass

FIELD = "spec.operator.configMap"
WRITTEN = "configMapName"
"""The field of status with the name of the ConfigMap that was made."""
RETRY = 60.0
"""Seconds until what only somebody else can change is looked at again; it costs Azure nothing."""
_STEP = re.compile(r"\.([A-Za-z][A-Za-z0-9]*)|\[(\d+)\]")
RIGHTS = "kubectl apply -k deploy/kustomize/exports"


async def bring(p: Pass) -> None:
    """Make the ConfigMap as the spec says, and say how that went.

    Reads the status that is about to be stored. Raises kube's errors but for `Denied`.
    """
    wanted = p.started_as.policy.get("configMap") or {}
    before = p.object.status.get(WRITTEN)
    if p.object.deleting or not (wanted or before):
        return
    try:
        if before and before != wanted.get("name"):
            await _take_away(p, before)
        if wanted:
            await _write(p, wanted["name"], wanted["data"])
    except Denied as error:
        text = f"{error} Give the operator the right: {RIGHTS}."
        _refuse(p, reasons.CONFIG_MAP_FORBIDDEN, text)


def values(places: Mapping[str, str], status: Mapping[str, Any]) -> dict[str, str]:
    """Give the data of those places that are there, texts as they are and all else as JSON. Pure.

    >>> values({"id": "status.identity.clientId"}, {"identity": {"clientId": "1"}})
    {'id': '1'}
    """
    found = ((key, _at(status, place)) for key, place in places.items())
    return {
        key: value if isinstance(value, str) else json.dumps(value, sort_keys=True)
        for key, value in found
        if value is not None
    }


async def _write(p: Pass, name: str, places: Mapping[str, str]) -> None:
    data = values(places, p.status.build(p.generation, p.world.clock.now()))
    found = await config_maps.read(p.world.kube, p.namespace, name)
    if found is not None and p.object.uid not in found.owners:
        text = f"{FIELD}.name: the ConfigMap {name} is there and is not this object's. Choose "
        _refuse(p, reasons.CONFIG_MAP_TAKEN, f"{text}another name, or delete it.")
        return
    if found is None and data:
        await config_maps.create(p.world.kube, p.object, name, data)
    elif found is not None and found.data != data:
        await config_maps.change(p.world.kube, found, data)
    if found is not None or data:
        p.status.set(**{WRITTEN: name})
    _say(p, name, [f"{key} ({place})" for key, place in places.items() if key not in data])


async def _take_away(p: Pass, name: str) -> None:
    """Delete the one that a former spec asked for."""
    found = await config_maps.read(p.world.kube, p.namespace, name)
    if found is not None and p.object.uid in found.owners:
        await config_maps.delete(p.world.kube, found)
    p.status.set(**{WRITTEN: None})
    p.status.unsay(conditions.EXPORTED)


def _say(p: Pass, name: str, missing: list[str]) -> None:
    if missing:
        text = f"Status does not have this yet: {', '.join(missing)}."
        p.status.say(conditions.EXPORTED, "False", reasons.WAITING_FOR_VALUES, text)
    else:
        text = f"The ConfigMap {name} has all values."
        p.status.say(conditions.EXPORTED, "True", reasons.EXPORTED, text)


def _refuse(p: Pass, reason: str, message: str) -> None:
    if conditions.find(p.started_as.status, conditions.EXPORTED).get("reason") != reason:
        p.event(reason, message, type_="Warning")
    p.status.say(conditions.EXPORTED, "False", reason, message)
    p.again(RETRY, Share.DRIFT)


def _at(status: Mapping[str, Any], place: str) -> Any:
    """Give what stands at `status.a.b[0].c`, None if nothing does."""
    value: Any = status
    for name, number in _STEP.findall(place.removeprefix("status")):
        if name:
            value = value.get(name) if isinstance(value, Mapping) else None
        elif isinstance(value, list) and int(number) < len(value):
            value = value[int(number)]
        else:
            value = None
    return value
