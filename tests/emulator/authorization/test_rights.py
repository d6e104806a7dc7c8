from __future__ import annotations

from collections.abc import Callable

import pytest

from azure_emulator.authorization.rights import Authorization
from azure_emulator.clock import Clock
from azure_emulator.errors import AzureError
from azure_emulator.settings import Settings
from azure_emulator.wire import Caller

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
GROUP = f"{SUBSCRIPTION}/resourceGroups/demo"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/v"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
READ_SECRET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
ASSIGN_IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action"
CALLER = Caller("oid", "appid", "tid")


@pytest.fixture
def authorization() -> Authorization:
    return Authorization(Settings(), Clock(frozen_at=1_790_000_000))


@pytest.fixture
def give(authorization: Authorization) -> Callable[..., None]:
    def assign(role: str, scope: str, oid: str = "oid") -> None:
        authorization.assign(oid, role, scope, name=f"{oid}{role}{scope}", principal_type="x")

    return assign


@pytest.mark.parametrize(
    ("role", "action", "allowed"),
    [
        ("Reader", "Microsoft.KeyVault/vaults/read", True),
        ("Reader", "Microsoft.KeyVault/vaults/write", False),
        ("Contributor", "Microsoft.KeyVault/vaults/write", True),
        ("Contributor", "MICROSOFT.AUTHORIZATION/roleassignments/WRITE", False),
        ("Contributor", "Microsoft.Authorization/roleAssignments/read", True),
        ("Owner", "Microsoft.Authorization/roleAssignments/write", True),
        ("User Access Administrator", "Microsoft.Authorization/roleAssignments/write", True),
        ("User Access Administrator", "Microsoft.KeyVault/vaults/write", False),
        (
            "Role Based Access Control Administrator",
            "Microsoft.Authorization/roleAssignments/delete",
            True,
        ),
        (
            "Role Based Access Control Administrator",
            "Microsoft.Authorization/roleDefinitions/write",
            False,
        ),
        ("Key Vault Contributor", "Microsoft.KeyVault/locations/deletedVaults/purge/action", False),
        ("Key Vault Contributor", "Microsoft.KeyVault/vaults/write", True),
        ("Managed Identity Operator", f"{ASSIGN_IDENTITY}", True),
    ],
)
def test_a_role_allows_its_actions_but_not_its_exceptions(
    authorization: Authorization, give: Callable[..., None], role: str, action: str, allowed: bool
) -> None:
    give(role, GROUP)
    assert authorization.allows("oid", action, VAULT) is allowed


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (SUBSCRIPTION, True),
        (GROUP, True),
        (GROUP.upper(), True),
        (f"{GROUP}/", True),
        (VAULT, True),
        ("/", True),
        (f"{GROUP}-other", False),
        (GROUP[:-1], False),
        (f"{VAULT}/secrets/x", False),
    ],
)
def test_a_role_counts_at_its_scope_and_below(
    authorization: Authorization, give: Callable[..., None], scope: str, covered: bool
) -> None:
    give("Reader", scope)
    assert authorization.allows("oid", "Microsoft.KeyVault/vaults/read", VAULT) is covered


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("Key Vault Secrets User", True),
        ("Key Vault Secrets Officer", True),
        ("Key Vault Administrator", True),
        ("Owner", False),
        ("Contributor", False),
        ("Key Vault Reader", False),
    ],
)
def test_reading_secrets_takes_a_data_action(
    authorization: Authorization, give: Callable[..., None], role: str, allowed: bool
) -> None:
    give(role, VAULT)
    assert authorization.allows("oid", READ_SECRET, f"{VAULT}/secrets/x", data=True) is allowed


def test_a_data_action_is_no_action(
    authorization: Authorization, give: Callable[..., None]
) -> None:
    give("Key Vault Secrets User", VAULT)
    assert not authorization.allows("oid", READ_SECRET, VAULT)


def test_a_role_of_somebody_else_counts_for_nothing(
    authorization: Authorization, give: Callable[..., None]
) -> None:
    give("Owner", SUBSCRIPTION, oid="somebody-else")
    assert not authorization.allows("oid", "Microsoft.KeyVault/vaults/read", VAULT)


