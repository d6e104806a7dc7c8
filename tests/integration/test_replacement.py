"""A group that is replaced, on a real API server: the grants follow its new principal."""

from __future__ import annotations

import json

from integration.manifests import CONTAINER, manifest, text
from integration.world import World

RG = {"resourceGroupRef": {"name": "my-rg"}}
VAULT = {"keyVaultRef": {"name": "replacevault"}}
WHO = {"containerGroupRef": {"name": "job"}}


def objects() -> list[dict[str, object]]:
    group = {"osType": "Linux", "restartPolicy": "OnFailure", "containers": [CONTAINER]}
    system, replace = {"type": "SystemAssigned"}, {"update": "Replace"}
    return [
        manifest("ResourceGroup", "my-rg", location="eastus"),
        manifest("KeyVault", "replacevault", azureName="replacevault", **RG),
        manifest("ContainerGroup", "job", identity=system, operator=replace, **group, **RG),
        manifest("KeyVaultAccess", "job", principal=WHO, permissions={"secrets": ["get"]}, **VAULT),
    ]


async def test_a_replaced_group_is_ready_and_its_grant_names_its_new_principal(
    world: World,
) -> None:
    await world.apply(world.account.manifest() + "---\n" + text(*objects()))
    await world.until_ready()
    before = (await world.get("keyvaultaccess/job"))["status"]["principalId"]
    world.azure.calls.forget()
    patch = json.dumps({"spec": {"restartPolicy": "Never"}})
    await world.kubectl("patch", "containergroup/job", "--type=merge", "-p", patch)
    changed = "--for=jsonpath={.status.observedGeneration}=2"
    await world.kubectl("wait", changed, "containergroup/job", "--timeout=60s")
    await world.until_ready("containergroup/job")
    after = (await world.get("containergroup/job"))["status"]["identity"]["principalId"]
    follows = f"--for=jsonpath={{.status.principalId}}={after}"
    await world.kubectl("wait", follows, "keyvaultaccess/job", "--timeout=60s")
    await world.until_ready("keyvaultaccess/job")
    writes = [write for write in world.writes() if write.endswith("/job")]
    assert (after != before, writes) == (
        True,
        ["DELETE containerGroups/job", "PUT containerGroups/job"],
    )
