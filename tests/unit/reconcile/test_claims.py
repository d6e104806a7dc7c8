"""Who claims an ARM ID, and what becomes of a claim when its object goes."""

from __future__ import annotations

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.reconcile import claims
from aci_operator.reconcile.context import Pass
from pass_builders import a_world, an_object

KIND = "ResourceGroup"
OBSERVE = {"operator": {"managementPolicy": "ObserveOnly"}}


def claiming(name: str, **parts: object) -> Object:
    return an_object(KIND, name, status={"id": "/Subscriptions/X"}, **parts)


@pytest.mark.parametrize(
    ("object_", "found"),
    [
        (claiming("a"), {Key("ArmId", "", "/subscriptions/x")}),
        (claiming("a", spec=OBSERVE), set()),
        (an_object(KIND), set()),
    ],
)
def test_a_claim_is_indexed_without_letter_case(object_: Object, found: set[Key]) -> None:
    assert claims.reference(object_) == found


def test_the_rivals_of_an_object_are_listed_by_age() -> None:
    objects = [claiming("a", created="2"), claiming("b", created="1"), claiming("me")]
    p = Pass(a_world(*objects), objects[-1])
    assert [rival.key.name for rival in claims.rivals(p, "/subscriptions/x")] == ["b", "a"]


def test_who_began_to_write_keeps_the_claim() -> None:
    objects = [claiming("old", created="1"), claiming("new", created="2")]
    world = a_world(*objects)
    claims.keep(Pass(world, objects[1]), "/subscriptions/X")
    old, new = (claims.earlier(Pass(world, one), "/SUBSCRIPTIONS/x") for one in objects)
    assert (old and old.key.name, new) == ("new", None)


def test_the_claim_of_an_object_that_was_made_anew_is_void() -> None:
    object_ = claiming("me")
    world = a_world(object_)
    world.claims["/subscriptions/x"] = (Key(KIND, "here", "other"), "uid-of-long-ago")
    assert claims.earlier(Pass(world, object_), "/subscriptions/x") is None


def test_a_claim_ends_with_its_object_and_wakes_those_that_it_kept_out() -> None:
    first, second = claiming("first"), claiming("second")
    world, woken = a_world(first, second), list[Key]()
    world.wake = woken.append
    p = Pass(world, first)
    claims.keep(p, "/subscriptions/x")
    claims.give_up(p)
    assert (world.claims, woken) == ({}, [second.key])


def test_an_object_that_never_had_the_claim_does_not_end_another_s() -> None:
    first, second = claiming("first"), claiming("second")
    world = a_world(first, second)
    claims.keep(Pass(world, first), "/subscriptions/x")
    claims.give_up(Pass(world, second))
    assert world.claims == {"/subscriptions/x": (first.key, first.uid)}
