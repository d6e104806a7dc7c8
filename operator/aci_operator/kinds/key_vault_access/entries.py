"""Entries of a vault's access policies, as `add` and `remove` take them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.permissions import Permissions
from aci_operator.reconcile.observation import Body

LIMIT = 1024
"""Entries that a vault takes (azure.md section 9)."""


def of(vault: Body, principal_id: str) -> dict[str, Any]:
    """Give a principal's own entry, empty if it has none."""
    return dict(perms.entry_of(listed(vault), tenant_of(vault), principal_id))


def listed(vault: Body) -> list[Mapping[str, Any]]:
    """Give all entries."""
    return list(vault["properties"].get("accessPolicies") or ())


def tenant_of(vault: Body) -> str:
    """Give the tenant that entries must be of."""
    return str(vault["properties"]["tenantId"])


def to_add(vault: Body, adding: Iterable[tuple[str, Permissions]]) -> list[dict[str, Any]]:
    """Give one entry per principal, with all that is to be added for it."""
    sums: dict[str, Permissions] = {}
    for principal_id, permissions in adding:
        known = sums.get(principal_id.lower(), perms.parse({}))
        sums[principal_id.lower()] = perms.union(known, permissions)
    tenant = tenant_of(vault)
    return [_entry(tenant, who, perms.dump(held)) for who, held in sums.items()]


def to_remove(vault: Body, taking: Iterable[tuple[str, Permissions]]) -> list[dict[str, Any]]:
    """Give one entry per principal, with what is there of that, spelled as it is stored."""
    sums = to_add(vault, taking)
    found = ((of(vault, each["objectId"]), perms.parse(each["permissions"])) for each in sums)
    spelled = ((entry, perms.verbatim(wanted, entry)) for entry, wanted in found)
    return [_entry(e["tenantId"], e["objectId"], words) for e, words in spelled if words]


def _entry(tenant: str, principal_id: str, permissions: Mapping[str, Any]) -> dict[str, Any]:
    named = {"tenantId": tenant, "objectId": principal_id}
    return {**named, "permissions": dict(permissions)}
