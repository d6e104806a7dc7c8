"""An account that only its own machine can sign in as."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.session import Session
from aci_operator.commands import checking
from aci_operator.reconcile.sessions import Sessions
from azure_emulator.emulator import Emulator
from azure_emulator.settings import Settings
from pass_builders import ApiServer

SUB = "00000000-0000-0000-0000-000000000000"
KEY = Key("ClusterAzureAccount", "", "shared")
SPEC = {"subscriptionId": SUB, "tenantId": SUB, "credential": {"managedIdentity": {}}}
ACCOUNT = Object(KEY, "uid", "1", 1, SPEC, {})
ELSEWHERE = "only the operator's machine can sign in so: run this command in its pod"


@pytest.fixture
async def azure() -> AsyncIterator[Emulator]:
    async with Emulator(Settings()) as it:
        yield it


@pytest.fixture
async def sessions(azure: Emulator) -> AsyncIterator[Sessions]:
    """Sessions that end at the emulated Azure: such an account has no endpoints of its own."""

    async def opened(settings: AccountSettings) -> Session:
        ends = replace(
            settings,
            resource_manager=azure.endpoints.resource_manager,
            active_directory=azure.endpoints.active_directory,
            ca_bundle=azure.endpoints.ca_file.read_text(),
        )
        return await Session.open(ends)

    it = Sessions(ApiServer(), opened)
    yield it
    await it.close()


async def test_a_managed_identity_gets_its_host_lines_anywhere(
    azure: Emulator, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    uri = azure.endpoints.active_directory
    user = Object(
        Key("KeyVault", "team", "v"),
        "uid",
        "1",
        1,
        {"accountRef": {"kind": KEY.kind, "name": KEY.name}},
        {"vaultUri": f"{uri}/"},
    )
    found = await checking.account(sessions, ACCOUNT, [user])
    hosts = (azure.endpoints.resource_manager, uri, uri)
    assert [(each.check, each.scope, each.result, each.todo) for each in found] == [
        *(("host", host, "ok", "") for host in hosts),
        ("token", str(KEY), "unknown", ELSEWHERE),
    ]


def test_a_pod_is_told_by_kubernetes_own_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    outside = checking.in_pod()
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    assert (outside, checking.in_pod()) == (False, True)
