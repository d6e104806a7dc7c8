"""A vault whose key a group uses is deleted after the group."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.kinds.key_vault import ROOM
from aci_operator.reconcile.steps import Stall, Wait
from pass_builders import a_pass, an_object

URI = "https://kv1.vault.azure.net"
ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv1"


def user(namespace: str = "here", **vault: Any) -> Object:
    """A group that is encrypted with a key of the vault that is told."""
    group = an_object("ContainerGroup", "user", spec={"encryptionProperties": vault})
    return replace(group, key=Key("ContainerGroup", namespace, "user"))


USER = user(vaultBaseUrl=f"{URI.upper()}/")


def going(since: str) -> Object:
    spec = {"operator": {"deletionPolicy": "Delete"}}
    return an_object(
        "KeyVault", spec=spec, status={"vaultUri": URI, "id": ID}, deletion_timestamp=since
    )


@pytest.mark.parametrize(
    ("since", "halt"), [("2026-01-01T00:16:00Z", Wait), ("2026-01-01T00:00:00Z", Stall)]
)
async def test_a_vault_whose_key_a_group_uses_waits_and_then_asks(
    since: str, halt: type[Wait | Stall]
) -> None:
    with pytest.raises(halt) as raised:
        await ROOM.remove(a_pass(going(since), USER))
    assert raised.value.reason == "InUse"
    assert raised.value.message.startswith(
        "1 container groups need this vault: ContainerGroup here/user."
    )


@pytest.mark.parametrize(
    "group", [USER, user(keyVaultRef={"name": "it"}), user(keyVaultRef={"id": ID.upper()})]
)
async def test_a_group_may_name_the_vault_in_three_ways(group: Object) -> None:
    with pytest.raises(Wait):
        await ROOM.remove(a_pass(going("2026-01-01T00:16:00Z"), group))


@pytest.mark.parametrize(
    "group",
    [
        an_object("ContainerGroup", "other"),
        user(vaultBaseUrl="https://kv2.vault.azure.net"),
        user(keyVaultRef={"name": "other"}),
        user("there", keyVaultRef={"name": "it"}),
        user(keyVaultRef={"id": f"{ID}2"}),
    ],
)
async def test_a_group_without_a_key_of_it_holds_nothing(group: Object) -> None:
    p = a_pass(going("2026-01-01T00:16:00Z"), group)
    with pytest.raises(Stall) as raised:
        await ROOM.remove(p)
    assert raised.value.reason == "NoAccount"  # the next step
