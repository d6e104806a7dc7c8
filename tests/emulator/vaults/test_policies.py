"""accessPolicies/{add|replace|remove} as azure.md section 10.1 tells them."""

from __future__ import annotations

from typing import Any

import pytest

from azure_emulator.errors import AzureError
from azure_emulator.vaults import policies

TENANT = "11111111-0000-0000-0000-000000000000"


def entry(oid: str, *secrets: str, **more: Any) -> dict[str, Any]:
    permissions = {"secrets": list(secrets), **more.pop("permissions", {})}
    return {"tenantId": TENANT, "objectId": oid, "permissions": permissions, **more}


def test_add_creates_a_missing_entry_and_leaves_others() -> None:
    result = policies.add([entry("a", "get")], [entry("b", "list")])

    assert result == [entry("a", "get"), entry("b", "list")]


def test_add_unites_permissions_of_the_same_principal() -> None:
    stored = [entry("a", "get", permissions={"keys": ["wrapKey"]})]

    result = policies.add(stored, [entry("A", "Get", "set", permissions={"certificates": ["get"]})])

    wanted = {"secrets": ["get", "set"], "keys": ["wrapKey"], "certificates": ["get"]}
    assert result == [{"tenantId": TENANT, "objectId": "a", "permissions": wanted}]


def test_another_application_is_another_entry() -> None:
    result = policies.add([entry("a", "get")], [entry("a", "set", applicationId="x")])

    assert result == [entry("a", "get"), entry("a", "set", applicationId="x")]


def test_replace_sets_listed_principals_only() -> None:
    stored = [entry("a", "get", "set"), entry("b", "get")]

    assert policies.replace(stored, [entry("a", "list")]) == [entry("a", "list"), entry("b", "get")]


def test_remove_with_all_permissions_drops_the_entry() -> None:
    stored = [entry("a", "get", "set"), entry("b", "get")]

    assert policies.remove(stored, [entry("a", "set", "get")]) == [entry("b", "get")]


def test_remove_of_some_permissions_keeps_the_rest() -> None:
    assert policies.remove([entry("a", "get", "set")], [entry("a", "set")]) == [entry("a", "get")]


def test_remove_in_another_letter_case_leaves_the_entry() -> None:
    assert policies.remove([entry("a", "Get")], [entry("a", "get")]) == [entry("a", "Get")]


def test_remove_of_an_unknown_principal_changes_nothing() -> None:
    assert policies.remove([entry("a", "get")], [entry("b", "get")]) == [entry("a", "get")]


def test_changes_leave_the_stored_list_alone() -> None:
    stored = [entry("a", "get")]

    for change in (policies.add, policies.replace, policies.remove):
        change(stored, [entry("a", "get", "set")])

    assert stored == [entry("a", "get")]


@pytest.mark.parametrize(
    ("held", "allowed"), [("get", True), ("Get", True), ("ALL", True), ("list", False)]
)
def test_the_meaning_of_permissions_has_no_letter_case(held: str, allowed: bool) -> None:
    assert policies.allow([entry("OID", held)], "oid", "get") is allowed


def test_an_entry_for_on_behalf_of_grants_an_application_nothing() -> None:
    assert not policies.allow([entry("oid", "get", applicationId="x")], "oid", "get")


@pytest.mark.parametrize(
    "given",
    [
        None,
        {},
        ["text"],
        [{"objectId": "a", "permissions": {}}],
        [{"tenantId": TENANT, "permissions": {}}],
        [{"tenantId": TENANT, "objectId": "a"}],
        [{"tenantId": TENANT, "objectId": "a", "permissions": {"secrets": "get"}}],
        [{"tenantId": TENANT, "objectId": "a", "permissions": {"Secrets": ["get"]}}],
        [{"tenantId": "another", "objectId": "a", "permissions": {}}],
    ],
)
def test_a_malformed_list_is_refused(given: Any) -> None:
    with pytest.raises(AzureError) as refused:
        policies.check(given, TENANT)

    assert (refused.value.status, refused.value.code) == (400, "BadRequest")


def test_more_than_1024_entries_are_refused() -> None:
    policies.check([entry(str(n)) for n in range(1024)], TENANT)

    with pytest.raises(AzureError, match="at most 1024"):
        policies.check([entry(str(n)) for n in range(1025)], TENANT)
