"""Two grants of the same to one principal: it is theirs together, and stays until the last goes."""

from __future__ import annotations

from in_process.cluster import JsonObject
from in_process.scene import Scene, manifest, open_scene

KIND = "KeyVaultAccess"
SOMEBODY = "11111111-2222-4333-8444-555555555555"


def a_grant(scene: Scene, name: str, vault: str) -> JsonObject:
    principal = {"principalId": SOMEBODY, "principalType": "ServicePrincipal"}
    spec = {"principal": principal, "permissions": {"secrets": ["get"]}}
    return manifest(KIND, name, keyVaultRef={"id": vault}, **spec)


async def both(scene: Scene) -> str:
    """Have two grants, one after the other; give the vault's ARM ID."""
    vault = await scene.vault("vault-one")
    for name in ("first", "second"):
        scene.apply(a_grant(scene, name, vault))
        await scene.settle()
    return vault


async def test_what_another_of_ours_has_added_is_written_down_as_this_one_s_too() -> None:
    async with open_scene() as scene:
        vault = await both(scene)
        recorded = [scene.status(KIND, name)["accessPolicies"] for name in ("first", "second")]
        record = {"vaultId": vault, "principalId": SOMEBODY, "secrets": ["get"]}
        assert recorded == [[record], [record]]
        assert scene.take_writes() == ["PUT add"]


async def test_the_grant_stays_until_the_last_of_both_goes() -> None:
    async with open_scene() as scene:
        vault = await both(scene)
        scene.mark()
        seen = []
        for name in ("first", "second"):
            scene.delete(KIND, name)
            await scene.settle()
            seen.append((scene.take_writes(), await scene.granted(vault)))
        assert seen == [([], {SOMEBODY: ["get"]}), (["PUT remove"], {})]
