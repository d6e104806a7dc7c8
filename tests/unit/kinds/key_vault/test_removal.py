"""A vault whose key a group uses is deleted after the group."""

from __future__ import annotations

import pytest

from aci_operator.api.objects import Object
from aci_operator.kinds.key_vault import ROOM
from aci_operator.reconcile.steps import Stall, Wait
from pass_builders import a_pass, an_object

URI = "https://kv1.vault.azure.net"
USER = an_object(
    "ContainerGroup", "user", spec={"encryptionProperties": {"vaultBaseUrl": f"{URI.upper()}/"}}
)


def going(since: str) -> Object:
    spec = {"operator": {"deletionPolicy": "Delete"}}
    return an_object("KeyVault", spec=spec, status={"vaultUri": URI}, deletion_timestamp=since)


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
        "1 container groups use a key of this vault: ContainerGroup here/user."
    )


async def test_a_group_without_a_key_of_it_holds_nothing() -> None:
    p = a_pass(going("2026-01-01T00:16:00Z"), an_object("ContainerGroup", "other"))
    await ROOM.remove(p)
    assert p.gone
