"""Case 6, the platform changes the case of IDs: never a difference, and sent as it was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from in_process.scene import Scene, a_group, open_scene

CASINGS: dict[str, Callable[[str], str]] = {
    "as Azure documents it": str,
    "resourcegroups": lambda id_: id_.replace("resourceGroups", "resourcegroups"),
    "the group's name": lambda id_: id_.replace("rg1", "RG1"),
    "all of it": lambda id_: id_[:1] + id_[1:].upper().replace("SUBSCRIPTIONS", "subscriptions"),
}
ANSWERS: dict[str, dict[str, bool]] = {
    "as sent": {"identity_keys_as_sent": True},
    "lower": {"identity_keys_as_sent": False, "identity_ids_lower_case": True},
    "as made": {"identity_keys_as_sent": False, "identity_ids_lower_case": False},
    "shouted": {"shouted_case": True},
}


def a_user_of(arm_id: str) -> dict[str, Any]:
    """Give a group that names the identity wherever it can be named."""
    named = {"identityRef": {"id": arm_id}}
    key = {"vaultBaseUrl": "https://Kv.vault.azure.net", "keyName": "k", "keyVersion": "1"}
    secret = {"name": "s", "secretReferenceUri": "https://kv.vault.azure.net/secrets/s"}
    return a_group(
        identity={"type": "UserAssigned", "userAssigned": [{"id": arm_id}]},
        imageRegistryCredentials=[{"server": "r.azurecr.io", **named}],
        encryptionProperties={**key, **named},
        secretReferences=[{**secret, **named}],
    )


async def three_looks(scene: Scene) -> list[tuple[str, str]]:
    """Let three poll intervals pass; give the writes."""
    scene.mark()
    await scene.run_for(3 * 600)
    return scene.writes()


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("casing", CASINGS.values(), ids=CASINGS)
async def test_case_6_no_casing_is_a_difference(
    casing: Callable[[str], str], answer: dict[str, bool]
) -> None:
    async with open_scene(knobs=answer) as scene:
        scene.apply(a_user_of(casing(await scene.identity("id1"))))
        await scene.settle()
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
        assert await three_looks(scene) == []
        assert scene.conditions("ContainerGroup", "it")["Synced"] == ("True", "InSync")


@pytest.mark.parametrize("casing", CASINGS.values(), ids=CASINGS)
async def test_case_6_the_id_is_sent_as_it_was_written(casing: Callable[[str], str]) -> None:
    async with open_scene() as scene:
        arm_id = casing(await scene.identity("id1"))
        scene.apply(a_user_of(arm_id))
        await scene.settle()
        (body,) = scene.bodies()
        properties = body["properties"]
        assert [
            *body["identity"]["userAssignedIdentities"],
            properties["imageRegistryCredentials"][0]["identity"],
            properties["encryptionProperties"]["identity"],
            properties["secretReferences"][0]["identity"],
        ] == [arm_id] * 4
