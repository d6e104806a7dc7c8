"""Public Azure's own addresses, by way of a proxy: no endpoint is configured anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from control_plane import ControlPlane
from integration.test_examples import EXAMPLES, TOKEN_QUERY
from integration.world import World, open_world

TOKEN_URL = f"http://169.254.169.254/metadata/identity/oauth2/token?{TOKEN_QUERY}"
SECRET_URL = "https://mykeyvault.vault.azure.net/secrets/SampleSecret/?api-version=7.4"


@pytest.fixture
async def world(
    control_plane: ControlPlane, operator_kubeconfig: Path, tmp_path: Path
) -> AsyncIterator[World]:
    """A world whose account has no endpoints, and whose operator finds Azure through a proxy."""
    async with open_world(
        control_plane, operator_kubeconfig, "production-urls", tmp_path, public=True
    ) as it:
        yield it


async def read_secret_from(world: World, group: str) -> str:
    """Do in a container what the article's two `curl`s do, by the article's own addresses."""
    proxy = world.azure.container_proxy(world.container_group_id(group))
    async with aiohttp.ClientSession(proxy=proxy) as client:
        async with client.get(TOKEN_URL, headers={"Metadata": "true"}) as answer:
            token = (await answer.json())["access_token"]
        bearer = {"Authorization": f"Bearer {token}"}
        async with client.get(SECRET_URL, headers=bearer, ssl=world.trust()) as answer:
            body: dict[str, Any] = await answer.json()
    return str(body["value"])


async def test_both_examples_become_ready_and_read_the_secret_by_production_urls(
    world: World,
) -> None:
    await world.apply_samples(*EXAMPLES)
    await world.until_ready()
    account = await world.get("azureaccount/azure")
    vault = await world.get("keyvault/mykeyvault")
    read = [await read_secret_from(world, name) for name in ("mycontainer", "mycontainer-system")]
    assert "endpoints" not in account["spec"]
    assert vault["status"]["vaultUri"] == "https://mykeyvault.vault.azure.net"
    assert read == ["Hello Container Instances"] * 2
