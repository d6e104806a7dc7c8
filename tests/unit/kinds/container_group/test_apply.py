"""What a pass does about a group that is there, up to the first call: none of these needs Azure.

A pass here has no session, so any call to Azure fails the test.
"""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import Object
from aci_operator.kinds.container_group import apply
from aci_operator.kinds.container_group.apply import SECRETS_TAG, Target
from aci_operator.kinds.container_group.body import Inputs
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.ownership import OWNER_TAG
from aci_operator.reconcile.steps import Stall
from pass_builders import OWNER, a_pass, a_settled, an_object
from unit.kinds.container_group.builders import a_container, a_spec, answered, inputs_for

KIND = "ContainerGroup"
ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerInstance/containerGroups/it"
MINE = {OWNER_TAG: OWNER}
SOURCE = {"secretKeyRef": {"name": "n", "key": "k"}}
SECURE = a_spec(a_container(environmentVariables=[{"name": "S", "secureValueFrom": SOURCE}]))
PATH = "spec.containers[app].environmentVariables[S].secureValueFrom"
CALL = "the account is not resolved yet"


def the_target(spec: dict[str, Any], inputs: Inputs | None = None) -> Target:
    return apply.target(a_pass(an_object(KIND, spec=spec)), ID, inputs or inputs_for(spec))


def seen_of(spec: dict[str, Any], **tags: str) -> dict[str, Any]:
    """Give what a GET says of a group that was made from that spec."""
    wanted = the_target(spec)
    return {**answered(wanted.body), "id": ID, "tags": {**MINE, **wanted.own_tags, **tags}}


def applied(spec: dict[str, Any], of: dict[str, Any] | None = None, **policy: str) -> Object:
    """A settled group whose spec `of` (its own, unless given) was applied."""
    whole = {**spec, "operator": policy} if policy else spec
    return a_settled(KIND, spec=whole, status={"appliedHash": the_target(of or spec).hash})


async def brought(object_: Object, seen: dict[str, Any]) -> Pass:
    """Bring a group to its spec; nothing may be written."""
    p = a_pass(object_)
    assert await apply.bring(p, the_target(dict(p.spec)), seen) == seen
    return p


def test_the_hash_tells_specs_and_secrets_apart_and_shows_neither() -> None:
    values = [the_target(SECURE, Inputs("westeurope", (), {PATH: value})) for value in "112"]
    hashes = [value.hash for value in values]
    assert (hashes[0] == hashes[1], hashes[0] == hashes[2]) == (True, False)
    assert the_target(a_spec()).hash != the_target(a_spec(restartPolicy="Never")).hash
    assert [len(value.own_tags[SECRETS_TAG]) for value in values] == [32] * 3


def test_only_a_group_with_secrets_carries_their_hash() -> None:
    assert (the_target(a_spec()).own_tags, set(the_target(SECURE).own_tags)) == (
        {},
        {SECRETS_TAG},
    )


async def test_a_group_as_it_should_be_is_not_written() -> None:
    p = await brought(applied(SECURE), seen_of(SECURE))
    assert p.status.fields.get("drift") is None


NEVER = a_spec(restartPolicy="Never")
TWO = a_spec(a_container(image="alpine:2"))


async def test_drift_of_a_group_is_reported_since_correcting_it_restarts_containers() -> None:
    p = await brought(applied(a_spec()), seen_of(TWO))
    assert p.status.fields["drift"] == ["spec.containers[app].image"]


async def test_drift_of_fields_and_of_tags_is_reported_together() -> None:
    p = await brought(applied(a_spec(tags={"a": "1"}), driftPolicy="Report"), seen_of(TWO))
    assert p.status.fields["drift"] == ["spec.containers[app].image", "spec.tags.a"]


async def test_drift_is_corrected_if_the_object_asks_for_it() -> None:
    with pytest.raises(RuntimeError, match=CALL):
        await brought(applied(a_spec(), driftPolicy="Correct"), seen_of(TWO))


async def test_tags_are_corrected_since_that_restarts_nothing() -> None:
    with pytest.raises(RuntimeError, match=CALL):
        await brought(applied(a_spec(tags={"a": "1"})), seen_of(a_spec()))


async def test_an_edit_that_changes_nothing_in_azure_is_not_written() -> None:
    always = a_spec(restartPolicy="Always")
    p = await brought(applied(always, of=a_spec()), seen_of(a_spec()))
    assert p.status.fields["appliedHash"] == the_target(always).hash


@pytest.mark.parametrize("object_", [applied(TWO, of=a_spec()), an_object(KIND, spec=TWO)])
async def test_an_edit_is_written(object_: Object) -> None:
    with pytest.raises(RuntimeError, match=CALL):
        await brought(object_, seen_of(a_spec()))


