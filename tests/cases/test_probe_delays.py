"""Grants that have effect at once, after 30 seconds and after ten minutes, and who sees it."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any

import pytest

from cases.access import AFTER, SYSTEM, a_vault, images, reads
from cases.inside import a_secret, inside
from cases.probes import IDLE, PROBE, REAL, allowing, looked_at, said, told, warned
from in_process.scene import Scene, a_group, open_scene

PROVED, SETTLED = ("True", "Proved"), ("True", "Settled")
MODELS = pytest.mark.parametrize(
    ("rbac", "knob", "word"),
    [(False, "policy_delay", "ForbiddenByPolicy"), (True, "role_delay", "ForbiddenByRbac")],
)


async def prepared(scene: Scene, *, rbac: bool) -> None:
    await a_vault(scene, rbac=rbac)
    await a_secret(scene, rbac=rbac)
    scene.apply(allowing(scene))
    await scene.settle()
    scene.mark()


async def until_real(scene: Scene, most: float) -> None:
    """Let time pass until the real container was put, look by look."""
    for _ in range(int(most / 5)):
        if REAL in images(scene):
            return
        await scene.run_for(5)


@MODELS
@pytest.mark.parametrize("delay", [0, 30, 600])
async def test_no_real_container_starts_before_three_reads_in_a_row(
    rbac: bool, knob: str, word: str, delay: int
) -> None:
    async with open_scene({knob: delay}) as scene, inside(scene) as doing:
        await prepared(scene, rbac=rbac)
        scene.apply(a_group("it", identity=SYSTEM, operator=AFTER), looked_at(scene))
        begun = scene.clock.monotonic()
        await until_real(scene, 1200)
        before = list(takewhile(lambda each: not each.startswith("real"), doing.seen))
        assert before == ["placeholder 403"] * (len(before) - 3) + ["placeholder 200"] * 3
        assert (images(scene), said(scene)) == ([IDLE, REAL], PROVED)
        assert delay <= scene.clock.monotonic() - begun <= delay + 100
        assert warned(scene) == ([word] if delay == 600 and not rbac else [])


async def test_a_placeholder_that_starts_after_the_settle_time_is_waited_for() -> None:
    async with open_scene({"container_creation_seconds": 150}) as scene, inside(scene) as doing:
        await prepared(scene, rbac=False)
        scene.apply(a_group("it", identity=SYSTEM, operator=AFTER), looked_at(scene))
        await scene.run_for(120)
        before = (said(scene), images(scene))
        await scene.run_for(120)
        assert before == (("Unknown", "Propagating"), [IDLE])
        assert (said(scene), images(scene)) == (PROVED, [IDLE, REAL])
        assert doing.seen[:4] == ["placeholder 200"] * 3 + ["real 200"]


async def test_an_operator_that_starts_anew_asks_three_times_again() -> None:
    async with open_scene() as scene, inside(scene) as doing:
        await prepared(scene, rbac=False)
        scene.apply(a_group("it", identity=SYSTEM, operator=AFTER), looked_at(scene))
        while len(doing.seen) < 2:
            await scene.run_for(1)
        await scene.restart_operator()
        await scene.run_for(8)
        before = images(scene)
        await until_real(scene, 60)
        assert (before, doing.seen[:6]) == ([IDLE], ["placeholder 200"] * 5 + ["real 200"])
        assert (images(scene), said(scene)) == ([IDLE, REAL], PROVED)


@MODELS
async def test_without_a_probe_a_longer_delay_is_settled_and_one_that_comes_later_sees_it(
    rbac: bool, knob: str, word: str
) -> None:
    settle = 600 if rbac else 60
    async with open_scene({knob: settle + 120}) as scene, inside(scene) as doing:
        await prepared(scene, rbac=rbac)
        grant = looked_at(scene)
        del grant["spec"]["probe"]
        scene.apply(a_group("it", identity=SYSTEM, operator=AFTER), grant)
        await until_real(scene, settle + 60)
        blind = (said(scene), list(doing.seen))
        await scene.run_for(10)
        scene.apply(looked_at(scene))
        await scene.run_for(10)
        seen = (said(scene), warned(scene))
        await scene.run_for(240)
        assert blind == (SETTLED, [])
        assert (seen, said(scene)) == ((("False", word), [word]), PROVED)
        assert (images(scene), doing.seen[0]) == ([IDLE, REAL], "real 403")


async def test_a_grant_to_a_user_identity_settles_since_its_group_is_made_after_it() -> None:
    async with open_scene({"policy_delay": 120}) as scene, inside(scene) as doing:
        await prepared(scene, rbac=False)
        id_ = {"id": await scene.identity("id1")}
        user: dict[str, Any] = {"type": "UserAssigned", "userAssigned": [id_]}
        grant = reads(scene, userAssignedIdentityRef=id_)
        grant["spec"]["probe"] = PROBE
        scene.apply(a_group("it", identity=user, operator=AFTER), grant)
        await scene.run_for(30)
        waiting = (told(scene), images(scene))
        await scene.run_for(60)
        refused = (said(scene), images(scene), doing.seen[0])
        await scene.run_for(150)
        steps = ("Settled", "ForbiddenByPolicy", "Proved")
        assert ("spec.probe is not run: " in waiting[0], waiting[1]) == (True, [])
        assert refused == (("False", "ForbiddenByPolicy"), [REAL], "real 403")
        assert tuple(reason for _, reason, _ in scene.events if reason in steps) == steps
        assert (said(scene), images(scene)) == (PROVED, [REAL])


@pytest.mark.parametrize("delay", [0, 30, 600])
async def test_a_group_that_starts_at_once_has_the_time_to_its_first_read_told(delay: int) -> None:
    async with open_scene({"policy_delay": delay}) as scene, inside(scene):
        await prepared(scene, rbac=False)
        scene.apply(a_group("it", identity=SYSTEM), looked_at(scene))
        await scene.run_for(delay + 120)
        after = scene.status("KeyVaultAccess", "reads")["firstReadAfterSeconds"]
        (event,) = [note for _, reason, note in scene.events if reason == "FirstRead"]
        metric = re.search(
            r'aci_operator_grant_first_read_seconds_sum\{mode="AccessPolicy"\} (\d+)',
            scene.operator.metrics.text().decode(),
        )
        assert delay <= after <= delay + 61
        assert f"{after} s after the grant was written, " in event
        assert metric is not None
        assert int(metric[1]) == after


async def test_a_first_read_is_told_anew_when_the_grant_was_given_again() -> None:
    async with open_scene({"policy_delay": 20}) as scene, inside(scene):
        await prepared(scene, rbac=False)
        scene.apply(a_group("it", identity=SYSTEM), looked_at(scene))
        await scene.run_for(120)
        before = scene.status("KeyVaultAccess", "reads")["firstReadAt"]
        vault = scene.arm_id("vault-one", "Microsoft.KeyVault/vaults")
        entries = (await scene.stranger.vaults.get(vault))["properties"]["accessPolicies"]
        ours = [each for each in entries if each["objectId"] != scene.stranger_id]
        await scene.stranger.vaults.remove_policies(vault, ours)
        await scene.run_for(1300)
        told_ = [reason for _, reason, _ in scene.events if reason == "FirstRead"]
        after = scene.status("KeyVaultAccess", "reads")["firstReadAt"]
        assert (said(scene), len(told_), after > before) == (PROVED, 2, True)
