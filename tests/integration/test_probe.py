"""A probe by the operator as it is installed, in a shell that is one: nothing secret gets out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from control_plane import ControlPlane
from integration.manifests import Manifest, container_group, manifest, secret, source, text
from integration.world import SETTINGS, World, open_world

VALUE = "canary-probed-value-61d2"
VAULT: Manifest = {"azureName": "probedvault", "permissionModel": "AccessPolicy"}
SYSTEM: Manifest = {"type": "SystemAssigned"}


@pytest.fixture
async def world(
    control_plane: ControlPlane, operator_kubeconfig: Path, tmp_path: Path
) -> AsyncIterator[World]:
    settings = replace(SETTINGS, exec_shell=True)
    async with open_world(
        control_plane, operator_kubeconfig, "probe", tmp_path, settings=settings
    ) as it:
        await it.apply(it.account.manifest())
        allow = json.dumps({"spec": {"allowExec": True}})
        await it.kubectl("patch", "azureaccount/azure", "--type=merge", "-p", allow)
        yield it


async def test_a_probe_reads_the_secret_and_nothing_of_it_is_said_anywhere(world: World) -> None:
    here: Manifest = {"containerGroupRef": {"name": "job"}}
    probe = {**here, "container": "main", "secretName": "probed"}
    await world.apply(
        text(
            secret("value", value=VALUE),
            manifest("ResourceGroup", "my-rg", location="eastus"),
            manifest("KeyVault", "vault", resourceGroupRef={"name": "my-rg"}, **VAULT),
            manifest(
                "KeyVaultSecret",
                "probed",
                keyVaultRef={"name": "vault"},
                valueFrom=source("value"),
            ),
            container_group("job", identity=SYSTEM),
            manifest(
                "KeyVaultAccess",
                "reads",
                keyVaultRef={"name": "vault"},
                principal=here,
                permissions={"secrets": ["get"]},
                probe=probe,
            ),
        )
    )
    read = "--for=jsonpath={.status.firstReadAt}"
    await world.kubectl("wait", read, "--timeout=60s", "keyvaultaccess/reads")
    events = await world.kubectl("get", "events", "-o", "json")
    said = json.dumps(await world.objects()) + events + world.operator.log.read_text()
    assert [each for each in (VALUE, "eyJ", "access_token") if each in said] == []
    assert "FirstRead" in said
