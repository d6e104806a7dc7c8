"""What the sources about container groups leave open, told one way and the other (the knobs)."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from azure_emulator.containers import ContainerGroups
from azure_emulator.emulator import Emulator
from emulator.conftest import Client
from emulator.containers.builders import IDENTITIES, PROVIDER, a_container, a_group, with_identity
from emulator.containers.conftest import Call

DEMO = f"{PROVIDER}/containerGroups/demo"
TOKEN = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://vault.azure.net"
WITH_INIT = with_identity(
    a_group(initContainers=[{"name": "first", "properties": {"image": "busybox"}}]),
    "SystemAssigned",
)


async def token_status(azure: Emulator) -> int:
    """Ask the demo group's identity endpoint; 0 if nobody answers."""
    url = await azure.identity_endpoint(DEMO)
    async with aiohttp.ClientSession() as session:
        try:
            async with session.get(url + TOKEN, headers={"Metadata": "true"}) as response:
                return response.status
        except aiohttp.ClientConnectionError:
            return 0


@pytest.mark.parametrize(("knob", "status"), [(False, 200), (True, 0)])
async def test_the_endpoint_may_never_answer_after_an_update(
    aci: Call, azure: Emulator, knob: bool, status: int
) -> None:
    azure.settings.change({"update_breaks_identity_endpoint": knob})
    await aci("PUT", "demo", with_identity(a_group(), "SystemAssigned"))
    azure.clock.advance(60)
    before = await token_status(azure)
    changed = a_group(a_container(image="other:1"))
    await aci("PUT", "demo", with_identity(changed, "SystemAssigned"))
    azure.clock.advance(600)
    assert (before, await token_status(azure)) == (200, status)


async def test_a_group_made_anew_has_a_sound_endpoint(aci: Call, azure: Emulator) -> None:
    azure.settings.change({"update_breaks_identity_endpoint": True})
    body = with_identity(a_group(), "SystemAssigned")
    await aci("PUT", "demo", body)
    azure.clock.advance(60)
    await aci("PUT", "demo", with_identity(a_group(a_container(image="b")), "SystemAssigned"))
    await aci("DELETE", "demo")
    await aci("PUT", "demo", body)
    azure.clock.advance(60)
    assert await token_status(azure) == 200


@pytest.mark.parametrize(("knob", "status"), [(False, 0), (True, 200)])
async def test_init_containers_get_tokens_as_told(
    aci: Call, azure: Emulator, knob: bool, status: int
) -> None:
    azure.settings.change({"init_container_identity": knob, "container_creation_seconds": 30})
    await aci("PUT", "demo", WITH_INIT)
    azure.clock.advance(10)
    early = await token_status(azure)
    azure.clock.advance(20)
    assert (early, await token_status(azure)) == (status, 200)


@pytest.mark.parametrize(
    ("lower", "segment"), [(True, "/resourcegroups/"), (False, "/resourceGroups/")]
)
async def test_the_id_of_an_identity_has_the_letter_case_told(
    arm: Client, azure: Emulator, group: str, lower: bool, segment: str
) -> None:
    azure.settings.change({"identity_ids_lower_case": lower})
    answer = await arm("PUT", f"{IDENTITIES}/my-id", "2024-11-30", {"location": "westus"})
    assert answer.body["id"] == f"{IDENTITIES}/my-id".replace("/resourceGroups/", segment)


async def test_the_key_of_a_user_identity_may_be_the_identitys_own_id(
    aci: Call, azure: Emulator, identity: dict[str, Any]
) -> None:
    azure.settings.change({"identity_keys_as_sent": False})
    body = with_identity(a_group(), "UserAssigned", f"{IDENTITIES}/MY-ID")
    answer = await aci("PUT", "demo", body)
    assert list(answer.body["identity"]["userAssignedIdentities"]) == [identity["id"]]


async def test_a_start_may_be_called_failed_sooner(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    azure.settings.change({"provisioning_timeout": 60})
    told.behave(pull_fails_for=90)
    await aci("PUT", "demo", a_group())
    seen = []
    for seconds in (59, 1, 30):
        azure.clock.advance(seconds)
        seen.append(told.provisioning_of(DEMO))
    assert seen == ["Creating", "Failed", "Succeeded"]
