from __future__ import annotations

from aci_operator.commands.remains import remains_of

VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"
ASSIGNMENT = f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/a"


def test_a_resource_leaves_its_arm_id() -> None:
    assert remains_of("KeyVault", {"id": VAULT}) == [VAULT]


def test_a_secret_leaves_its_id() -> None:
    id_ = "https://v.vault.azure.net/secrets/s"
    assert remains_of("KeyVaultSecret", {"secretId": id_}) == [id_]


def test_access_leaves_assignments_and_policies() -> None:
    status = {
        "vaultId": VAULT,
        "principalId": "p",
        "assignmentIds": [ASSIGNMENT],
        "accessPolicies": [{"objectId": "p"}],
    }
    policy = f"{VAULT} (access policy of principal p)"
    assert remains_of("KeyVaultAccess", status) == [ASSIGNMENT, policy]


def test_an_account_leaves_nothing() -> None:
    assert remains_of("AzureAccount", {"id": VAULT}) == []


def test_what_was_never_made_leaves_nothing() -> None:
    assert remains_of("ContainerGroup", {}) == []
