"""The crash sweep of `test_crashes.py` on a vault that goes by roles."""

from __future__ import annotations

from typing import Any

import pytest

from integration.test_crashes import EXAMPLES, crash_after
from integration.world import World

ROLE = "PUT vaults/mykeyvault/providers/Microsoft.Authorization/roleAssignments/*"
WRITES = (
    "PUT resourcegroups/myResourceGroup",
    "PUT vaults/mykeyvault",
    ROLE,
    ROLE,
    ROLE,
    "PUT secrets/SampleSecret",
    "PUT userAssignedIdentities/myACIId",
    "PUT containerGroups/mycontainer",
    "PUT containerGroups/mycontainer-system",
    "DELETE secrets/SampleSecret",
    ROLE.replace("PUT", "DELETE"),
    ROLE.replace("PUT", "DELETE"),
    "DELETE containerGroups/mycontainer",
    "DELETE containerGroups/mycontainer-system",
    "DELETE userAssignedIdentities/myACIId",
)
MADE = {
    "aci-operator": "Key Vault Secrets Officer",
    "myACIId": "Key Vault Secrets User",
    "mycontainer-system": "Key Vault Secrets User",
}
LEFT = {"aci-operator": "Key Vault Secrets Officer"}


@pytest.mark.soak
@pytest.mark.parametrize("position", range(1, len(WRITES) + 1))
async def test_a_crash_after_any_write_changes_nothing_on_an_rbac_vault(
    world: World, position: int
) -> None:
    assert await sweep(world, position) == (MADE, LEFT, sorted(WRITES))


async def test_an_rbac_vault_is_read_by_role_and_left_clean(world: World) -> None:
    assert await sweep(world, None) == (MADE, LEFT, sorted(WRITES))


async def sweep(
    world: World, position: int | None
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Make and delete both examples on an RBAC vault, with a crash after that write.

    Gives the roles on the vault both times, and all writes.
    """
    vault = world.folder / "base/key-vault.yaml"
    vault.write_text(vault.read_text().replace("AccessPolicy", "RBAC"))
    async with crash_after(world, position):
        await world.apply_samples(*EXAMPLES)
        await world.until_ready()
        made = roles(world)
        await world.kubectl("delete", "aci", "--all", "--timeout=60s")
    return made, roles(world), sorted(map(starred, world.writes()))


def roles(world: World) -> dict[str, Any]:
    """Give who has which role on the vault, by name."""
    directory = world.azure.cloud.directory
    authorization = world.azure.cloud.authorization
    found = {}
    for id_, body in world.azure.state()["roleAssignments"].items():
        if "/vaults/mykeyvault/" in id_:
            properties = body["properties"]
            principal = directory.find(properties["principalId"])
            assert principal is not None
            role = authorization.definitions.find(properties["roleDefinitionId"].rsplit("/", 1)[1])
            assert role is not None
            found[principal.display_name] = role.role_name
    return found


def starred(write: str) -> str:
    """Write the GUID of a role assignment as `*`."""
    head, separator, _ = write.partition("roleAssignments/")
    return f"{head}{separator}*" if separator else write
