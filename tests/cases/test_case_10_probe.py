"""Case 10 with a probe: the process starts when a read from inside has succeeded three times."""

from __future__ import annotations

import pytest

from cases.access import AFTER, SYSTEM, a_vault, by_group, images
from cases.inside import SECRET, a_secret, inside
from cases.probes import IDLE, REAL, allowing, looked_at, said
from in_process.scene import Scene, a_group, container, open_scene

PROVED = ("True", "Proved")


async def begun(scene: Scene) -> None:
    """Apply a group that waits for access that a probe looks at, with a secret to read."""
    await a_vault(scene)
    await a_secret(scene)
    scene.mark()
    grant = looked_at(scene)
    scene.apply(allowing(scene), a_group("it", identity=SYSTEM, operator=AFTER), grant)


@pytest.mark.parametrize("delay", [0, 30])
async def test_case_10_the_probe_proves_the_access_before_the_containers_start(
    delay: int,
) -> None:
    async with open_scene({"policy_delay": delay}) as scene, inside(scene):
        await begun(scene)
        await scene.run_for(delay + 60)
        assert (said(scene), images(scene)) == (("True", "Proved"), [IDLE, REAL])


async def test_case_10_a_delay_beyond_the_settle_time_is_told_as_a_fault_and_starts_nothing() -> (
    None
):
    async with open_scene({"policy_delay": 120}) as scene, inside(scene):
        await begun(scene)
        await scene.run_for(90)
        told = (said(scene), images(scene))
        await scene.run_for(300)
        assert told == (("False", "ForbiddenByPolicy"), [IDLE])
        assert (said(scene), images(scene)) == (("True", "Proved"), [IDLE, REAL])


async def test_case_10_no_token_and_no_value_stand_anywhere_after_a_real_shell() -> None:
    async with open_scene({"exec_shell": True}) as scene:
        await begun(scene)
        await scene.run_for(60)
        kept = str((scene.cluster.bodies, scene.events))
        assert (SECRET in kept, "eyJ" in kept, said(scene)) == (False, False, PROVED)


async def test_case_10_a_403_that_comes_later_turns_the_condition_and_is_an_event() -> None:
    async with open_scene() as scene, inside(scene):
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


DEAD = {"update_breaks_identity_endpoint": True}


def group_said(scene: Scene) -> dict[str, tuple[str, str]]:
    told = scene.conditions("ContainerGroup", "it")
    return {each: told.get(each, ("", "")) for each in ("Ready", "Stalled", "AccessEffective")}


async def test_case_10_an_endpoint_that_dies_of_the_change_in_place_stalls_the_group() -> None:
    async with open_scene(DEAD) as scene, inside(scene):
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
    async with open_scene(DEAD) as scene, inside(scene):
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
    async with open_scene({"identity_endpoint_delay": 60}) as scene, inside(scene):
        await begun(scene)
        await scene.run_for(400)
        told = {reason for _, reason, _ in scene.events}
        assert ("IdentityEndpointDead" in told, group_said(scene)["Ready"], said(scene)) == (
            False,
            ("True", "Running"),
            PROVED,
        )


async def test_case_10_the_probe_looks_at_once_after_a_later_change_in_place() -> None:
    async with open_scene() as scene, inside(scene):
        await begun(scene)
        await scene.run_for(3700)
        scene.mark()
        scene.edit(containers=[container(environmentVariables=[{"name": "V", "value": "1"}])])
        await scene.run_for(5)  # without a change it looks each ten minutes
        assert scene.take_writes() == ["PUT it", "POST exec"]


async def test_case_10_without_a_probe_nobody_sees_that_the_endpoint_is_dead() -> None:
    async with open_scene(DEAD) as scene, inside(scene):
        await a_vault(scene)
        scene.apply(a_group("it", identity=SYSTEM, operator=AFTER), by_group(scene))
        await scene.run_for(900)
        assert group_said(scene)["Ready"] == ("True", "Running")
