"""What is gone leaves the store in the pass that notices it, whether or not the watch says so."""

from __future__ import annotations

from aci_operator.api.kinds import RESOURCE_GROUP
from aci_operator.engine.workers import Outcome
from aci_operator.kube import paths
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.reconciler import Reconciler
from aci_operator.reconcile.room import Room
from pass_builders import ApiServer, a_world, an_object, body_of

KIND = RESOURCE_GROUP.kind


async def test_an_object_that_is_gone_leaves_the_store() -> None:
    known = an_object(KIND)
    world = a_world(known)
    server = world.kube
    assert isinstance(server, ApiServer)

    async def goes_meanwhile(p: Pass) -> None:
        del server.bodies[paths.of_object(known.key)]

    room = Room(RESOURCE_GROUP, lambda _: frozenset(), lambda _: (), goes_meanwhile, goes_meanwhile)
    outcome = await Reconciler(world, {KIND: room})(known.key)
    assert (outcome, world.store.get(known.key)) == (Outcome(), None)


async def test_a_namesake_takes_the_place_of_one_that_is_gone() -> None:
    known, namesake = an_object(KIND), an_object(KIND, uid="another", resource_version="9")
    world = a_world(known)
    server = world.kube
    assert isinstance(server, ApiServer)
    server.bodies[paths.of_object(known.key)] = body_of(namesake)
    room = Room(RESOURCE_GROUP, lambda _: frozenset(), lambda _: (), _well, _well)
    await Reconciler(world, {KIND: room})(known.key)
    found = world.store.get(known.key)
    assert found is not None
    assert found.uid == "another"


async def _well(p: Pass) -> None:
    """Do nothing."""
