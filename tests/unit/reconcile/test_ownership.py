"""The tags that say whose a resource is, and how they live beside everybody else's."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aci_operator.api.objects import Object
from aci_operator.reconcile import ownership
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.ownership import OWNER_TAG
from aci_operator.reconcile.steps import Stall
from pass_builders import CLUSTER, OWNER, a_pass, an_object

KIND = "ResourceGroup"
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
    assert ownership.tag_paths(p, ownership.tags(p, observed)) == ()


@pytest.mark.parametrize(
    ("observed", "paths"),
    [
        (None, ("spec.tags.a",)),
        ({}, ("spec.tags.a",)),
        ({OWNER_TAG: "somebody", "a": "1"}, ()),
        ({OWNER_TAG: OWNER, "a": "2", "b": "3"}, ("spec.tags.a",)),
    ],
)
def test_a_tag_of_the_spec_that_is_missing_or_other_differs_by_its_path(
    observed: dict[str, str] | None, paths: tuple[str, ...]
) -> None:
    assert ownership.tag_paths(a_tagged({"a": "1"}), observed) == paths


def test_a_tag_that_left_the_spec_differs_until_it_is_gone() -> None:
    p = a_tagged({}, applied=["env"])
    differ = [ownership.tag_paths(p, {OWNER_TAG: OWNER, **more}) for more in ({"env": "1"}, {})]
    assert differ == [("spec.tags.env",), ()]


def test_tags_that_are_not_to_be_written_stay_as_they_are() -> None:
    p = a_tagged({"a": "1", "b": "1"}, applied=["a", "old"])
    observed = {"a": "2", "b": "2", "old": "x"}
    sent = ownership.tags(p, observed, ("spec.tags.a",), ours="1")
    assert sent == {"a": "1", "b": "2", "old": "x", OWNER_TAG: OWNER, "ours": "1"}


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


def refused(p: Pass, body: dict[str, Any] | None, *changes: str) -> tuple[str, str]:
    with pytest.raises(Stall) as raised:
        ownership.claim(p, "/x", body, lambda: changes)
    return raised.value.reason, raised.value.message


def test_of_many_differences_ten_are_named_and_the_others_counted() -> None:
    _, message = refused(a_tagged({}), {"tags": {}}, *(f"spec.f{n}" for n in range(12)))
    named = ", ".join(f"spec.f{n}" for n in range(10))
    assert message.endswith(f"It differs from the spec in {named} and 2 more.")


def adopting(*others: Object, **parts: Any) -> Pass:
    return a_pass(an_object(KIND, spec={"operator": {"adoptionPolicy": "Adopt"}}, **parts), *others)


def a_rival(name: str, created: str = "", **parts: Any) -> Object:
    return an_object(KIND, name, created=created, status={"id": "/X"}, **parts)


def test_what_nobody_of_ours_made_is_refused_with_the_difference_that_adoption_would_make() -> None:
    assert refused(a_tagged({}), {"tags": {}}, "spec.a", "spec.b") == (
        "AlreadyExists",
        "/x exists and was not made by this operator. Choose another spec.azureName, delete the "
        "resource, or take it over by spec.operator.adoptionPolicy: Adopt. It is left as it is. It "
        "differs from the spec in spec.a, spec.b.",
    )


def test_another_cluster_s_tag_is_refused_even_by_adopt() -> None:
    assert refused(adopting(), {"tags": {OWNER_TAG: "other/ns/n"}}) == (
        "AlreadyExists",
        "/x exists and belongs to other/ns/n. Choose another spec.azureName, or delete the "
        f"resource; if that owner is gone, take the tag {OWNER_TAG} off the resource. It is left "
        "as it is.",
    )


@pytest.mark.parametrize("tags", [{}, None, {"a": "1"}])
def test_what_is_nobody_s_is_taken_over_by_adopt(tags: dict[str, str] | None) -> None:
    p = adopting()
    assert (ownership.claim(p, "/x", {"tags": tags}, tuple), p.status.fields) == (
        True,
        {"adopted": True},
    )


def test_what_is_ours_is_not_adopted() -> None:
    p = adopting()
    assert (ownership.claim(p, "/x", {"tags": {OWNER_TAG: OWNER}}, tuple), p.status.fields) == (
        False,
        {},
    )


TAKEN = (
    "AlreadyClaimed",
    "/x is what ResourceGroup here/first is about already. Choose another spec.azureName, or "
    "delete one of the two objects. Nothing is written to Azure for this one.",
)


def test_another_object_s_tag_is_refused_with_its_name_whichever_is_older() -> None:
    p = adopting(a_rival("first", created="2"), created="1")
    assert refused(p, {"tags": {OWNER_TAG: f"{CLUSTER}/here/first"}}) == TAKEN


@pytest.mark.parametrize("body", [None, {"tags": {}}])
@pytest.mark.parametrize(
    ("created", "uid"), [("2", "uid-a"), ("1", "uid-z")], ids=["younger", "same second"]
)
def test_without_a_tag_the_older_object_has_it_else_the_smaller_uid(
    body: Any, created: str, uid: str
) -> None:
    assert refused(adopting(a_rival("first", "1"), created=created, uid=uid), body) == TAKEN


def test_the_older_object_has_it_but_for_one_that_began_to_write() -> None:
    older = adopting(a_rival("first", "2"), created="1")
    younger = Pass(older.world, a_rival("first", "2"))
    assert (
        ownership.claim(younger, "/x", {"tags": {OWNER_TAG: f"{CLUSTER}/here/first"}}, tuple)
        is False
    )
    assert refused(older, None) == TAKEN


@pytest.mark.parametrize(
    "parts",
    [
        {"finalizers": (), "deletion_timestamp": "2026-01-01T00:00:00Z"},
        {"spec": {"operator": {"managementPolicy": "ObserveOnly"}}},
    ],
    ids=["gone", "only looks"],
)
def test_who_goes_or_only_looks_claims_nothing(parts: dict[str, Any]) -> None:
    p = adopting(a_rival("first", "1", **parts), created="2")
    assert ownership.claim(p, "/x", None, tuple) is False
