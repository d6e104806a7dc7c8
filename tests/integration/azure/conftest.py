"""An emulated Azure, and sessions of the operator with it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from aci_operator.azure import ids
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.ids import ArmId
from aci_operator.azure.session import Session
from azure_emulator.clock import Clock
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from integration.azure.bodies import vault_body

CLIENT_SECRET = "canary-client-secret-4711"
Open = Callable[..., Awaitable[Session]]


@pytest.fixture
async def azure() -> AsyncIterator[Emulator]:
    """A fresh, empty Azure whose clock stands still until a test moves it."""
    async with Emulator(clock=Clock(frozen_at=time.time())) as emulator:
        yield emulator


@pytest.fixture
def principal(azure: Emulator) -> Principal:
    """A service principal without any right."""
    return azure.create_service_principal("operator", secret=CLIENT_SECRET)


@pytest.fixture
def settings(azure: Emulator, principal: Principal) -> AccountSettings:
    """The account of that principal."""
    return AccountSettings(
        subscription_id=azure.settings.subscription_ids[0],
        tenant_id=azure.settings.tenant_id,
        client_id=principal.appid,
        client_secret=CLIENT_SECRET,
        resource_manager=azure.endpoints.resource_manager,
        active_directory=azure.endpoints.active_directory,
        resource_manager_audience="https://management.azure.com",
        ca_bundle=azure.endpoints.ca_file.read_text(),
        custom=True,
    )


@pytest.fixture
async def open_session(settings: AccountSettings) -> AsyncIterator[Open]:
    """Open sessions of the account, with settings changed by name; closed at the end."""
    async with AsyncExitStack() as stack:

        async def open_one(
            *,
            budgets: Any = None,
            observe: Any = None,
            proxy: Any = None,
            fence: Any = None,
            **changes: Any,
        ) -> Session:
            means = {"budgets": budgets, "observe": observe, "proxy": proxy, "fence": fence}
            session = await Session.open(replace(settings, **changes), **means)
            stack.push_async_callback(session.close)
            return session

        yield open_one


@pytest.fixture
async def session(open_session: Open, azure: Emulator, principal: Principal) -> Session:
    """A session of a principal that owns the subscription."""
    azure.assign_role(
        principal.oid, "Owner", f"/subscriptions/{azure.settings.subscription_ids[0]}"
    )
    return await open_session()


@pytest.fixture
async def group(session: Session, azure: Emulator) -> ArmId:
    """A resource group that exists; the calls so far are forgotten."""
    id = ids.resource_group_id(session.subscription_id, "Demo")
    await session.resource_groups.put(id, {"location": "eastus"})
    azure.calls.forget()
    return id


@pytest.fixture
async def vault(session: Session, group: ArmId, principal: Principal) -> ArmId:
    """A vault with access policies in which the session may do all but read values."""
    id = ids.vault_id(group, "demovault")
    policy = {
        "tenantId": session.tenant_id,
        "objectId": principal.oid,
        "permissions": {"secrets": ["set", "list", "delete", "recover"]},
    }
    await session.vaults.create(id, vault_body(session, [policy]))
    return id
