from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aci_operator.commands.actions import NEEDED, lacking

ROLE = Path(__file__).parents[3] / "deploy" / "azure-role.json"
READ, WRITE = "Microsoft.KeyVault/vaults/read", "Microsoft.KeyVault/vaults/write"
ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"


def given(*actions: str, but: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"actions": list(actions), "notActions": list(but)}


def test_the_needed_actions_are_those_of_the_shipped_role() -> None:
    assert list(NEEDED) == json.loads(ROLE.read_text())["Actions"]


@pytest.mark.parametrize(
    ("permissions", "missing"),
    [
        ([], [READ, WRITE, ASSIGN]),
        ([given("*")], []),
        ([given("*/READ")], [WRITE, ASSIGN]),
        ([given("microsoft.keyvault/*"), given(ASSIGN)], []),
        ([given("*", but=("*/write",))], [WRITE]),
        ([given("*", but=("*/write",)), given(WRITE.upper())], []),
        (
            [given("Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action")],
            [READ, WRITE],
        ),
        ([given("Microsoft.KeyVault/vaults/rea")], [READ, WRITE, ASSIGN]),
        ([{"dataActions": ["*"]}], [READ, WRITE, ASSIGN]),
    ],
)
def test_what_no_permission_gives_is_lacking(
    permissions: list[dict[str, Any]], missing: list[str]
) -> None:
    assert lacking(permissions, [READ, WRITE, ASSIGN]) == missing
