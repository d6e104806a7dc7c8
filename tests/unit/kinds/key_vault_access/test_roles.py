"""What an RBAC vault's roles cannot give is refused before Azure is asked."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access import role_table, roles
from aci_operator.kinds.key_vault_access.plan import Grant
from aci_operator.reconcile.steps import Stall
from pass_builders import a_pass, an_object


async def ensured(permissions: dict[str, Any]) -> None:
    grant = Grant("/v", "p", perms.parse(permissions))
    await roles.ensure(a_pass(an_object("KeyVaultAccess")), grant, "ServicePrincipal")


async def test_what_no_role_covers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    cut_down = role_table.candidates()[-1:]
    assert [role.name for role in cut_down] == ["Key Vault Secrets User"]
    monkeypatch.setattr(role_table, "candidates", lambda: cut_down)
    with pytest.raises(Stall) as raised:
        await ensured({"secrets": ["get", "purge"]})
    assert (raised.value.reason, raised.value.message) == (
        "NoEquivalentRole",
        "spec.permissions asks for secrets get, purge, and no built-in role that this version "
        "knows covers that on an RBAC vault. Ask for less, or use a vault with access policies.",
    )


@pytest.mark.parametrize("asked", [["get"], ["GET", "List"], ["purge"]])
async def test_what_a_role_covers_goes_on_to_azure(asked: list[str]) -> None:
    with pytest.raises(RuntimeError, match="the account is not resolved yet"):
        await ensured({"secrets": asked})


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"secrets": ["get", "list"]}, "by Key Vault Secrets User"),
        (
            {"secrets": ["set"], "keys": ["release"]},
            "by Key Vault Secrets Officer and Key Vault Crypto Service Release User, which also "
            "gives secrets backup, delete, get, list, purge, recover, restore",
        ),
    ],
)
def test_the_roles_and_what_they_give_beyond_are_said(asked: dict[str, Any], words: str) -> None:
    permissions = perms.parse(asked)
    assert roles.told(role_table.covering(permissions), permissions) == words
