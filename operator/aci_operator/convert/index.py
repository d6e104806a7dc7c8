"""The resources of one input, and how they name each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .place import Place
from .report import Report
from .template import Resource
from .values import RESOURCE_GROUP, SUBSCRIPTION, Late

GROUP = "microsoft.containerinstance/containergroups"
IDENTITY = "microsoft.managedidentity/userassignedidentities"
VAULT = "microsoft.keyvault/vaults"
KINDS = {GROUP: "ContainerGroup", IDENTITY: "UserAssignedIdentity", VAULT: "KeyVault"}


@dataclass
class Input:
    """The resources of one file or one live group, with what was said beside it."""

    resources: Sequence[Resource]
    place: Place
    group_ref: dict[str, str]
    """`resourceGroupRef` of everything that is converted."""
    read_back: bool = False
    names: dict[str, str] = field(default_factory=dict)
    """ARM ID in lower case -> name of the object of ours that it becomes."""

    def index(self, report: Report) -> None:
        """Give every resource that becomes an object its name."""
        for resource in self.resources:
            kind = KINDS.get(resource.type.lower())
            if kind and isinstance(resource.name, str):
                self.names[resource.id.lower()] = report.claim(kind, resource.name, resource.id)

    def by_id(self, id: str) -> Resource | None:
        """Give the resource with an ID, whatever its case."""
        for resource in self.resources:
            if resource.id and resource.id.lower() == id.lower().replace("//", "/"):
                return resource
        return None

    def principal(self, value: Any) -> dict[str, Any] | None:
        """Give a `principal` of ours for an object ID in a template, or None."""
        if isinstance(value, str) and value and SUBSCRIPTION not in value:
            return {"principalId": value, "principalType": "ServicePrincipal"}
        if not isinstance(value, Late) or (name := self.names.get(value.id.lower())) is None:
            return None
        path = tuple(part.lower() for part in value.path)
        if IDENTITY in value.id.lower() and path == ("properties", "principalid"):
            return {"userAssignedIdentityRef": {"name": name}}
        if GROUP in value.id.lower() and path == ("identity", "principalid"):
            return {"containerGroupRef": {"name": name}}
        return None

    def vault_ref(self, name: str) -> dict[str, str] | None:
        """Give a `keyVaultRef` for a vault of the same resource group, or None."""
        id_ = f"{self.place.group_id}/providers/Microsoft.KeyVault/vaults/{name}"
        if own := self.names.get(id_.lower()):
            return {"name": own}
        known = SUBSCRIPTION not in id_ and RESOURCE_GROUP not in id_
        return {"id": id_} if known else None
