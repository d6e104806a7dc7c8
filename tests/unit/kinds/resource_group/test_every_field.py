"""The schema of a resource group, the CRD and the body hold the same fields.

No schema of Microsoft's is at hand for resource groups: `resourcegroups-own.json` says what may be
sent (tests/schemas/data/ORIGIN.md).
"""

from __future__ import annotations

from typing import Any

import pytest

from in_process.manifests import manifest
from in_process.scene import open_scene
from unit.kinds.written_fields import of_azure, of_crd

OURS = {"azureName", "contents"}
"""The path of the request, and what counts at the deletion alone."""
FULL = {"location": "westus", "managedBy": "/subscriptions/s/x", "tags": {"a": "1"}}
FILE = "resourcegroups-own.json"


def test_every_writable_field_is_in_the_crd_and_no_other_is() -> None:
    assert of_crd("ResourceGroup") - OURS == of_azure(FILE, "ResourceGroup")


def test_the_example_gives_every_field() -> None:
    names = {name.removesuffix("{}") for name in of_azure(FILE, "ResourceGroup")}
    assert names == set(FULL)


@pytest.mark.parametrize("field", FULL)
async def test_a_field_reaches_the_body_and_what_is_left_out_does_not(field: str) -> None:
    async with open_scene() as scene:
        given: dict[str, Any] = {"location": "eastus", field: FULL[field]}
        scene.apply(manifest("ResourceGroup", "mine", **given))
        await scene.settle()
        (body,) = scene.bodies("PUT")
        tags = {"aci-operator-owner": "cluster-1/here/mine", **given.pop("tags", {})}
        assert body == {**given, "tags": tags}
