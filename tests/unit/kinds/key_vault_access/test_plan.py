"""Grants merge: ours come and go, what others gave stays exactly as it was."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.kinds.key_vault_access import permissions as perms
from aci_operator.kinds.key_vault_access import plan
from aci_operator.kinds.key_vault_access.permissions import Permissions
from aci_operator.kinds.key_vault_access.plan import Addition, Grant, Record
from azure_emulator.vaults import policies
from unit.kinds.key_vault_access.vault_model import (
    TENANT,
    VAULT,
    Policies,
    VaultModel,
    an_entry,
    without_empty,
)

ALICE, BOB = "p-alice", "p-bob"
NOTHING = perms.parse({})


def secrets(*words: str) -> Permissions:
    return perms.parse({"secrets": words})


def grant(*words: str, to: str = ALICE) -> Grant:
    return Grant(VAULT, to, secrets(*words))


def record(*words: str, of: str = ALICE) -> Record:
    return Record(VAULT, of, secrets(*words))


@pytest.mark.parametrize(
    ("present", "own", "others", "missing", "mine"),
    [
        ([], [], [], ["get", "list"], ["get", "list"]),
        (["get"], [], [], ["list"], ["list"]),  # what stood there before is not ours
        (["get", "list"], [], [], [], []),
        (["get", "list"], ["get", "list"], [], [], ["get", "list"]),
        ([], ["get", "list"], [], ["get", "list"], ["get", "list"]),  # taken away from outside
        (["get", "list"], [], ["get", "set"], [], ["get"]),  # another object's is shared
        (["all"], [], [], [], []),
        (["all"], [], ["all"], ["get", "list"], ["get", "list"]),
        (["all"], ["all"], [], ["get", "list"], ["all", "get", "list"]),
    ],
)
def test_ours_is_what_was_missing_and_what_we_share(
    present: list[str], own: list[str], others: list[str], missing: list[str], mine: list[str]
) -> None:
    ours = [record(*own)] if own else []
    found = plan.addition(grant("get", "list"), secrets(*present), ours, [record(*others)])
    records = (record(*mine),) if mine else ()
    assert found == Addition(secrets(*missing), records)


def test_records_about_others_stay_until_they_are_taken_back() -> None:
    former = record("get", of=BOB)
    found = plan.addition(grant("get"), NOTHING, [former], [])
    assert found.records == (former, record("get"))


@pytest.mark.parametrize(
    ("wanted", "own", "others", "surplus"),
    [
        (grant("get"), record("get"), [], ()),
        (grant("get"), record("get", "list"), [], (record("list"),)),
        (grant("get"), record("get", "list"), [record("list")], ()),
        (grant("get"), record("get", of=BOB), [], (record("get", of=BOB),)),
        (grant("get"), record("get", of=BOB), [record("get", of=BOB)], ()),
        (None, record("get"), [], (record("get"),)),
        (None, record("get"), [record("get")], ()),
        (None, record("get"), [record("get", of=BOB)], (record("get"),)),
    ],
)
def test_surplus_is_what_nobody_of_ours_wants_any_more(
    wanted: Grant | None, own: Record, others: list[Record], surplus: tuple[Record, ...]
) -> None:
    assert plan.surplus(wanted, [own], others) == surplus


def test_what_is_kept_is_what_the_grant_still_asks_for() -> None:
    own = [record("get", "list"), record("get", of=BOB)]
    assert (plan.kept(grant("get"), own), plan.kept(grant("set"), own)) == ((record("get"),), ())


def test_a_record_is_about_a_vault_and_a_principal_in_any_letter_case() -> None:
    one = record("get")
    told = (one.about(VAULT.upper(), ALICE.upper()), one.about(VAULT, BOB), one.about("/x", ALICE))
    assert told == (True, False, False)


def test_a_record_is_stored_and_read_back() -> None:
    one = Record(VAULT, ALICE, perms.parse({"secrets": ["get"], "keys": ["wrapKey"]}))
    stored = {"vaultId": VAULT, "principalId": ALICE, "secrets": ["get"], "keys": ["wrapKey"]}
    assert (one.dump(), Record.parse(stored)) == (stored, one)


WORDS = st.sampled_from(["get", "list", "set", "all"])
PRINCIPALS = st.sampled_from([ALICE, BOB])
WANTED = st.fixed_dictionaries(
    {"secrets": st.lists(WORDS, min_size=1, unique=True)},
    optional={"keys": st.lists(WORDS, min_size=1, unique=True)},
).map(perms.parse)
GRANTS = st.builds(Grant, st.just(VAULT), PRINCIPALS, WANTED)
STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.none() | GRANTS), max_size=12)
"""Name of an object and what it asks for from now on; None: it is deleted."""

FOREIGN_WORDS = st.lists(
    st.sampled_from(["get", "List", "SET", "all"]), min_size=1, unique_by=str.lower
)
FOREIGN_ENTRIES = st.builds(
    lambda who, words, more: an_entry(who, {"secrets": words}, **more),
    st.sampled_from([ALICE.upper(), BOB, "p-else"]),
    FOREIGN_WORDS,
    st.sampled_from([{}, {"applicationId": "a-1"}]),
)
FOREIGN = st.lists(FOREIGN_ENTRIES, max_size=3, unique_by=policies.principal)


def run(foreign: Policies, steps: list[tuple[str, Grant | None]]) -> VaultModel:
    vault = VaultModel(foreign)
    for name, wanted in steps:
        if wanted is None:
            vault.leave(name)
        else:
            vault.ensure(name, wanted)
    return vault


def expected(foreign: Policies, living: list[Grant], principal_id: str) -> Permissions:
    """Give what a principal should have: the foreign, and ours where a foreign `all` is not."""
    before = perms.parse(perms.entry_of(foreign, TENANT, principal_id).get("permissions"))
    ours = [one.permissions for one in living if one.principal_id == principal_id]
    wanted = perms.union(NOTHING, *ours)
    return perms.union(before, perms.uncovered(wanted, before))


@given(FOREIGN, STEPS)
def test_a_vault_holds_the_foreign_and_the_union_of_ours(
    foreign: Policies, steps: list[tuple[str, Grant | None]]
) -> None:
    vault = run(foreign, steps)
    living = list(vault.wants.values())
    for principal_id in (ALICE, BOB, "p-else"):
        assert vault.present(principal_id) == expected(foreign, living, principal_id)


@given(FOREIGN, STEPS)
def test_when_all_of_ours_are_gone_the_vault_is_as_it_was(
    foreign: Policies, steps: list[tuple[str, Grant | None]]
) -> None:
    vault = run(foreign, [*steps, *((name, None) for name in "abc")])
    assert (vault.stored(), vault.records) == (without_empty(foreign), {})


@given(FOREIGN, STEPS)
def test_entries_of_other_applications_are_never_touched(
    foreign: Policies, steps: list[tuple[str, Grant | None]]
) -> None:
    compound = [entry for entry in foreign if entry.get("applicationId")]
    vault = run(foreign, steps)
    left = [entry for entry in vault.policies if entry.get("applicationId")]
    assert without_empty(left) == without_empty(compound)


@given(FOREIGN, STEPS)
def test_a_second_pass_of_anyone_writes_nothing(
    foreign: Policies, steps: list[tuple[str, Grant | None]]
) -> None:
    vault = run(foreign, steps)
    before = (vault.stored(), dict(vault.records), vault.writes)
    for name, wanted in list(vault.wants.items()):
        vault.ensure(name, wanted)
    assert (vault.stored(), vault.records, vault.writes) == before


@given(FOREIGN, st.permutations("abc"), st.lists(GRANTS, min_size=3, max_size=3))
def test_the_order_in_which_objects_come_does_not_matter(
    foreign: Policies, order: list[str], grants: list[Grant]
) -> None:
    wants: dict[str, Any] = dict(zip("abc", grants, strict=True))
    one = run(foreign, [(name, wants[name]) for name in "abc"])
    other = run(foreign, [(name, wants[name]) for name in order])
    assert one.present(ALICE) == other.present(ALICE)
    assert one.present(BOB) == other.present(BOB)


def test_a_new_principal_gets_its_grant_before_the_old_one_loses_it() -> None:
    vault = run([], [("a", grant("get"))])
    wanted = plan.addition(grant("get", to=BOB), NOTHING, vault.records["a"], [])
    surplus = plan.surplus(grant("get", to=BOB), wanted.records, [])
    assert (wanted.missing, surplus) == (secrets("get"), (record("get"),))


def test_who_comes_while_the_giver_is_going_makes_the_grant_its_own() -> None:
    vault = run([], [("going", grant("get")), ("new", grant("get")), ("going", None)])
    assert (vault.present(ALICE), vault.records) == (secrets("get"), {"new": (record("get"),)})
