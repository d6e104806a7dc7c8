"""What Azure should show of a spec, and what it shows, in one small form per kind.

Written from azure.md sections 3, 4 and 10 and not from the operator's own comparison. Only the
fields that are named here are projected; what a spec leaves out is projected where Azure's answer
to its absence is known. Fields that are added to a CRD are held to the rest of the oracle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access import role_table

Body = Mapping[str, Any]
Form = dict[str, Any]
OWN_TAGS = ("aci-operator-owner", "aci-operator-secrets", "aci-operator-hash")
FLAGS = ("enabledForDeployment", "enabledForDiskEncryption", "enabledForTemplateDeployment")

PROJECTED = {
    "ResourceGroup": ("location", "tags"),
    "UserAssignedIdentity": ("location", "tags", "isolationScope"),
    "KeyVault": (
        "location",
        "tags",
        "permissionModel",
        "sku",
        "softDeleteRetentionInDays",
        "enablePurgeProtection",
        *FLAGS,
        "publicNetworkAccess",
        "networkAcls",
    ),
    "KeyVaultSecret": ("contentType", "tags", "attributes"),
    "KeyVaultAccess": ("principal", "permissions"),
    "RoleAssignment": (
        *("scope", "roleName", "roleDefinitionId", "principal"),
        *("description", "condition", "conditionVersion"),
    ),
    "ContainerGroup": (
        "location",
        "tags",
        "osType",
        "restartPolicy",
        "identity",
        "containers",
        "ipAddress",
        "imageRegistryCredentials",
        *("operator.update", "operator.powerState", "operator.keyVaultAccess"),
        *("operator.injectIdentity", "operator.injectIdentityRef"),
    ),
}
"""Fields of a spec that are held to Azure: those of grants by `grants`, of roles by `roles`, secret
values by what was sent."""


OUR_OWN = ("accountRef", "resourceGroupRef", "keyVaultRef", "azureName", "operator")
"""Fields that name and steer; what of `operator` has a form is named with its kind."""
UNJUDGED: Mapping[str, tuple[str, ...]] = {
    "ResourceGroup": ("contents", "managedBy"),
    "KeyVault": ("softDeleted",),
    "KeyVaultSecret": ("valueFrom",),
    "KeyVaultAccess": ("mode", "probe"),
    "ContainerGroup": (
        *("confidentialComputeProperties", "containerGroupProfile", "diagnostics", "dnsConfig"),
        *("encryptionProperties", "extensions", "identityAcls", "initContainers", "priority"),
        *("secretReferences", "sku", "standbyPoolProfile", "subnetIds", "volumes", "zones"),
    ),
}
"""Fields without a form: they are held to all but the comparison with Azure."""


def wanted(kind: str, spec: Body, ids: Mapping[str, str]) -> Form:
    """Give the form that a spec asks for; `ids` leads from identities' names to their ARM IDs."""
    common: Form = {"tags": dict(spec.get("tags") or {})}
    if "location" in spec:
        common["location"] = place(spec["location"])
    if kind == "KeyVault":
        return {**common, **_vault_wanted(spec)}
    if kind == "UserAssignedIdentity":
        return {**common, "isolationScope": spec.get("isolationScope") or "None"}
    if kind == "KeyVaultSecret":
        return {**common, **_secret(spec)}
    if kind == "ContainerGroup":
        return {**common, **_group(spec, _containers_wanted(spec), _identity_wanted(spec, ids))}
    return common


def seen(kind: str, body: Body, spec: Body) -> Form:
    """Give the form of what Azure shows; a location only where the spec gives one."""
    tags = {n: v for n, v in (body.get("tags") or {}).items() if n not in OWN_TAGS}
    common: Form = {"tags": tags}
    if "location" in spec:
        common["location"] = place(body["location"])
    if kind == "KeyVault":
        return {**common, **_vault_seen(body["properties"])}
    if kind == "UserAssignedIdentity":
        return {**common, "isolationScope": body["properties"].get("isolationScope") or "None"}
    if kind == "KeyVaultSecret":
        return {**common, **_secret(body)}
    if kind == "ContainerGroup":
        return {**common, **_group(body["properties"], *_parts_seen(body))}
    return common


def place(location: str) -> str:
    """Write a location as ARM does."""
    return location.replace(" ", "").lower()


