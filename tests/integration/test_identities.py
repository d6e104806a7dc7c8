"""Identities: what status says of them is what their tokens say, whatever the type."""

from __future__ import annotations

import json

import aiohttp
import jwt

from azure_emulator.containers import ContainerGroups
from integration.test_examples import TOKEN_QUERY, read_secret_from
from integration.world import World, condition_of

PATCH = "--type=merge"


async def token_oid(world: World, group: str, client_id: str | None = None) -> str:
    """Ask the identity endpoint of a group for a token; give the `oid` in it."""
    url = await world.azure.identity_endpoint(world.container_group_id(group))
    selector = f"&client_id={client_id}" if client_id else ""
    async with (
        aiohttp.ClientSession() as client,
        client.get(
            f"{url}/metadata/identity/oauth2/token?{TOKEN_QUERY}{selector}",
            headers={"Metadata": "true"},
        ) as answer,
    ):
        token = (await answer.json())["access_token"]
    return str(jwt.decode(token, options={"verify_signature": False})["oid"])


async def test_the_principals_in_status_are_those_of_the_tokens(world: World) -> None:
    await world.apply_samples("both-identities", "example-1-user-assigned")
    await world.until_ready()
    status = (await world.get("containergroup/mycontainer-both"))["status"]["identity"]
    user = status["userAssigned"][0]
    identity = (await world.get("userassignedidentity/my-second-id"))["status"]
    assert await token_oid(world, "mycontainer-both") == status["principalId"]
    assert await token_oid(world, "mycontainer-both", user["clientId"]) == user["principalId"]
    assert (user["principalId"], user["clientId"]) == (
        identity["principalId"],
        identity["clientId"],
    )


async def test_an_access_object_reports_the_principal_that_it_grants_to(world: World) -> None:
    await world.apply_samples("example-1-user-assigned", "example-2-system-assigned")
    await world.until_ready()
    user = (await world.get("keyvaultaccess/my-aci-id-reads-mykeyvault"))["status"]
    system = (await world.get("keyvaultaccess/mycontainer-system-reads-mykeyvault"))["status"]
    assert user["principalId"] == await token_oid(world, "mycontainer")
    assert system["principalId"] == await token_oid(world, "mycontainer-system")


async def test_an_identity_without_a_grant_is_refused_by_the_vault(world: World) -> None:
    await world.apply_samples("example-2-system-assigned")
    await world.until_ready()
    await world.kubectl("delete", "keyvaultaccess/mycontainer-system-reads-mykeyvault")
    assert await read_secret_from(world, "mycontainer-system") == (403, "ForbiddenByPolicy")


async def test_an_identity_switched_on_restarts_a_running_group_once(world: World) -> None:
    await world.apply_samples("example-1-user-assigned")
    await world.until_ready()
    starts = started(world, "mycontainer")
    world.azure.calls.forget()
    await switch_identity(world, "SystemAssigned, UserAssigned", [{"name": "my-aci-id"}])
    await world.kubectl(
        "wait", "--for=jsonpath={.status.identity.principalId}", "containergroup/mycontainer"
    )
    await world.until_ready("containergroup/mycontainer")
    status = (await world.get("containergroup/mycontainer"))["status"]
    assert world.writes() == ["PUT containerGroups/mycontainer"]
    assert started(world, "mycontainer") - starts == 1
    assert await token_oid(world, "mycontainer") == status["identity"]["principalId"]


async def test_an_identity_taken_away_leaves_none_in_azure_nor_in_status(world: World) -> None:
    await world.apply_samples("example-2-system-assigned")
    await world.until_ready()
    await world.kubectl(
        "patch",
        "containergroup/mycontainer-system",
        PATCH,
        "-p",
        json.dumps({"spec": {"identity": None}}),
    )
    await world.kubectl(
        "wait", "--for=jsonpath={.status.observedGeneration}=2", "containergroup/mycontainer-system"
    )
    await world.until_ready("containergroup/mycontainer-system")
    group = await world.get("containergroup/mycontainer-system")
    azure = world.azure.state()["containerGroups"][world.container_group_id("mycontainer-system")]
    assert ("identity" in azure, "identity" in group["status"]) == (False, False)
    assert condition_of(group, "IdentityReady") == {}


async def switch_identity(world: World, type_: str, users: list[dict[str, str]]) -> None:
    """Edit the identity of `mycontainer`."""
    spec = {"spec": {"identity": {"type": type_, "userAssigned": users}}}
    await world.kubectl("patch", "containergroup/mycontainer", PATCH, "-p", json.dumps(spec))


def started(world: World, group: str) -> int:
    """Give how often the group's containers were started."""
    groups = world.azure.cloud.container_groups
    assert isinstance(groups, ContainerGroups)
    return groups.starts(world.container_group_id(group))
