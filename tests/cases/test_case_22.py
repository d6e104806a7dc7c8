"""Case 22, the same thing again: what is as it should be is never written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from in_process.scene import Scene, a_group, open_scene
from in_process.scene import a_group as a_manifest

PORT = {"port": 80, "protocol": "TCP"}
SPEC: dict[str, Any] = {
    "identity": {"type": "SystemAssigned"},
    "tags": {"cost": "1"},
    "ipAddress": {"type": "Public", "ports": [PORT], "dnsNameLabel": "my-label"},
}
GUISES: list[dict[str, bool]] = [
    {},
    {"unlisted_fields": True, "shuffled_order": True, "shouted_case": True},
    {"identical_put_restarts": True, "put_updates_tags": False},
]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        it.apply(a_group(**SPEC))
        await it.settle()
        assert (it.said(), it.take_writes()) == (("True", "Running"), ["PUT it"])
        yield it


async def periods(scene: Scene, count: int = 100) -> tuple[int, int]:
    """Let so many intervals pass; give the writes, and the most reads in one interval."""
    most = 0
    writes = 0
    for _ in range(count):
        most = max(most, len(scene.reads()))
        writes += len(scene.take_writes())
        await scene.run_for(60)
    return writes, most


@pytest.mark.parametrize("guise", GUISES)
async def test_case_22_a_hundred_intervals_write_nothing(
    scene: Scene, guise: dict[str, bool]
) -> None:
    for name, value in guise.items():
        setattr(scene.azure.settings, name, value)
    assert (await periods(scene), scene.said()) == ((0, 1), ("True", "Running"))


async def test_case_22_an_operator_that_starts_anew_writes_nothing(scene: Scene) -> None:
    await scene.restart_operator()
    assert await periods(scene, 5) == (0, 1)


async def test_case_22_labels_and_annotations_write_nothing(scene: Scene) -> None:
    scene.body()["metadata"]["labels"] = {"team": "a"}
    scene.annotate(note="edited")
    assert await periods(scene, 3) == (0, 1)


async def test_case_22_a_look_that_was_asked_for_writes_nothing_and_is_acknowledged(
    scene: Scene,
) -> None:
    scene.annotate(reconcile_requested_at="now")
    assert (await periods(scene, 3), scene.status()["lastHandledReconcileAt"]) == ((0, 1), "now")


SERVER_MADE: dict[str, Any] = {
    "isCreatedFromStandbyPool": True,
    "provisioningTimeoutInSeconds": 1800,
    "isCustomProvisioningTimeout": False,
    "volumes": [],
    "imageRegistryCredentials": [],
    "initContainers": [],
}


async def test_case_22_fields_that_azure_makes_are_no_drift(scene: Scene) -> None:
    address = {"type": "Public", "ports": [{**PORT, "protocol": "Tcp"}], "dnsNameLabel": "my-label"}
    scene.drift(**SERVER_MADE, ipAddress=address)
    assert (await periods(scene, 3), "drift" in scene.status()) == ((0, 1), False)


async def test_case_22_a_hundred_periods_of_the_whole_operator_write_nothing() -> None:
    async with open_scene(poll_interval=600.0, health_interval=600.0) as scene:
        group = a_manifest(identity={"type": "SystemAssigned"}, tags={"cost": "1"})
        scene.apply(group)
        await scene.settle()
        scene.mark()
        await scene.run_for(50 * 600)
        await scene.restart_operator()
        labelled = {**group["metadata"], "labels": {"team": "a"}, "annotations": {"note": "edited"}}
        scene.apply({**group, "metadata": labelled})
        scene.annotate(reconcile_requested_at="now")
        await scene.run_for(50 * 600)
        reads = [call for call in scene.reads() if call[1].endswith("containerGroups/it")]
        # One more for the look that was asked for, and one for the start.
        assert (scene.writes(), len(reads) <= 102) == ([], True)
        assert scene.status()["lastHandledReconcileAt"] == "now"
