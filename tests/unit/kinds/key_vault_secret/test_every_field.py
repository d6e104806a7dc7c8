"""The data plane's schema of a secret, the CRD and both bodies hold the same fields."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.azure.versions import SECRETS
from in_process.manifests import manifest, source
from in_process.scene import Scene, open_scene
from unit.kinds.written_fields import of_azure, of_crd

FILE = f"keyvault-data-secrets-{SECRETS}.json"
OURS = {"azureName", "keyVaultRef.id", "keyVaultRef.name"}
"""What makes the path of the request."""
SOURCE = {"valueFrom.secretKeyRef.name", "valueFrom.secretKeyRef.key"}
"""Stands for `value`, which is never in a spec."""
FULL: dict[str, dict[str, Any]] = {
    "contentType": {"contentType": "text"},
    "tags{}": {"tags": {"a": "1"}},
    "attributes.enabled": {"attributes": {"enabled": False}},
    "attributes.exp": {"attributes": {"exp": 2_000_000_000}},
    "attributes.nbf": {"attributes": {"nbf": 1_900_000_000}},
}
OWN = ("aci-operator-owner", "aci-operator-hash")


def test_every_field_of_a_new_version_is_in_the_crd_and_no_other_is() -> None:
    ours = of_crd("KeyVaultSecret") - OURS
    assert (ours - SOURCE, ours & SOURCE) == (
        of_azure(FILE, "SecretSetParameters") - {"value"},
        SOURCE,
    )


def test_every_field_of_a_change_is_one_of_a_new_version() -> None:
    assert of_azure(FILE, "SecretUpdateParameters") == set(FULL)


def a_secret(**spec: Any) -> dict[str, Any]:
    whole = {"keyVaultRef": {"name": "vault"}, "valueFrom": source("s"), **spec}
    return manifest("KeyVaultSecret", "it", **whole)


async def sent(scene: Scene, spec: dict[str, Any], method: str) -> Any:
    """Apply the secret; give the only body that the vault was sent, without our own tags."""
    scene.mark()
    scene.apply(a_secret(**spec))
    await scene.run_for(60)
    assert scene.unready() == {}
    (body,) = [each for each in scene.sent() if each.surface == "vault" and each.method == method]
    told: dict[str, Any] = dict(body.body)
    tags = {name: value for name, value in told.pop("tags").items() if name not in OWN}
    return {**told, "tags": tags} if tags else told


async def a_vault(scene: Scene) -> None:
    scene.secret("s", value="hello")
    group = {"resourceGroupRef": {"id": scene.group_id()}}
    vault = {"azureName": "vault", "permissionModel": "AccessPolicy", **group}
    scene.apply(manifest("KeyVault", "vault", **vault))
    await scene.run_for(60)


@pytest.mark.parametrize("field", FULL)
async def test_a_field_reaches_a_new_version_and_what_is_left_out_does_not(field: str) -> None:
    async with open_scene() as scene:
        await a_vault(scene)
        assert await sent(scene, FULL[field], "PUT") == {"value": "hello", **FULL[field]}


@pytest.mark.parametrize("field", FULL)
async def test_a_field_reaches_a_change_and_what_is_left_out_does_not(field: str) -> None:
    async with open_scene() as scene:
        await a_vault(scene)
        await sent(scene, {}, "PUT")
        assert await sent(scene, FULL[field], "PATCH") == FULL[field]
