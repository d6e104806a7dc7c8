"""Whatever happens to a group and in whatever order: it ends as its spec says, and then is still.

The real rooms over the emulator, with its faults; the operator may end at any of its steps.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from aci_operator.api.objects import FINALIZER
from group_stage import Ended, a_group, a_stage

CANARY = "canary-7f3a"
SECRET = "/api/v1/namespaces/here/secrets/job"
SECURE = {"name": "S", "secureValueFrom": {"secretKeyRef": {"name": "job", "key": "k"}}}
REQUESTS = {"requests": {"cpu": 1, "memoryInGB": 1.5}}
BOTH = {"driftPolicy": "Correct", "update": "Replace"}
FAULTS: list[dict[str, Any]] = [
    {"status": 500},
    {"status": 429, "code": "TooManyRequests", "headers": {"Retry-After": "20"}},
    {"status": 409, "code": "ContainerGroupTransitioning"},
    {"lost": True},
]


def container(image: str) -> list[dict[str, Any]]:
    one = {"name": "app", "image": image, "resources": REQUESTS, "environmentVariables": [SECURE]}
    return [one]


class GroupMachine(RuleBasedStateMachine):
    """One group, and all that people and Azure may do to it."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.opened = a_stage()
        self.stage = self.run_async(self.opened.__aenter__())
        self.rotate(0)
        group = {"containers": container("web:1"), "restartPolicy": "Always", "operator": BOTH}
        self.stage.add(a_group(self.stage.settings.subscription_id, **group))

    def run_async(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    def teardown(self) -> None:
        """Every story ends at rest."""
        try:
            self.come_to_rest()
        finally:
            self.run_async(self.opened.__aexit__(None, None, None))
            self.loop.close()

    @rule(image=st.sampled_from(["web:1", "web:2"]))
    def change_the_image(self, image: str) -> None:
        self.stage.edit(containers=container(image))

    @rule(policy=st.sampled_from(["Always", "OnFailure"]))
    def change_what_azure_never_changes(self, policy: str) -> None:
        self.stage.edit(restartPolicy=policy)

    @rule(kind=st.sampled_from([None, "SystemAssigned"]))
    def change_the_identity(self, kind: str | None) -> None:
        self.stage.edit(identity={"type": kind} if kind else None)

    @rule(value=st.sampled_from("123"))
    def change_a_tag(self, value: str) -> None:
        self.stage.edit(tags={"a": value})

    @rule(power=st.sampled_from(["Running", "Stopped"]))
    def stop_or_start(self, power: str) -> None:
        self.stage.edit(operator={**BOTH, "powerState": power})

    @rule(number=st.integers(1, 3))
    def rotate(self, number: int) -> None:
        value = base64.b64encode(f"{CANARY}-{number}".encode()).decode()
        metadata = {"name": "job", "namespace": "here", "uid": "u", "resourceVersion": "1"}
        body = {"kind": "Secret", "metadata": metadata, "data": {"k": value}}
        self.stage.server.bodies[SECRET] = body

    @rule(fault=st.sampled_from(FAULTS), method=st.sampled_from(["GET", "PUT", "DELETE", "POST"]))
    def misbehave(self, fault: dict[str, Any], method: str) -> None:
        self.stage.azure.faults.next(method=method, path="containerGroups", **fault)

    @precondition(lambda self: self.stage.azure_group() is not None)
    @rule(what=st.sampled_from(["stop", "tags", "delete", "field"]))
    def interfere(self, what: str) -> None:
        group, now = self.stage.azure_group(), self.stage.azure.clock.now()
        if what == "stop" and not group.life.busy(now):
            group.life.stop(now)
        elif what == "tags":
            group.tags = {**(group.tags or {}), "a": "theirs"}
        elif what == "delete":
            self.stage.groups._store.remove(group)
        elif what == "field":
            self.stage.drift(restartPolicy="Never")

    @rule(step=st.integers(1, 4))
    def look(self, step: int) -> None:
        for _ in range(step):
            outcome = self.run_async(self.stage.look())
            self.stage.azure.clock.advance(min(outcome.after or 1, 60))

    @rule(step=st.integers(1, 8))
    def end_and_start_anew(self, step: int) -> None:
        self.stage.blade.steps, self.stage.blade.at = 0, step
        with suppress(Ended, AssertionError):
            self.run_async(self.stage.settle(limit=3))
        self.run_async(self.stage.restart())

    def come_to_rest(self) -> None:
        stage = self.stage
        stage.azure.faults.clear()
        stage.azure.clock.advance(4000)  # what was corrected too often is corrected again
        for _ in range(8):
            self.run_async(stage.settle(limit=400))
            stage.azure.clock.advance(700)
        assert (self.reached(), stage.said()[0]) == (self.wanted(), "True")
        stage.take_writes()
        for _ in range(3):
            self.run_async(stage.view())
        assert stage.take_writes() == []

    def wanted(self) -> dict[str, Any]:
        spec = self.stage.body()["spec"]
        return {
            "image": spec["containers"][0]["image"],
            "policy": spec["restartPolicy"],
            "system": "identity" in spec,
            "tag": (spec.get("tags") or {}).get("a"),
            "state": spec["operator"].get("powerState", "Running"),
            "secret": base64.b64decode(self.stage.server.bodies[SECRET]["data"]["k"]).decode(),
        }

    def reached(self) -> dict[str, Any]:
        group = self.stage.azure_group()
        properties = group.sent["containers"][0]["properties"]
        asked = "a" in (self.stage.body()["spec"].get("tags") or {})
        return {
            "image": properties["image"],
            "policy": group.sent["restartPolicy"],
            "system": group.assigned.system is not None,
            "tag": group.tags.get("a") if asked else None,
            "state": group.life.state(self.stage.azure.clock.now()),
            "secret": properties["environmentVariables"][0]["secureValue"],
        }

    @invariant()
    def the_finalizer_stays_while_the_group_exists(self) -> None:
        held = FINALIZER in self.stage.body()["metadata"]["finalizers"]
        assert held or self.stage.azure_group() is None

    @invariant()
    def no_secret_stands_outside_a_body(self) -> None:
        told = [self.stage.body(), self.stage.server.events]
        assert CANARY not in json.dumps(told)


GroupMachine.TestCase.settings = settings(
    max_examples=10,
    stateful_step_count=15,
    derandomize=True,  # the same stories each time: no test needs luck
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestGroupMachine = GroupMachine.TestCase
