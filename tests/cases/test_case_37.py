"""Case 37, init containers, a directory that containers share, a repository as a volume."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cases.templates import GIVEN, bare, body_of
from in_process.scene import a_group, container, open_scene
from unit.convert.conversions import TEMPLATES

NUMBERS = {'"80"': "80", '"1.0"': "1", '"1.5"': "1.5"}
CANONICAL = {"memoryInGb": "memoryInGB", '"Tcp"': '"TCP"'}
INIT = {"name": "first", "image": "alpine:3", "command": ["true"]}
SHARED = {"name": "shared-files", "emptyDir": {}}


def golden(name: str) -> dict[str, Any]:
    """Fill a template's parameters by hand, in the words of the newest API; give its body."""
    whole = json.loads((TEMPLATES / name).read_text())
    text = json.dumps(whole["resources"][0])
    for parameter, known in whole["parameters"].items():
        value = GIVEN.get(parameter, known.get("defaultValue"))
        text = text.replace(f"\"[parameters('{parameter}')]\"", json.dumps(value))
    for old, new in (NUMBERS | CANONICAL).items():
        text = text.replace(old, new)
    found = json.loads(text.replace("[resourceGroup().location]", "eastus"))
    return {"location": found["location"], "properties": found["properties"], "tags": {}}


@pytest.mark.parametrize(
    "name", ["docs-init-container.json", "qs-volume-gitrepo.json", "qs-volume-emptydir.json"]
)
async def test_case_37_the_body_is_the_templates(name: str) -> None:
    async with open_scene() as scene:
        assert bare(await body_of(scene, name)) == bare(golden(name))


@pytest.mark.parametrize(
    "repository",
    [
        {"repository": "https://example.com/r.git"},
        {"repository": "https://example.com/r.git", "directory": ".", "revision": "main"},
    ],
)
async def test_case_37_a_repository_is_sent_as_it_was_written(repository: dict[str, str]) -> None:
    async with open_scene() as scene:
        scene.apply(a_group(volumes=[{"name": "repository", "gitRepo": repository}]))
        await scene.settle()
        (body,) = scene.bodies()
        assert body["properties"]["volumes"] == [{"name": "repository", "gitRepo": repository}]


async def test_case_37_the_order_of_init_containers_is_kept_and_is_a_change() -> None:
    first, second = INIT, {**INIT, "name": "second"}
    async with open_scene() as scene:
        scene.apply(a_group(initContainers=[first, second]))
        await scene.settle()
        scene.mark()
        scene.apply(a_group(initContainers=[second, first]))
        await scene.settle()
        (body,) = scene.bodies()
        sent = [each["name"] for each in body["properties"]["initContainers"]]
        assert sent == ["second", "first"]


async def test_case_37_the_order_of_containers_is_no_change() -> None:
    one, two = container("one"), container("two")
    async with open_scene() as scene:
        scene.apply(a_group(containers=[one, two]))
        await scene.settle()
        scene.mark()
        scene.apply(a_group(containers=[two, one]))
        await scene.settle()
        assert scene.writes() == []
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")


async def test_case_37_a_mount_without_its_volume_is_refused() -> None:
    mount = {"name": "nowhere", "mountPath": "/mnt"}
    async with open_scene() as scene:
        scene.apply(a_group(containers=[container(volumeMounts=[mount])], volumes=[SHARED]))
        await scene.settle()
        stalled = scene.conditions("ContainerGroup", "it")["Stalled"]
        assert (stalled, scene.writes()) == (("True", "UnknownVolume"), [])


async def test_case_37_a_volume_that_nobody_mounts_is_accepted() -> None:
    async with open_scene() as scene:
        scene.apply(a_group(volumes=[SHARED]))
        await scene.settle()
        assert scene.bodies()[0]["properties"]["volumes"] == [SHARED]
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")


@pytest.mark.parametrize("shown", [{"emptyDir": None}, {"emptyDir": {}}])
async def test_case_37_an_empty_directory_that_azure_shows_as_null_is_no_drift(
    shown: dict[str, Any],
) -> None:
    async with open_scene() as scene:
        scene.apply(a_group(volumes=[SHARED]))
        await scene.settle()
        scene.drift("it", volumes=[{"name": "shared-files", **shown}])
        scene.mark()
        await scene.run_for(1300)
        assert scene.writes() == []
        assert scene.conditions("ContainerGroup", "it")["Synced"] == ("True", "InSync")
