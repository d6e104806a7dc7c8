"""What a vault's `properties` become when they are stored, replaced, merged and shown.

Pure functions over JSON. Evidence: azure.md section 10, the keyvault recordings (api-version
2019-09-01) and the swagger of 2023-07-01; [inf] marks what rests on convention.
"""

from __future__ import annotations

import copy
import ipaddress
from collections.abc import Callable, Mapping
from typing import Any

from azure_emulator.vaults import policies, refusals

Properties = dict[str, Any]

OLDEST = "2019-09-01"
"""The api-version of the recordings; it fills in less than later ones."""

RETENTION_DAYS = 90
_SKUS = ("standard", "premium")
_FLAGS = ("enabledForDeployment", "enabledForDiskEncryption", "enabledForTemplateDeployment")
_SHOWN = (
    "sku",
    "tenantId",
    "networkAcls",
    "accessPolicies",
    *_FLAGS,
    "enableSoftDelete",
    "softDeleteRetentionInDays",
    "enableRbacAuthorization",
    "enablePurgeProtection",
)
_LASTING = ("enableSoftDelete", "softDeleteRetentionInDays", "enableRbacAuthorization")


def created(given: Mapping[str, Any], api_version: str, *, rbac_default_from: str) -> Properties:
    """Give the stored properties of a new vault.

    Raises AzureError 400 for what is missing or wrong. From `rbac_default_from` on a new vault
    that does not say otherwise takes roles, not access policies (azure.md section 10, knob 15).
    """
    check_whole(given)
    stored = _plain(given)
    if stored["enableSoftDelete"] is None:
        stored["enableSoftDelete"] = True
    elif stored["enableSoftDelete"] is False and api_version > OLDEST:
        raise refusals.soft_delete_is_final()
    if stored["enableRbacAuthorization"] is None and api_version >= rbac_default_from:
        stored["enableRbacAuthorization"] = True
    return stored


def replaced(stored: Properties, given: Mapping[str, Any]) -> Properties:
    """Give the properties after a PUT on an existing vault: what is left out goes back to default.

    The access model, soft delete, its retention and purge protection stay as they are when left
    out ("updates never switch it", azure.md section 10).
    """
    check_whole(given)
    _check_lasting(stored, given)
    result = _plain(given)
    for name in (*_LASTING, "enablePurgeProtection"):
        if result[name] is None:
            result[name] = stored[name]
    return result


def merged(stored: Properties, given: Mapping[str, Any]) -> Properties:
    """Give the properties after a PATCH: what is given replaces, the rest stays.

    A given `accessPolicies` replaces the whole list (azure.md section 10).
    """
    _check_lasting(stored, given)
    known = {name: value for name, value in given.items() if name in stored and value is not None}
    result = _plain({**stored, **known})
    _check_values(result)
    policies.check(result["accessPolicies"], result["tenantId"])
    return result


def shown(stored: Properties, api_version: str) -> Properties:
    """Give the properties as an answer shows them: unset ones are absent, never null."""
    result = {name: copy.deepcopy(stored[name]) for name in _SHOWN if stored[name] is not None}
    if _is_open(stored["networkAcls"]):
        result.pop("networkAcls", None)
    if api_version > OLDEST:
        result.setdefault("softDeleteRetentionInDays", RETENTION_DAYS)
        result["publicNetworkAccess"] = stored["publicNetworkAccess"] or "Enabled"
    return result


def retention_days(stored: Properties) -> int:
    """Give how many days deleted things are kept: 7 to 90, 0 without soft delete."""
    if not stored["enableSoftDelete"]:
        return 0
    return int(stored["softDeleteRetentionInDays"] or RETENTION_DAYS)


def check_whole(given: Mapping[str, Any]) -> None:
    """Refuse a PUT that lacks something required, or has something wrong: AzureError 400."""
    for name in ("tenantId", "sku", "accessPolicies"):
        if given.get(name) is None:
            raise refusals.missing(name)
    _check_values(given)
    policies.check(given["accessPolicies"], given["tenantId"])


