"""The article's examples on a vault that goes by roles."""

from __future__ import annotations

from collections import Counter

from integration.test_examples import EXAMPLES, read_secret_from
from integration.world import World, shortened

SECRETS_OFFICER = "b86a8fe4-44ce-4948-aee5-eccb2c155cd7"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"


async def test_roles_let_the_operator_write_and_both_groups_read(world: World) -> None:
    file = world.folder / "base/key-vault.yaml"
    sample = file.read_text()
    assert "permissionModel: AccessPolicy" in sample
    file.write_text(sample.replace("permissionModel: AccessPolicy", "permissionModel: RBAC"))
    await world.apply_samples(*EXAMPLES)
    await world.until_ready()
    read = [await read_secret_from(world, group) for group in ("mycontainer", "mycontainer-system")]
    assert read == [(200, "Hello Container Instances")] * 2
    assert given_roles(world) == {SECRETS_OFFICER: 1, SECRETS_USER: 2}
    await world.kubectl("delete", "keyvaultaccess", "--all", "--timeout=30s")
    read = [await read_secret_from(world, group) for group in ("mycontainer", "mycontainer-system")]
    assert read == [(403, "ForbiddenByRbac")] * 2


def given_roles(world: World) -> Counter[str]:
    """Count the roles that were written on the vault, by the role's GUID."""
    written = [call for call in world.azure.calls.writes() if "roleAssignments" in call.path]
    assert all(shortened(call).startswith("PUT vaults/mykeyvault/") for call in written)
    ids = (call.body["properties"]["roleDefinitionId"] for call in written)
    return Counter(id_.rpartition("/")[2] for id_ in ids)