def test_an_object_id_is_compared_without_letter_case(
    authorization: Authorization, give: Callable[..., None]
) -> None:
    give("Owner", SUBSCRIPTION, oid="ABC")
    assert authorization.allows("abc", "Microsoft.KeyVault/vaults/read", VAULT)


def test_an_unknown_role_cannot_be_assigned(give: Callable[..., None]) -> None:
    with pytest.raises(ValueError, match="there is no role Emperor"):
        give("Emperor", GROUP)


def test_a_refusal_names_client_action_and_scope(authorization: Authorization) -> None:
    with pytest.raises(AzureError) as caught:
        authorization.require(CALLER, "Microsoft.KeyVault/vaults/read", VAULT)
    assert (caught.value.status, caught.value.code) == (403, "AuthorizationFailed")
    assert caught.value.headers == {"x-ms-failure-cause": "gateway"}
    assert caught.value.message == (
        "The client 'appid' with object id 'oid' does not have authorization to perform action "
        f"'Microsoft.KeyVault/vaults/read' over scope '{VAULT}' or the scope is invalid. If access "
        "was recently granted, please refresh your credentials."
    )


def test_a_linked_refusal_names_the_linked_scopes_that_are_refused(
    authorization: Authorization, give: Callable[..., None]
) -> None:
    give("Contributor", GROUP)
    other = IDENTITY.replace("demo", "other")
    action = "Microsoft.ContainerInstance/containerGroups/write"
    with pytest.raises(AzureError) as caught:
        authorization.require_linked(CALLER, action, GROUP, ASSIGN_IDENTITY, [IDENTITY, other])
    assert (caught.value.status, caught.value.code) == (403, "LinkedAuthorizationFailed")
    assert caught.value.message == (
        f"The client 'appid' with object id 'oid' has permission to perform action '{action}' on "
        f"scope '{GROUP}'; however, it does not have permission to perform action(s) "
        f"'{ASSIGN_IDENTITY}' on the linked scope(s) '{other}' (respectively) or the linked "
        "scope(s) are invalid."
    )


def test_linked_scopes_with_a_right_pass(
    authorization: Authorization, give: Callable[..., None]
) -> None:
    give("Managed Identity Operator", IDENTITY)
    other = IDENTITY.replace("demo", "other")
    assert refused(authorization, IDENTITY.lower(), IDENTITY, other) == [f"{LINKED} {other}"]


def test_a_linked_scope_that_does_not_exist_takes_a_right_on_the_subscription(
    authorization: Authorization, give: Callable[..., None]
) -> None:
    authorization.exists = lambda resource_id: False
    give("Managed Identity Operator", GROUP)
    before = refused(authorization, IDENTITY)
    give("Managed Identity Operator", SUBSCRIPTION)
    assert (before, refused(authorization, IDENTITY)) == ([f"{LINKED} {IDENTITY}"], [])


LINKED = "LinkedAuthorizationFailed"


def refused(authorization: Authorization, *linked: str) -> list[str]:
    """Give code and scope of the linked scopes that are refused, each asked for alone."""
    found = []
    for scope in linked:
        try:
            authorization.require_linked(CALLER, "x/write", GROUP, ASSIGN_IDENTITY, [scope])
        except AzureError as error:
            found.append(f"{error.code} {scope}")
    return found


def test_a_role_at_a_management_group_counts_in_the_subscriptions_below_it_alone() -> None:
    mine, other = SUBSCRIPTION.rpartition("/")[2], "11111111-0000-0000-0000-000000000000"
    settings = Settings(management_groups=((mine, "corp"),))
    authorization = Authorization(settings, Clock(frozen_at=1_790_000_000))
    group = "/providers/microsoft.management/managementGroups/Corp"
    authorization.assign("oid", "Reader", group, name="n", principal_type="x")
    read = "Microsoft.KeyVault/vaults/read"
    places = (VAULT, group, f"/subscriptions/{other}", f"{group}2")
    assert [authorization.allows("oid", read, each) for each in places] == [
        True,
        True,
        False,
        False,
    ]
