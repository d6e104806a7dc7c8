"""One list for all, and no write from hearsay: a session that asks nobody, a cloud in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from aci_operator.api.objects import Object
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.errors import Absent, AzureError, Forbidden, Unavailable
from aci_operator.azure.session import Session
from aci_operator.reconcile import observation, wishes
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.convergence import Shape, converge
from aci_operator.reconcile.drift import Paths
from aci_operator.reconcile.observation import Body, Observed, Reader
from aci_operator.reconcile.ownership import OWNER_TAG
from engine_builders import StillClock
from pass_builders import CLUSTER, a_settled, a_world, an_object

KIND = "KeyVault"
SCOPE = "/subscriptions/s/resourceGroups/g"
TENANT = "11111111-2222-4333-8444-555555555555"


class Cloud:
    """Resources by ARM ID, and the calls about them."""

    def __init__(self, **colours: str) -> None:
        self.colours = colours
        self.calls: list[str] = []
        self.failure: AzureError | None = None

    def body(self, name: str) -> Body:
        tags = {OWNER_TAG: f"{CLUSTER}/here/{name}"}
        return {"id": f"{SCOPE}/{name}", "tags": tags, "colour": self.colours[name]}

    async def get(self, arm_id: str) -> Body:
        name = arm_id.rsplit("/", 1)[-1]
        self.calls.append(f"GET {name}")
        if name not in self.colours:
            raise Absent("not there")
        return self.body(name)

    async def list(self, scope: str) -> Sequence[Body]:
        self.calls.append("LIST")
        if self.failure is not None:
            raise self.failure
        return [{**self.body(name), "id": f"{SCOPE}/{name}".upper()} for name in self.colours]

    def reader(self, name: str = "it") -> Reader:
        return Reader(f"{SCOPE}/{name}", self.get, SCOPE, self.list, "vaults")


@pytest.fixture
async def session() -> AsyncIterator[Session]:
    opened = await Session.open(AccountSettings("s", TENANT, "c", "secret"))
    yield opened
    await opened.close()


def passes(session: Session, *objects: Object) -> list[Pass]:
    """Give one pass per object, in one world."""
    world = a_world(*objects)
    found = [Pass(world, object_) for object_ in objects]
    for p in found:
        p.session = session
    return found


async def test_settled_objects_of_one_scope_share_one_list(session: Session) -> None:
    cloud = Cloud(it="green", other="red")
    both = passes(session, a_settled(KIND), a_settled(KIND, "other"))
    seen = [await observation.observe(p, cloud.reader(p.object.key.name)) for p in both]
    told = [(found.body or {}).get("colour") for found in seen]
    assert (told, [found.direct for found in seen], cloud.calls) == (
        ["green", "red"],
        [False, False],
        ["LIST"],
    )


async def test_an_object_that_is_not_settled_is_read_itself(session: Session) -> None:
    cloud = Cloud(it="green")
    (p,) = passes(session, an_object(KIND))
    seen = await observation.observe(p, cloud.reader())
    assert (seen, cloud.calls) == (Observed(cloud.body("it"), direct=True), ["GET it"])


async def test_an_object_that_somebody_asked_to_look_at_is_read_itself(session: Session) -> None:
    cloud = Cloud(it="green")
    (p,) = passes(session, a_settled(KIND, annotations={wishes.REQUESTED: "now"}))
    seen = await observation.observe(p, cloud.reader())
    assert (seen.direct, cloud.calls) == (True, ["GET it"])


async def test_absence_in_a_list_says_nothing(session: Session) -> None:
    cloud = Cloud(other="red")
    (p,) = passes(session, a_settled(KIND))
    seen = await observation.observe(p, cloud.reader())
    assert (seen, cloud.calls) == (Observed(None, direct=True), ["LIST", "GET it"])


@pytest.mark.parametrize("failure", [Absent("no group"), Forbidden("no list")])
async def test_a_scope_that_cannot_be_listed_is_read_one_by_one(
    session: Session, failure: AzureError
) -> None:
    cloud = Cloud(it="green")
    cloud.failure = failure
    (p,) = passes(session, a_settled(KIND))
    seen = await observation.observe(p, cloud.reader())
    assert (seen.direct, cloud.calls) == (True, ["LIST", "GET it"])


async def test_a_list_that_failed_is_no_observation(session: Session) -> None:
    cloud = Cloud(it="green")
    cloud.failure = Unavailable("page 2")
    (p,) = passes(session, a_settled(KIND))
    with pytest.raises(Unavailable):
        await observation.observe(p, cloud.reader())


async def test_a_list_begun_before_our_own_write_says_nothing_about_it(session: Session) -> None:
    cloud = Cloud(it="green")
    (p,) = passes(session, a_settled(KIND))
    await observation.observe(p, cloud.reader())
    observation.wrote(p, f"{SCOPE}/IT")
    seen = await observation.observe(p, cloud.reader())
    assert (seen.direct, cloud.calls) == (True, ["LIST", "GET it"])


@pytest.mark.parametrize(("later", "calls"), [(600.0, ["LIST"]), (601.0, ["LIST", "LIST"])])
async def test_a_list_serves_for_one_poll_interval(
    session: Session, later: float, calls: list[str]
) -> None:
    cloud = Cloud(it="green")
    (p,) = passes(session, a_settled(KIND))
    await observation.observe(p, cloud.reader())
    assert isinstance(p.world.clock, StillClock)
    p.world.clock.seconds += later
    await observation.observe(p, cloud.reader())
    assert cloud.calls == calls


async def converged(session: Session, cloud: Cloud) -> list[str]:
    """Converge a settled object that should be green; give the calls."""

    async def create() -> Body:
        cloud.calls.append("create")
        cloud.colours["it"] = "green"
        return cloud.body("it")

    def differences(seen: Body) -> Paths:
        return ("spec.colour",) if seen["colour"] != "green" else ()

    async def update(seen: Body, paths: Paths) -> Body:
        cloud.calls.append("update")
        cloud.colours["it"] = "green"
        return cloud.body("it")

    (p,) = passes(session, a_settled(KIND))
    await converge(p, cloud.reader(), Shape(create, differences, update))
    return cloud.calls


@pytest.mark.parametrize(
    ("colours", "calls"),
    [
        ({"it": "green"}, ["LIST"]),
        ({"it": "red"}, ["LIST", "GET it", "update"]),
        ({}, ["LIST", "GET it", "create"]),
    ],
)
async def test_before_any_write_the_resource_is_read_itself(
    session: Session, colours: dict[str, str], calls: list[str]
) -> None:
    assert await converged(session, Cloud(**colours)) == calls


class Outdated(Cloud):
    """A cloud in which somebody corrects the colour right after each list."""

    async def list(self, scope: str) -> Sequence[Body]:
        found = await super().list(scope)
        self.colours["it"] = "green"
        return found


async def test_a_difference_that_only_the_list_tells_is_not_written(session: Session) -> None:
    assert await converged(session, Outdated(it="red")) == ["LIST", "GET it"]
