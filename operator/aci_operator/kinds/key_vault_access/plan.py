"""What to add and what to take back on one vault's access policies. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.permissions import Permissions


@dataclass(frozen=True)
class Record:
    """What one object of ours has added, or is about to add, for one principal on one vault."""

    vault_id: str
    principal_id: str
    permissions: Permissions

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> Record:
        """Read one entry of `status.accessPolicies`."""
        return cls(value["vaultId"], value["principalId"], perms.parse(value))

    def dump(self) -> dict[str, Any]:
        """Write one entry of `status.accessPolicies`."""
        where = {"vaultId": self.vault_id, "principalId": self.principal_id}
        return {**where, **perms.dump(self.permissions)}

    def about(self, vault_id: str, principal_id: str) -> bool:
        """Whether it is about that principal on that vault."""
        same_vault = self.vault_id.lower() == vault_id.lower()
        return same_vault and self.principal_id.lower() == principal_id.lower()


@dataclass(frozen=True)
class Grant:
    """What the spec asks for, with the principal and the vault resolved."""

    vault_id: str
    principal_id: str
    permissions: Permissions


@dataclass(frozen=True)
class Addition:
    """What is missing on the vault, and the records to store before it is added."""

    missing: Permissions
    records: tuple[Record, ...]


def addition(
    grant: Grant, present: Permissions, own: Sequence[Record], others: Iterable[Record]
) -> Addition:
    """Work out what to add and what is then ours.

    Ours is what was missing, and what another object of ours added: whoever goes last takes it
    back. What stood there before us is nobody's of ours. `others` holds the records of all other
    objects, also of those that are going.
    """
    had = recorded(own, grant.vault_id, grant.principal_id)
    theirs = recorded(others, grant.vault_id, grant.principal_id)
    missing = perms.uncovered(grant.permissions, present, perms.union(had, theirs))
    shared = perms.common(grant.permissions, theirs)
    mine = perms.union(had, missing, shared)
    rest = [record for record in own if not record.about(grant.vault_id, grant.principal_id)]
    if not perms.empty(mine):
        rest.append(Record(grant.vault_id, grant.principal_id, mine))
    return Addition(missing, tuple(rest))


def surplus(
    grant: Grant | None, own: Iterable[Record], others: Sequence[Record]
) -> tuple[Record, ...]:
    """Work out what of ours nobody of ours wants any more; no grant: the object is going."""
    found = []
    for record in own:
        wanted = recorded(others, record.vault_id, record.principal_id)
        if grant is not None and record.about(grant.vault_id, grant.principal_id):
            wanted = perms.union(wanted, grant.permissions)
        unwanted = perms.minus(record.permissions, wanted)
        if not perms.empty(unwanted):
            found.append(Record(record.vault_id, record.principal_id, unwanted))
    return tuple(found)


def kept(grant: Grant, own: Iterable[Record]) -> tuple[Record, ...]:
    """Give the records that stay once the surplus is gone."""
    stay = []
    for record in own:
        if record.about(grant.vault_id, grant.principal_id):
            mine = perms.common(record.permissions, grant.permissions)
            stay.append(Record(record.vault_id, record.principal_id, mine))
    return tuple(record for record in stay if not perms.empty(record.permissions))


def recorded(records: Iterable[Record], vault_id: str, principal_id: str) -> Permissions:
    """Sum up what the records say about one principal on one vault."""
    about = [record.permissions for record in records if record.about(vault_id, principal_id)]
    return perms.union(perms.parse({}), *about)
