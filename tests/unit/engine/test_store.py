from __future__ import annotations

from dataclasses import replace

import pytest

from aci_operator.api.objects import Key
from aci_operator.engine.store import Change, Store
from engine_builders import key, references_of, thing


@pytest.fixture
def store() -> Store:
    return Store(references_of)


def test_a_new_object_is_a_change_from_nothing(store: Store) -> None:
    obj = thing("a")
    assert (store.put(obj), store.get(key("a"))) == (Change(None, obj), obj)


def test_a_newer_version_replaces_the_older(store: Store) -> None:
    old, new = thing("a", 9), thing("a", 10)
    store.put(old)
    assert (store.put(new), store.get(key("a"))) == (Change(old, new), new)


@pytest.mark.parametrize("version", [9, 10])
def test_an_older_or_equal_version_says_nothing(store: Store, version: int) -> None:
    known = thing("a", 10)
    store.put(known)
    assert (store.put(thing("a", version)), store.get(key("a"))) == (None, known)


def test_another_uid_takes_the_place_of_the_old_one(store: Store) -> None:
    old, new = thing("a", 10, uid="first"), thing("a", 9, uid="second")
    store.put(old)
    assert (store.put(new), store.get(key("a"))) == (Change(old, new), new)


def test_a_late_answer_does_not_raise_the_dead(store: Store) -> None:
    store.put(thing("a", 10))
    store.remove(key("a"), "uid-a")
    assert (store.put(thing("a", 11)), store.get(key("a"))) == (None, None)


def test_a_replaced_uid_does_not_come_back(store: Store) -> None:
    new = thing("a", 11, uid="second")
    store.put(thing("a", 10, uid="first"))
    store.put(new)
    assert (store.put(thing("a", 12, uid="first")), store.get(key("a"))) == (None, new)


def test_the_end_of_an_older_uid_leaves_the_younger_object(store: Store) -> None:
    new = thing("a", 11, uid="second")
    store.put(new)
    assert (store.remove(key("a"), "first"), store.get(key("a"))) == (None, new)


def test_a_removed_object_is_a_change_to_nothing(store: Store) -> None:
    obj = thing("a")
    store.put(obj)
    assert (store.remove(key("a"), "uid-a"), len(store)) == (Change(obj, None), 0)


def test_objects_are_found_by_kind_and_namespace(store: Store) -> None:
    elsewhere = replace(thing("b"), key=Key("Thing", "there", "b"))
    for obj in (thing("a"), elsewhere, thing("c", kind="Other")):
        store.put(obj)
    found = [[obj.key.name for obj in store.of_kind("Thing", ns)] for ns in (None, "here", "x")]
    assert found == [["a", "b"], ["a"], []]


def test_a_reference_is_found_from_its_target(store: Store) -> None:
    store.put(thing("a", spec={"refs": ["target"]}))
    store.put(thing("b", spec={"refs": ["target", "other"]}))
    assert store.referrers(key("target")) == {key("a"), key("b")}


def test_a_reference_that_was_dropped_is_forgotten(store: Store) -> None:
    store.put(thing("a", 1, spec={"refs": ["target"]}))
    store.put(thing("a", 2, spec={"refs": ["other"]}))
    found = [store.referrers(key(name)) for name in ("target", "other")]
    assert found == [frozenset(), {key("a")}]


def test_a_removed_object_refers_to_nothing(store: Store) -> None:
    store.put(thing("a", spec={"refs": ["target"]}))
    store.remove(key("a"), "uid-a")
    assert store.referrers(key("target")) == frozenset()


def test_a_reference_without_a_name_means_any_object_of_the_kind(store: Store) -> None:
    store.put(thing("a", spec={"refs": [""], "refKind": "Account"}))
    assert [store.referrers(key(name, "Account")) for name in "xy"] == [{key("a")}, {key("a")}]


def test_objects_that_a_list_does_not_know_are_missing(store: Store) -> None:
    kept, ghost = thing("a"), thing("b")
    store.put(kept)
    store.put(ghost)
    assert store.missing("Thing", {"uid-a"}) == [ghost]
