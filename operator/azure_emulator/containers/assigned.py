"""The identities of a group: what was asked for, who they are, how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from azure_emulator.entra.directory import Principal
from azure_emulator.errors import AzureError

SYSTEM, USER, BOTH, NONE = (
    "SystemAssigned",
    "UserAssigned",
    "SystemAssigned, UserAssigned",
    "None",
)


@dataclass(frozen=True)
class Wanted:
    """What a body asks for; the IDs stand as the client wrote them."""

    type: str = NONE
    ids: tuple[str, ...] = ()

    @property
    def system(self) -> bool:
        """Whether a system-assigned identity is wanted."""
        return self.type in (SYSTEM, BOTH)

    def same_as(self, other: Wanted) -> bool:
        """Compare without the letter case and the order of the IDs."""
        mine, theirs = ({one.lower() for one in wanted.ids} for wanted in (self, other))
        return self.type == other.type and mine == theirs


def wanted(identity: Mapping[str, Any] | None) -> Wanted:
    """Read a body's `identity`.

    Raises AzureError 400 for a type that does not exist (the code is made up), for
    `UserAssigned` without identities (`MissingIdentityIds`, text quoted in a report,
    hashicorp/terraform-provider-azurerm#17082) and for identities under a type that has none
    (code made up).
    """
    if not identity:
        return Wanted()
    kind = identity.get("type") or NONE
    if kind not in (SYSTEM, USER, BOTH, NONE):
        raise AzureError(
            400,
            "InvalidIdentityType",
            f"The identity type '{kind}' is not valid. The value must be one of "
            f"'{SYSTEM}', '{USER}', '{BOTH}', '{NONE}'.",
        )
    users = identity.get("userAssignedIdentities") or {}
    ids = tuple(one for one, value in users.items() if value is not None)
    if "UserAssigned" in kind and not ids:
        raise AzureError(
            400,
            "MissingIdentityIds",
            f"The identity ids must not be null or empty for '{kind}' identity type.",
        )
    if "UserAssigned" not in kind and ids:
        raise AzureError(
            400,
            "InvalidIdentityIds",
            f"The identity ids must be null or empty for '{kind}' identity type.",
        )
    return Wanted(kind, ids)


@dataclass
class Assigned:
    """The identities of one group, with the principals they had when they were assigned."""

    wanted: Wanted = field(default_factory=Wanted)
    system: Principal | None = None
    user: dict[str, Principal] = field(default_factory=dict)
    """By the ID as the client sent it: the service echoes that letter case (recorded)."""

    def shown(self, tenant_id: str) -> dict[str, Any] | None:
        """Give the `identity` member; None when the group has no identity (key absent)."""
        if self.wanted.type == NONE:
            return None
        body: dict[str, Any] = {}
        if self.user:
            body["userAssignedIdentities"] = {
                arm_id: {"principalId": principal.oid, "clientId": principal.appid}
                for arm_id, principal in self.user.items()
            }
        if self.system is not None:
            body["principalId"] = self.system.oid
        body["tenantId"] = tenant_id
        body["type"] = self.wanted.type
        return body
