"""A change that Azure cannot make on a living group: refused by name, or a replacement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from aci_operator.api.objects import FINALIZER, Key
from group_stage import Ended, Stage, a_group, a_stage
from pass_builders import an_object

SYSTEM = {"type": "SystemAssigned"}
REPLACE = {"update": "Replace"}
CHANGE = {"restartPolicy": "Never"}


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        yield it


async def running(stage: Stage, **spec: Any) -> str:
    """Have a group that runs; give its principal."""
    group = {"restartPolicy": "OnFailure", "identity": SYSTEM, "operator": REPLACE, **spec}
    stage.add(a_group(stage.settings.subscription_id, **group))
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["PUT it"])
    return str(stage.status()["identity"]["principalId"])


def policy(stage: Stage) -> str:
    """What Azure's group does at the end of a container."""
    return str(stage.azure_group().sent.get("restartPolicy"))


@pytest.mark.parametrize("seconds", [0, 7])
async def test_a_replacement_is_a_deletion_and_a_creation(stage: Stage, seconds: float) -> None:
    stage.azure.settings.container_delete_seconds = seconds
    before = await running(stage)
    stage.edit(**CHANGE)
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["DELETE it", "PUT it"])
    assert policy(stage) == "Never"
    assert stage.status()["identity"]["principalId"] not in ("", before)
    assert ("replacingSince" in stage.status(), stage.body()["metadata"]["finalizers"]) == (
        False,
        [FINALIZER],
    )


async def test_a_replacement_says_what_it_is_for_and_holds_no_worker(stage: Stage) -> None:
    stage.azure.settings.container_delete_seconds = 30
    await running(stage)
    stage.edit(**CHANGE)
    looks = [await stage.look() for _ in range(3)]
    assert [look.after for look in looks] == [2.0] * 3
    ready = next(c for c in stage.status()["conditions"] if c["type"] == "Ready")
    assert (stage.said(), ready["message"]) == (
        ("False", "Replacing"),
        f"{stage.arm_id()} is being deleted and will be made anew, for spec.restartPolicy: "
        "OnFailure → Never.",
    )
    assert (await stage.events()).count("Replacing") == 1


async def test_a_change_that_is_taken_back_before_the_deletion_writes_nothing(stage: Stage) -> None:
    await running(stage, operator=None)
    stage.edit(**CHANGE)
    await stage.settle()
    assert stage.said() == ("False", "RequiresReplacement")
    stage.edit(restartPolicy="OnFailure")
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), [])


async def test_a_change_that_is_taken_back_in_the_middle_ends_as_the_spec_says(
    stage: Stage,
) -> None:
    stage.azure.settings.container_delete_seconds = 30
    await running(stage)
    stage.edit(**CHANGE)
    await stage.look()
    stage.edit(restartPolicy="OnFailure")
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["DELETE it", "PUT it"])
    assert policy(stage) == "OnFailure"


async def test_a_deletion_that_was_never_taken_leaves_the_group_after_five_minutes(
    stage: Stage,
) -> None:
    await running(stage)
    stage.edit(**CHANGE)
    stage.azure.faults.next(method="DELETE", path="containerGroups", status=500)
    await stage.look()
    stage.edit(restartPolicy="OnFailure")
    await stage.settle(limit=200)
    assert (stage.said(), "replacingSince" in stage.status()) == (("True", "Running"), False)
    assert stage.azure_group().life.starts == 1


async def test_a_refused_deletion_is_no_replacement_under_way(stage: Stage) -> None:
    await running(stage)
    stage.edit(**CHANGE)
    stage.azure.settings.locks = ((stage.arm_id(), "CanNotDelete"),)
    await stage.look()
    assert "replacingSince" not in stage.status()
    stage.edit(restartPolicy="OnFailure")
    await stage.settle()
    assert stage.said() == ("True", "Running")


async def test_a_replacement_that_may_not_begin_leaves_no_trace(stage: Stage) -> None:
    await running(stage)
    stage.world.writes_stopped = lambda: "An administrator has stopped all writes."
    stage.edit(**CHANGE)
    await stage.look()
    assert ("replacingSince" in stage.status(), stage.take_writes()) == (False, [])


@pytest.mark.parametrize("seconds", [0, 7])
async def test_an_object_that_goes_in_the_middle_takes_its_group_along(
    stage: Stage, seconds: float
) -> None:
    stage.azure.settings.container_delete_seconds = seconds
    await running(stage)
    stage.edit(**CHANGE)
    await stage.look()
    stage.delete()
    await stage.settle()
    assert (stage.azure_group(), [p for p in stage.server.bodies if p.endswith("/it")]) == (
        None,
        [],
    )


