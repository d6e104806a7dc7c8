"""Case 25, a change that Azure refuses: told by path and value, or a replacement."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from azure_emulator.settings import Settings
from in_process.scene import Scene, a_group, open_scene

SUBSCRIPTION = f"/subscriptions/{Settings().subscription_ids[0]}"
NETWORK = f"{SUBSCRIPTION}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/v"
SUBNET = f"{NETWORK}/subnets/x"


def app(cpu: int, image: str = "alpine:3") -> list[dict[str, Any]]:
    requests = {"requests": {"cpu": cpu, "memoryInGB": 1.5}}
    return [{"name": "app", "image": image, "resources": requests}]


SPEC: dict[str, Any] = {
    "containers": app(1),
    "restartPolicy": "OnFailure",
    "osType": "Linux",
    "identity": {"type": "SystemAssigned"},
}
CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "policy": ({"restartPolicy": "Never"}, "spec.restartPolicy: OnFailure → Never"),
    "cpu": ({"containers": app(2)}, "spec.containers[app].resources.requests.cpu: 1 → 2"),
    "os": ({"osType": "Windows"}, "spec.osType: Linux → Windows"),
    "subnet": ({"subnetIds": [{"id": SUBNET}]}, f"spec.subnetIds: (none) → {SUBNET}"),
    "two, and one that Azure takes in place": (
        {"restartPolicy": "Never", "containers": app(2, image="alpine:4")},
        "spec.restartPolicy: OnFailure → Never; spec.containers[app].resources.requests.cpu: 1 → 2",
    ),
}
each_change = pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        it.apply(a_group(**SPEC))
        await it.settle()
        assert (it.said(), it.take_writes()) == (("True", "Running"), ["PUT it"])
        yield it


@each_change
async def test_case_25_it_is_refused_by_path_and_value_and_the_group_runs_on(
    scene: Scene, change: dict[str, Any], told: str
) -> None:
    scene.edit(**change)
    await scene.settle()
    await scene.run_for(1300)
    await scene.settle()
    found = {c["type"]: c for c in scene.status()["conditions"]}
    assert (scene.said(), scene.said("Stalled")) == (
        ("False", "RequiresReplacement"),
        ("True", "RequiresReplacement"),
    )
    message = found["Ready"]["message"]
    assert message.startswith(f"Azure cannot change this on a living group: {told}. Change it back")
    assert (found["Ready"]["observedGeneration"], scene.take_writes()) == (2, [])
    assert scene.groups.starts(scene.arm_id()) == 1


@each_change
async def test_case_25_with_replace_it_is_deleted_awaited_and_made_anew(
    scene: Scene, change: dict[str, Any], told: str
) -> None:
    scene.azure.settings.container_delete_seconds = 5
    before = scene.status()["identity"]["principalId"]
    scene.edit(**change, operator={"update": "Replace"})
    await scene.settle()
    assert (scene.said(), scene.take_writes()) == (("True", "Running"), ["DELETE it", "PUT it"])
    assert scene.status()["identity"]["principalId"] != before
    assert len(scene.told("Replacing")) == 1


async def test_case_25_a_change_that_is_taken_back_writes_nothing(scene: Scene) -> None:
    scene.edit(restartPolicy="Never")
    await scene.settle()
    scene.edit(restartPolicy="OnFailure")
    await scene.settle()
    assert (scene.said(), scene.said("Stalled"), scene.take_writes()) == (
        ("True", "Running"),
        ("", ""),
        [],
    )


async def test_case_25_azure_s_own_refusal_is_asked_for_once_and_counted(scene: Scene) -> None:
    scene.edit(containers=[*app(1), {**app(1)[0], "name": "more"}])
    for _ in range(3):
        await scene.settle()
        await scene.run_for(700)
    assert (
        scene.said(),
        scene.take_writes(),
        scene.operator.metrics.refused_updates._value.get(),
    ) == (
        ("False", "RequiresReplacement"),
        ["PUT it"],
        1,
    )
