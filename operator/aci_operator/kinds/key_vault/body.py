"""The vault's body, and in what an observed vault differs from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

OPERATOR_SECRET_PERMISSIONS = ("set", "list", "delete", "recover")
"""What the operator gives itself on the vaults that it makes: everything it needs, without get."""

_SAME_NAME = (
    "enabledForDeployment",
    "enabledForDiskEncryption",
    "enabledForTemplateDeployment",
    "enablePurgeProtection",
    "softDeleteRetentionInDays",
    "publicNetworkAccess",
    "networkAcls",
)
"""Spec fields that stand under `properties` with the same name and the same value."""

LASTING = ("spec.softDeleteRetentionInDays",)
"""What Azure takes when it makes the vault, and never changes (azure.md section 7.3)."""

_DEFAULTS: dict[str, Any] = {
    "enabledForDeployment": False,
    "enabledForDiskEncryption": False,
    "enabledForTemplateDeployment": False,
    "publicNetworkAccess": "Enabled",
    "networkAcls": {"bypass": "AzureServices", "defaultAction": "Allow"},
}
"""What an absent key in an answer means (azure.md section 10: the answer omits defaults)."""


_RULES: dict[str, Any] = {
    "bypass": "AzureServices",
    "defaultAction": "Allow",
    "ipRules": [],
    "virtualNetworkRules": [],
}
"""What network rules are that nobody has given."""


def given(spec: Mapping[str, Any]) -> list[str]:
    """List what the spec gives and may leave out again: names, of rules `networkAcls.NAME`."""
    rules = [f"networkAcls.{name}" for name in _RULES if name in (spec.get("networkAcls") or {})]
    names = [name for name in _DEFAULTS if name in spec and name != "networkAcls"]
    return sorted(names + rules)


def completed(spec: Mapping[str, Any], applied: Sequence[str]) -> dict[str, Any]:
    """Give the spec with Azure's defaults for what an earlier one gave (`given`) and it does not.

    A PATCH leaves alone what it does not hold, so what leaves the spec has to be sent once more.
    """
    left = {n: v for n, v in _DEFAULTS.items() if n in applied and n != "networkAcls"}
    rules = {name: v for name, v in _RULES.items() if f"networkAcls.{name}" in applied}
    whole = {**left, **spec}
    if rules:
        whole["networkAcls"] = {**rules, **(spec.get("networkAcls") or {})}
    return whole


def desired_properties(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Give the properties that the spec asks for; what it leaves out is left out."""
    named = {name: spec[name] for name in _SAME_NAME if name in spec}
    return {
        "enableRbacAuthorization": spec["permissionModel"] == "RBAC",
        "sku": {"family": "A", "name": spec["sku"]["name"]},
        **named,
    }


def changed_properties(
    spec: Mapping[str, Any], paths: Sequence[str], seen: Mapping[str, Any]
) -> dict[str, Any]:
    """Give the properties of the PATCH that writes these paths, and no others.

    Network rules are one property, which a PATCH gives as a whole: what the spec does not say of
    them goes along as it was `seen`, so that it stays.
    """
    wanted = desired_properties(spec)
    if "networkAcls" in wanted:
        there = seen.get("networkAcls") or {}
        kept = {name: there[name] for name in _RULES if there.get(name) is not None}
        wanted["networkAcls"] = {**kept, **wanted["networkAcls"]}
    return {name: value for name, value in wanted.items() if _path(name) in paths}


def creation_properties(
    spec: Mapping[str, Any], tenant_id: str, operator_principal_id: str
) -> dict[str, Any]:
    """Give the properties of the PUT that creates the vault, the operator's own entry included.

    `accessPolicies` is required (azure.md section 10); on an RBAC vault it stays empty.
    """
    entry = entry_of(tenant_id, operator_principal_id)
    policies = [entry] if spec["permissionModel"] == "AccessPolicy" else []
    return {"tenantId": tenant_id, "accessPolicies": policies, **desired_properties(spec)}


def recovery_properties(spec: Mapping[str, Any], tenant_id: str) -> dict[str, Any]:
    """Give the properties of the PUT that brings a deleted vault back; others would be ignored."""
    sku = {"family": "A", "name": spec["sku"]["name"]}
    return {"createMode": "recover", "tenantId": tenant_id, "sku": sku}


def entry_of(tenant_id: str, operator_principal_id: str) -> dict[str, Any]:
    """Give the operator's own entry in the access policies of a vault that it made."""
    return {
        "tenantId": tenant_id,
        "objectId": operator_principal_id,
        "permissions": {"secrets": list(OPERATOR_SECRET_PERMISSIONS)},
    }


def differences(spec: Mapping[str, Any], observed: Mapping[str, Any]) -> tuple[str, ...]:
    """List the paths in which the observed `properties` differ; absent and null mean default."""
    paths = []
    for name, wanted in desired_properties(spec).items():
        seen = observed.get(name)
        if not _equal(wanted, _DEFAULTS.get(name) if seen is None else seen):
            paths.append(_path(name))
    return tuple(paths)


def permission_model(properties: Mapping[str, Any]) -> str:
    """Name the model; an absent or null flag means access policies (azure.md section 10)."""
    return "RBAC" if properties.get("enableRbacAuthorization") else "AccessPolicy"


_PATHS = {"enableRbacAuthorization": "spec.permissionModel", "sku": "spec.sku.name"}

COMPARED = ("permissionModel", "sku.name", *_SAME_NAME)
"""Paths below spec that are compared, tags aside."""


def _path(name: str) -> str:
    return _PATHS.get(name, f"spec.{name}")


def _equal(wanted: Any, observed: Any) -> bool:
    """Compare only what is wanted; words and IDs without letter case, absent as false or empty.

    The rules of a list are compared whole and in any order: a list that the spec gives is the
    spec's own, and a flag that a rule does not give is false.
    """
    if isinstance(wanted, Mapping):
        seen = observed if isinstance(observed, Mapping) else {}
        return all(_equal(value, seen.get(name)) for name, value in wanted.items())
    if isinstance(wanted, list):
        return sorted(map(_rule, wanted)) == sorted(map(_rule, observed or ()))
    if isinstance(wanted, str):
        return isinstance(observed, str) and wanted.lower() == observed.lower()
    return bool(wanted == observed or (not wanted and not observed))


def _rule(rule: Mapping[str, Any]) -> tuple[str, bool]:
    """Say what a rule lets in, and whether Azure asks the subnet for its endpoint.

    One address is stored as a range of one, with /32, and IDs in small letters (swagger example
    of createVaultWithNetworkAcls).
    """
    place = str(rule.get("value") or rule.get("id")).lower().removesuffix("/32")
    return place, bool(rule.get("ignoreMissingVnetServiceEndpoint"))
