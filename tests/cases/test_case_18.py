"""Case 18, a vault of that name lies in the bin: left, brought back or purged, as its spec says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from in_process.scene import Ended, Scene, manifest, open_scene
from in_process.stage import VAULTS
from integration.azure.bodies import vault_body
from pass_builders import CLUSTER

NAME = "vault-one"
THEIRS = {
    "tenantId": "",
    "objectId": "11111111-1111-1111-1111-111111111111",
    "permissions": {"secrets": ["get"]},
}


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with open_scene() as it:
        yield it


def arm_id(scene: Scene) -> str:
    return scene.arm_id(NAME, VAULTS)


async def bury(scene: Scene, tags: dict[str, str] | None = None, **properties: Any) -> str:
    """Have a deleted vault with a policy of others; give when it was deleted, and goes."""
    session = scene.stranger
    body = vault_body(session, [{**THEIRS, "tenantId": session.tenant_id}])
    body["properties"] |= properties
    await session.vaults.create(arm_id(scene), {**body, "tags": tags or {}})
    await session.vaults.delete(arm_id(scene))
    found = await session.vaults.find_deleted(session.subscription_id, "eastus", NAME)
    assert found is not None
    told = found["properties"]
    return f"deleted {told['deletionDate']}, purged by Azure on {told['scheduledPurgeDate']}"


def add_vault(scene: Scene, **spec: Any) -> None:
    group = {"id": scene.group_id()}
    asked = {"permissionModel": "AccessPolicy", "sku": {"name": "standard"}, **spec}
    scene.apply(manifest("KeyVault", "it", resourceGroupRef=group, azureName=NAME, **asked))


def ready(scene: Scene) -> tuple[str, str, str]:
    return *scene.said(kind="KeyVault"), scene.message("KeyVault", "it")


async def policies(scene: Scene) -> dict[str, list[str]]:
    """Give who may do what; the operator is named by what it is."""
    found = await scene.granted(arm_id(scene))
    me = scene.operator_id
    return {"operator" if who == me else who: rights for who, rights in found.items()}


OPERATOR = ["set", "list", "delete", "recover"]


async def test_case_18_fail_tells_the_dates_and_both_choices_and_writes_no_more(
    scene: Scene,
) -> None:
    dates = await bury(scene)
    add_vault(scene, softDeleted="Fail")
    await scene.settle()
    assert (ready(scene), scene.take_writes()) == (
        (
            "False",
            "VaultSoftDeleted",
            f"A deleted vault still holds spec.azureName vault-one: {dates}, purge protection off. "
            "Set spec.softDeleted: Recover brings it back with its contents; PurgeThenCreate "
            "destroys it for good and makes a new one. Or choose another name.",
        ),
        ["PUT vault-one"],
    )


async def test_case_18_recover_keeps_the_policies_and_brings_the_rest_in_line(
    scene: Scene,
) -> None:
    await bury(scene)
    add_vault(scene, softDeleted="Recover", enabledForDeployment=True)
    await scene.settle()
    writes = scene.take_writes()
    assert (ready(scene)[:2], writes, await policies(scene)) == (
        ("True", "Available"),
        ["PUT vault-one", "PUT vault-one", "PATCH vault-one", "PUT add"],
        {THEIRS["objectId"]: ["get"], "operator": OPERATOR},
    )


async def test_case_18_what_was_recovered_has_the_specs_properties_and_our_tag(
    scene: Scene,
) -> None:
    await bury(scene, tags={"theirs": "1"})
    add_vault(scene, softDeleted="Recover", enabledForDeployment=True)
    await scene.settle()
    body = await scene.stranger.vaults.get(arm_id(scene))
    assert (body["tags"], body["properties"]["enabledForDeployment"]) == (
        {"theirs": "1", "aci-operator-owner": f"{CLUSTER}/here/it"},
        True,
    )


@pytest.mark.parametrize("choice", ["Recover", "PurgeThenCreate"])
async def test_case_18_what_is_marked_as_anothers_is_left_in_the_bin(
    scene: Scene, choice: str
) -> None:
    await bury(scene, tags={"aci-operator-owner": "other/there/it"})
    add_vault(scene, softDeleted=choice)
    await scene.settle()
    assert (ready(scene)[:2], scene.take_writes()) == (
        ("False", "AlreadyExists"),
        ["PUT vault-one"],
    )


async def test_case_18_purge_then_create_makes_a_vault_without_what_was_there(
    scene: Scene,
) -> None:
    scene.azure.settings.vault_purge_seconds = 12
    await bury(scene)
    add_vault(scene, softDeleted="PurgeThenCreate")
    await scene.settle()
    writes = scene.take_writes()
    assert (ready(scene)[:2], writes, await policies(scene)) == (
        ("True", "Available"),
        ["PUT vault-one", "POST purge", "PUT vault-one"],
        {"operator": OPERATOR},
    )


async def test_case_18_what_is_protected_is_not_purged(scene: Scene) -> None:
    dates = await bury(scene, enablePurgeProtection=True)
    add_vault(scene, softDeleted="PurgeThenCreate")
    await scene.settle()
    assert (ready(scene), scene.take_writes()) == (
        (
            "False",
            "PurgeProtected",
            "spec.softDeleted is PurgeThenCreate, and the deleted vault that holds spec.azureName "
            f"vault-one is protected from that: {dates}, purge protection on. Set spec.softDeleted "
            "to Recover, choose another name, or wait for that date.",
        ),
        ["PUT vault-one"],
    )


@pytest.mark.parametrize("at", range(1, 16))
@pytest.mark.parametrize("choice", ["Recover", "PurgeThenCreate"])
async def test_case_18_an_operator_that_ends_anywhere_goes_on(
    scene: Scene, choice: str, at: int
) -> None:
    await bury(scene)
    add_vault(scene, softDeleted=choice)
    scene.end_after(at)
    with suppress(Ended):
        await scene.settle()
    await scene.restart_operator()
    await scene.run_for(700)
    await scene.settle()
    kept = {THEIRS["objectId"]: ["get"]} if choice == "Recover" else {}
    assert (ready(scene)[:2], await policies(scene)) == (
        ("True", "Available"),
        {**kept, "operator": OPERATOR},
    )


async def test_case_18_recover_needs_no_right_on_the_subscription(scene: Scene) -> None:
    await bury(scene)
    scene.leave_operator("Owner", scene.group_id())
    add_vault(scene, softDeleted="Recover")
    await scene.settle()
    assert ready(scene)[:2] == ("True", "Available")
