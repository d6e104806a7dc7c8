"""A change that Azure cannot make on a living group: refused by name, or a replacement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from aci_operator.api.objects import FINALIZER
from in_process.scene import Ended, Scene, a_group, manifest, open_scene

SYSTEM = {"type": "SystemAssigned"}
REPLACE = {"update": "Replace"}
CHANGE = {"restartPolicy": "Never"}
READ = {"secrets": ["get"]}


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        yield it


async def running(scene: Scene, **spec: Any) -> str:
    """Have a group that runs; give its principal."""
    group = {"restartPolicy": "OnFailure", "identity": SYSTEM, "operator": REPLACE, **spec}
    scene.apply(a_group(**group))
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["PUT it"])
    return str(scene.status()["identity"]["principalId"])


def policy(scene: Scene) -> str:
    """What Azure's group does at the end of a container."""
    return str(scene.living().sent.get("restartPolicy"))


@pytest.mark.parametrize("seconds", [0, 7])
async def test_a_replacement_is_a_deletion_and_a_creation(scene: Scene, seconds: float) -> None:
    scene.azure.settings.container_delete_seconds = seconds
    before = await running(scene)
    scene.edit(**CHANGE)
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["DELETE it", "PUT it"])
    assert policy(scene) == "Never"
    assert scene.status()["identity"]["principalId"] not in ("", before)
    assert ("replacingSince" in scene.status(), scene.body()["metadata"]["finalizers"]) == (
        False,
        [FINALIZER],
    )


async def test_a_replacement_says_what_it_is_for_and_holds_no_worker(scene: Scene) -> None:
    scene.azure.settings.container_delete_seconds = 30
    await running(scene)
    scene.edit(**CHANGE)
    await scene.run_for(7)
    looks = [round(call.time - scene.sent()[0].time) for call in scene.sent()]
    assert looks == [0, 0, 2, 4, 6]  # one before the deletion, then one each two seconds
    assert (scene.said(), scene.message()) == (
        ("False", "Replacing"),
        f"{scene.arm_id()} is being deleted and will be made anew, for spec.restartPolicy: "
        "OnFailure → Never.",
    )
    assert len(scene.told("Replacing")) == 1


async def test_a_change_that_is_taken_back_before_the_deletion_writes_nothing(scene: Scene) -> None:
    await running(scene, operator=None)
    scene.edit(**CHANGE)
    await scene.settle()
    assert scene.said() == ("False", "RequiresReplacement")
    scene.edit(restartPolicy="OnFailure")
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), [])


async def test_a_change_that_is_taken_back_in_the_middle_ends_as_the_spec_says(
    scene: Scene,
) -> None:
    scene.azure.settings.container_delete_seconds = 30
    await running(scene)
    scene.edit(**CHANGE)
    await scene.run_for(0)
    scene.edit(restartPolicy="OnFailure")
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["DELETE it", "PUT it"])
    assert policy(scene) == "OnFailure"


async def test_a_deletion_that_was_never_taken_leaves_the_group_after_five_minutes(
    scene: Scene,
) -> None:
    await running(scene)
    scene.edit(**CHANGE)
    scene.azure.faults.next(method="DELETE", path="containerGroups", status=500)
    await scene.run_for(0)
    scene.edit(restartPolicy="OnFailure")
    await scene.settle()
    assert (scene.said(), "replacingSince" in scene.status()) == (("True", "Running"), False)
    assert scene.living().life.starts == 1


async def test_a_refused_deletion_is_no_replacement_under_way(scene: Scene) -> None:
    await running(scene)
    scene.edit(**CHANGE)
    scene.azure.settings.locks = ((scene.arm_id(), "CanNotDelete"),)
    await scene.run_for(0)
    assert "replacingSince" not in scene.status()
    scene.edit(restartPolicy="OnFailure")
    await scene.settle()
    assert scene.said() == ("True", "Running")


async def test_a_replacement_that_may_not_begin_leaves_no_trace(scene: Scene) -> None:
    await running(scene)
    await scene.stop_writes()
    scene.edit(**CHANGE)
    await scene.run_for(0)
    assert ("replacingSince" in scene.status(), scene.take_writes()) == (False, [])


@pytest.mark.parametrize("seconds", [0, 7])
async def test_an_object_that_goes_in_the_middle_takes_its_group_along(
    scene: Scene, seconds: float
) -> None:
    scene.azure.settings.container_delete_seconds = seconds
    await running(scene)
    scene.edit(**CHANGE)
    await scene.run_for(0)
    scene.delete()
    await scene.settle()
    assert (scene.azure_group(), [p for p in scene.cluster.bodies if p.endswith("/it")]) == (
        None,
        [],
    )


async def crashed_at(step: int, seconds: float) -> tuple[bool, Scene, list[str]]:
    """Replace a group, end the operator after that step, and let another one go on."""
    async with open_scene() as scene:
        scene.azure.settings.container_delete_seconds = seconds
        await running(scene)
        scene.edit(**CHANGE)
        scene.end_after(step)
        reached = False
        try:
            await scene.settle()
        except Ended:
            reached = True
        assert scene.body()["metadata"]["finalizers"] == [FINALIZER]
        await scene.restart_operator()
        await scene.settle()
        return reached, scene, scene.take_writes()


