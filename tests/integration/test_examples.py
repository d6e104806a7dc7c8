"""The article's two examples, through `kubectl apply` and nothing else."""

from __future__ import annotations

import aiohttp

from integration.world import World

EXAMPLES = ("example-1-user-assigned", "example-2-system-assigned")
TOKEN_QUERY = "api-version=2018-02-01&resource=https%3A%2F%2Fvault.azure.net"


async def read_secret_from(
    world: World, group: str, client_id: str | None = None
) -> tuple[int, str]:
    """Do in a container what the article's two `curl`s do; give status and value or error code."""
    url = await world.azure.identity_endpoint(world.container_group_id(group))
    selector = f"&client_id={client_id}" if client_id else ""
    vault = (await world.get("keyvault/mykeyvault"))["status"]["vaultUri"]
    async with aiohttp.ClientSession() as client:
        token_url = f"{url}/metadata/identity/oauth2/token?{TOKEN_QUERY}{selector}"
        async with client.get(token_url, headers={"Metadata": "true"}) as answer:
            token = (await answer.json())["access_token"]
        async with client.get(
            f"{vault}/secrets/SampleSecret/?api-version=7.4",
            headers={"Authorization": f"Bearer {token}"},
            ssl=world.trust(),
        ) as answer:
            body = await answer.json()
    return answer.status, body.get("value") or body["error"]["innererror"]["code"]


async def test_both_examples_read_the_secret_with_their_own_identity(world: World) -> None:
    await world.apply_samples(*EXAMPLES)
    await world.until_ready()
    read = [await read_secret_from(world, group) for group in ("mycontainer", "mycontainer-system")]
    assert read == [(200, "Hello Container Instances")] * 2
