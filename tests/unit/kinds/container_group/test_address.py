"""Where a group answers: the address may be missing, and may change."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kinds.container_group import address
from pass_builders import ApiServer, a_pass, an_object
from unit.kinds.container_group.builders import an_answer

KIND = "ContainerGroup"
OLD = {"ip": "1.2.3.4"}
NAMED = {"fqdn": "x.io"}
Told = list[tuple[str, str, str]]


def changed(text: str) -> Told:
    return [("Warning", "IPAddressChanged", f"1.2.3.4 → 5.6.7.8. {text}")]


CHANGES: list[tuple[Any, dict[str, Any], dict[str, Any] | None, Told]] = [
    ({}, OLD, OLD, []),
    (OLD, OLD, OLD, []),
    (OLD, {}, None, []),
    (OLD, {"ip": "0.0.0.0"}, None, []),
    (
        OLD,
        {"ip": "5.6.7.8"},
        {"ip": "5.6.7.8"},
        changed("A dnsNameLabel gives it a name that stays."),
    ),
    (
        {**OLD, **NAMED},
        {"ip": "5.6.7.8", **NAMED},
        {"ip": "5.6.7.8", **NAMED},
        changed("Its name stays: x.io."),
    ),
]


@pytest.mark.parametrize(("before", "answered", "status", "events"), CHANGES)
async def test_an_address_is_reported_and_its_change_told(
    before: Any, answered: dict[str, Any], status: dict[str, Any] | None, events: Told
) -> None:
    p = a_pass(an_object(KIND, status={"ipAddress": before}))
    p.world.recorder.start()
    address.report(p, an_answer(ipAddress={"type": "Public", "ports": [], **answered}))
    await p.world.recorder.close()
    assert isinstance(p.world.kube, ApiServer)
    assert (p.status.fields.get("ipAddress"), p.world.kube.events) == (status, events)