async def test_a_rotated_secret_is_written() -> None:
    object_ = a_settled(KIND, spec=SECURE, status={"appliedHash": "before"})
    with pytest.raises(RuntimeError, match=CALL):
        await brought(object_, seen_of(SECURE, **{SECRETS_TAG: "before"}))


async def test_what_was_written_just_before_a_crash_is_not_written_again() -> None:
    p = await brought(an_object(KIND, spec=SECURE), seen_of(SECURE))
    assert p.status.fields["appliedHash"] == the_target(SECURE).hash


async def test_an_edit_that_needs_a_replacement_is_refused_before_any_call() -> None:
    with pytest.raises(Stall) as raised:
        await brought(applied(NEVER, of=a_spec()), seen_of(a_spec()))
    assert (raised.value.reason, raised.value.message, raised.value.after) == (
        "RequiresReplacement",
        "Azure cannot change this on a living group: spec.restartPolicy: Always → Never. Change it "
        "back, or set spec.operator.update to Replace: the group is then deleted and created "
        "again, with a new system-assigned identity and a new address. The group runs on as it "
        "was.",
        600.0,
    )


@pytest.mark.parametrize(
    ("object_", "seen", "writes"),
    [
        (applied(SECURE), seen_of(SECURE), False),
        (applied(SECURE), seen_of(SECURE, foreign="tag"), False),
        (applied(SECURE), seen_of(SECURE, **{OWNER_TAG: "somebody"}), True),
        (applied(SECURE), seen_of(SECURE, **{SECRETS_TAG: "other"}), True),
        (applied(a_spec()), seen_of(a_spec(), **{SECRETS_TAG: "of secrets that are gone"}), True),
        (applied(a_spec()), seen_of(TWO), True),
        (applied(TWO, of=a_spec()), seen_of(TWO), True),
        (applied(a_spec(tags={"a": "1"})), seen_of(a_spec()), True),
        (applied(a_spec(tags={"a": "1"})), seen_of(a_spec(), a="1"), False),
    ],
)
def test_hearsay_is_enough_only_where_nothing_is_to_be_written(
    object_: Object, seen: dict[str, Any], writes: bool
) -> None:
    p = a_pass(object_)
    assert apply.wants_write(p, the_target(dict(p.spec)), seen) is writes


async def test_a_changed_secret_is_an_edit_also_where_the_tag_of_secrets_was_removed() -> None:
    seen = seen_of(SECURE)
    del seen["tags"][SECRETS_TAG]
    rotated = the_target(SECURE, Inputs("westeurope", (), {PATH: "rotated"}))
    with pytest.raises(RuntimeError, match=CALL):
        await apply.bring(a_pass(applied(SECURE)), rotated, seen)


async def test_secrets_of_which_nothing_is_known_are_no_reason_to_write() -> None:
    seen = seen_of(SECURE)
    del seen["tags"][SECRETS_TAG]
    unknown = a_settled(KIND, spec={**SECURE, "operator": {"driftPolicy": "Report"}})
    p = a_pass(unknown)
    assert await apply.bring(p, the_target(SECURE), seen) == seen


def adopted(spec: dict[str, Any], **policy: str) -> Pass:
    p = a_pass(an_object(KIND, spec={**spec, "operator": policy}))
    p.status.set(adopted=True)
    return p


async def test_a_group_that_is_taken_over_is_not_restarted_but_for_its_drift_policy() -> None:
    seen = seen_of(TWO)
    p = adopted(a_spec())
    assert await apply.bring(p, the_target(a_spec()), seen) == seen
    assert p.status.fields["drift"] == ["spec.containers[app].image"]
    with pytest.raises(RuntimeError, match=CALL):
        await apply.bring(adopted(a_spec(), driftPolicy="Correct"), the_target(a_spec()), seen)


async def test_a_group_that_is_taken_over_is_marked_though_nothing_else_differs() -> None:
    with pytest.raises(RuntimeError, match=CALL):
        await apply.bring(adopted(a_spec()), the_target(a_spec()), seen_of(a_spec()), adopting=True)


async def test_ignored_drift_of_a_group_is_neither_written_nor_reported() -> None:
    object_ = a_settled(
        KIND,
        spec={**a_spec(), "operator": {"driftPolicy": "Correct", "ignoreDrift": ["containers"]}},
        status={"appliedHash": the_target(a_spec()).hash},
    )
    p = await brought(object_, seen_of(TWO))
    assert p.status.fields.get("drift") is None
