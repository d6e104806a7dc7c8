"""A grant that is taken back is looked at again by the other grants on the same vault."""

from __future__ import annotations

from aci_operator.api.objects import Key
from aci_operator.kinds.key_vault_access import neighbours
from pass_builders import a_pass, an_object

KIND = "KeyVaultAccess"
VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"


def test_the_living_grants_on_the_vault_are_woken() -> None:
    here = {"vaultId": VAULT.upper()}
    p = a_pass(
        an_object(KIND, status=here),
        an_object(KIND, "living", status=here),
        an_object(KIND, "going", status=here, deletion_timestamp="2026-01-01T00:00:00Z"),
        an_object(KIND, "elsewhere", status={"vaultId": f"{VAULT}2"}),
    )
    woken: list[Key] = []
    p.world.wake = woken.append
    neighbours.wake(p, VAULT)
    assert [key.name for key in woken] == ["living"]
