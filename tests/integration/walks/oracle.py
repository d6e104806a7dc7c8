"""Status = Azure = spec: what has to hold once a generation has been handled."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from integration.walks import forms, grants, inner, roles
from integration.walks.ledger import NAMES, meant, without
from integration.walks.scene import VALUES, Scene
from integration.world import condition_of

SECTIONS = {
    "ResourceGroup": "resourceGroups",
    "UserAssignedIdentity": "userAssignedIdentities",
    "KeyVault": "vaults",
    "KeyVaultSecret": "secrets",
    "ContainerGroup": "containerGroups",
}
Spec = Mapping[str, Any]


def differences(scene: Scene, kind: str, token: str, spec: Spec) -> dict[str, Any]:
    """Give where Azure is not as the spec says: word -> (wanted, seen)."""
    if kind == "KeyVaultAccess":
        asked = {scene.principal_of(spec["principal"]): [spec["permissions"]]}
        return _unlike(*grants.compared(scene, f"{token}v", asked))
    if kind == "RoleAssignment":
        return _unlike(*roles.compared(scene, token, spec))
    body = resource(scene, kind, token)
    if body is None:
        return {"resource": (token, None)}
    wanted, seen = forms.wanted(kind, spec, scene.identities()), forms.seen(kind, body, spec)
    if kind == "ContainerGroup":
        wanted, seen = inner.wanted(scene, spec, wanted), inner.seen(body, seen)
    found = _unlike(wanted, seen)
    if kind == "KeyVault" and not _operator_is_in(scene, body):
        found["operator's own access"] = (True, False)
    return {**found, **_unlike(_values_wanted(kind, spec), _values_sent(scene, kind, token, spec))}


def _operator_is_in(scene: Scene, vault: Mapping[str, Any]) -> bool:
    """Whether the operator may write secrets into a vault that it made, by the vault's model."""
    azure = scene.world.azure
    operator = azure.cloud.directory.find_application(scene.world.account.client_id)
    assert operator is not None
    if vault["properties"].get("enableRbacAuthorization"):
        held = azure.state()["roleAssignments"]
        scope = f"{vault['id']}/".lower()
        return any(
            id_.lower().startswith(scope) and each["properties"]["principalId"] == operator.oid
            for id_, each in held.items()
        )
    entries = vault["properties"].get("accessPolicies") or ()
    return any(each["objectId"] == operator.oid for each in entries)


def resource(scene: Scene, kind: str, token: str) -> dict[str, Any] | None:
    """Give what Azure holds of an object's resource."""
    held = scene.world.azure.state()[SECTIONS[kind]]
    return next((b for i, b in held.items() if i.lower().endswith(f"/{token}")), None)


def status_lies(scene: Scene, kind: str, token: str, item: Mapping[str, Any]) -> dict[str, Any]:
    """Give where the status of a Ready object is not as Azure: word -> (status, Azure)."""
    status = item["status"]
    if kind == "RoleAssignment":
        held = scene.world.azure.state()["roleAssignments"]
        given = held.get(str(status.get("id")), {"properties": {}})["properties"]
        names = ("principalId", "scope", "roleDefinitionId")
        return _unlike(_ends(status, names), _ends(given, names))
    if kind == "KeyVaultAccess":
        granted = {k: sorted(w.lower() for w in v) for k, v in item["spec"]["permissions"].items()}
        said = {k: sorted(w.lower() for w in v) for k, v in (status.get("granted") or {}).items()}
        return _unlike({"granted": {k: v for k, v in granted.items() if v}}, {"granted": said})
    body = resource(scene, kind, token)
    if body is None:
        return {}
    properties = body.get("properties") or {}
    identity = body.get("identity") or {}
    address = properties.get("ipAddress") or {}
    azure: dict[str, dict[str, Any]] = {
        "ResourceGroup": {"location": body.get("location")},
        "UserAssignedIdentity": {n: properties.get(n) for n in ("principalId", "clientId")},
        "KeyVault": {"vaultUri": str(properties.get("vaultUri", "")).rstrip("/")},
        "KeyVaultSecret": {"secretId": None},
        "ContainerGroup": {
            "principalId": identity.get("principalId"),
            "ip": address.get("ip"),
            "names": sorted(each["name"] for each in properties.get("containers") or ()),
        },
    }
    return _unlike(_said(kind, status), azure[kind])


