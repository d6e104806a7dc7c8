"""Converting, applying and reading back gives the same body, for every template there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cases.templates import LOCATIONS, apply, bare, report_of, sent, users
from in_process.cluster import JsonObject
from in_process.scene import Scene, open_scene
from unit.convert.conversions import TEMPLATES, converted

CONTRADICTIONS = {"spec-extensions-profile.json": "ExtensionNeedsSubnet"}
"""Templates that say what cannot be, and the reason by which the group is refused."""
FILES = sorted(path for path in TEMPLATES.iterdir() if path.suffix in (".json", ".yaml"))
APPLIED = [path for path in FILES if path.name not in CONTRADICTIONS]


def group_of(report: JsonObject) -> JsonObject:
    """Give a report's only group."""
    (found,) = [item for item in report["manifests"]["items"] if item["kind"] == "ContainerGroup"]
    return dict(found)


def files_of(group: JsonObject) -> dict[str, JsonObject]:
    """Give the files of secret volumes by the path that a refusal of them has."""
    volumes = group["spec"].get("volumes", ())
    return {f"volumes[{each['name']}].secret": each for each in volumes if "secret" in each}


def list_again(report: JsonObject, before: JsonObject) -> None:
    """List the files of volumes, which Azure does not tell, as a person has to."""
    told = files_of(group_of(before))
    assert [line["path"] for line in report["refused"]] == list(told)
    volumes = group_of(report)["spec"].get("volumes", ())
    for volume in told.values():
        next(each for each in volumes if each["name"] == volume["name"]).update(volume)


async def read_back(scene: Scene, name: str, folder: Path) -> JsonObject:
    """Convert the group that is in Azure, and take its object away."""
    found = await scene.stranger.container_groups.get(scene.arm_id(name))
    path = folder / "live.json"
    path.write_text(json.dumps(found))
    scene.delete("ContainerGroup", name)
    await scene.settle()
    scene.mark()
    return converted(path, group=scene.group_id())


@pytest.mark.parametrize("path", APPLIED, ids=[path.name for path in APPLIED])
async def test_what_was_converted_is_the_same_when_it_is_read_back(
    path: Path, tmp_path: Path
) -> None:
    async with open_scene(knobs={"locations": LOCATIONS}) as scene:
        await users(scene)
        report = report_of(path, scene.group_id())
        await apply(scene, report)
        before = sent(scene)
        again = await read_back(scene, group_of(report)["metadata"]["name"], tmp_path)
        list_again(again, report)
        await apply(scene, again, report)
        assert bare(sent(scene)) == bare(before)


@pytest.mark.parametrize("name", CONTRADICTIONS)
async def test_a_template_that_contradicts_itself_is_refused_by_name(name: str) -> None:
    async with open_scene(knobs={"locations": LOCATIONS}) as scene:
        await users(scene)
        report = report_of(TEMPLATES / name, scene.group_id())
        await apply(scene, report)
        stalled = scene.conditions("ContainerGroup", group_of(report)["metadata"]["name"])[
            "Stalled"
        ]
        assert (stalled, scene.writes()) == (("True", CONTRADICTIONS[name]), [])
