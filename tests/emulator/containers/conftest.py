"""Container groups of a fresh Azure, called by the owner of its subscription."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from azure_emulator.containers import ContainerGroups
from azure_emulator.emulator import Emulator
from emulator.conftest import Answer, Client
from emulator.containers.builders import IDENTITIES, PROVIDER, VERSION

Call = Callable[..., Awaitable[Answer]]


@pytest.fixture
def aci(arm: Client, group: str) -> Call:
    """Call a container group by name: `await aci("PUT", "demo", body)`, `aci("POST", "demo/stop")`;
    an empty name is the list."""

    async def call(method: str, name: str, body: Any = None, version: str = VERSION) -> Answer:
        path = f"{PROVIDER}/containerGroups/{name}".rstrip("/")
        return await arm(method, path, version, body)

    return call


@pytest.fixture
def told(azure: Emulator) -> ContainerGroups:
    """The provider, to tell it behaviours and to ask it what happened."""
    provider = azure.cloud.container_groups
    assert isinstance(provider, ContainerGroups)
    return provider


@pytest.fixture
async def identity(arm: Client, group: str) -> dict[str, Any]:
    """A user-assigned identity `my-id` that exists: its body."""
    answer = await arm("PUT", f"{IDENTITIES}/my-id", "2024-11-30", {"location": "westus"})
    assert answer.status == 201
    body: dict[str, Any] = answer.body
    return body
