"""What people ask by annotations and policies, while somebody else works in the same Azure."""

from __future__ import annotations

from typing import Any

from integration.foreigner import Foreigner
from integration.manifests import container_group, manifest, text
from integration.refusal_objects import FOREIGN_CONTAINER
from integration.world import World, condition_of

GROUP = manifest(
    "ResourceGroup", "my-rg", azureName="myResourceGroup", location="eastus", tags={"a": "1"}
)


async def ready(world: World, *items: dict[str, Any]) -> None:
    """Apply an account and objects, and wait until they are Ready."""
    await world.apply(world.account.manifest())
    await world.apply(text(*items))
    await world.until_ready()


async def annotate(world: World, target: str, *annotations: str) -> None:
    words = [f"aci-operator.io/{annotation}" for annotation in annotations]
    await world.kubectl("annotate", "--overwrite", target, *words)


async def look(world: World, target: str, at: str) -> dict[str, Any]:
    """Ask for a look and wait until it is acknowledged; give the object."""
    await annotate(world, target, f"reconcile-requested-at={at}")
    done = f"--for=jsonpath={{.status.lastHandledReconcileAt}}={at}"
    await world.kubectl("wait", done, "--timeout=30s", target)
    return await world.get(target)


def tags_in_azure(world: World) -> dict[str, str]:
    """Give the resource group's tags but for the owner's."""
    found = world.azure.state()["resourceGroups"][world.group_id]
    return {k: v for k, v in found["tags"].items() if k != "aci-operator-owner"}


async def test_a_paused_object_is_neither_read_nor_written_till_it_goes_on(world: World) -> None:
    await ready(world, GROUP)
    await annotate(world, "resourcegroup/my-rg", "paused=true")
    paused = await world.until("resourcegroup/my-rg", "Paused=Paused")
    before = len(world.azure.calls.list())
    edited = {**GROUP, "spec": {**GROUP["spec"], "tags": {"a": "2"}}}
    await world.apply(text(edited))
    await annotate(world, "resourcegroup/my-rg", "reconcile-requested-at=1")
    await world.kubectl("delete", "resourcegroup/my-rg", "--wait=false")
    path = '{.status.conditions[?(@.type=="Paused")].message}'
    waits = f"{paused['message']} The deletion waits until the annotation is taken away."
    wait = ("wait", f"--for=jsonpath={path}={waits}", "--timeout=30s")
    await world.kubectl(*wait, "resourcegroup/my-rg")
    found = await world.get("resourcegroup/my-rg")
    assert condition_of(found, "Ready")["status"] == "True"
    assert (found["status"]["observedGeneration"], len(world.azure.calls.list())) == (1, before)
    await annotate(world, "resourcegroup/my-rg", "paused-")
    await world.kubectl("wait", "--for=delete", "--timeout=30s", "resourcegroup/my-rg")


async def test_a_look_that_is_asked_for_is_direct_and_acknowledged(world: World) -> None:
    await ready(world, GROUP)
    body = {"location": "eastus", "tags": {"a": "other", "aci-operator-owner": await owner(world)}}
    await Foreigner(world).put(world.group_id, body)
    await look(world, "resourcegroup/my-rg", "10:00")
    assert tags_in_azure(world) == {"a": "1"}


async def owner(world: World) -> str:
    """Give the owner tag that the operator wrote."""
    tags = world.azure.state()["resourceGroups"][world.group_id]["tags"]
    return str(tags["aci-operator-owner"])


async def drift(world: World, at: int, **tags: str) -> dict[str, Any]:
    """Let somebody else change the tags, and ask for a look; give the object."""
    kept = {"aci-operator-owner": await owner(world)}
    await Foreigner(world).put(world.group_id, {"location": "eastus", "tags": {**tags, **kept}})
    return await look(world, "resourcegroup/my-rg", str(at))


def group(**policies: Any) -> dict[str, Any]:
    return {**GROUP, "spec": {**GROUP["spec"], "operator": policies}}


