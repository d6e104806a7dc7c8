from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aci_operator.api.objects import Key, Object
from aci_operator.kube import objects
from aci_operator.kube.client import Kube
from aci_operator.kube.errors import Gone, Refused, Stale
from aci_operator.kube.status import apply_status


def condition(kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "status": "True",
        "reason": "Settled",
        "message": "",
        "lastTransitionTime": "2026-01-01T00:00:00Z",
        "observedGeneration": 1,
    }


async def existing(kube: Kube, key: Key) -> Object:
    obj = await objects.read(kube, key)
    assert obj is not None
    return obj


@pytest.fixture
async def group(kube: Kube, namespace: Any) -> Object:
    return await existing(kube, namespace.resource_group("rg"))


async def test_an_object_that_nobody_looked_at_says_so(group: Object) -> None:
    assert group.status == {"observedGeneration": -1}


async def test_an_applied_status_is_the_whole_status(kube: Kube, group: Object) -> None:
    status = {"observedGeneration": 1, "conditions": [condition("Ready")]}
    written = await apply_status(kube, group, status)
    assert written == await existing(kube, group.key)
    assert written.status == status


async def test_an_equal_status_keeps_the_version(kube: Kube, group: Object) -> None:
    first = await apply_status(kube, group, {"observedGeneration": 1})
    assert await apply_status(kube, first, {"observedGeneration": 1}) == first


async def test_a_condition_that_is_left_out_disappears(kube: Kube, group: Object) -> None:
    both = {"conditions": [condition("Ready"), condition("Synced")]}
    first = await apply_status(kube, group, both)
    second = await apply_status(kube, first, {"conditions": [condition("Ready")]})
    assert second.status["conditions"] == [condition("Ready")]


async def test_a_write_over_an_outdated_version_is_stale(kube: Kube, group: Object) -> None:
    await apply_status(kube, group, {"observedGeneration": 1})
    with pytest.raises(Stale):
        await apply_status(kube, group, {"observedGeneration": 2})


async def test_the_status_of_an_object_that_is_gone_is_not_written(
    kube: Kube, group: Object, namespace: Any
) -> None:
    namespace.kubectl("delete", "acirg", "rg")
    with pytest.raises(Gone):
        await apply_status(kube, group, {"observedGeneration": 1})
    assert await objects.read(kube, group.key) is None


async def test_the_status_is_not_written_to_the_next_object_of_that_name(
    kube: Kube, group: Object, namespace: Any
) -> None:
    namespace.kubectl("delete", "acirg", "rg")
    namespace.resource_group("rg")
    with pytest.raises((Stale, Gone)):
        await apply_status(kube, group, {"observedGeneration": 1})
    assert (await existing(kube, group.key)).status == {"observedGeneration": -1}


async def test_a_field_that_the_schema_does_not_know_is_refused(kube: Kube, group: Object) -> None:
    with pytest.raises(Refused, match="noSuchField"):
        await apply_status(kube, group, {"noSuchField": 1})


async def test_a_value_of_the_wrong_type_is_refused(kube: Kube, group: Object) -> None:
    with pytest.raises(Refused):
        await apply_status(kube, group, {"observedGeneration": "one"})


async def test_a_version_that_never_was_is_stale(kube: Kube, group: Object) -> None:
    with pytest.raises(Stale):
        await apply_status(kube, replace(group, resource_version="1"), {"observedGeneration": 1})
