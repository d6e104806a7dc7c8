"""Observe, decide, act: on a cloud of one resource that lives in a dictionary."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import Object
from aci_operator.azure.errors import Absent
from aci_operator.reconcile import drift
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.convergence import Shape, converge
from aci_operator.reconcile.drift import Paths
from aci_operator.reconcile.observation import Body, Reader
from aci_operator.reconcile.ownership import OWNER_TAG
from aci_operator.reconcile.steps import Stall, Wait
from pass_builders import OWNER, a_pass, a_ready, a_settled, an_object
from unit.crds.schemas import status

KIND = "ResourceGroup"
ID = "/subscriptions/s/resourceGroups/it"
MINE = {OWNER_TAG: OWNER}
WANTED = {"id": ID, "tags": MINE, "colour": "green"}
DIFFERENT = {**WANTED, "colour": "red"}


class Cloud:
    """One resource that should be green, and the calls about it."""

    def __init__(self, body: Body | None) -> None:
        self.body = body
        self.calls: list[str] = []

    async def get(self, arm_id: str) -> Body:
        self.calls.append(f"GET {arm_id}")
        if self.body is None:
            raise Absent("not there")
        return self.body

    def shape(self) -> Shape:
        async def create() -> Body:
            self.calls.append("create")
            self.body = WANTED
            return WANTED

        async def update(seen: Body, paths: Paths) -> Body:
            self.calls.append(f"update {', '.join(paths)}")
            self.body = {**seen, "colour": "green"}
            return self.body

        return Shape(create, differences, update)


def differences(seen: Body) -> Paths:
    return ("spec.colour",) if seen["colour"] != "green" else ()


async def converged(cloud: Cloud, object_: Object) -> Pass:
    p = a_pass(object_)
    assert await converge(p, Reader(ID, cloud.get), cloud.shape()) == cloud.body
    return p


REPORT = {"operator": {"driftPolicy": "Report"}}


@pytest.mark.parametrize(
    ("there", "object_", "calls"),
    [
        (None, an_object(KIND), ["create"]),
        (None, a_settled(KIND), ["create"]),
        (WANTED, an_object(KIND), []),
        (WANTED, a_settled(KIND), []),
        (DIFFERENT, an_object(KIND), ["update spec.colour"]),
        (DIFFERENT, an_object(KIND, spec=REPORT), ["update spec.colour"]),  # an edit, not drift
        (DIFFERENT, a_settled(KIND), ["update spec.colour"]),
        (DIFFERENT, a_settled(KIND, spec=REPORT), []),
    ],
)
async def test_at_most_one_write_follows_from_what_is_there(
    there: Body | None, object_: Object, calls: list[str]
) -> None:
    cloud = Cloud(there)
    await converged(cloud, object_)
    assert cloud.calls == [f"GET {ID}", *calls]


@pytest.mark.parametrize("there", [None, WANTED, DIFFERENT])
async def test_a_second_pass_has_nothing_to_write(there: Body | None) -> None:
    cloud = Cloud(there)
    await converged(cloud, an_object(KIND))
    cloud.calls.clear()
    await converged(cloud, an_object(KIND))
    assert cloud.calls == [f"GET {ID}"]


@pytest.mark.parametrize("object_", [an_object(KIND), a_settled(KIND)])
async def test_what_is_not_ours_is_never_written(object_: Object) -> None:
    cloud = Cloud({**DIFFERENT, "tags": {}})
    with pytest.raises(
        Stall, match=r"was not made by this operator.* differs .* in spec\.colour\."
    ):
        await converged(cloud, object_)
    assert cloud.calls == [f"GET {ID}"]


DRIFTED = "Azure differs from the spec in spec.colour. It is reported, not corrected."


def drift_of(p: Pass) -> tuple[Any, ...]:
    """Give what the status to be written says about drift."""
    built = p.status.build(1, p.world.clock.now())
    said = [c for c in built["conditions"] if c["type"] == "Drifted"]
    return built.get("drift"), [(c["status"], c["reason"], c["message"]) for c in said]


async def test_reported_drift_stands_in_status_by_path() -> None:
    p = await converged(Cloud(DIFFERENT), a_settled(KIND, spec=REPORT))
    assert drift_of(p) == (["spec.colour"], [("True", "Drifted", DRIFTED)])


async def test_drift_that_is_over_leaves_the_status_and_is_said_to_be_over() -> None:
    p = await converged(Cloud(WANTED), a_settled(KIND, status=drifted(DRIFTED)))
    over = ("False", "NoDrift", "Azure is as the spec says again.")
    assert drift_of(p) == (None, [over])


def drifted(message: str) -> dict[str, Any]:
    said = a_ready(type="Drifted", reason="Drifted", message=message)
    return {"drift": ["spec.colour"], "conditions": [a_ready(), said]}


async def test_of_drift_that_never_was_nothing_is_said() -> None:
    assert drift_of(await converged(Cloud(WANTED), a_settled(KIND))) == (None, [])


async def test_many_and_long_paths_are_kept_to_what_the_crd_takes() -> None:
    p = a_pass(a_settled(KIND))
    drift.say(p, tuple(f"spec.{'x' * 300}{n}" for n in range(25)))
    schema = status(KIND)["properties"]["drift"]
    assert drift_of(p)[0] == [f"spec.{'x' * 251}"] * schema["maxItems"]
    assert schema["items"]["maxLength"] == 256
    assert drift_of(p)[1][0][2].endswith("...")


async def test_the_same_drift_is_an_event_once() -> None:
    p = a_pass(a_settled(KIND, status=drifted(DRIFTED)))
    p.world.recorder.start()
    drift.say(p, ("spec.colour",))
    drift.say(p, ("spec.colour", "spec.tags"))
    await p.world.recorder.close()
    told = "Azure differs from the spec in spec.colour, spec.tags. It is reported, not corrected."
    assert vars(p.world.kube)["events"] == [("Warning", "Drifted", told)]


def test_the_end_of_drift_clears_the_list_whatever_the_condition_said() -> None:
    p = a_pass(an_object(KIND, status={"drift": ["spec.colour"]}))
    drift.end(p)
    assert drift_of(p) == (None, [])


@pytest.mark.parametrize(
    "kind", ["ContainerGroup", "ResourceGroup", "KeyVault", "UserAssignedIdentity"]
)
def test_every_kind_whose_drift_can_be_reported_has_room_for_it(kind: str) -> None:
    assert status(kind)["properties"]["drift"] == status(KIND)["properties"]["drift"]


async def test_an_object_is_held_and_its_intent_stored_before_the_first_write() -> None:
    cloud = Cloud(None)
    p = await converged(cloud, an_object(KIND))
    ready = p.object.status["conditions"][0]
    assert (ready["status"], ready["reason"], ready["message"]) == (
        "False",
        "Creating",
        f"Creating {ID}.",
    )


ADOPT = {"adoptionPolicy": "Adopt"}
THEIRS = {**DIFFERENT, "tags": {"a": "theirs"}}
OBSERVE = {"operator": {"managementPolicy": "ObserveOnly"}}


@pytest.mark.parametrize(
    ("policies", "there", "written"),
    [
        (ADOPT, THEIRS, "update spec.colour"),
        (ADOPT, {**WANTED, "tags": {}}, "update "),
        ({**ADOPT, "driftPolicy": "Report"}, THEIRS, "update "),
        ({**ADOPT, "ignoreDrift": ["colour"]}, THEIRS, "update "),
    ],
)
async def test_adoption_is_one_write_that_corrects_what_the_policies_say(
    policies: dict[str, Any], there: Body, written: str
) -> None:
    cloud = Cloud(there)
    await converged(cloud, an_object(KIND, spec={"operator": policies}))
    assert cloud.calls == [f"GET {ID}", written]


async def test_adoption_stands_in_status_before_the_owner_tag_is_written() -> None:
    p = await converged(Cloud(THEIRS), an_object(KIND, spec={"operator": ADOPT}))
    ready = p.object.status["conditions"][0]
    assert (p.object.status["adopted"], ready["reason"]) == (True, "Adopting")


@pytest.mark.parametrize("there", [WANTED, DIFFERENT, THEIRS])
@pytest.mark.parametrize("make", [an_object, a_settled])
async def test_what_is_only_observed_is_read_whosever_it_is_and_never_held(
    there: Body, make: Any
) -> None:
    cloud = Cloud(there)
    p = await converged(cloud, make(KIND, spec=OBSERVE))
    assert (cloud.calls, p.object.held, "id" in p.world.claims) == ([f"GET {ID}"], False, False)
    assert p.status.fields.get("drift") == (None if there is WANTED else ["spec.colour"])


async def test_what_is_only_observed_and_not_there_is_waited_for() -> None:
    cloud = Cloud(None)
    with pytest.raises(Wait) as raised:
        await converged(cloud, an_object(KIND, spec=OBSERVE))
    assert (raised.value.reason, raised.value.after, cloud.calls) == (
        "NotFound",
        60.0,
        [f"GET {ID}"],
    )


async def test_a_correction_is_noted_and_an_edit_is_not() -> None:
    noted = [
        (await converged(Cloud(DIFFERENT), object_)).status.fields.get("driftCorrections")
        for object_ in (a_settled(KIND), an_object(KIND))
    ]
    assert noted == [[{"path": "spec.colour", "at": ["2026-01-01T00:16:40Z"]}], None]
