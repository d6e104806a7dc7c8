from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pytest

from aci_operator.api.objects import FINALIZER, Key, Object
from aci_operator.engine.queue import Share
from aci_operator.engine.store import Store
from aci_operator.engine.wakeups import wakeups
from engine_builders import key, references_of, thing

NOW = "2026-01-01T00:00:00Z"


def published(obj: Object) -> Hashable:
    return obj.status.get("id")


def woken(store: Store, obj: Object) -> dict[str, Share]:
    change = store.put(obj)
    assert change is not None
    return {key.name: share for key, share in wakeups(store, change, published)}


def a_store(*objects: Object) -> Store:
    store = Store(references_of)
    for obj in objects:
        store.put(obj)
    return store


def test_a_new_object_wakes_itself() -> None:
    assert woken(a_store(), thing("a")) == {"a": Share.EDIT}


def test_an_object_that_was_settled_before_we_saw_it_waits_behind_edits() -> None:
    assert woken(a_store(), thing("a", status={"observedGeneration": 1})) == {"a": Share.DRIFT}


def test_a_settled_object_under_deletion_is_urgent() -> None:
    obj = thing("a", status={"observedGeneration": 1}, deletion_timestamp=NOW)
    assert woken(a_store(), obj) == {"a": Share.EDIT}


@pytest.mark.parametrize(
    "fields",
    [
        {"generation": 2},
        {"deletion_timestamp": NOW},
        {"annotations": {"aci-operator.io/paused": "true"}},
        {"labels": {"aci-operator.io/x": "y"}},
        {"finalizers": ()},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_what_somebody_asks_of_an_object_wakes_it(fields: dict[str, Any]) -> None:
    store = a_store(thing("a", 1, finalizers=(FINALIZER,)))
    assert woken(store, thing("a", 2, **{"finalizers": (FINALIZER,), **fields})) == {
        "a": Share.EDIT
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"status": {"conditions": []}},
        {"annotations": {"example.com/x": "y"}},
        {"labels": {"app": "x"}},
        {"finalizers": (FINALIZER,)},
        {"finalizers": ("example.com/x",)},
    ],
    ids=str,
)
def test_our_own_writes_and_those_of_strangers_wake_nobody(fields: dict[str, Any]) -> None:
    store = a_store(thing("a", 1), thing("b", spec={"refs": ["a"]}))
    assert woken(store, thing("a", 2, **fields)) == {}


def test_a_published_change_wakes_those_that_refer_to_it() -> None:
    store = a_store(thing("a", 1), thing("b", spec={"refs": ["a"]}), thing("c"))
    assert woken(store, thing("a", 2, status={"id": "/x"})) == {"b": Share.WAKE}


def test_the_appearance_of_an_object_wakes_those_that_wait_for_it() -> None:
    store = a_store(thing("b", spec={"refs": ["a"]}))
    assert woken(store, thing("a")) == {"a": Share.EDIT, "b": Share.WAKE}


def test_the_begin_of_a_deletion_is_told_to_those_that_refer_to_it() -> None:
    store = a_store(thing("a", 1), thing("b", spec={"refs": ["a"]}))
    assert woken(store, thing("a", 2, deletion_timestamp=NOW)) == {"a": Share.EDIT, "b": Share.WAKE}


def test_an_account_wakes_those_that_refer_to_none_by_name() -> None:
    store = a_store(thing("b", spec={"refs": [""], "refKind": "Account"}))
    assert woken(store, thing("a", kind="Account")) == {"a": Share.EDIT, "b": Share.WAKE}


def test_an_object_that_takes_anothers_name_wakes_itself_and_its_referrers() -> None:
    store = a_store(thing("a", 1, uid="first"), thing("b", spec={"refs": ["a"]}))
    assert woken(store, thing("a", 2, uid="second")) == {"a": Share.EDIT, "b": Share.WAKE}


def gone(store: Store, name: str) -> list[tuple[Key, Share]]:
    change = store.remove(key(name), f"uid-{name}")
    assert change is not None
    return wakeups(store, change, published)


def test_the_end_of_an_object_wakes_those_that_refer_to_it_and_not_itself() -> None:
    store = a_store(thing("a"), thing("b", spec={"refs": ["a"]}))
    assert gone(store, "a") == [(key("b"), Share.WAKE)]


def test_the_end_of_an_object_wakes_the_dying_ones_that_it_referred_to() -> None:
    store = a_store(
        thing("dying", deletion_timestamp=NOW),
        thing("living"),
        thing("b", spec={"refs": ["dying", "living", "unknown"]}),
    )
    assert gone(store, "b") == [(key("dying"), Share.WAKE)]


def test_the_end_of_an_object_wakes_the_dying_account_that_it_may_have_used() -> None:
    store = a_store(
        thing("x", kind="Account", deletion_timestamp=NOW),
        thing("b", spec={"refs": [""], "refKind": "Account"}),
    )
    assert gone(store, "b") == [(key("x", "Account"), Share.WAKE)]


def test_a_dropped_reference_wakes_the_dying_object_that_it_held() -> None:
    store = a_store(thing("dying", deletion_timestamp=NOW), thing("b", 1, spec={"refs": ["dying"]}))
    edited = thing("b", 2, generation=2, spec={"refs": []})
    assert woken(store, edited) == {"b": Share.EDIT, "dying": Share.WAKE}


def test_an_edit_that_keeps_a_reference_leaves_the_dying_object_asleep() -> None:
    store = a_store(thing("dying", deletion_timestamp=NOW), thing("b", 1, spec={"refs": ["dying"]}))
    edited = thing("b", 2, generation=2, spec={"refs": ["dying", "other"]})
    assert woken(store, edited) == {"b": Share.EDIT}
