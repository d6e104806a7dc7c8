"""An identity is switched on for a group that runs already."""

from __future__ import annotations

import json
from dataclasses import dataclass

from demo.cluster import MANIFESTS
from demo.container import take_token
from demo.expectation import Unmet, expect
from demo.scene import Scene

_GROUP = "mycontainer-late"
_CHANGE = {"spec": {"identity": {"type": "SystemAssigned"}}}


@dataclass(frozen=True)
class _Life:
    """When the container started last, and how many starts Azure has events of."""

    started: str
    starts: int

    def __str__(self) -> str:
        return f"running since {self.started}, starts so far: {self.starts}"


def switch_on(scene: Scene) -> None:
    """The object is edited; the group restarts, once, and has an identity."""
    narrator, cluster = scene.narrator, scene.cluster
    narrator.step("A group that runs without an identity")
    cluster.show("apply", "-f", str(MANIFESTS / "without-identity.yaml"))
    cluster.wait_ready(f"containergroup/{_GROUP}")
    before, written = _look(scene), len(scene.azure.writes())
    narrator.step("The identity is switched on: one write, one restart")
    cluster.show("patch", "acig", _GROUP, "--type=merge", "-p", json.dumps(_CHANGE))
    cluster.wait_ready(f"containergroup/{_GROUP}")
    after = _look(scene)
    calls = [str(call) for call in scene.azure.writes()[written:]]
    narrator.remark(f"written to Azure since: {', '.join(calls)}")
    expect("what was written to Azure", [f"PUT containerGroups/{_GROUP}"], calls)
    expect("starts of the container", (1, 2), (before.starts, after.starts))
    if after.started <= before.started:
        raise Unmet(f"a start after {before.started}", after.started)
    _show_identity(scene)


def _look(scene: Scene) -> _Life:
    """Ask Azure, as `az container show` does."""
    view = scene.azure.show_container(_GROUP)
    starts = sum(event["count"] for event in view["events"] if event["name"] == "Started")
    life = _Life(view["currentState"]["startTime"], starts)
    scene.narrator.remark(f"Azure says of its container: {life}")
    return life


def _show_identity(scene: Scene) -> None:
    scene.cluster.show("get", "acig", _GROUP)
    principal = scene.cluster.get(f"containergroup/{_GROUP}")["status"]["identity"]["principalId"]
    token = take_token(scene, _GROUP)
    expect("the token's oid", principal, token.oid)
    scene.narrator.remark(f"the token's oid is {token.oid}, as acig/{_GROUP} says")
