"""By Azure's own names: the same Azure, and answers that name it as Azure does."""

from __future__ import annotations

from urllib.parse import urlsplit

import aiohttp

from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from emulator.conftest import GROUP, Client
from emulator.proxy.conftest import ARM

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/MyKeyVault"
VAULT_URL = "https://mykeyvault.vault.azure.net"
CONTAINERS = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/app"


async def make_vault(client: Client, azure: Emulator, owner: Principal) -> str:
    """Make a vault; give the URL that its answer names."""
    policy = {
        "objectId": owner.oid,
        "tenantId": azure.settings.tenant_id,
        "permissions": {"secrets": ["get", "set", "list", "delete"]},
    }
    properties = {
        "tenantId": azure.settings.tenant_id,
        "sku": {"family": "A", "name": "standard"},
        "accessPolicies": [policy],
        "enableRbacAuthorization": False,
    }
    body = {"location": "westus", "properties": properties}
    created = await client("PUT", VAULT, "2023-07-01", body)
    assert created.status == 200, created.body
    shown = await client("GET", VAULT, "2023-07-01")
    return str(shown.body["properties"]["vaultUri"])


async def test_a_group_made_by_azures_name_is_there_on_the_loopback_address(
    production: Client, arm: Client
) -> None:
    made = await production("PUT", GROUP, "2025-04-01", {"location": "westus"})
    seen = await arm("GET", GROUP, "2025-04-01")
    assert (made.status, seen.body) == (201, made.body)


async def test_a_vault_is_named_as_the_client_reaches_it(
    production: Client, arm: Client, azure: Emulator, owner: Principal, group: str
) -> None:
    named = await make_vault(production, azure, owner)
    listed = await production("GET", f"{GROUP}/providers/Microsoft.KeyVault/vaults", "2023-07-01")
    direct = (await arm("GET", VAULT, "2023-07-01")).body["properties"]["vaultUri"]
    assert named == listed.body["value"][0]["properties"]["vaultUri"] == f"{VAULT_URL}/"
    assert urlsplit(direct).hostname == "127.0.0.1"


async def test_a_secrets_ids_have_the_vaults_name(
    production: Client,
    proxied: aiohttp.ClientSession,
    azure: Emulator,
    owner: Principal,
    group: str,
) -> None:
    await make_vault(production, azure, owner)
    vault = Client(proxied, VAULT_URL, azure.token(owner, "https://vault.azure.net"))
    set_ = await vault("PUT", "/secrets/one", "7.4", {"value": "v"})
    listed = await vault("GET", "/secrets", "7.4")
    deleted = await vault("DELETE", "/secrets/one", "7.4")
    assert set_.body["id"].startswith(f"{VAULT_URL}/secrets/one/")
    assert listed.body["value"][0]["id"] == f"{VAULT_URL}/secrets/one"
    assert deleted.body["recoveryId"] == f"{VAULT_URL}/deletedsecrets/one"


async def test_challenges_name_entra_as_azure_does(
    production: Client,
    proxied: aiohttp.ClientSession,
    azure: Emulator,
    owner: Principal,
    group: str,
) -> None:
    await make_vault(production, azure, owner)
    entra = f"https://login.microsoftonline.com/{azure.settings.tenant_id}"
    vault = await Client(proxied, VAULT_URL, "")("GET", "/secrets/one", "7.4")
    arm = await Client(proxied, ARM, "")("GET", GROUP, "2025-04-01")
    assert vault.headers["WWW-Authenticate"] == (
        f'Bearer authorization="{entra}", resource="https://vault.azure.net"'
    )
    assert f'authorization_uri="{entra}"' in arm.headers["WWW-Authenticate"]


async def test_an_operation_is_followed_at_azures_address(
    production: Client, azure: Emulator, group: str
) -> None:
    container = {"image": "nginx", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}
    containers = [{"name": "app", "properties": container}]
    body = {"location": "westus", "properties": {"osType": "Linux", "containers": containers}}
    made = await production("PUT", CONTAINERS, "2023-05-01", body)
    url = made.headers["Azure-AsyncOperation"]
    azure.clock.advance(60)
    assert url.startswith(f"{ARM}/subscriptions/")
    assert (await production("GET", url)).body["status"] == "Succeeded"


async def test_entra_gives_tokens_by_its_names(
    proxied: aiohttp.ClientSession, azure: Emulator, owner: Principal
) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": owner.appid,
        "client_secret": "owner-secret",
        "scope": f"{ARM}/.default",
    }
    statuses = []
    for host in ("login.microsoftonline.com", "login.windows.net"):
        url = f"https://{host}/{azure.settings.tenant_id}/oauth2/v2.0/token"
        async with proxied.post(url, data=form) as response:
            statuses.append(response.status)
    assert statuses == [200, 200]


async def test_the_openid_configuration_names_azures_addresses(
    proxied: aiohttp.ClientSession, azure: Emulator
) -> None:
    entra = f"https://login.microsoftonline.com/{azure.settings.tenant_id}"
    async with proxied.get(f"{entra}/v2.0/.well-known/openid-configuration") as response:
        body = await response.json()
    assert body["token_endpoint"] == f"{entra}/oauth2/v2.0/token"


async def test_calls_through_the_proxy_are_listed_by_surface(
    production: Client, azure: Emulator, owner: Principal
) -> None:
    await production("GET", GROUP, "2025-04-01")
    assert [(call.surface, call.status, call.oid) for call in azure.calls.list()] == [
        ("arm", 404, owner.oid)
    ]
