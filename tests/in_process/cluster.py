"""An API server in memory, with what a user does to it and a watch that tells the operator."""

from __future__ import annotations

import base64
import copy
import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from aci_operator.api.kinds import KINDS
from aci_operator.api.objects import API_VERSION, FINALIZER, Key
from aci_operator.kube import paths
from aci_operator.kube.client import JSON_PATCH, MERGE_PATCH
from aci_operator.kube.errors import Stale
from in_process import shape
from in_process.blade import Blade
from pass_builders import ApiServer

HERE = "here"
OPERATOR = "aci-operator-system"
JsonObject = dict[str, Any]
_EVENTS = "/apis/events.k8s.io/"
_CONFIG_MAPS = "/configmaps/"


def _nothing(_: JsonObject) -> None:
    return None


class Cluster(ApiServer):
    """Objects by path. `seen` and `gone` are called with the body of each object that changed."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self._numbers = itertools.count(1)
        self._posted: set[str] = set()
        self.blade = Blade()
        self.seen: Callable[[JsonObject], None] = _nothing
        self.gone: Callable[[JsonObject], None] = _nothing
        self.bodies["/api/v1/namespaces/kube-system"] = {"metadata": {"uid": "cluster-1"}}

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> JsonObject:
        """Give an object, or the list of a kind."""
        kind = _KINDS.get(path)
        return await super().get(path, query) if kind is None else self._list(kind)

    async def post(self, path: str, body: Mapping[str, Any]) -> JsonObject:
        """Take an event, once by its name, a Secret, or an object of ours."""
        if path.startswith(_EVENTS):
            name = f"{path}/{body['metadata']['name']}"
            if name in self._posted:
                raise Stale(name, status=409, reason="AlreadyExists")
            self._posted.add(name)
            return await super().post(path, body)
        where = f"{path}/{body['metadata']['name']}"
        if body["kind"] in KINDS:
            self._made(where, body)
            return copy.deepcopy(self.bodies[where])
        made = self._stored(where, copy.deepcopy(dict(body)))
        return copy.deepcopy(made)

    async def patch(
        self,
        path: str,
        body: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        content_type: str,
        query: Mapping[str, str] | None = None,
    ) -> JsonObject:
        """Do as told; a status must fit the CRD, and an equal one changes nothing."""
        if content_type == MERGE_PATCH and _CONFIG_MAPS in path:
            assert isinstance(body, Mapping)
            return self._merged(path, body)
        if content_type == MERGE_PATCH:
            assert path.startswith(_EVENTS)
            return {}
        self.blade()
        answer = await self._patched(path, body, content_type, query)
        self.blade()
        return answer

    async def _patched(
        self,
        path: str,
        body: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        content_type: str,
        query: Mapping[str, str] | None,
    ) -> JsonObject:
        if path.endswith("/status"):
            assert isinstance(body, Mapping)
            held = self._found(path[:-7], body["metadata"]["resourceVersion"])
            shape.admitted(held["kind"], "status", body["status"])
            if held["status"] == body["status"]:
                return copy.deepcopy(held)
        if content_type == JSON_PATCH and not isinstance(body, Mapping):
            changes = [one for one in body if one["path"].startswith("/spec/")]
            if changes:
                return self._respecified(path, body[0]["value"], changes)
        return await super().patch(path, body, content_type, query)

    async def remove(self, path: str, uid: str) -> JsonObject:
        """Delete an object as the operator does."""
        body = copy.deepcopy(self.bodies[path])
        if body["metadata"]["uid"] != uid:
            raise Stale(path, status=409)
        if _CONFIG_MAPS in path:
            return self.bodies.pop(path)
        self.delete(body["kind"], body["metadata"]["name"], body["metadata"]["namespace"])
        return body

    def _merged(self, path: str, body: Mapping[str, Any]) -> JsonObject:
        """Merge the data of a ConfigMap; null takes a key out."""
        held = self._found(path, body["metadata"]["resourceVersion"])
        data = {k: v for k, v in {**held["data"], **body["data"]}.items() if v is not None}
        self.edit(path, data=data)
        return copy.deepcopy(held)

    def _made(self, path: str, body: Mapping[str, Any]) -> None:
        if path in self.bodies:
            raise Stale(path, status=409, reason="AlreadyExists")
        whole = copy.deepcopy(dict(body))
        kind = whole["kind"]
        parts = {
            "spec": shape.admitted(kind, "spec", whole["spec"]),
            "status": shape.default(kind, "status"),
        }
        whole["metadata"]["generation"] = 1
        self._stored(path, {**whole, **parts})
        self._tell(self.seen, path)

    def _respecified(self, path: str, version: str, changes: Sequence[Any]) -> JsonObject:
        found = self._found(path, version)
        spec = {**found["spec"], **{one["path"][6:]: one["value"] for one in changes}}
        found["metadata"]["generation"] += 1
        self.edit(path, spec=shape.admitted(found["kind"], "spec", spec))
        return copy.deepcopy(found)

    def edit(self, path: str, **parts: Any) -> None:
        """Change an object, and tell it; one that nobody holds any more goes."""
        super().edit(path, **parts)
        metadata = self.bodies[path]["metadata"]
        if metadata.get("deletionTimestamp") and not metadata["finalizers"]:
            self._tell(self.gone, path)
        else:
            self._tell(self.seen, path)

    def apply(self, manifest: JsonObject, namespace: str = HERE) -> None:
        """Do what `kubectl apply` of a whole manifest does. Raises shape.Invalid."""
        kind, metadata = manifest["kind"], manifest["metadata"]
        spec = shape.admitted(kind, "spec", manifest.get("spec", {}))
        marks = {name: dict(metadata.get(name, {})) for name in ("labels", "annotations")}
        path = paths.of_object(key_of(kind, metadata["name"], namespace))
        held = self.bodies.get(path)
        if held is None:
            parts = {"spec": spec, "status": shape.default(kind, "status")}
            own = {"generation": 1, "finalizers": [], **marks}
            self._stored(path, {"kind": kind, "metadata": {**metadata, **own}, **parts})
            self._tell(self.seen, path)
            return
        changed = held["spec"] != spec
        if changed or any(held["metadata"].get(name) != value for name, value in marks.items()):
            held["metadata"].update(marks)
            held["metadata"]["generation"] += changed
            self.edit(path, spec=spec)

    def delete(self, kind: str, name: str, namespace: str = HERE) -> None:
        """Do what `kubectl delete` does, without waiting."""
        path = paths.of_object(key_of(kind, name, namespace))
        metadata = self.bodies[path]["metadata"]
        metadata.setdefault("deletionTimestamp", self._stamp())
        self.edit(path)
        if not metadata["finalizers"]:
            del self.bodies[path]

    def strip(self, kind: str, name: str, namespace: str = HERE) -> None:
        """Take all finalizers off an object that is being deleted, so that it goes."""
        path = paths.of_object(key_of(kind, name, namespace))
        self.bodies[path]["metadata"]["finalizers"] = []
        self.edit(path)
        del self.bodies[path]

    def secret(self, name: str, values: Mapping[str, str | bytes], namespace: str = HERE) -> None:
        """Write a Secret whole; one that is there keeps its uid and its finalizers."""
        raw = {key: v.encode() if isinstance(v, str) else v for key, v in values.items()}
        data = {key: base64.b64encode(value).decode() for key, value in raw.items()}
        path = paths.of_secret(namespace, name)
        if path in self.bodies:
            self.edit(path, data=data)
        else:
            metadata = {"name": name, "namespace": namespace}
            self._stored(path, {"kind": "Secret", "metadata": metadata, "data": data})

    def _stored(self, path: str, body: JsonObject) -> JsonObject:
        number = next(self._numbers)
        own = {"uid": f"uid-{number}", "resourceVersion": "1", "creationTimestamp": self._stamp()}
        place = {"namespace": path.split("/namespaces/")[1].split("/")[0]} if _named(path) else {}
        body["metadata"] = {"finalizers": [], **body["metadata"], **place, **own}
        self.bodies[path] = body
        return body

    def _tell(self, who: Callable[[JsonObject], None], path: str) -> None:
        if self.bodies[path]["kind"] in KINDS:
            who(copy.deepcopy(self.bodies[path]))

    def _list(self, kind: str) -> JsonObject:
        found = [copy.deepcopy(body) for body in self.bodies.values() if body.get("kind") == kind]
        return {"apiVersion": API_VERSION, "metadata": {}, "items": found}

    def _stamp(self) -> str:
        return self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_KINDS = {paths.of_kind(kind): kind for kind in KINDS}


def key_of(kind: str, name: str, namespace: str = HERE) -> Key:
    """Give the key of an object; those of the whole cluster have no namespace."""
    return Key(kind, namespace if KINDS[kind].namespaced else "", name)


def held(body: JsonObject) -> bool:
    """Say whether our finalizer stands on an object."""
    return FINALIZER in body["metadata"]["finalizers"]


def _named(path: str) -> bool:
    return "/namespaces/" in path
