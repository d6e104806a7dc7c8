"""What an RBAC vault's roles cannot give is refused before Azure is asked."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access import roles
from aci_operator.kinds.key_vault_access.plan import Grant
from aci_operator.reconcile.steps import Stall
from pass_builders import a_pass, an_object


async def ensured(permissions: dict[str, Any]) -> None:
    grant = Grant("/v", "p", perms.parse(permissions))
    await roles.ensure(a_pass(an_object("KeyVaultAccess")), grant, "ServicePrincipal")


@pytest.mark.parametrize(
    ("asked", "beyond"),
    [
        ({"secrets": ["get", "set", "purge"]}, "secrets purge, set"),
        ({"secrets": ["all"]}, "secrets all"),
        ({"secrets": ["get"], "keys": ["wrapKey"]}, "keys wrapKey"),
        ({"secrets": ["set"], "certificates": ["get"]}, "secrets set; certificates get"),
    ],
)
async def test_more_than_the_known_role_covers_is_refused(
    asked: dict[str, Any], beyond: str
) -> None:
    with pytest.raises(Stall) as raised:
        await ensured(asked)
    assert (raised.value.reason, raised.value.message) == (
        "NoEquivalentRole",
        f"spec.permissions asks for {beyond}, and this version covers only secrets get and list on "
        "an RBAC vault. Ask for less, or use a vault with access policies.",
    )


@pytest.mark.parametrize("asked", [["get"], ["GET", "List"]])
async def test_what_the_role_covers_goes_on_to_azure(asked: list[str]) -> None:
    with pytest.raises(RuntimeError, match="the account is not resolved yet"):
        await ensured({"secrets": asked})
