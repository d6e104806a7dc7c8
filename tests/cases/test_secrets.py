"""Secrets of a running group: a change is one PUT at the next look; a missing one harms nothing."""

from __future__ import annotations

from typing import Any

import pytest

from cases.scene import Scene, a_group, container, open_scene, source

LONG = {"healthInterval": "1h", "pollInterval": "1h"}


def a_group_with(secret: str, **spec: Any) -> dict[str, Any]:
    token = {"name": "TOKEN", "secureValueFrom": source(secret)}
    return a_group(containers=[container(environmentVariables=[token])], **spec)


def values(scene: Scene) -> list[str]:
    """Give the secure value of each PUT since the mark."""
    containers = [body["properties"]["containers"][0] for body in scene.bodies()]
    return [each["properties"]["environmentVariables"][0]["secureValue"] for each in containers]


async def test_a_changed_value_is_one_put_at_the_next_look() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.secret("token", value="one")
        scene.apply(a_group_with("token"))
        await scene.settle()
        scene.mark()
        scene.secret("token", value="two")
        await scene.run_for(70)
        await scene.run_for(3600)
        assert (values(scene), scene.writes()) == (["two"], [("PUT", scene.path("it"))])
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")


async def test_an_annotation_has_it_sent_at_once() -> None:
    async with open_scene() as scene:
        scene.secret("token", value="one")
        scene.apply(a_group_with("token", operator=LONG))
        await scene.settle()
        scene.mark()
        scene.secret("token", value="two")
        await scene.run_for(60)
        assert values(scene) == []
        scene.annotate("ContainerGroup", "it", reconcile_requested_at="now")
        await scene.run_for(5)
        assert values(scene) == ["two"]


async def test_a_secret_that_goes_is_named_and_the_group_runs_on() -> None:
    async with open_scene(health_interval=60.0) as scene:
        scene.secret("token", value="one")
        scene.apply(a_group_with("token"))
        await scene.settle()
        scene.mark()
        del scene.cluster.bodies["/api/v1/namespaces/here/secrets/token"]
        await scene.run_for(1800)
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("False", "WaitingForSecret")
        field = "spec.containers[app].environmentVariables[TOKEN].secureValueFrom.secretKeyRef"
        assert scene.message("ContainerGroup", "it").startswith(f"{field} names Secret token, ")
        assert scene.writes() == []
        scene.secret("token", value="one")
        await scene.run_for(400)
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
        assert scene.writes() == []


@pytest.mark.parametrize("spec", [{}, {"restartPolicy": "Never"}])
async def test_no_value_stands_anywhere_but_in_the_body(spec: dict[str, Any]) -> None:
    async with open_scene() as scene:
        scene.secret("token", value="canary-1")
        scene.apply(a_group_with("token", **spec))
        await scene.settle()
        scene.secret("token", value="canary-2")
        await scene.run_for(1800)
        objects = {k: v for k, v in scene.cluster.bodies.items() if "/secrets/" not in k}
        assert "canary" not in repr((objects, scene.events))