async def crashed_at(step: int, seconds: float) -> tuple[bool, Stage, list[str]]:
    """Replace a group, end the operator after that step, and let another one go on."""
    async with a_stage() as stage:
        stage.azure.settings.container_delete_seconds = seconds
        await running(stage)
        stage.edit(**CHANGE)
        stage.blade.at, stage.blade.steps = step, 0
        reached = False
        try:
            await stage.settle()
        except Ended:
            reached = True
        assert stage.body()["metadata"]["finalizers"] == [FINALIZER]
        await stage.restart()
        await stage.settle()
        return reached, stage, stage.take_writes()


@pytest.mark.parametrize("seconds", [0, 7])
async def test_a_replacement_survives_the_operator_s_end_after_each_of_its_steps(
    seconds: float,
) -> None:
    ends: list[tuple[int, Any]] = []
    for step in range(1, 40):
        reached, stage, writes = await crashed_at(step, seconds)
        if not reached:
            break
        ends.append((step, (stage.said(), writes.count("PUT it"), policy(stage))))
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
    stage: Stage, operator: dict[str, str], said: tuple[str, str], writes: list[str]
) -> None:
    await running(stage, operator=operator)
    stage.drift(restartPolicy="Always")
    await stage.view()
    assert (stage.said(), stage.take_writes()) == (said, writes)


async def test_drift_that_comes_back_is_not_replaced_for_ever(stage: Stage) -> None:
    await running(stage, operator={"driftPolicy": "Correct", **REPLACE})
    for _ in range(5):
        stage.drift(restartPolicy="Always")
        await stage.view()
    assert stage.said() == ("False", "DriftContested")
    assert stage.take_writes() == ["DELETE it", "PUT it"] * 3


TWO = [
    {"name": name, "image": "alpine:3", "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}}
    for name in ("app", "more")
]


async def test_a_refusal_that_the_table_did_not_foresee_is_asked_for_once(stage: Stage) -> None:
    await running(stage, operator=None)
    stage.edit(containers=TWO)
    await stage.settle()
    for _ in range(3):
        stage.azure.clock.advance(700)
        await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("False", "RequiresReplacement"), ["PUT it"])
    assert stage.refused_updates == 1
    assert (await stage.events()).count("RefusedInPlace") == 1


async def test_a_refusal_that_the_table_did_not_foresee_is_a_replacement_where_allowed(
    stage: Stage,
) -> None:
    await running(stage)
    stage.edit(containers=TWO)
    await stage.settle()
    writes = ["PUT it", "DELETE it", "PUT it"]
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), writes)
    assert (stage.refused_updates, "refusedUpdate" in stage.status()) == (1, False)


async def test_a_refused_change_that_is_taken_back_is_ready_without_a_write(stage: Stage) -> None:
    await running(stage, operator=None)
    stage.edit(containers=TWO)
    await stage.settle()
    stage.edit(containers=TWO[:1])
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["PUT it"])


async def test_a_group_that_is_still_busy_is_changed_when_azure_is_ready(stage: Stage) -> None:
    await running(stage)
    stage.azure.settings.container_restart_seconds = 30
    session = stage.sessions[-1]
    await session.container_groups.restart(stage.arm_id())
    stage.take_writes()
    stage.edit(containers=[{**TWO[0], "image": "alpine:4"}])
    await stage.settle()
    assert (stage.said(), stage.take_writes()) == (("True", "Running"), ["PUT it"])


async def test_grants_follow_the_new_principal(stage: Stage) -> None:
    before = await running(stage)
    vault = await stage.make_vault("demovault")
    principal = {"containerGroupRef": {"name": "it"}}
    spec = {"keyVaultRef": {"id": vault}, "principal": principal, "permissions": READ}
    stage.add(an_object("KeyVaultAccess", "grant", spec=spec, finalizers=()))
    await stage.settle(GRANT)
    assert await stage.granted(vault) == {before: ["get"]}
    stage.edit(**CHANGE)
    await stage.settle()
    await stage.settle(GRANT)
    after = stage.status()["identity"]["principalId"]
    assert (after != before, await stage.granted(vault)) == (True, {after: ["get"]})


READ = {"secrets": ["get"]}
GRANT = Key("KeyVaultAccess", "here", "grant")
