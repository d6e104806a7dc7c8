"""Init containers run one after the other, and containers wait for them."""

from __future__ import annotations

from typing import Any

import pytest

from azure_emulator.containers import ContainerGroups
from azure_emulator.emulator import Emulator
from emulator.containers.builders import a_group
from emulator.containers.conftest import Call


def init(*names: str) -> list[dict[str, Any]]:
    return [{"name": name, "properties": {"image": f"{name}:1"}} for name in names]


async def states(aci: Call, section: str) -> list[tuple[str, int | None, int]]:
    """Give state, exit code and restarts of each container."""
    found = (await aci("GET", "demo")).body["properties"][section]
    views = [each["properties"]["instanceView"] for each in found]
    return [
        (v["currentState"]["state"], v["currentState"].get("exitCode"), v["restartCount"])
        for v in views
    ]


async def test_a_container_waits_until_each_init_container_has_done_its_work(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    told.behave("first:1", exit_code=0, after=10)
    told.behave("second:1", exit_code=0, after=20)
    await aci("PUT", "demo", a_group(initContainers=init("first", "second")))
    ready = azure.settings.container_creation_seconds
    seen = []
    for seconds in (ready + 5, 10, 20):
        azure.clock.advance(seconds)
        seen.append(await states(aci, "initContainers") + await states(aci, "containers"))
    waits, runs, done = ("Waiting", None, 0), ("Running", None, 0), ("Terminated", 0, 0)
    assert seen == [[runs, waits, waits], [done, runs, waits], [done, done, runs]]


@pytest.mark.parametrize(
    ("policy", "shown"), [("Never", ("Terminated", 3, 0)), ("Always", ("Waiting", None, 1))]
)
async def test_a_failed_init_container_is_tried_again_by_the_policy_and_holds_up_the_group(
    aci: Call, azure: Emulator, told: ContainerGroups, policy: str, shown: tuple[str, Any, int]
) -> None:
    told.behave("first:1", exit_code=3, after=2)
    body = a_group(initContainers=init("first"), restartPolicy=policy)
    await aci("PUT", "demo", body)
    azure.clock.advance(azure.settings.container_creation_seconds + 15)
    assert await states(aci, "initContainers") == [shown]
    assert await states(aci, "containers") == [("Waiting", None, 0)]
    azure.clock.advance(1800)
    properties = (await aci("GET", "demo")).body["properties"]
    assert properties["provisioningState"] == "Failed"


async def test_no_event_tells_of_a_pull_by_a_container_that_waits(
    aci: Call, azure: Emulator, told: ContainerGroups
) -> None:
    told.behave("first:1", exit_code=3, after=2)
    await aci("PUT", "demo", a_group(initContainers=init("first")))
    azure.clock.advance(100)
    (container,) = (await aci("GET", "demo")).body["properties"]["containers"]
    assert "events" not in container["properties"]["instanceView"]
