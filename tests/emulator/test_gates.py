"""What ARM refuses before a provider is asked."""

from __future__ import annotations

import pytest

from azure_emulator.emulator import Emulator
from azure_emulator.errors import AzureError
from azure_emulator.gates import check
from azure_emulator.settings import Settings
from emulator.conftest import GROUP, SUBSCRIPTION, Client

BELOW = f"{GROUP}/providers/Microsoft.KeyVault/vaults/v"


@pytest.mark.parametrize("place", [GROUP, SUBSCRIPTION, GROUP.upper(), BELOW])
def test_a_delete_is_refused_at_below_and_above_a_lock(place: str) -> None:
    with pytest.raises(AzureError, match="ScopeLocked"):
        check(Settings(locks=((place, "CanNotDelete"),)), "DELETE", GROUP)


@pytest.mark.parametrize(
    ("level", "method", "path"),
    [
        ("CanNotDelete", "PUT", GROUP),
        ("ReadOnly", "GET", GROUP),
        ("ReadOnly", "PUT", SUBSCRIPTION),
        ("CanNotDelete", "DELETE", f"{GROUP}-2"),
    ],
)
def test_a_lock_lets_pass_what_it_is_not_about(level: str, method: str, path: str) -> None:
    assert locked(level, method, path) == ""


def locked(level: str, method: str, path: str) -> str:
    """Say by which code a call is refused while the group is locked; empty if it is not."""
    try:
        check(Settings(locks=((GROUP, level),)), method, path)
    except AzureError as error:
        return error.code
    return ""


@pytest.mark.parametrize("method", ["PUT", "PATCH", "POST", "DELETE"])
def test_a_read_only_scope_takes_no_write_and_no_action(method: str) -> None:
    assert locked("ReadOnly", method, BELOW) == "ScopeLocked"


async def test_a_resource_of_an_unregistered_namespace_is_not_made(
    azure: Emulator, arm: Client, group: str
) -> None:
    azure.settings.unregistered_namespaces = ("Microsoft.KeyVault",)
    answer = await arm("PUT", BELOW, "2023-07-01", {"location": "westus"})
    assert (answer.status, answer.code) == (409, "MissingSubscriptionRegistration")
    assert [detail["target"] for detail in answer.body["error"]["details"]] == [
        "Microsoft.KeyVault"
    ]
    assert (await arm("GET", BELOW, "2023-07-01")).code == "ResourceNotFound"
