"""ARM IDs: what is read out of them, what is equal, what is refused."""

from __future__ import annotations

import re
import uuid

import pytest

from aci_operator.azure import ids
from aci_operator.azure.ids import ArmId

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/Demo"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv"


def fields(id: ArmId) -> tuple[str, ...]:
    return (id.subscription, id.resource_group, id.provider, id.type, id.name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"/subscriptions/{SUBSCRIPTION}", ("", "", "subscriptions", SUBSCRIPTION)),
        (GROUP, ("Demo", "", "resourceGroups", "Demo")),
        (VAULT, ("Demo", "Microsoft.KeyVault", "vaults", "kv")),
        (f"{VAULT}/secrets/s", ("Demo", "Microsoft.KeyVault", "vaults/secrets", "s")),
        (
            f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/n",
            ("Demo", "Microsoft.Authorization", "roleAssignments", "n"),
        ),
        (
            f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/r",
            ("", "Microsoft.Authorization", "roleDefinitions", "r"),
        ),
    ],
)
def test_an_id_is_read_into_its_parts(text: str, expected: tuple[str, ...]) -> None:
    assert fields(ArmId.parse(text)) == (SUBSCRIPTION, *expected)


def test_an_id_of_another_letter_case_is_equal_and_hashes_alike() -> None:
    assert {ArmId.parse(VAULT), ArmId.parse(VAULT.upper().replace("SUBSCR", "subscr"))} == {
        ArmId.parse(VAULT)
    }


def test_the_written_letter_case_is_kept() -> None:
    assert (str(ArmId.parse(VAULT)), ArmId.parse(VAULT).lower) == (VAULT, VAULT.lower())


def test_scopes_go_from_the_subscription_to_the_resource() -> None:
    assert ArmId.parse(VAULT).scopes == (f"/subscriptions/{SUBSCRIPTION}", GROUP, VAULT)


def test_scopes_of_a_subscription_are_itself() -> None:
    subscription = f"/subscriptions/{SUBSCRIPTION}"
    assert ArmId.parse(subscription).scopes == (subscription,)


def test_group_id_is_cut_out_of_a_resource_id() -> None:
    assert ArmId.parse(VAULT).group_id == GROUP


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "starts with /"),
        ("subscriptions/x", "starts with /"),
        ("/subscriptions//resourceGroups/g", "empty or relative segment"),
        (f"{GROUP}/..", "empty or relative segment"),
        (f"{GROUP}/", "empty or relative segment"),
        (f"{GROUP}?x=1", "holds '?'"),
        (f"{GROUP}%2f..", "holds '%'"),
        (f"{GROUP} x", "holds ' '"),
        (f"{GROUP}\n", "holds '\\n'"),
        ("/subscriptions/s/resourceGroups", "third"),
        ("/subscriptions/s/other/g", "third"),
        ("/tenants/s", "neither"),
        (f"{GROUP}/vaults/kv", "after the resource group"),
        (f"{GROUP}/providers/Microsoft.KeyVault", "a type without a name"),
        (f"{GROUP}/providers/Microsoft.KeyVault/vaults", "a type without a name"),
        ("/subscriptions/" + "x" * 3000, "longer than"),
    ],
)
def test_a_malformed_id_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        ArmId.parse(text)


def test_builders_make_the_ids_of_the_article() -> None:
    group = ids.resource_group_id(SUBSCRIPTION, "Demo")
    assert [
        str(id)
        for id in (
            group,
            ids.container_group_id(group, "mycontainer"),
            ids.identity_id(group, "myACIId"),
            ids.vault_id(group, "kv"),
            ids.role_assignment_id(VAULT, "n"),
            ids.role_definition_id(SUBSCRIPTION, "r"),
        )
    ] == [
        GROUP,
        f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/mycontainer",
        f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/myACIId",
        VAULT,
        f"{VAULT}/providers/Microsoft.Authorization/roleAssignments/n",
        f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/r",
    ]


def test_a_name_with_a_slash_is_not_built_into_an_id() -> None:
    with pytest.raises(ValueError, match="not the name"):
        ids.vault_id(GROUP, "kv/secrets/s")


@pytest.mark.parametrize(
    ("scope", "id", "expected"),
    [
        (GROUP, VAULT, True),
        (GROUP.lower(), VAULT.upper(), True),
        (GROUP + "/", VAULT, True),
        (GROUP, GROUP, True),
        (VAULT, GROUP, False),
        (GROUP, GROUP + "2", False),
        ("", VAULT, False),
        ("/", VAULT, False),
    ],
)
def test_within_compares_whole_segments(scope: str, id: str, expected: bool) -> None:
    assert ids.within(scope, id) is expected


def test_same_ignores_letter_case_and_a_closing_slash() -> None:
    assert (ids.same(VAULT, VAULT.upper() + "/"), ids.same(VAULT, GROUP)) == (True, False)


def test_the_name_of_an_assignment_is_fixed_for_all_times() -> None:
    name = ids.role_assignment_name(VAULT, "AAAA", f"{GROUP}/roleDefinitions/BBBB")
    assert name == "7dbd0cf4-b02f-5f66-8272-c375914cc912"


def test_the_name_of_an_assignment_ignores_letter_case_and_how_the_role_is_written() -> None:
    principal, role = str(uuid.uuid4()), str(uuid.uuid4())
    long = str(ids.role_definition_id(SUBSCRIPTION, role)).upper()
    assert ids.role_assignment_name(VAULT, principal, role) == ids.role_assignment_name(
        VAULT.upper(), principal.upper(), long
    )


def test_another_principal_gives_another_name() -> None:
    assert ids.role_assignment_name(VAULT, "a", "r") != ids.role_assignment_name(VAULT, "b", "r")
