"""The log tells every decision: each write to Azure and each event, with the same fields."""

from __future__ import annotations

import json
from typing import Any

from integration.world import World

FIELDS = {
    "kind",
    "namespace",
    "name",
    "generation",
    "arm_id",
    "action",
    "reason",
    "correlation_id",
}


async def test_each_write_is_one_line_with_all_fields(world: World) -> None:
    await world.apply_samples("example-1-user-assigned")
    await world.until_ready()
    calls = world.azure.calls.writes()
    await world.operator.stop()
    writes = [line for line in lines(world) if line["event"] == "azure"]
    assert sorted(line["arm_id"].rpartition("/")[2] for line in writes) == sorted(
        call.path.partition("?")[0].rpartition("/")[2] for call in calls
    )
    assert {frozenset(FIELDS - set(line)) for line in writes} == {frozenset()}
    by_arm = [line for line in writes if line["arm_id"].startswith("/subscriptions/")]
    assert all(line["correlation_id"] and line["generation"] == 1 for line in by_arm)


async def test_each_event_is_one_line_with_its_reason(world: World) -> None:
    await world.apply_samples("example-1-user-assigned")
    await world.until_ready()
    await world.operator.stop()
    posted = json.loads(await world.kubectl("get", "events.v1.events.k8s.io", "-o", "json"))
    told = {(line["kind"], line["reason"]) for line in lines(world) if line.get("reason")}
    assert {(item["regarding"]["kind"], item["reason"]) for item in posted["items"]} <= told


def lines(world: World) -> list[dict[str, Any]]:
    return [json.loads(line) for line in world.operator.log.read_text().splitlines()]