@pytest.mark.parametrize("seconds", [0, 7])
async def test_a_replacement_survives_the_operator_s_end_after_each_of_its_steps(
    seconds: float,
) -> None:
    ends: list[tuple[int, Any]] = []
    for step in range(1, 40):
        reached, scene, writes = await crashed_at(step, seconds)
        if not reached:
            break
        ends.append((step, (scene.said(), writes.count("PUT it"), policy(scene))))
    assert len(ends) > 5
    assert ends == [(step, (("True", "Running"), 1, "Never")) for step, _ in ends]


DRIFT = [
    ({}, ("True", "Running"), []),
    ({"driftPolicy": "Correct"}, ("False", "RequiresReplacement"), []),
    (REPLACE, ("True", "Running"), []),
    ({"driftPolicy": "Correct", **REPLACE}, ("True", "Running"), ["DELETE it", "PUT it"]),
]


@pytest.mark.parametrize(("operator", "said", "writes"), DRIFT)
async def test_drift_alone_replaces_only_where_both_policies_say_so(
    scene: Scene, operator: dict[str, str], said: tuple[str, str], writes: list[str]
) -> None:
    await running(scene, operator=operator)
    scene.drift(restartPolicy="Always")
    await scene.run_for(70)
    assert (scene.said(), scene.take_writes()) == (said, writes)


async def test_drift_that_comes_back_is_not_replaced_for_ever(scene: Scene) -> None:
    await running(scene, operator={"driftPolicy": "Correct", **REPLACE})
    for _ in range(5):
        scene.drift(restartPolicy="Always")
        await scene.run_for(70)
    assert scene.said() == ("False", "DriftContested")
    assert scene.take_writes() == ["DELETE it", "PUT it"] * 3


TWO = [
    {"name": name, "image": "alpine:3", "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}}
    for name in ("app", "more")
]


async def test_a_refusal_that_the_table_did_not_foresee_is_asked_for_once(scene: Scene) -> None:
    await running(scene, operator=None)
    scene.edit(containers=TWO)
    await scene.settle()
    for _ in range(3):
        await scene.run_for(700)
        await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("False", "RequiresReplacement"), ["PUT it"])
    assert scene.operator.metrics.refused_updates._value.get() == 1
    assert len(scene.told("RefusedInPlace")) == 1


async def test_a_refusal_that_the_table_did_not_foresee_is_a_replacement_where_allowed(
    scene: Scene,
) -> None:
    await running(scene)
    scene.edit(containers=TWO)
    await scene.settle()
    writes = ["PUT it", "DELETE it", "PUT it"]
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), writes)
    assert (
        scene.operator.metrics.refused_updates._value.get(),
        "refusedUpdate" in scene.status(),
    ) == (1, False)


async def test_a_refused_change_that_is_taken_back_is_ready_without_a_write(scene: Scene) -> None:
    await running(scene, operator=None)
    scene.edit(containers=TWO)
    await scene.settle()
    scene.edit(containers=TWO[:1])
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["PUT it"])


async def test_a_group_that_is_still_busy_is_changed_when_azure_is_ready(scene: Scene) -> None:
    await running(scene)
    scene.azure.settings.container_restart_seconds = 30
    session = scene.stranger
    await session.container_groups.restart(scene.arm_id())
    scene.take_writes()
    scene.edit(containers=[{**TWO[0], "image": "alpine:4"}])
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["PUT it"])


async def test_grants_follow_the_new_principal(scene: Scene) -> None:
    before = await running(scene)
    vault = await scene.vault("demovault")
    principal = {"containerGroupRef": {"name": "it"}}
    spec = {"keyVaultRef": {"id": vault}, "principal": principal, "permissions": READ}
    scene.apply(manifest("KeyVaultAccess", "grant", **spec))
    await scene.settle()
    assert await scene.granted(vault) == {before: ["get"]}
    scene.edit(**CHANGE)
    await scene.settle()
    await scene.settle()
    after = scene.status()["identity"]["principalId"]
    assert (after != before, await scene.granted(vault)) == (True, {after: ["get"]})


@pytest.mark.parametrize(
    ("waits", "reason"),
    [([{"kind": "RoleAssignment", "name": "none"}], "WaitingForAccess"), ([], "InvalidSpec")],
)
async def test_a_group_runs_on_while_the_one_in_its_place_could_not_start(
    scene: Scene, waits: list[dict[str, str]], reason: str
) -> None:
    await running(scene)
    scene.edit(**CHANGE, operator={**REPLACE, "start": "AfterAccess", "waitFor": waits})
    await scene.run_for(700)
    assert (scene.said(), scene.take_writes()) == (("False", reason), [])
    assert policy(scene) == "OnFailure"
