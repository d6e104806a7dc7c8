"""A pass outside a cluster: real objects of ours around an API server that lives in memory."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from aci_operator.api.objects import FINALIZER, Key, Object
from aci_operator.azure.account import AccountSettings
from aci_operator.azure.session import Session
from aci_operator.engine.store import Store
from aci_operator.engine.sweeps import Sweeps
from aci_operator.kube import paths
from aci_operator.kube.client import APPLY_PATCH, JSON_PATCH, Kube
from aci_operator.kube.errors import Gone, Stale
from aci_operator.kube.events import Recorder
from aci_operator.reconcile import claims
from aci_operator.reconcile.context import Pass
from aci_operator.reconcile.sessions import Sessions
from aci_operator.reconcile.world import World
from engine_builders import StillClock

CLUSTER = "cluster-1"
OWNER = f"{CLUSTER}/here/it"
HASH_KEY = b"k" * 32


class ApiServer(Kube):
    """What our code asks of an API server: objects by path, versions, events. Nothing else."""

    def __init__(self, *objects: Object) -> None:
        self.bodies = {paths.of_object(object_.key): body_of(object_) for object_ in objects}
        self.events: list[tuple[str, str, str]] = []
        self.writes: list[str] = []

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        if path not in self.bodies:
            raise Gone(path, status=404)
        return copy.deepcopy(self.bodies[path])

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        assert path.startswith("/apis/events.k8s.io/")
        self.events.append((body["type"], body["reason"], body["note"]))
        return dict(body)

    async def patch(
        self,
        path: str,
        body: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        content_type: str,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        if content_type == JSON_PATCH:
            assert not isinstance(body, Mapping)
            return self._finalizers(path, body)
        assert (content_type, path[-7:]) == (APPLY_PATCH, "/status")
        assert isinstance(body, Mapping)
        found = self._found(path[:-7], body["metadata"]["resourceVersion"])
        self.writes.append(path)
        self.edit(path[:-7], status=copy.deepcopy(dict(body["status"])))
        return copy.deepcopy(found)

    def _finalizers(self, path: str, operations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Carry out a patch that puts our finalizer on or takes it off."""
        change = operations[-1]
        found = self._found(path, operations[0]["value"])
        self.writes.append(path)
        listed = [name for name in found["metadata"]["finalizers"] if name != FINALIZER]
        found["metadata"]["finalizers"] = [*listed, *([FINALIZER] if change["op"] == "add" else [])]
        self.edit(path)
        if found["metadata"].get("deletionTimestamp") and not found["metadata"]["finalizers"]:
            del self.bodies[path]
        return copy.deepcopy(found)

    def _found(self, path: str, version: str) -> dict[str, Any]:
        found = self.bodies.get(path)
        if found is None:
            raise Gone(path, status=404)
        if found["metadata"]["resourceVersion"] != version:
            raise Stale(path, status=409)
        return found

    def edit(self, path: str, **parts: Any) -> None:
        """Change an object behind everyone's back."""
        found = self.bodies[path]
        found.update(parts)
        found["metadata"]["resourceVersion"] = str(int(found["metadata"]["resourceVersion"]) + 1)


def body_of(object_: Object) -> dict[str, Any]:
    """Write an object as the API server does."""
    metadata = {
        "name": object_.key.name,
        "namespace": object_.key.namespace,
        "uid": object_.uid,
        "resourceVersion": object_.resource_version,
        "generation": object_.generation,
        "finalizers": list(object_.finalizers),
    }
    if object_.deletion_timestamp:
        metadata["deletionTimestamp"] = object_.deletion_timestamp
    parts = {"spec": dict(object_.spec), "status": dict(object_.status)}
    return {"kind": object_.key.kind, "metadata": metadata, **parts}


def an_object(kind: str, name: str = "it", **parts: Any) -> Object:
    """One object of a kind, held by us, at generation 1, with nothing said of it yet."""
    wanted: dict[str, Any] = {
        "uid": f"uid-{name}",
        "generation": 1,
        "spec": {},
        "finalizers": (FINALIZER,),
    }
    wanted |= {"resource_version": "1", **parts}
    return Object(key=Key(kind, "here", name), **wanted)


def a_ready(status: str = "True", **changes: Any) -> dict[str, Any]:
    """The condition Ready as it was stored an hour before the tests' clock begins."""
    return {
        "type": "Ready",
        "status": status,
        "reason": "Available",
        "message": "It was there.",
        "lastTransitionTime": "2026-01-01T00:00:00Z",
        "observedGeneration": 1,
        **changes,
    }


def a_settled(kind: str, name: str = "it", **parts: Any) -> Object:
    """One object whose generation 1 was reached by an earlier pass."""
    status = {"observedGeneration": 1, "conditions": [a_ready()], **parts.pop("status", {})}
    return an_object(kind, name, status=status, **parts)


def a_world(*objects: Object) -> World:
    """A world of these objects in which it is always 2026-01-01T00:16:40Z."""
    server, clock, store = ApiServer(*objects), StillClock(), Store(claims.reference)
    for object_ in objects:
        store.put(object_)

    def learn(object_: Object) -> None:
        store.put(object_)

    def lose(key: Key, uid: str) -> None:
        store.remove(key, uid)

    return World(
        kube=server,
        store=store,
        sessions=Sessions(server, _no_azure),
        sweeps=Sweeps(clock),
        recorder=Recorder(server),
        clock=clock,
        learn=learn,
        lose=lose,
        wake=lambda key: None,
        cluster_id=CLUSTER,
        hash_key=HASH_KEY,
        random=Random(7),
    )


def a_pass(object_: Object, *others: Object) -> Pass:
    """A pass over an object in a world that holds it and the others."""
    return Pass(a_world(object_, *others), object_)


async def _no_azure(settings: AccountSettings) -> Session:
    raise AssertionError("there is no Azure in this test")
