"""Grants inside a group become objects of its own, kept in line with the entries."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kube import paths
from cases.access import images
from in_process.cluster import key_of
from in_process.manifests import a_group, manifest
from in_process.scene import Scene, open_scene

GET: dict[str, Any] = {"secrets": ["get"]}
SYSTEM = {"type": "SystemAssigned"}


def a_vault(scene: Scene) -> dict[str, Any]:
    group = {"resourceGroupRef": {"id": scene.group_id()}}
    return manifest("KeyVault", "vault", azureName="vault", permissionModel="AccessPolicy", **group)


def granting(*permissions: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """Give a group with a grant on the vault for each."""
    entries = [{"keyVaultRef": {"name": "vault"}, "permissions": each} for each in permissions]
    return a_group(**{"identity": SYSTEM, "operator": {"keyVaultAccess": entries}, **spec})


def accesses(scene: Scene) -> list[dict[str, Any]]:
    path = paths.of_kind("KeyVaultAccess", "here")
    found = [body for where, body in scene.cluster.bodies.items() if where.startswith(path)]
    return [body for body in found if "deletionTimestamp" not in body["metadata"]]


async def a_settled(scene: Scene, *permissions: dict[str, Any], **spec: Any) -> None:
    scene.apply(a_vault(scene), granting(*permissions, **spec))
    await scene.settle()


async def test_an_entry_becomes_an_object_that_the_group_owns() -> None:
    async with open_scene() as scene:
        group = granting(GET)
        marks = {"app.kubernetes.io/instance": "gitops"}
        group["metadata"] |= {"labels": marks, "annotations": {"argocd/tracking-id": "it"}}
        scene.apply(a_vault(scene), group)
        await scene.settle()
        (made,) = accesses(scene)
        uid = scene.cluster.bodies[paths.of_object(key_of("ContainerGroup", "it"))]["metadata"]
        assert (made["spec"], made["metadata"]["labels"], made["metadata"].get("annotations")) == (
            {
                "keyVaultRef": {"name": "vault"},
                "permissions": GET,
                "mode": "Auto",
                "principal": {"containerGroupRef": {"name": "it"}},
            },
            {
                "app.kubernetes.io/managed-by": "aci-operator",
                "aci-operator.io/container-group-uid": uid["uid"],
            },
            None,
        )


async def test_the_grant_stands_and_the_group_says_so() -> None:
    async with open_scene() as scene:
        await a_settled(scene, GET)
        (made,) = accesses(scene)
        said = scene.conditions("KeyVaultAccess", made["metadata"]["name"])["Ready"]
        group = scene.conditions("ContainerGroup", "it")
        assert (said, group["AccessGranted"], group["Ready"]) == (
            ("True", "Granted"),
            ("True", "Granted"),
            ("True", "Running"),
        )


async def test_a_changed_entry_changes_its_object_and_no_other_is_made() -> None:
    async with open_scene() as scene:
        await a_settled(scene, GET)
        (before,) = accesses(scene)
        scene.apply(granting({"secrets": ["get", "list"]}))
        await scene.settle()
        (after,) = accesses(scene)
        assert (after["metadata"]["name"], after["spec"]["permissions"]) == (
            before["metadata"]["name"],
            {"secrets": ["get", "list"]},
        )


async def test_an_entry_that_goes_takes_its_object_and_its_grant_with_it() -> None:
    async with open_scene() as scene:
        await a_settled(scene, GET)
        scene.mark()
        scene.apply(granting())
        await scene.settle()
        left = [where for where in scene.cluster.bodies if "keyvaultaccesses/" in where]
        conditions = scene.conditions("ContainerGroup", "it")
        assert (left, [path.rsplit("/", 1)[1] for _, path in scene.writes()]) == ([], ["remove"])
        assert "AccessGranted" not in conditions


async def test_an_object_that_somebody_edits_is_put_right() -> None:
    async with open_scene() as scene:
        await a_settled(scene, GET)
        (made,) = accesses(scene)
        spec = {**made["spec"], "permissions": {"secrets": ["get", "purge"]}}
        edited = manifest("KeyVaultAccess", made["metadata"]["name"], **spec)
        edited["metadata"]["labels"] = made["metadata"]["labels"]
        scene.apply(edited)
        await scene.run_for(700)
        (after,) = accesses(scene)
        assert after["spec"]["permissions"] == GET


async def test_a_group_with_one_user_identity_alone_is_granted_by_it() -> None:
    async with open_scene() as scene:
        one = await scene.identity("one")
        users = {"type": "UserAssigned", "userAssigned": [{"id": one}]}
        await a_settled(scene, GET, identity=users)
        (made,) = accesses(scene)
        assert made["spec"]["principal"] == {"userAssignedIdentityRef": {"id": one}}


async def test_two_user_identities_and_no_choice_are_refused_and_nothing_is_made() -> None:
    async with open_scene() as scene:
        one, other = await scene.identity("one"), await scene.identity("other")
        users = {"type": "UserAssigned", "userAssigned": [{"id": one}, {"id": other}]}
        await a_settled(scene, GET, identity=users)
        said = scene.conditions("ContainerGroup", "it")["Stalled"]
        assert (said, accesses(scene)) == (("True", "AmbiguousIdentity"), [])


async def test_nothing_is_written_while_nothing_changes() -> None:
    async with open_scene() as scene:
        await a_settled(scene, GET, {"keys": ["get"]})
        names = sorted(body["metadata"]["name"] for body in accesses(scene))
        scene.mark()
        await scene.run_for(1300)
        await scene.restart_operator()
        await scene.run_for(1300)
        after = sorted(body["metadata"]["name"] for body in accesses(scene))
        assert (len(names), after, scene.writes()) == (2, names, [])


@pytest.mark.parametrize("identity", [SYSTEM, {"type": "UserAssigned"}])
async def test_a_group_that_starts_after_its_access_waits_for_its_own_entries(
    identity: dict[str, Any],
) -> None:
    async with open_scene() as scene:
        if identity != SYSTEM:
            identity = {**identity, "userAssigned": [{"id": await scene.identity("id1")}]}
        group = granting(GET, identity=identity)
        group["spec"]["operator"]["start"] = "AfterAccess"
        scene.apply(a_vault(scene), group)
        await scene.run_for(50)
        waiting = (scene.conditions("ContainerGroup", "it")["Ready"], images(scene))
        await scene.run_for(60)
        placeholder = ["mcr.microsoft.com/azure-cli"] if identity == SYSTEM else []
        assert waiting == (("False", "WaitingForAccess"), placeholder)
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
        assert images(scene) == [*placeholder, "alpine:3"]


async def test_an_entry_with_a_probe_is_looked_at_from_inside_the_group_until_it_has_none() -> None:
    async with open_scene() as scene:
        group = granting(GET)
        (entry,) = group["spec"]["operator"]["keyVaultAccess"]
        scene.apply(a_vault(scene), group)
        await scene.settle()
        entry["probe"] = {"container": "app", "secretName": "sample"}
        scene.apply(group)
        await scene.settle()
        (with_probe,) = accesses(scene)
        del entry["probe"]
        scene.apply(group)
        await scene.settle()
        (without,) = accesses(scene)
        here = {"containerGroupRef": {"name": "it"}}
        assert with_probe["spec"].pop("probe") == {
            **here,
            "container": "app",
            "secretName": "sample",
        }
        assert (without["spec"], without["metadata"]["uid"]) == (
            with_probe["spec"],
            with_probe["metadata"]["uid"],
        )
