"""What must be there before the request of an example is sent."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from azure_emulator.containers import ContainerGroups
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from azure_emulator.identities.identity import Identity
from azure_emulator.resources.group import ResourceGroup
from azure_emulator.settings import Settings
from emulator.conftest import Answer, Client
from emulator.example import Example, examples

SUBSCRIPTIONS = (
    "subid",
    "subId",
    "00000000-0000-0000-0000-000000000000",
    "a925f2f7-5c63-4b7b-8799-25a5f97bc3b2",
    "c267c0e7-0a73-4789-9e17-d26aeb0904e5",
    "00000000-0000-0000-0000-00000000",
)
_GROUPS = ("demo", "demoResource", "sample-group", "sample-resource-group", "rgName", "testrg")
_READ_ONLY = ("provisioningState", "instanceView")


def settings() -> Settings:
    """Give an Azure with the subscriptions and regions that the examples name."""
    regions = (*Settings().locations, "westcentralus")
    return Settings(subscription_ids=tuple(dict.fromkeys(SUBSCRIPTIONS)), locations=regions)


@dataclass
class Stage:
    """An Azure in which one example plays."""

    azure: Emulator
    arm: Client
    data: Client
    caller: Principal
    instead: dict[str, str] = field(default_factory=dict)
    body: Any = None
    """What to send instead of the example's body; None for that."""

    async def send(self, example: Example) -> Answer:
        """Send the example's request."""
        client = (
            self.data if example.template.startswith(("/secrets", "/deletedsecrets")) else self.arm
        )
        query = {"api-version": example.version, **example.query()}
        query.pop("$skiptoken", None)
        path = f"{example.path(**self.instead)}?{urlencode(query)}"
        body = self.body if self.body is not None else example.body
        return await client(example.method, _rooted(path), body=body)

    async def prepare(self, example: Example) -> None:
        """Make what the example takes for granted, as far as its answer shows it."""
        groups = self.azure.cloud.groups
        for subscription in self.azure.settings.subscription_ids:
            for name in _GROUPS:
                groups.put(ResourceGroup(subscription, name, "westus"))
        folder = example.name.partition("/")[0]
        if folder == "containerinstance":
            self._container_group(example)
        elif folder == "managedidentity":
            await self._identity(example)
        elif folder == "keyvault":
            await self._vault(example)
        elif folder.startswith("keyvault-data"):
            await self._secret(example)
        elif folder == "authorization":
            await self._assignment(example)

    def _container_group(self, example: Example) -> None:
        self.body = _with_ids(example.body)
        if example.method == "PUT":
            for arm_id in example.body.get("identity", {}).get("userAssignedIdentities", ()):
                principal = self.azure.cloud.directory.create_managed_identity("identity")
                self.azure.cloud.identities.add(Identity(arm_id, "name", "westus", principal))
            return
        shown = example.shown() or {}
        bodies = shown.get("value", [shown]) if isinstance(shown, dict) else []
        for body in bodies:
            if "{containerGroupName}" in example.template or "containers" in body.get(
                "properties", {}
            ):
                self._make_group(example, body)
        self.azure.clock.advance(60)

    def _make_group(self, example: Example, shown: Mapping[str, Any]) -> None:
        body: dict[str, Any] = {
            "location": "westus",
            "properties": {},
            **copy.deepcopy(dict(shown)),
        }
        properties = body["properties"]
        for name in _READ_ONLY:
            properties.pop(name, None)
        if not properties.get("containers"):
            properties = body["properties"] = {
                "osType": "Linux",
                "containers": [_container(example)],
            }
        for container in properties["containers"]:
            container["properties"].pop("instanceView", None)
            container["properties"].setdefault("resources", _RESOURCES)
        for volume in properties.get("volumes", ()):
            if "azureFile" in volume:
                volume["azureFile"]["storageAccountKey"] = "key"
        for credential in properties.get("imageRegistryCredentials", ()):
            credential.setdefault("password", "word")
        name = body.get("name") or example.parameters["containerGroupName"]
        group = example.parameters.get("resourceGroupName", "demo")
        groups = self.azure.cloud.container_groups
        assert isinstance(groups, ContainerGroups)
        groups.make(
            f"/subscriptions/{example.parameters['subscriptionId']}/resourceGroups/{group}"
            f"/providers/Microsoft.ContainerInstance/containerGroups/{name}",
            {
                key: body[key]
                for key in ("location", "identity", "tags", "zones", "properties")
                if key in body
            },
            example.version,
        )

    async def _identity(self, example: Example) -> None:
        if example.name.endswith("SystemAssignedIdentityGet"):
            group = "/subscriptions/subid/resourceGroups/demo/providers/Microsoft.ContainerInstance"
            groups = self.azure.cloud.container_groups
            assert isinstance(groups, ContainerGroups)
            body = {"location": "westus", "identity": {"type": "SystemAssigned"}}
            properties = {"osType": "Linux", "containers": [_container(example)]}
            groups.make(f"{group}/containerGroups/app", {**body, "properties": properties})
            self.instead["scope"] = f"{group}/containerGroups/app"
        elif not example.name.endswith("IdentityCreate"):
            subscription = example.parameters["subscriptionId"]
            path = (
                f"/subscriptions/{subscription}/resourceGroups/rgName/providers"
                "/Microsoft.ManagedIdentity/userAssignedIdentities/resourceName"
            )
            body = {"location": "eastus", "tags": {"key1": "value1"}}
            await self._made(self.arm("PUT", path, "2023-01-31", body))
            if "Federated" in example.name and example.method != "PUT":
                federated = examples()["managedidentity/FederatedIdentityCredentialCreate"].body
                path += "/federatedIdentityCredentials/ficResourceName"
                await self._made(self.arm("PUT", path, "2023-01-31", federated))

    async def _vault(self, example: Example) -> None:
        given = example.parameters
        tenant = self.azure.settings.tenant_id
        if example.method in ("PUT", "PATCH") and example.body:
            self.body = _with_tenant(example.body, tenant)
        if example.name.endswith(("createVault", "createVaultWithNetworkAcls", "Availability")):
            return
        shown = _a_vault(tenant)
        if example.method == "GET" and "eletedVault" in example.name:
            shown["properties"]["enablePurgeProtection"] = True
        group = given.get("resourceGroupName", "sample-group")
        path = (
            f"/subscriptions/{given['subscriptionId']}/resourceGroups/{group}/providers"
            "/Microsoft.KeyVault/vaults/sample-vault"
        )
        await self._made(self.arm("PUT", path, "2023-07-01", shown))
        if "eletedVault" in example.name:
            await self._made(self.arm("DELETE", path, "2023-07-01"))

    async def _secret(self, example: Example) -> None:
        vault = (
            "/subscriptions/subid/resourceGroups/demo/providers/Microsoft.KeyVault/vaults/myvault"
        )
        body = _a_vault(self.azure.settings.tenant_id, self.caller.oid)
        await self._made(self.arm("PUT", vault, "2023-07-01", body))
        found = (await self.arm("GET", vault, "2023-07-01")).body
        self.data.base = found["properties"]["vaultUri"].rstrip("/")
        name = str(example.parameters.get("secret-name", "one"))
        sent = _sent_secret(example.shown())
        made = await self.data("PUT", f"/secrets/{name}", "7.5", sent)
        second = name if example.name.endswith("GetSecretVersions-example") else "two"
        await self._made(self.data("PUT", f"/secrets/{second}", "7.5", sent))
        if "secret-version" in example.parameters:
            self.instead["secret_version"] = made.body["id"].rpartition("/")[2]
        if "estore" in example.name:
            backup = await self.data("POST", f"/secrets/{name}/backup", "7.5")
            self.body = backup.body
        if "Deleted" in example.name or "estore" in example.name:
            await self._made(self.data("DELETE", f"/secrets/{name}", "7.5"))
            await self._made(self.data("DELETE", "/secrets/two", "7.5"))
        if "estore" in example.name:
            await self.data("DELETE", f"/deletedsecrets/{name}", "7.5")

    async def _assignment(self, example: Example) -> None:
        if "roleDefinitions" in example.template:
            self.instead["scope"] = "subscriptions/subid"
            self.instead["roleDefinitionId"] = "b24988ac-6180-42a0-ab88-20f7382dd24c"
            return
        if example.method == "PUT":
            role = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
            properties = {**example.body["properties"], "roleDefinitionId": _role(role)}
            properties["principalType"] = "ServicePrincipal"
            self.body = {"properties": properties}
            return
        path = example.path()
        scope, _, name = path.partition("/providers/Microsoft.Authorization/roleAssignments")
        name = name.strip("/") or "b0f43c54-e787-4862-89b1-a653fa9cf747"
        properties = {
            "roleDefinitionId": _role("acdd72a7-3385-48ef-bd42-f606fba81ae7"),
            "principalId": "ce2ce14e-85d7-4629-bdbc-454d0519d987",
            "principalType": "ServicePrincipal",
        }
        place = f"{_rooted(scope)}/providers/Microsoft.Authorization/roleAssignments/{name}"
        await self._made(self.arm("PUT", place, "2022-04-01", {"properties": properties}))

    async def _made(self, sending: Any) -> None:
        answer = await sending
        assert answer.status < 300, answer


