"""Case 26, probes: Ready tells the containers' truth, and no more often than it changes.

What the schema refuses (`tcpSocket`, two kinds of probe in one) is among the CRDs' own tests;
letter case of `scheme` among those of the comparison.
"""

from __future__ import annotations

from collections import Counter

from in_process.scene import a_group, container, open_scene

PROBE = {"exec": {"command": ["cat", "/tmp/healthy"]}, "periodSeconds": 5}


async def test_case_26_a_container_that_its_probe_kills_is_not_ready_at_any_moment() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave(exit_code=137, after=30, probe="Liveness")
        scene.apply(a_group(containers=[container(livenessProbe=PROBE)]))
        await scene.settle()
        await scene.run_for(300)
        said: Counter[tuple[str, str]] = Counter()
        for _ in range(60):
            await scene.run_for(60)
            found = scene.conditions("ContainerGroup", "it")
            said[found["Ready"]] += 1
            assert found["Ready"] == found["ContainersHealthy"]
        assert said == {("False", "Unhealthy"): 60}
        (status,) = scene.status("ContainerGroup", "it")["containers"]
        assert status["restartCount"] > 9
        assert scene.message("ContainerGroup", "it").startswith("app: Liveness probe failed.")


async def test_case_26_a_restart_is_told_once() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave(exit_code=137, after=30, probe="Liveness")
        scene.apply(a_group())
        await scene.run_for(3600)
        told = Counter(reason for _, reason, _ in scene.events)
        (status,) = scene.status("ContainerGroup", "it")["containers"]
        assert (told["Unhealthy"], told["ContainerRestarted"] <= status["restartCount"]) == (
            1,
            True,
        )


async def test_case_26_a_probe_of_readiness_that_fails_is_no_restart() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.groups.behave(after=100, probe="Readiness")
        scene.apply(a_group())
        await scene.settle()
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
        await scene.run_for(300)
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("False", "Unhealthy")
        (status,) = scene.status("ContainerGroup", "it")["containers"]
        assert (status["state"], status["restartCount"]) == ("Running", 0)
