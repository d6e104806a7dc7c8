"""Who is tried at once when a group goes."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.kinds.container_group import quota
from pass_builders import a_pass, a_ready, an_object
from unit.kinds.container_group.builders import a_container, a_spec

KIND = "ContainerGroup"
PLACE = {"subscriptionId": "S-1", "location": "West Europe"}


def a_group(name: str, cpu: float = 1, since: int = 0, **status: Any) -> Object:
    container = a_container(resources={"requests": {"cpu": cpu, "memoryInGB": 1}})
    waits = a_ready("False", reason="QuotaExceeded", lastTransitionTime=f"2026-01-01T00:0{since}Z")
    said = {**PLACE, "conditions": [waits], **status}
    return an_object(KIND, name, spec=a_spec(container), status=said)


@pytest.mark.parametrize(
    ("waiting", "freed", "woken"),
    [
        ([], 4, []),
        ([a_group("a", since=2), a_group("b", since=1)], 1, ["b"]),
        ([a_group("a", 1), a_group("b", 1), a_group("c", 1)], 2, ["a", "b"]),
        ([a_group("a", 8), a_group("b", 1)], 2, ["a"]),
        ([a_group("a", 1), a_group("b", 4), a_group("c", 1)], 2, ["a", "c"]),
    ],
)
def test_those_that_waited_longest_go_first_and_no_more_than_fit(
    waiting: list[Object], freed: float, woken: list[str]
) -> None:
    assert [key.name for key in quota.fitting(waiting, freed)] == woken


def test_a_quota_is_one_of_a_subscription_and_a_region() -> None:
    going = an_object(KIND, spec=a_spec(), status={**PLACE, "location": "westeurope"})
    p = a_pass(
        going,
        a_group("far", location="eastus"),
        a_group("foreign", subscriptionId="S-2"),
        a_group("same", subscriptionId="s-1"),
        a_group("well", conditions=[a_ready()]),
    )
    woken: list[Key] = []
    p.world.wake = woken.append
    quota.give_back(p)
    assert woken == [Key(KIND, "here", "same")]
