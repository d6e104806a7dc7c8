"""The operator's own access to a vault lasts: over a change of the model, and over a new vault."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.azure.session import Session
from aci_operator.kube import paths
from group_stage import GROUP_ID, Stage, a_stage
from pass_builders import an_object

VAULT = Key("KeyVault", "here", "it")


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with a_stage() as it:
        yield it


async def made(stage: Stage, model: str) -> str:
    """Have the operator make a vault; give its ARM ID."""
    group = GROUP_ID.format(stage.settings.subscription_id)
    spec = {"resourceGroupRef": {"id": group}, "azureName": "vault", "permissionModel": model}
    whole: dict[str, Any] = {**spec, "sku": {"name": "standard"}}
    stage.add(an_object("KeyVault", "it", spec=whole, finalizers=()))
    await stage.settle(VAULT)
    stage.take_writes()
    return f"{group}/providers/Microsoft.KeyVault/vaults/vault"


async def switch(stage: Stage, model: str) -> None:
    path = paths.of_object(VAULT)
    body = stage.server.bodies[path]
    body["spec"]["permissionModel"] = model
    body["metadata"]["generation"] += 1
    stage.server.edit(path)
    stage.world.store.put(Object.parse(body))
    await stage.settle(VAULT)


@pytest.mark.parametrize(("one", "other"), [("RBAC", "AccessPolicy"), ("AccessPolicy", "RBAC")])
async def test_access_under_the_new_model_is_given_before_the_vault_switches(
    stage: Stage, one: str, other: str
) -> None:
    await made(stage, one)
    await switch(stage, other)
    gave, changed, _ = stage.take_writes()
    assert (gave.startswith("PUT "), changed) == (True, "PATCH vault")


async def test_an_account_that_may_give_itself_no_access_does_not_switch_the_vault(
    stage: Stage,
) -> None:
    await made(stage, "AccessPolicy")
    principal = stage.azure.cloud.directory.find_application(stage.settings.client_id)
    assert principal is not None
    assignments = stage.azure.cloud.authorization.assignments
    for assignment in list(assignments.of(principal.oid)):
        assignments.remove(assignment.name)
    group = GROUP_ID.format(stage.settings.subscription_id)
    stage.azure.assign_role(principal.oid, "Contributor", group)
    await switch(stage, "RBAC")
    status = stage.server.bodies[paths.of_object(VAULT)]["status"]
    said = {c["type"]: c["reason"] for c in status["conditions"]}
    written = [call for call in stage.take_writes() if not call.startswith("PUT ")]
    assert (said["Stalled"], written) == ("Forbidden", [])


async def test_a_vault_that_is_made_again_gets_the_operators_role_again(stage: Stage) -> None:
    arm_id = await made(stage, "RBAC")
    somebody = await Session.open(stage.settings)
    await somebody.vaults.delete(arm_id)
    where = (stage.settings.subscription_id, "eastus", "vault")
    await somebody.vaults.purge(*where)
    await somebody.close()
    stage.azure.calls.forget()
    stage.azure.clock.advance(700)
    await stage.settle(VAULT)
    first, second = stage.take_writes()
    assert (first, second.startswith("PUT ")) == ("PUT vault", True)
