"""A ConfigMap with values of status, on a real API server, by the right that is shipped for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from control_plane import ControlPlane
from integration.manifests import Manifest, manifest, text
from integration.world import World
from stage.install import ROOT

EXPORTS = str(ROOT / "deploy/kustomize/exports")


@pytest.fixture
def the_right(control_plane: ControlPlane, operator_kubeconfig: Path) -> Iterator[None]:
    """Given for this test alone."""
    control_plane.run_kubectl("apply", "-k", EXPORTS)
    yield
    control_plane.run_kubectl("delete", "-k", EXPORTS, "--ignore-not-found")


def reader(world: World, place: str) -> str:
    """Give an identity that asks for a value; for none without a place."""
    wanted = {"configMap": {"name": "ids", "data": {"AZURE_CLIENT_ID": place}}} if place else {}
    group = manifest("ResourceGroup", "group", location="eastus")
    own: Manifest = {"resourceGroupRef": {"name": "group"}, "operator": wanted}
    return text(group, manifest("UserAssignedIdentity", "reader", **own))


async def exported(world: World) -> str:
    """Wait for the condition; give its reason."""
    condition = "--for=condition=Exported"
    await world.kubectl("wait", condition, "userassignedidentity/reader", "--timeout=60s")
    conditions = (await world.get("userassignedidentity/reader"))["status"]["conditions"]
    return str(next(each["reason"] for each in conditions if each["type"] == "Exported"))


async def test_the_shipped_right_is_enough_to_make_change_and_delete_it(
    the_right: None, world: World
) -> None:
    await world.apply(world.account.manifest())
    await world.apply(reader(world, "status.tenantId"))
    made = await exported(world)
    await world.apply(reader(world, "status.clientId"))
    client_id = (await world.get("userassignedidentity/reader"))["status"]["clientId"]
    changed = f"--for=jsonpath={{.data.AZURE_CLIENT_ID}}={client_id}"
    await world.kubectl("wait", changed, "configmap/ids", "--timeout=60s")
    await world.apply(reader(world, ""))
    await world.kubectl("wait", "--for=delete", "configmap/ids", "--timeout=60s")
    assert made == "Exported"
