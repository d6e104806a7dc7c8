"""The resources that become objects as they stand: groups, identities and vaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import schemas
from .carry import Carrier
from .index import GROUP, IDENTITY, KINDS, VAULT, Input
from .report import Report
from .template import Resource
from .values import LOCATION, Refused

_OWN_TAG = "aci-operator"
_RBAC_SINCE = "2026-02-01"
"""From this API version on a vault is of the RBAC model where the body does not say
(azure.md section 10)."""


def convert(resource: Resource, among: Input, report: Report) -> None:
    """Convert a group, an identity or a vault."""
    kind = KINDS[resource.type.lower()]
    if not isinstance(resource.name, str) or "\ue000" in resource.name:
        report.refuse(resource.label, "name", _name_reason(resource.name))
        return
    name = among.names[resource.id.lower()]
    carrier = Carrier(report, resource.label, kind, f"{name}-values", among.names, among.read_back)
    body = dict(_lower(resource.body))
    body = {key: inner for key, inner in body.items() if key not in ("scope", "name")}
    prepared = _PREPARED[resource.type.lower()](body, resource, among, carrier)
    spec: dict[str, Any] = {"resourceGroupRef": dict(among.group_ref)}
    if kind == "KeyVault" or resource.name != name:
        spec["azureName"] = resource.name
    spec |= carrier.carry(prepared, schemas.spec(kind), "")
    report.add(kind, name, spec)


def _name_reason(name: Any) -> str:
    return name.reason if isinstance(name, Refused) else "it is not plain text"


def _lower(value: Any) -> dict[str, Any]:
    return {str(key).lower(): inner for key, inner in value.items()}


def _general(body: dict[str, Any]) -> dict[str, Any]:
    """Leave out a location that is the resource group's, and the tags of an operator."""
    if body.get("location") == LOCATION:
        del body["location"]
    tags = body.get("tags")
    if isinstance(tags, Mapping):
        body["tags"] = {k: v for k, v in tags.items() if not k.lower().startswith(_OWN_TAG)}
    return body


def _identity(
    body: dict[str, Any], resource: Resource, among: Input, carrier: Carrier
) -> dict[str, Any]:
    return _general(body)


def _group(
    body: dict[str, Any], resource: Resource, among: Input, carrier: Carrier
) -> dict[str, Any]:
    body = _general(body)
    properties = body.get("properties")
    if not isinstance(properties, Mapping):
        return body
    properties = dict(properties)
    for key in [key for key in properties if key.lower() == "networkprofile"]:
        profile = properties.pop(key)
        if subnets := _subnets(profile, among):
            properties["subnetIds"] = subnets
            why = "network profiles are no more; its subnets stand in subnetIds"
            carrier.report.note(resource.label, "networkProfile", why)
        elif profile is not None:
            carrier.refuse("networkProfile", "no longer in Azure's API; list the subnets instead")
    for key, value in list(properties.items()):
        if key.lower() == "confidentialcomputeproperties" and _at(value, "ccePolicy") == "":
            del properties[key]
            why = "it is empty, so it is left out; make it with the confcom tool"
            carrier.report.note(resource.label, "confidentialComputeProperties.ccePolicy", why)
    body["properties"] = properties
    return body


def _subnets(profile: Any, among: Input) -> list[dict[str, Any]]:
    """Give the subnets of a network profile of the same template (case 30)."""
    id_ = profile.get("id") if isinstance(profile, Mapping) else None
    resource = among.by_id(id_) if isinstance(id_, str) else None
    if resource is None:
        return []
    ids: list[dict[str, Any]] = []
    interfaces = _at(resource.body, "properties", "containerNetworkInterfaceConfigurations")
    for interface in interfaces if isinstance(interfaces, list) else []:
        addresses = _at(interface, "properties", "ipConfigurations")
        for address in addresses if isinstance(addresses, list) else []:
            subnet = _at(address, "properties", "subnet", "id")
            if isinstance(subnet, str):
                ids.append({"id": subnet})
    return ids


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        if not isinstance(value, Mapping):
            return None
        value = _lower(value).get(key.lower())
    return value


def _vault(
    body: dict[str, Any], resource: Resource, among: Input, carrier: Carrier
) -> dict[str, Any]:
    body = _general(body)
    given = body.get("properties")
    properties = _lower(given) if isinstance(given, Mapping) else {}
    rbac = properties.pop("enablerbacauthorization", None)
    if rbac is None:
        rbac = resource.api_version[:10] >= _RBAC_SINCE
    body["permissionModel"] = "RBAC" if rbac in (True, "true", "True") else "AccessPolicy"
    if properties.pop("enablesoftdelete", None) is False:
        carrier.refuse("enableSoftDelete", "Azure no longer makes vaults without soft delete")
    if str(properties.pop("createmode", None) or "default").lower() == "recover":
        body["softDeleted"] = "Recover"
    for name in ("accesspolicies", "vaulturi", "tenantid", "hsmpoolresourceid"):
        properties.pop(name, None)
    sku = properties.get("sku")
    if isinstance(sku, Mapping):
        properties["sku"] = {k: v for k, v in sku.items() if k.lower() != "family"}
    body["properties"] = properties
    return body


_PREPARED = {GROUP: _group, IDENTITY: _identity, VAULT: _vault}