def _vault_wanted(spec: Body) -> Form:
    rules = spec.get("networkAcls") or {}
    return {
        "rbac": spec.get("permissionModel", "RBAC") == "RBAC",
        "sku": (spec.get("sku") or {}).get("name", "standard"),
        "days": spec.get("softDeleteRetentionInDays", 90),
        "purgeProtection": bool(spec.get("enablePurgeProtection")),
        "public": spec.get("publicNetworkAccess", "Enabled").lower(),
        "network": _network(rules),
        **{flag: bool(spec.get(flag)) for flag in FLAGS},
    }


def _vault_seen(properties: Body) -> Form:
    return {
        "rbac": bool(properties.get("enableRbacAuthorization")),
        "sku": properties["sku"]["name"].lower(),
        "days": properties.get("softDeleteRetentionInDays", 90),
        "purgeProtection": bool(properties.get("enablePurgeProtection")),
        "public": properties.get("publicNetworkAccess", "Enabled").lower(),
        "network": _network(properties.get("networkAcls") or {}),
        **{flag: bool(properties.get(flag)) for flag in FLAGS},
    }


def _secret(part: Body) -> Form:
    """A secret without attributes is enabled, and has no dates (azure.md section 10)."""
    given = part.get("attributes") or {}
    return {
        "contentType": part.get("contentType") or "",
        "enabled": given.get("enabled", True),
        "dates": (given.get("nbf"), given.get("exp")),
    }


def _network(rules: Body) -> Form:
    """An address alone is a network of one; IDs have no letter case."""
    values = [rule["value"] for rule in rules.get("ipRules") or ()]
    return {
        "bypass": rules.get("bypass") or "AzureServices",
        "default": rules.get("defaultAction") or "Allow",
        "addresses": sorted(v if "/" in v else f"{v}/32" for v in values),
        "subnets": sorted(rule["id"].lower() for rule in rules.get("virtualNetworkRules") or ()),
    }


def _group(part: Body, containers: Form, identity: Form) -> Form:
    """What a spec and Azure's `properties` say in the same words."""
    address = part.get("ipAddress") or {}
    return {
        "osType": part["osType"],
        "restartPolicy": part.get("restartPolicy") or "Always",
        "address": (address.get("type"), _ports(address), address.get("dnsNameLabel")),
        "scopeOfLabel": address.get("autoGeneratedDomainNameLabelScope") or "Unsecure",
        "registries": {
            each["server"]: each.get("username")
            for each in part.get("imageRegistryCredentials") or ()
        },
        "containers": containers,
        "identity": identity,
    }


def _containers_wanted(spec: Body) -> Form:
    return {each["name"]: _container(each) for each in spec["containers"]}


def _identity_wanted(spec: Body, ids: Mapping[str, str]) -> Form:
    identity = spec.get("identity") or {}
    named = [e.get("id") or ids[e["name"]] for e in identity.get("userAssigned") or ()]
    return {"type": _words(identity.get("type")), "ids": sorted({id_.lower() for id_ in named})}


def _parts_seen(body: Body) -> tuple[Form, Form]:
    found = body["properties"]["containers"]
    identity = body.get("identity") or {}
    ids = [id_.lower() for id_ in identity.get("userAssignedIdentities") or {}]
    return (
        {each["name"]: _container(each["properties"]) for each in found},
        {"type": _words(identity.get("type")), "ids": sorted(ids)},
    )


def _container(part: Body) -> Form:
    resources: Mapping[str, Body] = part.get("resources") or {}
    return {
        "image": part["image"],
        "command": list(part.get("command") or ()),
        "ports": _ports(part),
        "variables": {
            each["name"]: each.get("value", "(secure)")
            for each in part.get("environmentVariables") or ()
        },
        "resources": {
            f"{which}.{name}": float(amount)
            for which, amounts in resources.items()
            for name, amount in (amounts or {}).items()
            if name in ("cpu", "memoryInGB") and amount is not None
        },
    }


def _ports(part: Body) -> list[tuple[int, str]]:
    return [(int(each["port"]), each.get("protocol") or "TCP") for each in part.get("ports") or ()]


def _words(type_: str | None) -> list[str]:
    words = [word.strip() for word in (type_ or "None").split(",")]
    return sorted(word for word in words if word != "None")


def roles_for(permissions: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the GUIDs of the roles that permissions take on a vault that goes by RBAC."""
    asked = {kind: sorted({w.lower() for w in words}) for kind, words in permissions.items()}
    return sorted(role.guid for role in role_table.covering(perms.parse(asked)))
