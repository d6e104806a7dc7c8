"""What holds for any access policies."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from azure_emulator.vaults import policies

WORDS = st.lists(st.sampled_from(["get", "Get", "list", "set", "all"]), unique_by=str.lower)
ENTRY = st.fixed_dictionaries(
    {
        "tenantId": st.just("t"),
        "objectId": st.sampled_from("abc"),
        "permissions": st.dictionaries(st.sampled_from(policies.KINDS), WORDS),
    },
    optional={"applicationId": st.sampled_from("xy")},
)
ENTRIES = st.lists(ENTRY, unique_by=policies.principal)


@given(ENTRIES, ENTRIES)
def test_add_and_replace_twice_are_as_once(stored: Any, given_: Any) -> None:
    for change in (policies.add, policies.replace):
        once = change(stored, given_)
        assert change(once, given_) == once


@given(ENTRIES, ENTRIES)
def test_replaced_entries_can_be_removed_as_they_were_sent(stored: Any, given_: Any) -> None:
    named = {policies.principal(entry) for entry in given_}

    left = policies.remove(policies.replace(stored, given_), given_)

    assert left == [entry for entry in stored if policies.principal(entry) not in named]


@given(ENTRIES, ENTRIES)
def test_no_change_makes_two_entries_for_one_principal(stored: Any, given_: Any) -> None:
    for change in (policies.add, policies.replace, policies.remove):
        principals = [policies.principal(entry) for entry in change(stored, given_)]
        assert len(principals) == len(set(principals))
