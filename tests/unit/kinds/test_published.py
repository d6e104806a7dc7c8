"""What each kind tells others of itself, and what it wants to be woken by."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.kinds import ACCOUNTS, KINDS
from aci_operator.api.objects import Key
from aci_operator.rules import ROOMS, published, references_of
from pass_builders import a_ready, an_object

ANYONE = {Key("AzureAccount", "here", ""), Key("ClusterAzureAccount", "", "")}
RG = {"resourceGroupRef": {"name": "rg"}}
VAULT = {"keyVaultRef": {"name": "v"}}
KEY_RG, KEY_VAULT = Key("ResourceGroup", "here", "rg"), Key("KeyVault", "here", "v")
WOKEN_BY: dict[str, tuple[dict[str, Any], set[Key]]] = {
    "AzureAccount": ({}, set()),
    "ClusterAzureAccount": ({}, set()),
    "ResourceGroup": ({}, ANYONE),
    "UserAssignedIdentity": (RG, {*ANYONE, KEY_RG}),
    "KeyVault": (RG, {*ANYONE, KEY_RG}),
    "KeyVaultSecret": (VAULT, {*ANYONE, KEY_VAULT}),
    "KeyVaultAccess": (
        {**VAULT, "principal": {"containerGroupRef": {"name": "g"}}},
        {*ANYONE, KEY_VAULT, Key("ContainerGroup", "here", "g")},
    ),
    "RoleAssignment": (
        {
            "scope": {"keyVaultRef": {"name": "v"}},
            "principal": {"containerGroupRef": {"name": "g"}},
        },
        {*ANYONE, KEY_VAULT, Key("ContainerGroup", "here", "g")},
    ),
    "ContainerGroup": (RG, {*ANYONE, KEY_RG}),
}


def test_every_kind_has_a_room() -> None:
    assert set(ROOMS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_an_object_is_woken_by_what_it_names_and_by_its_account(kind: str) -> None:
    spec, keys = WOKEN_BY[kind]
    assert references_of(an_object(kind, spec=spec)) == keys


def test_what_an_object_claims_is_indexed_beside_what_it_names() -> None:
    object_ = an_object("ResourceGroup", status={"id": "/Subscriptions/S"})
    assert references_of(object_) == {*ANYONE, Key("ArmId", "", "/subscriptions/s")}


READY: dict[str, Any] = {"conditions": [a_ready()]}
USED: list[tuple[str, dict[str, Any]]] = [
    *((kind, READY) for kind in KINDS),
    *((kind, {"id": "/x"}) for kind in ("ResourceGroup", "UserAssignedIdentity", "KeyVault")),
    ("ContainerGroup", {"id": "/x"}),
    ("ContainerGroup", {"identity": {"principalId": "p"}}),
    ("ResourceGroup", {"location": "westus"}),
    ("UserAssignedIdentity", {"principalId": "p"}),
    ("KeyVault", {"vaultUri": "https://v"}),
    ("KeyVault", {"permissionModel": "RBAC"}),
    ("KeyVault", {"operatorAccess": {"principalId": "p"}}),
    ("KeyVaultSecret", {"secretId": "https://v/secrets/s"}),
]


@pytest.mark.parametrize(("kind", "status"), USED)
def test_what_others_use_wakes_them_when_it_changes(kind: str, status: dict[str, Any]) -> None:
    assert published(an_object(kind)) != published(an_object(kind, status=status))


@pytest.mark.parametrize("kind", sorted(set(KINDS) - set(ACCOUNTS)))
def test_who_uses_an_object_hears_of_its_deletion(kind: str) -> None:
    going = an_object(kind, deletion_timestamp="2026-01-01T00:00:00Z")
    assert published(an_object(kind)) != published(going)


@pytest.mark.parametrize("kind", ACCOUNTS)
def test_who_uses_an_account_hears_of_its_new_spec(kind: str) -> None:
    accounts = [an_object(kind, generation=generation) for generation in (1, 2)]
    assert published(accounts[0]) != published(accounts[1])


@pytest.mark.parametrize("kind", KINDS)
def test_who_waits_for_an_object_hears_why_it_is_not_ready(kind: str) -> None:
    why = [a_ready("False", reason=reason) for reason in ("WaitingForSecret", "Forbidden")]
    told = [an_object(kind, status={"conditions": [ready]}) for ready in why]
    assert published(told[0]) != published(told[1])


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_is_woken_by_what_concerns_the_object_alone(kind: str) -> None:
    words = a_ready(message="In other words.", lastTransitionTime="2026-01-01T00:09:00Z")
    told = [an_object(kind, status={"conditions": [ready]}) for ready in (a_ready(), words)]
    assert published(told[0]) == published(told[1])