_SUBNET = (
    "/subscriptions/subid/resourceGroups/demo/providers/Microsoft.Network/virtualNetworks/one"
    "/subnets/one"
)
_RESOURCES = {"requests": {"cpu": 1, "memoryInGB": 1.5}}


def _rooted(path: str) -> str:
    return "/" + path.strip("/")


def _container(example: Example) -> dict[str, Any]:
    name = example.parameters.get("containerName", "container1")
    return {"name": name, "properties": {"image": "nginx", "resources": _RESOURCES}}


def _role(name: str) -> str:
    return (
        "/subscriptions/a925f2f7-5c63-4b7b-8799-25a5f97bc3b2/providers"
        f"/Microsoft.Authorization/roleDefinitions/{name}"
    )


def _a_vault(tenant: str, oid: str = "00000000-0000-0000-0000-000000000000") -> dict[str, Any]:
    permissions = {"keys": ["get"], "secrets": ["all"], "certificates": ["get"]}
    policy = {"tenantId": tenant, "objectId": oid, "permissions": permissions}
    properties = {
        "tenantId": tenant,
        "sku": {"family": "A", "name": "standard"},
        "accessPolicies": [policy],
        "enabledForDeployment": True,
        "enabledForDiskEncryption": True,
        "enabledForTemplateDeployment": True,
    }
    return {"location": "westus", "tags": {"a": "b"}, "properties": properties}


def _sent_secret(shown: Any) -> dict[str, Any]:
    """Give what must have been sent for a secret to be shown so."""
    shown = (shown or {}).get("value", shown)
    shown = shown[0] if isinstance(shown, list) else shown
    if not isinstance(shown, dict):
        return {"value": "v"}
    sent: dict[str, Any] = {"value": "v"}
    sent |= {name: shown[name] for name in ("contentType", "tags") if name in shown}
    attributes = shown.get("attributes", {})
    sent["attributes"] = {name: attributes[name] for name in ("nbf", "exp") if name in attributes}
    return sent


def _with_ids(body: Any) -> Any:
    """Put an ID where an example has a template's expression."""
    if isinstance(body, dict):
        return {key: _with_ids(each) for key, each in body.items()}
    if isinstance(body, list):
        return [_with_ids(each) for each in body]
    return _SUBNET if isinstance(body, str) and body.startswith("[resourceId(") else body


def _with_tenant(body: Any, tenant: str) -> Any:
    if isinstance(body, dict):
        return {
            key: tenant if key == "tenantId" else _with_tenant(each, tenant)
            for key, each in body.items()
        }
    return [_with_tenant(each, tenant) for each in body] if isinstance(body, list) else body
