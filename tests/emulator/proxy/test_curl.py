"""The article's two `curl` commands, word for word, by the real program."""

from __future__ import annotations

import asyncio
import json
import shutil
from typing import Any

import aiohttp
import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from emulator.conftest import Client
from emulator.proxy.test_production import VAULT, VAULT_URL, make_vault
from emulator.proxy.test_proxy import CONTAINERS, TOKEN, run_container

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")


async def curl(azure: Emulator, *arguments: str, proxy: str = "") -> Any:
    """Run curl in a container's surroundings; give the JSON that it prints."""
    process = await asyncio.create_subprocess_exec(
        "curl",
        "-s",
        *arguments,
        env={
            "PATH": "/usr/bin:/bin",
            "http_proxy": proxy or azure.endpoints.proxy,
            "https_proxy": azure.endpoints.proxy,
            "CURL_CA_BUNDLE": str(azure.endpoints.ca_file),
        },
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return json.loads(printed)


async def test_a_container_reads_a_secret_as_in_the_article(
    azure: Emulator,
    arm: Client,
    http: aiohttp.ClientSession,
    owner: Principal,
    group: str,
) -> None:
    direct = (await make_vault(arm, azure, owner)).rstrip("/")
    vault = Client(http, direct, azure.token(owner, "https://vault.azure.net"))
    await vault("PUT", "/secrets/SampleSecret", "7.4", {"value": "Hello Container Instances"})
    await run_container(arm, azure)
    shown = await arm("GET", CONTAINERS, "2023-05-01")
    policy = {
        "objectId": shown.body["identity"]["principalId"],
        "tenantId": azure.settings.tenant_id,
        "permissions": {"secrets": ["get"]},
    }
    add = {"properties": {"accessPolicies": [policy]}}
    assert (await arm("PUT", f"{VAULT}/accessPolicies/add", "2023-07-01", add)).status == 200
    proxy = azure.container_proxy(CONTAINERS)
    token = (await curl(azure, TOKEN, "-H", "Metadata:true", proxy=proxy))["access_token"]
    url = f"{VAULT_URL}/secrets/SampleSecret/?api-version=7.4"
    secret = await curl(azure, url, "-H", f"Authorization: Bearer {token}")
    assert secret["value"] == "Hello Container Instances"
    assert secret["id"].startswith(f"{VAULT_URL}/secrets/SampleSecret/")
