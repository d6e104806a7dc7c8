"""Case 36, secrets that Azure reads from a vault by itself: no value passes through here."""

from __future__ import annotations

from typing import Any

import pytest

from cases.grants import VAULTS
from in_process.scene import Scene, a_group, container, open_scene

URI = "https://kv1.vault.azure.net/secrets"
NAMES = ("env", "share", "file", "registry")


def referring(arm_id: str, names: tuple[str, ...] = NAMES) -> dict[str, Any]:
    """Give a group that uses a secret of a vault in each of the four places."""
    share = {"shareName": "s", "storageAccountName": "a", "storageAccountKeyReference": "share"}
    return a_group(
        identity={"type": "UserAssigned", "userAssigned": [{"id": arm_id}]},
        containers=[
            container(environmentVariables=[{"name": "TOKEN", "secureValueReference": "env"}])
        ],
        volumes=[
            {"name": "share", "azureFile": share},
            {"name": "files", "secretReference": {"file": "file"}},
        ],
        imageRegistryCredentials=[
            {"server": "r.azurecr.io", "username": "u", "passwordReference": "registry"}
        ],
        secretReferences=[
            {"name": name, "identityRef": {"id": arm_id}, "secretReferenceUri": f"{URI}/{name}"}
            for name in names
        ],
    )


async def refused(scene: Scene) -> tuple[tuple[str, str], str]:
    await scene.settle()
    assert scene.writes() == []
    conditions = scene.conditions("ContainerGroup", "it")
    return conditions["Stalled"], scene.message("ContainerGroup", "it")


async def test_case_36_the_four_references_and_their_entries_are_sent() -> None:
    async with open_scene() as scene:
        arm_id = await scene.identity("id1")
        scene.apply(referring(arm_id))
        await scene.settle()
        sent = scene.bodies()[0]["properties"]
        (variable,) = sent["containers"][0]["properties"]["environmentVariables"]
        assert variable == {"name": "TOKEN", "secureValueReference": "env"}
        assert sent["volumes"][0]["azureFile"]["storageAccountKeyReference"] == "share"
        assert sent["volumes"][1] == {"name": "files", "secretReference": {"file": "file"}}
        assert sent["imageRegistryCredentials"][0]["passwordReference"] == "registry"
        assert sent["secretReferences"] == [
            {"name": name, "identity": arm_id, "secretReferenceUri": f"{URI}/{name}"}
            for name in NAMES
        ]


@pytest.mark.parametrize(
    ("version", "end"), [({}, ""), ({"secretVersion": "a" * 32}, f"/{'a' * 32}")]
)
async def test_case_36_a_vault_by_reference_builds_the_address(
    version: dict[str, str], end: str
) -> None:
    async with open_scene() as scene:
        arm_id = await scene.identity("id1")
        group = referring(arm_id)
        for entry in group["spec"]["secretReferences"]:
            del entry["secretReferenceUri"]
            vault = {"keyVaultRef": {"id": scene.arm_id("kv1", VAULTS)}}
            entry.update(vault, secretName=entry["name"], **version)
        scene.apply(group)
        await scene.settle()
        (body,) = scene.bodies()
        assert body["properties"]["secretReferences"] == [
            {"name": name, "identity": arm_id, "secretReferenceUri": f"{URI}/{name}{end}"}
            for name in NAMES
        ]


@pytest.mark.parametrize("missing", NAMES)
async def test_case_36_a_name_without_an_entry_is_refused(missing: str) -> None:
    async with open_scene() as scene:
        arm_id = await scene.identity("id1")
        scene.apply(referring(arm_id, tuple(name for name in NAMES if name != missing)))
        stalled, message = await refused(scene)
        assert stalled == ("True", "UnknownSecretReference")
        assert f"spec.secretReferences has no entry {missing}" in message


async def test_case_36_an_identity_that_the_group_does_not_have_is_refused() -> None:
    async with open_scene() as scene:
        arm_id, other = await scene.identity("id1"), await scene.identity("other")
        group = referring(arm_id)
        group["spec"]["secretReferences"][0]["identityRef"] = {"id": other}
        scene.apply(group)
        stalled, message = await refused(scene)
        assert stalled == ("True", "SecretIdentityNotAssigned")
        assert "spec.secretReferences[env]" in message


async def test_case_36_what_is_sent_is_as_azure_shows_it() -> None:
    async with open_scene() as scene:
        scene.apply(referring(await scene.identity("id1")))
        await scene.settle()
        scene.mark()
        await scene.run_for(1900)
        assert scene.writes() == []
        assert scene.conditions("ContainerGroup", "it")["Synced"] == ("True", "InSync")


async def test_case_36_without_a_grant_in_the_cluster_nothing_waits() -> None:
    async with open_scene() as scene:
        scene.apply(referring(await scene.identity("id1")))
        await scene.settle()
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")


@pytest.mark.parametrize("code", ["NoRegisteredProviderFound", "InvalidApiVersionParameter"])
async def test_case_36_an_azure_that_lacks_the_api_version_is_told_of_by_name(code: str) -> None:
    words = "The supported api-versions are '2023-05-01'"
    refusal = {"path": "containerGroups/it", "status": 400, "code": code, "message": words}
    async with open_scene(faults=[{**refusal, "times": 99}]) as scene:
        scene.apply(referring(await scene.identity("id1")))
        await scene.run_for(7200)
        said, message = (
            scene.conditions("ContainerGroup", "it"),
            scene.message("ContainerGroup", "it"),
        )
        assert (said["Stalled"], scene.writes()) == (("True", "NeedsApiVersion"), [])
        assert words in message
        assert "Use a release that speaks" in message