async def test_drift_that_is_corrected_three_times_is_contested_till_the_spec_changes(
    world: World,
) -> None:
    await ready(world, GROUP)
    for at in (1, 2, 3):
        await drift(world, at, a="theirs")
        assert tags_in_azure(world) == {"a": "1"}
    found = await drift(world, 4, a="theirs")
    assert tags_in_azure(world) == {"a": "theirs"}
    assert condition_of(found, "Stalled")["message"].startswith(
        "Somebody keeps changing spec.tags.a:"
    )
    world.operator.kill()
    world.operator.start()
    await look(world, "resourcegroup/my-rg", "5")
    assert tags_in_azure(world) == {"a": "theirs"}
    await world.apply(text({**GROUP, "spec": {**GROUP["spec"], "tags": {"a": "2"}}}))
    await world.until_ready("resourcegroup/my-rg")
    assert tags_in_azure(world) == {"a": "2"}


async def test_drift_is_reported_by_path_or_ignored_as_the_policies_say(world: World) -> None:
    await ready(world, group(driftPolicy="Report"))
    found = await drift(world, 1, a="theirs")
    said = condition_of(found, "Drifted")
    assert (found["status"]["drift"], said["status"]) == (["spec.tags.a"], "True")
    await world.apply(text(group(driftPolicy="Correct", ignoreDrift=["tags.a"])))
    found = await look(world, "resourcegroup/my-rg", "2")
    assert ("drift" in found["status"], tags_in_azure(world)) == (False, {"a": "theirs"})
    await world.apply(text(group(ignoreDrift=["tags.b"])))
    await look(world, "resourcegroup/my-rg", "3")
    assert tags_in_azure(world) == {"a": "1"}


async def test_a_grant_that_is_taken_away_is_given_again_or_reported(world: World) -> None:
    grant = manifest(
        "KeyVaultAccess",
        "reads",
        keyVaultRef={"name": "myrbacvault"},
        principal={"userAssignedIdentityRef": {"name": "my-id"}},
        permissions={"secrets": ["get"]},
    )
    rg = {"resourceGroupRef": {"name": "my-rg"}}
    vault = manifest(
        "KeyVault", "myrbacvault", azureName="myrbacvault", permissionModel="RBAC", **rg
    )
    await ready(world, GROUP, vault, manifest("UserAssignedIdentity", "my-id", **rg), grant)
    (assignment,) = (await world.get("keyvaultaccess/reads"))["status"]["assignmentIds"]
    await Foreigner(world).delete(assignment)
    await look(world, "keyvaultaccess/reads", "1")
    assert f"PUT {assignment}"[-30:] == world.writes()[-1][-30:]
    report = {**grant, "spec": {**grant["spec"], "operator": {"driftPolicy": "Report"}}}
    await world.apply(text(report))
    await world.kubectl(
        "wait",
        "--for=jsonpath={.status.observedGeneration}=2",
        "--timeout=30s",
        "keyvaultaccess/reads",
    )
    await world.until_ready("keyvaultaccess/reads")
    await Foreigner(world).delete(assignment)
    found = await look(world, "keyvaultaccess/reads", "2")
    assert condition_of(found, "AccessGranted")["reason"] == "Drifted"


async def test_a_correction_that_restarts_containers_waits_for_the_policy_that_asks_for_it(
    world: World,
) -> None:
    app = container_group("app")
    await ready(world, GROUP, app)
    id_ = world.container_group_id("app")
    tags = world.azure.state()["containerGroups"][id_]["tags"]
    properties = {"osType": "Linux", "containers": [FOREIGN_CONTAINER]}
    theirs = {"location": "eastus", "tags": tags, "properties": properties}
    await Foreigner(world).put(id_, theirs)
    world.azure.clock.advance(5)
    found = await look(world, "containergroup/app", "1")
    assert found["status"]["drift"] == ["spec.containers[main].command"]
    assert condition_of(found, "Synced")["status"] == "False"
    await world.apply(text(container_group("app", operator={"driftPolicy": "Correct"})))
    await world.until("containergroup/app", "Drifted=NoDrift")
    puts = [write for write in world.writes() if write == "PUT containerGroups/app"]
    assert len(puts) == 3  # ours, theirs, ours
