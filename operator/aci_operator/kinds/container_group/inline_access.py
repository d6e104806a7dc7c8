"""Grants that stand inside a group: `spec.operator.keyVaultAccess`, each made an object of its own.

The objects are KeyVaultAccess like any other, owned by the group, so that they are seen, do their
own work, and go with it. The right to write such an entry is what the admission policy
`aci-operator-inline-grants` checks.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from aci_operator.api import conditions, reasons
from aci_operator.api.kinds import KEY_VAULT_ACCESS
from aci_operator.api.objects import API_VERSION, GROUP, Key, Object
from aci_operator.kinds.container_group import injection
from aci_operator.kube import objects
from aci_operator.kube.errors import Gone, Stale
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.policies import observes
from aci_operator.reconcile.steps import Stall, Wait

FIELD = "spec.operator.keyVaultAccess"
MAY_GO = ("probe",)
"""Fields of an object that an entry may have or not."""
OWNER_LABEL = f"{GROUP}/container-group-uid"
"""Says whose an object is; a name may be too long for a label."""
NAME_START = 200
"""Characters of the group's name that an object's name begins with; 253 is the most in all."""
AGAIN = 2.0
"""Seconds until the store has surely learnt of an object that the API server already has."""
JsonObject = dict[str, Any]


def wanted(group: Object) -> dict[str, JsonObject]:
    """Give the specs of the objects that the group should have, by name. Pure.

    A name stands for group, vault and principal, which cannot change on an object: where one
    does, another object is made and the old one goes.
    """
    found = {}
    counted: Counter[str] = Counter()
    for entry in group.policy.get("keyVaultAccess") or ():
        made = _spec(group, entry)
        about = json.dumps([group.uid, made["keyVaultRef"], made["principal"]], sort_keys=True)
        digest = hashlib.sha256(f"{about} {counted[about]}".encode()).hexdigest()[:10]
        counted[about] += 1
        found[f"{group.key.name[:NAME_START].rstrip('-.')}-{digest}"] = made
    return found


def keys(group: Object) -> frozenset[Key]:
    """Give the keys of those objects, whose changes the group hears of."""
    namespace = group.key.namespace
    return frozenset(Key(KEY_VAULT_ACCESS.kind, namespace, name) for name in wanted(group))


async def ensure(p: Pass) -> None:
    """Make, change and delete objects until they are as the spec says, and report on them.

    What is new comes before what is old goes. Raises Stall for a group whose identity cannot be
    told, or whose object's name is taken, and the API server's errors.
    """
    _require_identity(p)
    asked = {} if observes(p.object) else wanted(p.started_as)
    for name, spec in asked.items():
        await _bring(p, name, spec)
    for old in _owned(p):
        if old.key.name not in asked and not old.deleting:
            await _delete(p, old)
    _report(p, asked)


async def _bring(p: Pass, name: str, spec: JsonObject) -> None:
    key = Key(KEY_VAULT_ACCESS.kind, p.namespace, name)
    found = p.world.store.get(key)
    if found is None:
        await _create(p, name, spec)
    elif found.labels.get(OWNER_LABEL) != p.object.uid:
        raise Stall(
            reasons.ALREADY_EXISTS,
            f"{FIELD} would make the object {key}, which is there and not this group's. Delete it.",
        )
    elif changed := _changed(found, spec):
        p.world.learn(await objects.change_spec(p.world.kube, found, changed))
        p.event(reasons.ACCESS_CHANGED, f"{key} was changed, as {FIELD} says.")


def _changed(found: Object, spec: JsonObject) -> JsonObject:
    """Give the fields that differ; None for one that the entry does not have any more."""
    gone = {name: None for name in MAY_GO if name in found.spec and name not in spec}
    return {name: v for name, v in spec.items() if found.spec.get(name) != v} | gone


async def _create(p: Pass, name: str, spec: JsonObject) -> None:
    group = p.object
    owner = {
        "apiVersion": API_VERSION,
        "kind": group.key.kind,
        "name": group.key.name,
        "uid": group.uid,
        "controller": True,
        "blockOwnerDeletion": True,  # a foreground deletion of the group waits for its grants
    }
    metadata = {
        "name": name,
        "namespace": p.namespace,
        "labels": {"app.kubernetes.io/managed-by": "aci-operator", OWNER_LABEL: group.uid},
        "ownerReferences": [owner],
    }
    try:
        made = await objects.create(p.world.kube, KEY_VAULT_ACCESS.kind, metadata, spec)
    except Stale:
        text = f"KeyVaultAccess {name} is there already; the operator has not seen it yet."
        raise Wait(reasons.CONFLICT, text, after=AGAIN) from None
    p.world.learn(made)
    p.event(reasons.ACCESS_ASKED_FOR, f"{made.key} was made, as {FIELD} says.")


async def _delete(p: Pass, old: Object) -> None:
    try:
        await objects.delete(p.world.kube, old)
    except (Stale, Gone):
        return  # it has gone, or another one has its name
    p.event(reasons.ACCESS_WITHDRAWN, f"{old.key} is deleted: {FIELD} has no such entry any more.")


def _owned(p: Pass) -> list[Object]:
    known = p.world.store.of_kind(KEY_VAULT_ACCESS.kind)
    return [one for one in known if one.labels.get(OWNER_LABEL) == p.object.uid]


def _report(p: Pass, asked: Mapping[str, JsonObject]) -> None:
    if not asked:
        p.status.unsay(conditions.ACCESS_GRANTED)
        return
    found = [p.world.store.get(key) for key in sorted(keys(p.started_as))]
    missing = [
        one.key.name
        for one in found
        if one is not None and not conditions.is_true(one.status, conditions.READY)
    ]
    if missing:
        text = f"Not granted yet: {', '.join(missing)}; see there."
        p.status.say(conditions.ACCESS_GRANTED, "False", reasons.GRANTING, text)
        return
    text = f"All {len(asked)} grants of {FIELD} stand."
    p.status.say(conditions.ACCESS_GRANTED, "True", reasons.GRANTED, text)


def _spec(group: Object, entry: Mapping[str, Any]) -> JsonObject:
    account = group.spec.get("accountRef")
    return {
        **({"accountRef": dict(account)} if account else {}),
        "keyVaultRef": dict(entry["keyVaultRef"]),
        "permissions": {name: list(words) for name, words in entry["permissions"].items()},
        "mode": entry.get("mode", "Auto"),
        "principal": _principal(group),
        **({"probe": _probe(group, entry["probe"])} if "probe" in entry else {}),
    }


def _probe(group: Object, entry: Mapping[str, Any]) -> JsonObject:
    """Look from inside this very group."""
    here = {"containerGroupRef": {"name": group.key.name}}
    return {**here, "container": entry["container"], "secretName": entry["secretName"]}


def _principal(group: Object) -> JsonObject:
    """The identity that the containers are told; else the group's own; else its only other one."""
    identity = group.spec.get("identity") or {}
    assigned = list(identity.get("userAssigned") or ())
    ref = injection.chosen(group.spec)
    if ref is None and "SystemAssigned" not in identity.get("type", "") and len(assigned) == 1:
        ref = assigned[0]
    if ref is not None:
        return {"userAssignedIdentityRef": dict(ref)}
    return {"containerGroupRef": {"name": group.key.name}}


def _require_identity(p: Pass) -> None:
    if not p.object.policy.get("keyVaultAccess") or observes(p.object):
        return
    type_ = (p.spec.get("identity") or {}).get("type", "None")
    by_group = "containerGroupRef" in _principal(p.started_as)
    if by_group and "SystemAssigned" not in type_:
        several = "UserAssigned" in type_
        reason = reasons.AMBIGUOUS_IDENTITY if several else reasons.INVALID_SPEC
        why = (
            "the group has several user-assigned identities. Choose one by "
            "spec.operator.injectIdentity and injectIdentityRef, give the group a system identity, "
            "or write KeyVaultAccess objects"
            if several
            else "the group has no identity that could be given access. Set spec.identity"
        )
        raise Stall(reason, f"{FIELD}: {why}.")
