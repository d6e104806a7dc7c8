"""Azure's schema of an identity, the CRD and the body hold the same fields."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.azure.versions import IDENTITIES
from in_process.manifests import manifest
from in_process.scene import open_scene
from unit.kinds.written_fields import of_azure, of_crd

TEMPLATE_S = {"name", "type", "apiVersion", "resources"}
"""What stands in a template beside the body."""
OURS = {"azureName", "resourceGroupRef.id", "resourceGroupRef.name"}
"""What makes the path of the request."""
FULL = {"location": "westus", "tags": {"a": "1"}, "isolationScope": "Regional"}


def azure_fields() -> set[str]:
    file = f"armschema-managedidentity-{IDENTITIES}.json"
    found = of_azure(file, "", "resourceDefinitions", "userAssignedIdentities")
    return {path.removeprefix("properties.") for path in found if path not in TEMPLATE_S}


def test_every_writable_field_of_azures_schema_is_in_the_crd_and_no_other_is() -> None:
    assert of_crd("UserAssignedIdentity") - OURS == azure_fields()


def test_the_example_gives_every_field() -> None:
    assert {name.removesuffix("{}") for name in azure_fields()} == set(FULL)


@pytest.mark.parametrize("field", FULL)
async def test_a_field_reaches_the_body_and_what_is_left_out_does_not(field: str) -> None:
    async with open_scene() as scene:
        given: dict[str, Any] = {field: FULL[field]}
        where = {"resourceGroupRef": {"id": scene.group_id()}}
        scene.apply(manifest("UserAssignedIdentity", "who", **where, **given))
        await scene.settle()
        (body,) = scene.bodies("PUT")
        tags = {"aci-operator-owner": "cluster-1/here/who", **given.pop("tags", {})}
        inner = {"properties": given} if field == "isolationScope" else given
        assert body == {"location": "eastus", "tags": tags, **inner}
