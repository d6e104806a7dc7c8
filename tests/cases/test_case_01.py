"""Case 1, a mistyped version key: the version is the operator's, whatever a group looks like.

That the key is told when such a file is converted is tested with the converter.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from aci_operator.azure.versions import CONTAINER_GROUPS
from in_process.scene import a_group, container, open_scene

GROUPS: dict[str, dict[str, Any]] = {
    "plain": {},
    "identity": {"identity": {"type": "SystemAssigned"}},
    "tags": {"tags": {"cost": "1"}},
}


@pytest.mark.parametrize("spec", GROUPS.values(), ids=GROUPS)
async def test_case_1_every_put_carries_the_operators_version(spec: dict[str, Any]) -> None:
    async with open_scene() as scene:
        scene.apply(a_group(**spec))
        await scene.settle()
        puts = [call for call in scene.sent() if call.method == "PUT"]
        versions = [parse_qs(urlsplit(call.path).query)["api-version"] for call in puts]
        assert versions == [[CONTAINER_GROUPS]]


def test_case_1_the_version_knows_identities() -> None:
    assert CONTAINER_GROUPS >= "2021-10-01"


async def test_case_1_a_limit_may_reach_what_the_group_requests_in_all() -> None:
    web = container(
        "web", resources={"requests": {"cpu": 1, "memoryInGB": 1}, "limits": {"cpu": 2}}
    )
    async with open_scene() as scene:
        scene.apply(a_group(containers=[web, container("side")]))
        await scene.settle()
        sent = scene.bodies()[0]["properties"]["containers"][0]["properties"]["resources"]
        assert sent == web["resources"]
        assert scene.conditions("ContainerGroup", "it")["Ready"] == ("True", "Running")
