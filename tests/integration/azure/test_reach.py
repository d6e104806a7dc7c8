"""Whether Azure's hosts can be reached, asked without a token."""

from __future__ import annotations

import pytest

from aci_operator.azure.errors import Unavailable
from aci_operator.azure.proxy import Proxy
from azure_emulator.emulator import Emulator
from azure_emulator.entra.directory import Principal
from integration.azure.conftest import Open

PUBLIC = {
    "resource_manager": "https://management.azure.com",
    "active_directory": "https://login.microsoftonline.com",
    "custom": False,
}


async def test_both_hosts_are_reached_through_the_proxy(
    open_session: Open, azure: Emulator, principal: Principal
) -> None:
    session = await open_session(proxy=Proxy.parse(azure.endpoints.proxy), **PUBLIC)
    for url in session.hosts:
        await session.reach(url)
    sent = [(call.surface, call.method, call.path) for call in azure.calls.list()]
    assert sent == [("arm", "HEAD", "/"), ("entra", "HEAD", "/")]


async def test_a_closed_port_and_a_certificate_without_trust_are_told_as_such(
    open_session: Open, azure: Emulator
) -> None:
    trusting = await open_session()
    with pytest.raises(Unavailable, match=r"Cannot connect to host 127\.0\.0\.1:1 "):
        await trusting.reach("https://127.0.0.1:1")
    distrusting = await open_session(ca_bundle=None)
    with pytest.raises(Unavailable, match="CERTIFICATE_VERIFY_FAILED"):
        await distrusting.reach(azure.endpoints.resource_manager)
