"""Case 12, two user identities: the containers are told which one is theirs."""

from __future__ import annotations

from typing import Any

from in_process.manifests import a_group, container, manifest
from in_process.scene import Scene, open_scene

NONE: list[tuple[str, str]] = []


def identity_object(scene: Scene, name: str) -> dict[str, Any]:
    return manifest("UserAssignedIdentity", name, resourceGroupRef={"id": scene.group_id()})


def told(scene: Scene) -> list[tuple[str, dict[str, str]]]:
    """Give what the last PUT of a group told each container, init containers last."""
    properties = scene.bodies()[-1]["properties"]
    both = [*properties["containers"], *properties.get("initContainers", ())]
    return [
        (
            one["name"],
            {e["name"]: e["value"] for e in one["properties"].get("environmentVariables", ())},
        )
        for one in both
    ]


def a_told_group(*identities: dict[str, str], **spec: Any) -> dict[str, Any]:
    users = {"type": "UserAssigned", "userAssigned": list(identities)}
    return a_group(**{"identity": users, "operator": {"injectIdentity": True}, **spec})


async def test_case_12_every_container_is_told_the_only_identity_and_init_containers_are_not() -> (
    None
):
    async with open_scene() as scene:
        own = container("own", environmentVariables=[{"name": "AZURE_CLIENT_ID", "value": "mine"}])
        init = {"name": "init", "image": "alpine:3"}
        scene.apply(
            identity_object(scene, "one"),
            a_told_group(
                {"name": "one"}, containers=[container("app"), own], initContainers=[init]
            ),
        )
        await scene.settle()
        client = scene.status("UserAssignedIdentity", "one")["clientId"]
        assert told(scene) == [
            ("app", {"AZURE_CLIENT_ID": client}),
            ("own", {"AZURE_CLIENT_ID": "mine"}),
            ("init", {}),
        ]


async def test_case_12_two_identities_and_no_choice_are_refused() -> None:
    async with open_scene() as scene:
        one, other = await scene.identity("one"), await scene.identity("other")
        scene.apply(a_told_group({"id": one}, {"id": other}))
        await scene.settle()
        assert (scene.conditions("ContainerGroup", "it")["Stalled"], scene.writes()) == (
            ("True", "AmbiguousIdentity"),
            NONE,
        )


async def test_case_12_the_chosen_one_of_two_is_told_and_another_choice_is_one_put() -> None:
    async with open_scene() as scene:
        one, other = await scene.identity("one"), await scene.identity("other")
        scene.apply(choosing(one, other, one))
        await scene.settle()
        first = told(scene)
        scene.mark()
        scene.apply(choosing(one, other, other))
        await scene.settle()
        shown = scene.status("ContainerGroup", "it")["identity"]["userAssigned"]
        clients = {each["id"].lower(): each["clientId"] for each in shown}
        assert (first, told(scene), len(scene.writes())) == (
            [("app", {"AZURE_CLIENT_ID": clients[one.lower()]})],
            [("app", {"AZURE_CLIENT_ID": clients[other.lower()]})],
            1,
        )


def choosing(one: str, other: str, chosen: str) -> dict[str, Any]:
    told = {"injectIdentity": True, "injectIdentityRef": {"id": chosen}}
    return a_told_group({"id": one}, {"id": other}, operator=told)


async def test_case_12_a_choice_that_is_not_assigned_is_refused() -> None:
    async with open_scene() as scene:
        one, other = await scene.identity("one"), await scene.identity("other")
        told = {"injectIdentity": True, "injectIdentityRef": {"id": other}}
        scene.apply(a_told_group({"id": one}, operator=told))
        await scene.settle()
        assert (scene.conditions("ContainerGroup", "it")["Stalled"], scene.writes()) == (
            ("True", "InjectedIdentityNotAssigned"),
            NONE,
        )


async def test_case_12_a_system_identity_alone_needs_none() -> None:
    async with open_scene() as scene:
        scene.apply(a_group(identity={"type": "SystemAssigned"}, operator={"injectIdentity": True}))
        await scene.settle()
        assert told(scene) == [("app", {})]


async def test_case_12_on_windows_the_principal_is_told_which_the_endpoint_there_asks_for() -> None:
    async with open_scene() as scene:
        one = await scene.identity("one")
        scene.apply(a_told_group({"id": one}, osType="Windows"))
        await scene.settle()
        (shown,) = scene.status("ContainerGroup", "it")["identity"]["userAssigned"]
        assert told(scene) == [("app", {"AZURE_PRINCIPAL_ID": shown["principalId"]})]


async def test_case_12_what_was_told_is_no_drift_and_writes_nothing_again() -> None:
    async with open_scene() as scene:
        one = await scene.identity("one")
        scene.apply(a_told_group({"id": one}))
        await scene.settle()
        scene.mark()
        await scene.run_for(1300)
        assert (scene.writes(), scene.conditions("ContainerGroup", "it")["Synced"]) == (
            NONE,
            ("True", "InSync"),
        )
