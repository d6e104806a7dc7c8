"""Access policies as Azure keeps them, and objects of ours that come, change and go.

Azure's part is the emulator's own `add` and `remove` (azure.md section 10.1). Ours is the plan, in
the order in which a pass carries it out: record, add, take back, keep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access import plan
from aci_operator.kinds.key_vault_access.permissions import Permissions
from aci_operator.kinds.key_vault_access.plan import Grant, Record
from azure_emulator.vaults import policies

VAULT = "/subscriptions/s/vaults/v"
TENANT = "t-1"
Policies = list[policies.Policy]


@dataclass
class VaultModel:
    """One vault, and what each object of ours has written into its status."""

    policies: Policies
    records: dict[str, tuple[Record, ...]] = field(default_factory=dict)
    wants: dict[str, Grant] = field(default_factory=dict)
    writes: int = 0

    def ensure(self, name: str, grant: Grant) -> None:
        """Run one pass of an object that asks for a grant."""
        self.wants[name] = grant
        own, others = self.records.get(name, ()), self.others(name)
        wanted = plan.addition(grant, self.present(grant.principal_id), own, others)
        self.records[name] = wanted.records
        self._add(grant.principal_id, wanted.missing)
        for record in plan.surplus(grant, self.records[name], others):
            self._take_back(record)
        self.records[name] = plan.kept(grant, self.records[name])

    def leave(self, name: str) -> None:
        """Run the last pass of an object."""
        self.wants.pop(name, None)
        for record in plan.surplus(None, self.records.pop(name, ()), self.others(name)):
            self._take_back(record)

    def others(self, name: str) -> list[Record]:
        """Give what all other objects have recorded."""
        return [record for other in self.records if other != name for record in self.records[other]]

    def present(self, principal_id: str) -> Permissions:
        """Give what a principal has, by its own entry."""
        entry = perms.entry_of(self.policies, TENANT, principal_id)
        return perms.parse(entry.get("permissions"))

    def stored(self) -> Policies:
        """Give the list as a reader sees it: without empty kinds and empty entries."""
        return without_empty(self.policies)

    def _add(self, principal_id: str, permissions: Permissions) -> None:
        if perms.empty(permissions):
            return
        self.writes += 1
        entry = an_entry(principal_id, perms.dump(permissions))
        self.policies = policies.add(self.policies, [entry])

    def _take_back(self, record: Record) -> None:
        entry = perms.entry_of(self.policies, TENANT, record.principal_id)
        spelled = perms.verbatim(record.permissions, entry)
        if not spelled:
            return
        self.writes += 1
        self.policies = policies.remove(self.policies, [an_entry(entry["objectId"], spelled)])


def an_entry(principal_id: str, permissions: Mapping[str, Any], **more: str) -> dict[str, Any]:
    """One entry of a vault's access policies."""
    named = {"tenantId": TENANT, "objectId": principal_id, **more}
    return {**named, "permissions": dict(permissions)}


def without_empty(listed: Policies) -> Policies:
    """Leave out empty kinds and empty entries, and sort, so that lists can be compared."""
    result = [
        {
            **entry,
            "permissions": {k: sorted(words) for k, words in entry["permissions"].items() if words},
        }
        for entry in listed
    ]
    return sorted((entry for entry in result if entry["permissions"]), key=policies.principal)
