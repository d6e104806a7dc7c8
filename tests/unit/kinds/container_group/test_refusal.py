"""A contradiction ends the pass before Azure is asked: a pass here has no session."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.api.objects import Object
from aci_operator.kinds.container_group import preflight, room
from aci_operator.reconcile.steps import Stall
from pass_builders import ApiServer, a_pass, a_settled, an_object
from unit.kinds.container_group.builders import a_spec

KIND = "ContainerGroup"
ADDRESS = {"ipAddress": {"type": "Public", "ports": [{"port": 80}]}}
WRONG = a_spec(priority="Spot", resourceGroupRef={"name": "rg"}, **ADDRESS)
RISKY = a_spec(osType="Windows", identity={"type": "SystemAssigned"})


async def test_a_new_group_is_refused_before_its_references_are_resolved() -> None:
    with pytest.raises(Stall) as refused:
        await room.reconcile(a_pass(an_object(KIND, spec=WRONG)))
    assert (refused.value.reason, refused.value.after) == ("SpotWithAddress", 600)
    assert refused.value.message.startswith("spec.ipAddress: ")


def test_what_is_only_observed_is_not_judged() -> None:
    observed = {**WRONG, "operator": {"managementPolicy": "ObserveOnly"}}
    judged = {"ours": WRONG, "observed": observed}
    assert [name for name, spec in judged.items() if refused(spec)] == ["ours"]


def refused(spec: dict[str, Any]) -> bool:
    try:
        preflight.require(a_pass(an_object(KIND, spec=spec)))
    except Stall:
        return True
    return False


@pytest.mark.parametrize(
    ("object_", "told"),
    [
        (an_object(KIND, spec=RISKY), ["WindowsIdentityEndpoint"]),
        (a_settled(KIND, spec=RISKY), []),
        (a_settled(KIND, spec=RISKY, generation=2), ["WindowsIdentityEndpoint"]),
    ],
)
async def test_a_risk_is_told_once_for_each_generation(object_: Object, told: list[str]) -> None:
    p = a_pass(object_)
    p.world.recorder.start()
    for _ in range(2):
        await preflight.warn(p, "eastus")
    await p.world.recorder.close()
    server: Any = p.world.kube
    assert isinstance(server, ApiServer)
    assert [reason for _, reason, _ in server.events] == told
