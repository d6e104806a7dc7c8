"""Case 32, a GPU in a region without it: a warning before the first PUT, never a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from in_process.scene import a_group, container, open_scene, source

CAPABILITIES = "/providers/Microsoft.ContainerInstance/locations/eastus/capabilities"
EXPECTED = (
    "spec.containers[app].resources.requests.gpu.sku: eastus lists K80 for such groups, and not "
    "P100: Azure will hardly find room for the group. Choose another sku, or a region that has it."
)


def with_gpu(name: str, sku: str) -> dict[str, Any]:
    requests = {"cpu": 1, "memoryInGB": 1.5, "gpu": {"count": 1, "sku": sku}}
    return a_group(name, containers=[container(resources={"requests": requests})])


@pytest.mark.parametrize(("sku", "told"), [("K80", []), ("P100", [EXPECTED])])
async def test_case_32_a_gpu_that_the_region_does_not_list_is_warned_of_before_the_put(
    sku: str, told: list[str]
) -> None:
    async with open_scene() as scene:
        scene.apply(with_gpu("it", sku))
        await scene.settle()
        calls = scene.calls()
        assert calls.index(("GET", CAPABILITIES)) < calls.index(("PUT", scene.path("it")))
        assert [note for _, reason, note in scene.events if reason == "GpuNotInRegion"] == told
        assert scene.unready() == {}


async def test_case_32_what_a_region_has_is_read_once_a_day_for_all_groups() -> None:
    async with open_scene() as scene:
        counted = []
        for hours in (0, 20, 5):
            await scene.run_for(hours * 3600)
            scene.apply(*(with_gpu(f"at-{hours}-{n}", "P100") for n in range(2)))
            await scene.settle()
            counted.append(scene.calls().count(("GET", CAPABILITIES)))
        told = [reason for _, reason, _ in scene.events if reason == "GpuNotInRegion"]
        assert (counted, len(told)) == ([1, 1, 2], 6)


@pytest.mark.parametrize("status", [403, 404, 429, 500])
async def test_case_32_without_the_right_or_an_answer_nothing_is_said_and_nothing_fails(
    status: int,
) -> None:
    refusal = {"method": "GET", "path": "capabilities", "status": status, "times": 1}
    async with open_scene(faults=[refusal]) as scene:
        scene.apply(with_gpu("it", "P100"))
        await scene.run_for(300)
        told = [reason for _, reason, _ in scene.events if reason == "GpuNotInRegion"]
        assert (told, scene.unready(), len(scene.bodies())) == ([], {}, 1)


async def test_case_32_who_asks_for_no_gpu_asks_nothing() -> None:
    async with open_scene() as scene:
        scene.apply(a_group())
        await scene.settle()
        assert ("GET", CAPABILITIES) not in scene.calls()


async def test_case_32_a_group_that_had_to_wait_for_something_is_warned_as_any_other() -> None:
    async with open_scene() as scene:
        group = with_gpu("it", "P100")
        variable = {"name": "V", "secureValueFrom": source("late")}
        group["spec"]["containers"][0]["environmentVariables"] = [variable]
        scene.apply(group)
        await scene.settle()
        scene.secret("late", value="x")
        await scene.run_for(600)
        told = [reason for _, reason, _ in scene.events if reason == "GpuNotInRegion"]
        assert (told, scene.unready()) == (["GpuNotInRegion"], {})
