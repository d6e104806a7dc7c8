"""Permissions of an access policy, compared as Azure does (azure.md section 10.1)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access.permissions import Permissions

WORDS = st.sampled_from(["get", "list", "set", "all", "Get", "wrapKey"])
SPELLED = st.fixed_dictionaries(
    {}, optional={kind: st.none() | st.lists(WORDS, max_size=4) for kind in perms.KINDS}
)
SETS = SPELLED.map(perms.parse)


def secrets(*words: str) -> Permissions:
    return perms.parse({"secrets": words})


@pytest.mark.parametrize("value", [None, {}, {"secrets": None}, {"storage": ["get"]}])
def test_what_holds_nothing_is_empty(value: Any) -> None:
    assert (perms.empty(perms.parse(value)), perms.dump(perms.parse(value))) == (True, {})


def test_permissions_are_read_without_letter_case_and_written_sorted() -> None:
    read = perms.parse({"secrets": ["List", "GET"], "keys": ["wrapKey"], "certificates": []})
    assert perms.dump(read) == {"secrets": ["get", "list"], "keys": ["wrapKey"]}


@given(SETS)
def test_what_is_written_is_read_back(permissions: Permissions) -> None:
    assert perms.parse(perms.dump(permissions)) == permissions


@given(SETS, SETS)
def test_union_minus_and_common_are_those_of_sets(one: Permissions, other: Permissions) -> None:
    for kind in perms.KINDS:
        assert perms.union(one, other)[kind] == one[kind] | other[kind]
        assert perms.minus(one, other)[kind] == one[kind] - other[kind]
        assert perms.common(one, other)[kind] == one[kind] & other[kind]


def test_kinds_are_told_apart() -> None:
    keys = perms.parse({"keys": ["get"]})
    assert (
        perms.empty(perms.common(secrets("get"), keys)),
        perms.uncovered(keys, secrets("get")),
    ) == (
        True,
        keys,
    )


@pytest.mark.parametrize(
    ("wanted", "present", "passing", "missing"),
    [
        (["get"], [], [], ["get"]),
        (["get", "list"], ["get"], [], ["list"]),
        (["get"], ["all"], [], []),
        (["all"], ["all"], [], []),
        (["all"], ["get"], [], ["all"]),
        (["get"], ["all"], ["all"], ["get"]),  # ours, so it may go again
        (["all"], ["all"], ["all"], []),
    ],
)
def test_all_covers_everything_unless_it_is_passing(
    wanted: list[str], present: list[str], passing: list[str], missing: list[str]
) -> None:
    found = perms.uncovered(secrets(*wanted), secrets(*present), secrets(*passing))
    assert found == secrets(*missing)


def test_permissions_are_spelled_as_the_stored_entry_spells_them() -> None:
    entry = {"permissions": {"secrets": ["Get", "LIST", "set"], "keys": None, "storage": ["get"]}}
    wanted = perms.parse({"secrets": ["get", "list", "purge"], "keys": ["get"]})
    assert perms.verbatim(wanted, entry) == {"secrets": ["Get", "LIST"]}


@pytest.mark.parametrize("entry", [{}, {"permissions": None}, {"permissions": {"secrets": []}}])
def test_nothing_is_spelled_of_an_entry_that_holds_nothing(entry: dict[str, Any]) -> None:
    assert perms.verbatim(secrets("get"), entry) == {}


@given(SETS, SPELLED)
def test_what_is_spelled_is_what_is_wanted_and_there(wanted: Permissions, stored: Any) -> None:
    spelled = perms.verbatim(wanted, {"permissions": stored})
    assert perms.parse(spelled) == perms.common(wanted, perms.parse(stored))
    assert all(word in stored[kind] for kind, words in spelled.items() for word in words)


ENTRY = {"tenantId": "T-1", "objectId": "P-1", "permissions": {}}
COMPOUND = {**ENTRY, "applicationId": "a-1"}


@pytest.mark.parametrize(
    ("policies", "found"),
    [
        ([], {}),
        ([ENTRY], ENTRY),
        ([COMPOUND], {}),
        ([COMPOUND, ENTRY], ENTRY),
        ([{**ENTRY, "applicationId": ""}], {**ENTRY, "applicationId": ""}),
        ([{**ENTRY, "tenantId": "other"}], {}),
        ([{**ENTRY, "objectId": "other"}], {}),
    ],
)
def test_an_entry_is_found_by_tenant_and_object_without_letter_case(
    policies: list[dict[str, Any]], found: dict[str, Any]
) -> None:
    assert perms.entry_of(policies, "t-1", "p-1") == found
