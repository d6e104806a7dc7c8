"""What a scene offers, one fact per facility."""

from __future__ import annotations

import gc
import warnings

import pytest

from in_process import shape
from in_process.scene import a_group, container, open_scene, source

READY = ("True", "Running")
EVENTS = ["Created", "Running"]


async def test_a_group_that_is_applied_runs() -> None:
    async with open_scene() as scene:
        scene.apply(a_group())
        await scene.settle()
        assert scene.conditions("ContainerGroup", "it") == {
            "ContainersHealthy": READY,
            "Ready": READY,
            "ReferencesResolved": ("True", "Resolved"),
            "Synced": ("True", "InSync"),
        }


async def test_a_manifest_that_the_crd_refuses_is_refused() -> None:
    async with open_scene() as scene:
        with pytest.raises(shape.Invalid, match=r"spec: .*'colour' was unexpected"):
            scene.apply(a_group(colour="blue"))
        assert scene.object("ContainerGroup", "it") is None


async def test_a_group_that_is_deleted_goes_in_azure_and_then_in_the_cluster() -> None:
    async with open_scene() as scene:
        scene.apply(a_group())
        await scene.settle()
        scene.mark()
        scene.delete("ContainerGroup", "it")
        await scene.settle()
        assert scene.object("ContainerGroup", "it") is None
        assert scene.azure_group("it") is None
        assert scene.writes() == [("DELETE", scene.path("it"))]


async def test_time_passes_with_every_look_that_is_due_in_it() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.apply(a_group())
        await scene.settle()
        scene.mark()
        begun = scene.clock.monotonic()
        await scene.run_for(640)
        assert scene.clock.monotonic() - begun == 640
        assert scene.calls() == [("GET", scene.path("it"))] * 10


async def test_azure_takes_a_fault_in_one_line() -> None:
    fault = {"method": "PUT", "path": "containerGroups/it", "status": 500}
    async with open_scene(faults=[fault]) as scene:
        scene.apply(a_group())
        await scene.settle()
        assert scene.writes() == [("PUT", scene.path("it"))] * 2
        assert scene.conditions("ContainerGroup", "it")["Ready"] == READY


async def test_a_knob_of_the_emulator_is_set_at_the_start() -> None:
    async with open_scene(knobs={"container_groups_quota": 0}) as scene:
        scene.apply(a_group())
        await scene.settle()
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("False", "QuotaExceeded")


async def test_somebody_else_can_change_azure_and_is_not_counted() -> None:
    async with open_scene() as scene:
        scene.apply(a_group())
        await scene.settle()
        scene.mark()
        await scene.stranger.container_groups.stop(scene.arm_id("it"))
        scene.drift("it", restartPolicy="Never")
        assert scene.calls() == []
        await scene.run_for(700)
        status = scene.status("ContainerGroup", "it")
        assert status["state"] == "Stopped"
        assert status["drift"] == ["spec.restartPolicy", "spec.operator.powerState"]


async def test_events_are_told_once_each() -> None:
    async with open_scene() as scene:
        scene.apply(a_group())
        await scene.settle()
        assert [reason for _, reason, _ in scene.events] == EVENTS


async def test_a_new_operator_knows_what_is_stored_and_writes_nothing() -> None:
    async with open_scene() as scene:
        scene.apply(a_group())
        await scene.settle()
        before = scene.operator
        scene.mark()
        await scene.restart_operator()
        await scene.settle()
        assert scene.operator is not before
        assert scene.writes() == []
        assert scene.conditions("ContainerGroup", "it")["Ready"] == READY


async def test_secrets_of_the_namespace_reach_the_body_alone() -> None:
    async with open_scene() as scene:
        scene.secret("token", value="canary")
        entry = {"name": "TOKEN", "secureValueFrom": source("token")}
        scene.apply(a_group(containers=[container(environmentVariables=[entry])]))
        await scene.settle()
        (body,) = scene.bodies()
        sent = body["properties"]["containers"][0]["properties"]["environmentVariables"]
        assert sent == [{"name": "TOKEN", "secureValue": "canary"}]
        assert "canary" not in str(scene.status("ContainerGroup", "it"))


async def test_the_same_story_goes_the_same_way_each_time() -> None:
    told = []
    for _ in range(2):
        async with open_scene() as scene:
            scene.apply(a_group())
            await scene.run_for(3600)
            times = [round(call.time - scene.begun, 3) for call in scene.sent()]
            told.append((scene.calls(), times))
    assert told[0] == told[1]


async def test_an_annotation_of_ours_wakes_its_object() -> None:
    async with open_scene() as scene:
        scene.apply(a_group())
        await scene.settle()
        scene.annotate("ContainerGroup", "it", reconcile_requested_at="noon")
        await scene.settle()
        assert scene.status("ContainerGroup", "it")["lastHandledReconcileAt"] == "noon"


async def test_a_status_that_the_crd_does_not_know_is_refused() -> None:
    with pytest.raises(shape.Invalid, match=r"status: .*'mood' was unexpected"):
        shape.admitted("ContainerGroup", "status", {"mood": "good"})


async def test_defaults_of_the_crd_are_filled_in() -> None:
    vault = {"keyVaultRef": {"name": "kv"}, "permissions": {"secrets": ["get"]}}
    group = a_group(operator={"keyVaultAccess": [vault]})
    spec = shape.admitted("ContainerGroup", "spec", group["spec"])
    assert spec["operator"]["keyVaultAccess"] == [{**vault, "mode": "Auto"}]


async def test_an_answer_that_was_cut_leaves_no_connection_open() -> None:
    fault = {"method": "PUT", "path": "containerGroups/it", "cut": True}
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        async with open_scene(faults=[fault]) as scene:
            scene.apply(a_group())
            await scene.settle()
            gc.collect()
        assert [str(each.message) for each in told if "Unclosed" in str(each.message)] == []