def _plain(given: Mapping[str, Any]) -> Properties:
    stored = {name: copy.deepcopy(given.get(name)) for name in (*_SHOWN, "publicNetworkAccess")}
    stored["enabledForDeployment"] = bool(stored["enabledForDeployment"])
    stored["networkAcls"] = _network_rules(stored["networkAcls"])
    return stored


def _check_lasting(stored: Properties, given: Mapping[str, Any]) -> None:
    days = given.get("softDeleteRetentionInDays")
    if days is not None and stored["enableSoftDelete"] and days != retention_days(stored):
        raise refusals.retention_is_fixed()
    if given.get("enableSoftDelete") is False and stored["enableSoftDelete"]:
        raise refusals.soft_delete_is_final()
    if given.get("enablePurgeProtection") is False and stored["enablePurgeProtection"]:
        raise refusals.purge_protection_is_final()


def _network_rules(given: Mapping[str, Any] | None) -> Properties | None:
    """Fill in a network rule set: lists always there, addresses as networks, IDs lower-case."""
    if given is None:
        return None
    return {
        "bypass": given.get("bypass") or "AzureServices",
        "defaultAction": given.get("defaultAction") or "Allow",
        "ipRules": [{"value": _network(rule["value"])} for rule in given.get("ipRules") or ()],
        "virtualNetworkRules": [
            {**rule, "id": str(rule["id"]).lower()}
            for rule in given.get("virtualNetworkRules") or ()
        ],
    }


def _network(address: str) -> str:
    """Give an address as the service does: one host gets /32 (SPEC example createVault...)."""
    return address if "/" in address else f"{address}/32"


def _is_open(rules: Mapping[str, Any] | None) -> bool:
    """Say whether rules equal the default, which no answer shows (recorded)."""
    return rules is None or (
        rules["defaultAction"] == "Allow"
        and rules["bypass"] == "AzureServices"
        and not rules["ipRules"]
        and not rules["virtualNetworkRules"]
    )


def _check_values(given: Mapping[str, Any]) -> None:
    for name, holds in _CHECKS.items():
        value = given.get(name)
        if value is not None and not holds(value):
            raise refusals.bad_value(name)
    if given.get("enablePurgeProtection") is False:
        raise refusals.purge_protection_is_final()


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_sku(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.get("family") == "A"
        and str(value.get("name")).lower() in _SKUS
    )


def _is_days(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 7 <= value <= RETENTION_DAYS


def _is_rule_set(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    actions = value.get("defaultAction", "Allow"), value.get("bypass", "AzureServices")
    if actions[0] not in ("Allow", "Deny") or actions[1] not in ("AzureServices", "None"):
        return False
    return _are_rules(value.get("ipRules"), "value", _is_network) and _are_rules(
        value.get("virtualNetworkRules"), "id", lambda text: text.startswith("/subscriptions/")
    )


def _are_rules(value: Any, name: str, holds: Callable[[str], bool]) -> bool:
    if value is None:
        return True
    return isinstance(value, list) and all(
        isinstance(rule, dict) and isinstance(rule.get(name), str) and holds(rule[name])
        for rule in value
    )


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


_CHECKS: Mapping[str, Callable[[Any], bool]] = {
    "tenantId": lambda value: isinstance(value, str) and bool(value),
    "sku": _is_sku,
    "enabledForDeployment": _is_flag,
    "enabledForDiskEncryption": _is_flag,
    "enabledForTemplateDeployment": _is_flag,
    "enableSoftDelete": _is_flag,
    "softDeleteRetentionInDays": _is_days,
    "enableRbacAuthorization": _is_flag,
    "enablePurgeProtection": _is_flag,
    "networkAcls": _is_rule_set,
    "publicNetworkAccess": lambda value: str(value).lower() in ("enabled", "disabled"),
}
