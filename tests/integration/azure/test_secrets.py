"""Secrets of a vault against the emulator: everything but reading them."""

from __future__ import annotations

import inspect

import pytest

from aci_operator.azure.errors import Absent, Forbidden, Rejected
from aci_operator.azure.ids import ArmId
from aci_operator.azure.secrets import Secrets
from aci_operator.azure.session import Session
from azure_emulator.emulator import Emulator

VALUE = "Hello Container Instances"


@pytest.fixture
async def secrets(session: Session, vault: ArmId) -> Secrets:
    """The data plane of the vault."""
    return session.secrets((await session.vaults.get(vault))["properties"]["vaultUri"])


async def test_a_secret_is_set_without_its_value_coming_back(secrets: Secrets) -> None:
    shown = await secrets.set("SampleSecret", VALUE, "ACIsecret", {"a": "1"})
    kept = {name: shown[name] for name in ("name", "contentType", "tags")}
    assert kept == {"name": "SampleSecret", "contentType": "ACIsecret", "tags": {"a": "1"}}
    assert shown["id"].endswith(f"/secrets/SampleSecret/{shown['version']}")
    assert VALUE not in repr(shown)


async def test_no_request_asks_for_a_value(secrets: Secrets, azure: Emulator) -> None:
    azure.calls.forget()
    await secrets.set("SampleSecret", VALUE)
    await secrets.versions("SampleSecret")
    await secrets.list()
    await secrets.delete("SampleSecret")
    await secrets.find_deleted("SampleSecret")
    await secrets.recover("SampleSecret")
    calls = [call for call in azure.calls.list() if call.surface == "vault" and call.status != 401]
    assert [(call.method, call.path.split("?")[0]) for call in calls] == [
        ("PUT", "/secrets/SampleSecret"),
        ("GET", "/secrets/SampleSecret/versions"),
        ("GET", "/secrets"),
        ("DELETE", "/secrets/SampleSecret"),
        ("GET", "/deletedsecrets"),
        ("POST", "/deletedsecrets/SampleSecret/recover"),
    ]


async def test_each_set_is_a_version(secrets: Secrets) -> None:
    made = [(await secrets.set("SampleSecret", VALUE))["version"] for _ in range(2)]
    listed = [one["version"] for one in await secrets.versions("SampleSecret")]
    assert sorted(listed) == sorted(made)


async def test_a_secret_that_is_not_there_has_no_versions(secrets: Secrets) -> None:
    assert await secrets.versions("Nothing") == []


async def test_all_secrets_are_listed_by_name(secrets: Secrets, azure: Emulator) -> None:
    azure.settings.page_size = 2
    for name in ("a", "b", "c"):
        await secrets.set(name, VALUE)
    assert sorted(await secrets.list()) == ["a", "b", "c"]


async def test_a_deleted_secret_is_found_and_recovered(secrets: Secrets) -> None:
    version = (await secrets.set("SampleSecret", VALUE))["version"]
    await secrets.delete("SampleSecret")
    found = await secrets.find_deleted("samplesecret")
    assert found is not None
    assert {"recoveryId", "deletedDate", "scheduledPurgeDate"} <= found.keys()
    recovered = await secrets.recover("SampleSecret")
    assert (recovered["version"], await secrets.find_deleted("SampleSecret")) == (version, None)


async def test_a_soft_deleted_name_is_rejected_with_that_code(secrets: Secrets) -> None:
    await secrets.set("SampleSecret", VALUE)
    await secrets.delete("SampleSecret")
    with pytest.raises(Rejected) as caught:
        await secrets.set("SampleSecret", VALUE)
    assert caught.value.code == "ObjectIsDeletedButRecoverable"


async def test_deleting_what_is_not_there_is_absent(secrets: Secrets) -> None:
    with pytest.raises(Absent):
        await secrets.delete("Nothing")


async def test_a_missing_permission_is_named(
    session: Session, secrets: Secrets, vault: ArmId
) -> None:
    stored = (await session.vaults.get(vault))["properties"]["accessPolicies"]
    await session.vaults.remove_policies(vault, stored)
    with pytest.raises(Forbidden) as caught:
        await secrets.set("SampleSecret", VALUE)
    error = caught.value
    assert (error.code, error.action, error.scope) == (
        "ForbiddenByPolicy",
        "secrets set",
        vault.name,
    )


@pytest.mark.parametrize("name", ["", "a/b", "a?b", "ä", "..", "a" * 128, "a\n"])
async def test_a_name_that_is_none_is_never_asked_for(secrets: Secrets, name: str) -> None:
    with pytest.raises(ValueError, match="a secret's name is"):
        await secrets.set(name, VALUE)


def test_no_method_reads_a_value() -> None:
    public = {name for name, _ in inspect.getmembers(Secrets) if not name.startswith("_")}
    assert public == {"set", "update", "versions", "list", "delete", "recover", "find_deleted"}


def test_a_session_has_one_data_plane_per_vault(session: Session) -> None:
    assert session.secrets("https://A.vault.azure.net/") is session.secrets(
        "https://a.vault.azure.net"
    )


async def test_a_vault_without_https_gets_no_token(session: Session) -> None:
    with pytest.raises(ValueError, match="not an https"):
        session.secrets("http://a.vault.azure.net/")
