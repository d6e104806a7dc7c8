"""Case 10 with a probe: the process starts when a read from inside has succeeded three times."""

from __future__ import annotations

from typing import Any

import pytest

from azure_emulator.settings import Settings
from cases.access import AFTER, SYSTEM, a_vault, by_group, images
from in_process.scene import Scene, a_group, manifest, open_scene

PROVED = ("True", "Proved")
IDLE, REAL = "mcr.microsoft.com/azure-cli", "alpine:3"
PROBE = {"containerGroupRef": {"name": "it"}, "container": "app", "secretName": "sample"}


async def begun(scene: Scene, *, rbac: bool = False) -> None:
    """Apply a group that waits for access that a probe looks at, with a secret to read."""
    await a_vault(scene, rbac=rbac)
    await a_secret(scene)
    account = scene.object("AzureAccount", "account")
    assert account is not None
    allowing = manifest("AzureAccount", "account", **{**account["spec"], "allowExec": True})
    grant = by_group(scene)
    grant["spec"]["probe"] = PROBE
    scene.apply(allowing, a_group("it", identity=SYSTEM, operator=AFTER), grant)


def said(scene: Scene) -> tuple[str, str]:
    return scene.conditions("KeyVaultAccess", "reads")["AccessEffective"]


async def a_secret(scene: Scene) -> None:
    """Have somebody write the secret, who may do it by a policy of his own."""
    vault = scene.arm_id("vault-one", "Microsoft.KeyVault/vaults")
    me = {"tenantId": scene.stranger.tenant_id, "objectId": scene.stranger_id}
    entry = {**me, "permissions": {"secrets": ["set"]}}
    await scene.stranger.vaults.add_policies(vault, [entry])
    uri = (await scene.stranger.vaults.get(vault))["properties"]["vaultUri"]
    scene.azure.clock.advance(700)
    await scene.stranger.secrets(uri).set("sample", "hush-hush")


@pytest.mark.parametrize("delay", [0, 30])
async def test_case_10_the_probe_proves_the_access_before_the_containers_start(
    delay: int,
) -> None:
    knobs: dict[str, Any] = {"policy_delay": delay, "exec_shell": True}
    assert set(knobs) <= set(Settings.__dataclass_fields__)
    async with open_scene(knobs) as scene:
        await begun(scene)
        await scene.run_for(delay + 60)
        assert (said(scene), images(scene)) == (("True", "Proved"), [IDLE, REAL])


async def test_case_10_a_delay_beyond_the_settle_time_is_told_as_a_fault_and_starts_nothing() -> (
    None
):
    async with open_scene({"policy_delay": 120, "exec_shell": True}) as scene:
        await begun(scene)
        await scene.run_for(90)
        told = (said(scene), images(scene))
        await scene.run_for(300)
        assert told == (("False", "ForbiddenByPolicy"), [IDLE])
        assert (said(scene), images(scene)) == (("True", "Proved"), [IDLE, REAL])


async def test_case_10_no_token_and_no_value_stand_anywhere() -> None:
    async with open_scene({"exec_shell": True}) as scene:
        await begun(scene)
        await scene.run_for(60)
        kept = str((scene.cluster.bodies, scene.events))
        assert ("hush-hush" in kept, "eyJ" in kept, said(scene)) == (False, False, PROVED)


async def test_case_10_a_403_that_comes_later_turns_the_condition_and_is_an_event() -> None:
    async with open_scene({"exec_shell": True}) as scene:
        await begun(scene)
        await scene.run_for(60)
        before = said(scene)
        vault = scene.arm_id("vault-one", "Microsoft.KeyVault/vaults")
        closed = {"defaultAction": "Deny", "bypass": "AzureServices", "ipRules": []}
        await scene.stranger.vaults.patch(vault, {"properties": {"networkAcls": closed}})
        await scene.run_for(1300)
        told = [reason for _, reason, _ in scene.events if reason == "ForbiddenByFirewall"]
        assert (before, said(scene)) == (PROVED, ("False", "ForbiddenByFirewall"))
        assert told == ["ForbiddenByFirewall"]


DEAD = {"update_breaks_identity_endpoint": True, "exec_shell": True}


def group_said(scene: Scene) -> dict[str, tuple[str, str]]:
    told = scene.conditions("ContainerGroup", "it")
    return {each: told.get(each, ("", "")) for each in ("Ready", "Stalled", "AccessEffective")}


async def test_case_10_an_endpoint_that_dies_of_the_change_in_place_stalls_the_group() -> None:
    async with open_scene(DEAD) as scene:
        await begun(scene)
        await scene.run_for(300)
        assert group_said(scene) == {
            "Ready": ("False", "IdentityEndpointDead"),
            "Stalled": ("True", "IdentityEndpointDead"),
            "AccessEffective": ("False", "IdentityEndpointDead"),
        }
        words = ("KeyVaultAccess reads", "user-assigned identity", "Immediately")
        assert all(word in scene.message("ContainerGroup", "it") for word in words)
        told = [e[:2] for e in scene.events if e[1] == "IdentityEndpointDead"]
        assert told == [("Warning", "IdentityEndpointDead")]
        gone = [method for method, _ in scene.writes() if method == "DELETE"]
        assert (images(scene), gone) == ([IDLE, REAL], [])  # never replaced by itself


async def test_case_10_an_endpoint_that_answers_again_lets_the_group_be_ready() -> None:
    async with open_scene(DEAD) as scene:
        await begun(scene)
        await scene.run_for(300)
        scene.azure.settings.update_breaks_identity_endpoint = False
        await scene.run_for(120)
        assert group_said(scene) == {
            "Ready": ("True", "Running"),
            "Stalled": ("", ""),
            "AccessEffective": ("True", "AccessReady"),
        }


async def test_case_10_an_endpoint_that_comes_up_within_its_minute_is_not_called_dead() -> None:
    async with open_scene({"identity_endpoint_delay": 60, "exec_shell": True}) as scene:
        await begun(scene)
        await scene.run_for(400)
        told = {reason for _, reason, _ in scene.events}
        assert ("IdentityEndpointDead" in told, group_said(scene)["Ready"], said(scene)) == (
            False,
            ("True", "Running"),
            PROVED,
        )


async def test_case_10_without_a_probe_nobody_sees_that_the_endpoint_is_dead() -> None:
    async with open_scene(DEAD) as scene:
        await a_vault(scene)
        scene.apply(a_group("it", identity=SYSTEM, operator=AFTER), by_group(scene))
        await scene.run_for(900)
        assert group_said(scene)["Ready"] == ("True", "Running")