def _ends(told: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """Take the last words of IDs: a role is the same one however its ID begins."""
    return {name: str(told.get(name)).rstrip("/").rpartition("/")[2].lower() for name in names}


def _said(kind: str, status: Mapping[str, Any]) -> dict[str, Any]:
    if kind == "ContainerGroup":
        return {
            "principalId": (status.get("identity") or {}).get("principalId"),
            "ip": (status.get("ipAddress") or {}).get("ip"),
            "names": sorted(each["name"] for each in status.get("containers") or ()),
        }
    if kind == "ResourceGroup":
        return {"location": forms.place(status["location"])}
    names = {"UserAssignedIdentity": ("principalId", "clientId"), "KeyVault": ("vaultUri",)}
    said = {name: status.get(name) for name in names.get(kind, ())}
    return said if said else {"secretId": None}


def names_a_field(item: Mapping[str, Any]) -> bool:
    """Whether the message of a stalled object names a field of a spec, or Azure's own word."""
    message = condition_of(dict(item), "Stalled")["message"]
    return bool(re.search(r"spec\.\w+|identity|'\w|\bname\b|location|property", message))


def alike(scene: Scene, token: str, twin: str) -> dict[str, Any]:
    """Give where two objects' resources in Azure differ, names apart."""
    if scene.retained.get(token):
        return {}  # the twin has left nothing behind
    first = scene.ledger.own_state(token)
    second = json.loads(json.dumps(scene.ledger.own_state(twin)).replace(twin, token))
    return _unlike(_nameless(first), _nameless(second))


def _nameless(state: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Leave out names, and the operator's own way into vaults, which `differences` looks at."""
    hidden = (*NAMES, "accessPolicies")
    hides = "vaults" in state
    kept = {s: held for s, held in state.items() if not (hides and s == "roleAssignments")}
    bodies = {s: [meant(without(hidden, b)) for b in held.values()] for s, held in kept.items()}
    return {s: sorted(json.dumps(b, sort_keys=True) for b in held) for s, held in bodies.items()}


def _values_wanted(kind: str, spec: Spec) -> dict[str, Any]:
    """Give the secret values that should have been sent, by where they stand."""
    if kind == "KeyVaultSecret":
        return {"value": VALUES.get(spec["valueFrom"]["secretKeyRef"]["key"])}
    found: dict[str, Any] = {}
    for each in spec.get("containers") or ():
        for variable in each.get("environmentVariables") or ():
            if "secureValueFrom" in variable:
                key = variable["secureValueFrom"]["secretKeyRef"]["key"]
                found[f"{each['name']}/{variable['name']}"] = VALUES.get(key)
    for each in spec.get("imageRegistryCredentials") or ():
        if "passwordFrom" in each:
            found[each["server"]] = VALUES.get(each["passwordFrom"]["secretKeyRef"]["key"])
    return found


def _values_sent(scene: Scene, kind: str, token: str, spec: Spec) -> dict[str, Any]:
    body = scene.ledger.body(token) or {}
    if kind == "KeyVaultSecret":
        return {"value": body.get("value")}
    if kind != "ContainerGroup":
        return {}
    properties, found = body.get("properties") or {}, {}
    for each in properties.get("containers") or ():
        for variable in each["properties"].get("environmentVariables") or ():
            if "secureValue" in variable:
                found[f"{each['name']}/{variable['name']}"] = variable["secureValue"]
    for each in properties.get("imageRegistryCredentials") or ():
        if "password" in each:
            found[each["server"]] = each["password"]
    return found


def _unlike(wanted: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    names = sorted({*wanted, *seen})
    return {n: (wanted.get(n), seen.get(n)) for n in names if wanted.get(n) != seen.get(n)}
