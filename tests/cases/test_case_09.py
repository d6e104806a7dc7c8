"""Case 9, who may pull the image: only a user-assigned identity of the group's own.

That a credential cannot have both an identity and a password is refused by the schema, among the
CRDs' own tests.
"""

from __future__ import annotations

from typing import Any

from in_process.scene import a_group, container, open_scene

SYSTEM = {"identity": {"type": "SystemAssigned"}}
NOT_ACCESSIBLE = {
    "method": "PUT",
    "path": "containerGroups/it",
    "status": 400,
    "code": "InaccessibleImage",
    "message": "The image 'r.azurecr.io/a' in container group 'it' is not accessible.",
}


def pulled_by(puller: str, **spec: Any) -> dict[str, Any]:
    credentials = [{"server": "r.azurecr.io", "identityRef": {"id": puller}}]
    return a_group(imageRegistryCredentials=credentials, **spec)


async def test_case_09_an_identity_that_the_group_does_not_have_is_refused() -> None:
    async with open_scene() as scene:
        scene.apply(pulled_by(await scene.identity("id1"), **SYSTEM))
        await scene.run_for(1800)
        reason = "RegistryIdentityNotAssigned"
        found = scene.conditions("ContainerGroup", "it")
        assert (found["Ready"], found["Stalled"]) == (("False", reason), ("True", reason))
        message = scene.message("ContainerGroup", "it")
        assert message.startswith("spec.imageRegistryCredentials[r.azurecr.io].identityRef: ")
        assert "its system identity cannot" in message
        assert scene.writes() == []


async def test_case_09_a_registry_of_azure_without_a_credential_is_warned_of_and_applied() -> None:
    async with open_scene() as scene:
        users = [{"id": await scene.identity("id1")}]
        identity = {"type": "UserAssigned", "userAssigned": users}
        scene.apply(a_group(identity=identity, containers=[container(image="r.azurecr.io/a")]))
        await scene.run_for(1800)
        told = [e[:2] for e in scene.events if e[1] == "RegistryCredentialMissing"]
        assert told == [("Warning", "RegistryCredentialMissing")]
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")


async def test_case_09_an_outage_of_the_registry_heals_by_itself() -> None:
    async with open_scene(faults=[{**NOT_ACCESSIBLE, "times": 5}]) as scene:
        scene.apply(a_group())
        await scene.run_for(30)
        found = scene.conditions("ContainerGroup", "it")
        assert found["Ready"] == ("False", "ImageInaccessible")
        assert "Stalled" not in found
        await scene.run_for(300)
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")


async def test_case_09_an_image_that_stays_inaccessible_is_stalled_after_half_an_hour() -> None:
    async with open_scene(faults=[{**NOT_ACCESSIBLE, "times": 900}]) as scene:
        scene.apply(a_group())
        await scene.run_for(1750)
        assert "Stalled" not in scene.conditions("ContainerGroup", "it")
        tries = len(scene.writes())
        await scene.run_for(1300)
        found = scene.conditions("ContainerGroup", "it")
        assert found["Stalled"] == ("True", "ImageInaccessible")
        assert (8 <= tries <= 13, len(scene.writes()) - tries <= 5) == (True, True)
        told = [type_ for type_, reason, _ in scene.events if reason == "ImageInaccessible"]
        assert told == ["Normal"]
