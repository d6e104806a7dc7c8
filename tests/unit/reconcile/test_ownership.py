"""The tags that say whose a resource is, and how they live beside everybody else's."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.reconcile import ownership
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.ownership import OWNER_TAG
from aci_operator.reconcile.steps import Stall
from pass_builders import CLUSTER, OWNER, a_pass, an_object

names = st.sampled_from(["env", "team", "cost", "x"])
tag_maps = st.dictionaries(names, st.text("ab", max_size=2))


def a_tagged(spec: dict[str, str], applied: list[str] | None = None, name: str = "it") -> Pass:
    status = {"appliedTags": applied} if applied else {}
    return a_pass(an_object("ResourceGroup", name, spec={"tags": spec}, status=status))


def test_the_owner_is_cluster_namespace_and_name() -> None:
    assert ownership.owner_value(a_tagged({})) == OWNER


def test_an_owner_that_fits_no_tag_ends_in_a_hash_of_the_whole() -> None:
    name = "n" * 253
    owner = f"{CLUSTER}/here/{name}"
    value = ownership.owner_value(a_tagged({}, name=name))
    assert value == owner[:223] + "-" + hashlib.sha256(owner.encode()).hexdigest()[:32]
    assert len(value) == ownership.VALUE_LIMIT


def test_two_long_owners_with_one_beginning_are_two_owners() -> None:
    one, other = (a_tagged({}, name="n" * 252 + last) for last in "ab")
    assert ownership.owner_value(one) != ownership.owner_value(other)


@given(tag_maps, tag_maps, st.lists(names, unique=True))
def test_the_map_to_send_is_ours_over_specs_over_what_others_put_there(
    spec: dict[str, str], observed: dict[str, str], applied: list[str]
) -> None:
    sent = ownership.tags(a_tagged(spec, applied), observed, ours="1")
    foreign = {name: value for name, value in observed.items() if name not in applied}
    assert sent == {**foreign, **spec, OWNER_TAG: OWNER, "ours": "1"}


@given(tag_maps, tag_maps, st.lists(names, unique=True))
def test_nothing_differs_once_the_map_has_been_sent(
    spec: dict[str, str], observed: dict[str, str], applied: list[str]
) -> None:
    p = a_tagged(spec, applied)
    sent = ownership.tags(p, observed)
    assert not ownership.tags_differ(p, sent)


@pytest.mark.parametrize(
    "observed", [None, {}, {OWNER_TAG: "somebody"}, {OWNER_TAG: OWNER, "a": "2"}]
)
def test_a_tag_that_is_missing_or_other_differs(observed: dict[str, str] | None) -> None:
    assert ownership.tags_differ(a_tagged({"a": "1"}), observed)


def test_a_tag_that_left_the_spec_differs_until_it_is_gone() -> None:
    p = a_tagged({}, applied=["env"])
    differ = [ownership.tags_differ(p, {OWNER_TAG: OWNER, **more}) for more in ({"env": "1"}, {})]
    assert differ == [True, False]


def test_a_spec_cannot_take_the_owner_tag() -> None:
    assert ownership.tags(a_tagged({OWNER_TAG: "me"}), None) == {OWNER_TAG: OWNER}


def test_the_names_of_the_tags_that_were_sent_are_kept_for_later_specs() -> None:
    p = a_tagged({"b": "1", "a": "2"}, applied=["old"])
    ownership.remember_tags(p)
    assert p.status.fields == {"appliedTags": ["a", "b"]}


@pytest.mark.parametrize(
    ("tags", "holds"),
    [(None, False), ({}, False), ({OWNER_TAG: OWNER + "x"}, False), ({OWNER_TAG: OWNER}, True)],
)
def test_ours_is_what_carries_this_objects_owner_tag(tags: Any, holds: bool) -> None:
    assert ownership.ours(a_tagged({}), {"tags": tags}) is holds


@pytest.mark.parametrize(
    ("tags", "whose"),
    [
        ({}, "was not made by this operator"),
        ({OWNER_TAG: "other/ns/n"}, "belongs to other/ns/n"),
    ],
)
def test_what_is_not_ours_is_refused_with_its_owner(tags: dict[str, str], whose: str) -> None:
    with pytest.raises(Stall) as raised:
        ownership.ensure_ours(a_tagged({}), {"id": "/x", "tags": tags})
    assert (raised.value.reason, raised.value.message) == (
        "AlreadyExists",
        f"/x exists and {whose}. Choose another spec.azureName, or delete the resource. "
        "It is left as it is.",
    )
