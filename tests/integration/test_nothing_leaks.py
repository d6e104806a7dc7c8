"""No secret value is found anywhere but in the Secret that brought it, and in Azure."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from control_plane import ControlPlane
from integration.manifests import (
    CONTAINER,
    Manifest,
    container_group,
    manifest,
    secret,
    source,
    text,
)
from integration.refusal_accounts import named
from integration.world import SECRET, World, open_world

CANARIES = {
    "client secret": SECRET,
    "rejected client secret": "canary-rejected-9b1e~Zz+/",
    "vault secret": "canary-vault-value-04c8",
    "secure variable": "canary-variable-77aa",
    "registry password": "canary-password-c3d0",
    "storage key": "canary-storage-key-5e21",
    "workspace key": "canary-workspace-key-90cd",
    "protected settings": "canary-protected-settings-ab17",
    "secret file": "canary-secret-file-6f44",
}
ACCOUNT = {"accountRef": {"kind": "AzureAccount", "name": "azure"}}
IN_GROUP = (
    "secure variable",
    "registry password",
    "storage key",
    "workspace key",
    "protected settings",
    "secret file",
)
EXTENSION = {"name": "proxy", "extensionType": "kube-proxy", "version": "1.0"}
ALWAYS = 1000
FAULTS = (
    ("PUT", "containerGroups/variable", 400, "InvalidRequestContent", IN_GROUP, ALWAYS),
    ("PUT", "containerGroups/password", 500, "InternalServerError", IN_GROUP, 1),
    ("PUT", "secrets/refused", 403, "Forbidden", ("vault secret",), 1),
    ("PUT", "secrets/broken", 500, "InternalServerError", ("vault secret",), 1),
    ("GET", "containerGroups/unauthenticated", 401, "InvalidAuthenticationToken", (), ALWAYS),
)
"""Azure refuses so often, and its words repeat the secrets that the request carried."""


@pytest.fixture(scope="module")
async def said(
    control_plane: ControlPlane, operator_kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, str]]:
    """All that is said after secrets went every way they can: place -> text."""
    folder = tmp_path_factory.mktemp("leaks")
    async with open_world(control_plane, operator_kubeconfig, "leaks", folder) as world:
        await world.apply(world.account.manifest())
        await world.apply(text(*secrets_of_all_kinds(world)))
        await world.apply(text(*good_objects()))
        order_faults(world)
        await world.apply(text(*refused_objects()))
        await until_refused(world)
        places = {kind: await everything(world, kind) for kind in ("aci", "events", "secrets")}
        places["operator's namespace"] = await everything(
            world, "events,leases", "aci-operator-system"
        )
        await world.kubectl("delete", "aci", "--all", "--timeout=60s")
        places["events of deletion"] = await everything(world, "events")
        await world.operator.stop()
        places["log"] = world.operator.log.read_text()
        world.operator.start()
        yield places


def secrets_of_all_kinds(world: World) -> list[Manifest]:
    wrong = replace(world.account, client_secret=CANARIES["rejected client secret"])
    return [
        *named(wrong, "rejected"),
        secret("value", value=CANARIES["vault secret"]),
        secret("variable", value=CANARIES["secure variable"]),
        secret("password", value=CANARIES["registry password"]),
        secret(
            "more",
            storage=CANARIES["storage key"],
            workspace=CANARIES["workspace key"],
            settings=json.dumps({"token": CANARIES["protected settings"]}),
            file=CANARIES["secret file"],
        ),
    ]


def good_objects() -> list[Manifest]:
    vault: Manifest = {"azureName": "leakvault", "permissionModel": "AccessPolicy"}
    return [
        manifest("ResourceGroup", "my-rg", location="eastus", **ACCOUNT),
        manifest("KeyVault", "vault", resourceGroupRef={"name": "my-rg"}, **vault, **ACCOUNT),
        group_with_secrets("ready"),
        vault_secret("ready-value"),
    ]


def refused_objects() -> list[Manifest]:
    return [
        group_with_secrets("variable"),
        group_with_secrets("password"),
        vault_secret("refused"),
        vault_secret("broken"),
        container_group("unauthenticated", **ACCOUNT),
    ]


def group_with_secrets(name: str) -> Manifest:
    variable = {"name": "TOKEN", "secureValueFrom": source("variable")}
    credential = {"server": "r.example.com", "username": "u", "passwordFrom": source("password")}
    containers = [{**CONTAINER, "environmentVariables": [variable]}]
    return container_group(
        name,
        containers=containers,
        imageRegistryCredentials=[credential],
        volumes=volumes(),
        diagnostics={"logAnalytics": {"workspaceId": "w", "workspaceKeyFrom": from_("workspace")}},
        extensions=[{**EXTENSION, "protectedSettingsFrom": from_("settings")}],
        **ACCOUNT,
    )


def volumes() -> list[Manifest]:
    share = {"shareName": "s", "storageAccountName": "a", "storageAccountKeyFrom": from_("storage")}
    return [
        {"name": "files", "secret": {"file": from_("file")}},
        {"name": "share", "azureFile": share},
    ]


def from_(key: str) -> Manifest:
    return source("more", key)


def vault_secret(name: str) -> Manifest:
    where = {"keyVaultRef": {"name": "vault"}, **ACCOUNT}
    return manifest("KeyVaultSecret", name, valueFrom=source("value"), **where)


def order_faults(world: World) -> None:
    for method, path, status, code, repeated, times in FAULTS:
        message = f"refused: {', '.join(CANARIES[name] for name in repeated)}"
        answer = {"status": status, "code": code, "message": message, "times": times}
        world.azure.faults.next(method=method, path=path, **answer)


async def until_refused(world: World) -> None:
    await world.until_ready("containergroup/ready", "keyvaultsecret/ready-value")
    for target, condition in (
        ("azureaccount/rejected", "Stalled=CredentialRejected"),
        ("containergroup/variable", "Stalled=RejectedByAzure"),
        ("containergroup/unauthenticated", "Stalled=CredentialRejected"),
    ):
        await world.until(target, condition)
    await world.until_ready(
        "containergroup/password", "keyvaultsecret/broken", "keyvaultsecret/refused"
    )


async def everything(world: World, kinds: str, namespace: str | None = None) -> str:
    """Read objects with their managed fields; Secrets without their data and what kubectl kept."""
    arguments = ("get", kinds, "-o", "json", "--show-managed-fields")
    where = () if namespace is None else ("-n", namespace)
    items = json.loads(await world.kubectl(*arguments, *where))["items"]
    for item in items:
        if item["kind"] == "Secret":
            del item["data"]
            item["metadata"]["annotations"] = {}
    return json.dumps(items, ensure_ascii=False)


def forms(value: str) -> Iterator[str]:
    """Write a value in all the ways in which it may be repeated."""
    yield value
    yield quote(value, safe="")
    yield value.encode().hex()
    yield json.dumps(value)[1:-1]
    yield repr(value.encode())[2:-1]
    for shift in range(3):
        padded = base64.b64encode(b"x" * shift + value.encode()).decode()
        yield padded[4 if shift else 0 :].rstrip("=")[:-1]


@pytest.mark.parametrize("name", CANARIES)
async def test_a_secret_is_found_nowhere(said: dict[str, str], name: str) -> None:
    found = [
        place for place, text_ in said.items() for form in forms(CANARIES[name]) if form in text_
    ]
    assert found == []


async def test_what_was_searched_is_not_empty(said: dict[str, str]) -> None:
    """Each place holds what it should hold, among it how Azure refused."""
    refusals = ("RejectedByAzure", "CredentialRejected", "AADSTS7000215")
    assert all(word in said["aci"] for word in refusals)
    assert [
        place for place, text_ in said.items() if len(text_) < 3 and "namespace" not in place
    ] == []
    assert '"managedFields"' in said["aci"]
    assert '"level": "debug"' in said["log"]


@pytest.mark.parametrize("name", CANARIES)
def test_the_search_finds_a_value_in_any_coding(name: str) -> None:
    value = CANARIES[name].encode()
    encodings = [value.decode(), value.hex()]
    encodings += [base64.b64encode(b"y" * n + value + b"zz").decode() for n in range(4)]
    assert all(any(form in text_ for form in forms(value.decode())) for text_ in encodings)
