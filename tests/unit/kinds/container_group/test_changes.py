"""What a change does to a living group, and how it is told (azure.md section 5)."""

from __future__ import annotations

from typing import Any

import pytest

from aci_operator.kinds.container_group.body import Inputs, build
from aci_operator.kinds.container_group.changes import requiring_replacement, told
from aci_operator.kinds.container_group.normal import differences
from unit.kinds.container_group.builders import (
    HERE,
    IDENTITY_1,
    a_container,
    a_spec,
    answered,
    inputs_for,
)

NEVER = [
    "spec.osType",
    "spec.restartPolicy",
    "spec.ipAddress.type",
    "spec.containers[app].resources.requests.cpu",
    "spec.containers[app].resources.requests.memoryInGB",
    "spec.containers[app].resources.limits.cpu",
]
IN_PLACE = [
    "spec.containers",  # in dispute, so Azure is asked
    "spec.containers[app].image",
    "spec.containers[app].command",
    "spec.containers[app].ports",
    "spec.containers[app].environmentVariables[RESOURCES]",
    "spec.identity.type",
    "spec.identity.userAssigned",
    "spec.ipAddress.ports",
    "spec.ipAddress.dnsNameLabel",
    "spec.imageRegistryCredentials[r.io].username",
]


def test_the_paths_that_no_put_can_change_are_picked_in_their_order() -> None:
    assert requiring_replacement([*IN_PLACE, *NEVER]) == tuple(NEVER)


@pytest.mark.parametrize("path", IN_PLACE)
def test_what_azure_changes_in_place_needs_no_replacement(path: str) -> None:
    assert requiring_replacement([path]) == ()


def test_another_container_is_for_azure_to_judge() -> None:
    wanted = build(a_spec(a_container("app"), a_container("more")), HERE)
    seen = answered(build(a_spec(a_container("app")), HERE))
    assert requiring_replacement(differences(wanted, seen)) == ()


SOURCE = {"secretKeyRef": {"name": "n", "key": "k"}}
PLAIN = {"name": "V", "value": "old"}
SECURE = {"name": "V", "secureValueFrom": SOURCE}
TOLD: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        {"restartPolicy": "OnFailure"},
        {"restartPolicy": "Never"},
        "spec.restartPolicy: onfailure → never",
    ),
    ({}, {"restartPolicy": "Never"}, "spec.restartPolicy: always → never"),
    (
        {},
        {"identity": {"type": "UserAssigned", "userAssigned": [{"id": IDENTITY_1}]}},
        "spec.identity.type: none → userassigned; "
        f"spec.identity.userAssigned: (none) → {IDENTITY_1.lower()}",
    ),
]


@pytest.mark.parametrize(("before", "after", "text"), TOLD)
def test_a_change_of_the_group_is_told_from_old_to_new(
    before: dict[str, Any], after: dict[str, Any], text: str
) -> None:
    assert told_between(a_spec(**before), a_spec(**after)) == text


IN_CONTAINER: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"image": "alpine:4"}, "image: alpine:3 → alpine:4"),
    ({}, {"command": ["a", "b"]}, "command: (none) → a, b"),
    ({"command": ["a"]}, {}, "command: a → (none)"),
    (
        {"ports": [{"port": 80}]},
        {"ports": [{"port": 80}, {"port": 53, "protocol": "UDP"}]},
        "ports: 80/tcp → 80/tcp, 53/udp",
    ),
    (
        {},
        {"resources": {"requests": {"cpu": 0.5, "memoryInGB": 1.5}}},
        "resources.requests.cpu: 1 → 0.5",
    ),
    (
        {"environmentVariables": [PLAIN]},
        {"environmentVariables": [{**PLAIN, "value": "new"}]},
        "environmentVariables[V]: old → new",
    ),
    (
        {"environmentVariables": [PLAIN]},
        {"environmentVariables": [SECURE]},
        "environmentVariables[V]: old → (secure)",
    ),
    (
        {},
        {"environmentVariables": [SECURE]},
        "environmentVariables[V]: (none) → (secure)",
    ),
]


@pytest.mark.parametrize(("before", "after", "text"), IN_CONTAINER)
def test_a_change_of_a_container_is_told_without_a_secret(
    before: dict[str, Any], after: dict[str, Any], text: str
) -> None:
    specs = [a_spec(a_container(**fields)) for fields in (before, after)]
    assert told_between(*specs) == f"spec.containers[app].{text}"


def told_between(before: dict[str, Any], after: dict[str, Any]) -> str:
    wanted, seen = build(after, inputs_for(after)), answered(build(before, inputs_for(before)))
    return told(differences(wanted, seen), wanted, seen)


def test_containers_that_come_and_go_are_told_by_name() -> None:
    before, after = a_spec(a_container("a"), a_container("b")), a_spec(a_container("a"))
    assert told_between(before, after) == "spec.containers: a, b → a"


def test_a_new_secret_value_alone_is_told_as_nothing() -> None:
    spec = a_spec(a_container(environmentVariables=[SECURE]))
    path = "spec.containers[app].environmentVariables[V].secureValueFrom"
    one, other = (build(spec, Inputs("westeurope", (), {path: value})) for value in "12")
    assert told(differences(one, answered(other)), one, answered(other)) == ""
