"""The body of a PUT: what the spec says, and nothing else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from aci_operator.kinds.container_group.body import Inputs, build
from unit.kinds.container_group.builders import (
    HERE,
    IDENTITY_1,
    IDENTITY_2,
    SPECS,
    a_container,
    a_spec,
    inputs_for,
    unreadable,
)


def test_what_the_spec_leaves_out_is_left_out() -> None:
    container = {"name": "app", "image": "a", "resources": {"requests": {"cpu": 1}}}
    assert build({"osType": "Linux", "containers": [container]}, HERE) == {
        "location": "westeurope",
        "properties": {
            "containers": [
                {
                    "name": "app",
                    "properties": {"image": "a", "resources": {"requests": {"cpu": 1}}},
                }
            ],
            "osType": "Linux",
        },
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("restartPolicy", "Never"),
        ("ipAddress", {"type": "Public", "ports": [{"port": 80}], "dnsNameLabel": "hello"}),
    ],
)
def test_a_field_of_the_group_goes_as_it_is(field: str, value: Any) -> None:
    body = build(a_spec(**{field: value}), HERE)
    assert body["properties"][field] == value


@pytest.mark.parametrize(
    ("field", "value"),
    [("command", ["sleep", "9"]), ("ports", [{"port": 80, "protocol": "UDP"}]), ("command", [])],
)
def test_a_field_of_a_container_goes_as_it_is(field: str, value: Any) -> None:
    (container,) = build(a_spec(a_container(**{field: value})), HERE)["properties"]["containers"]
    assert container["properties"][field] == value


def test_containers_and_variables_keep_their_order() -> None:
    variables = [{"name": name, "value": ""} for name in ("Z", "A", "M")]
    containers = [a_container("z", environmentVariables=variables), a_container("a")]
    sent = build(a_spec(*containers), HERE)["properties"]["containers"]
    names = [variable["name"] for variable in sent[0]["properties"]["environmentVariables"]]
    assert ([container["name"] for container in sent], names) == (["z", "a"], ["Z", "A", "M"])


def test_variables_of_the_inputs_come_after_a_container_s_own() -> None:
    own = [{"name": "A", "value": "own"}]
    spec = a_spec(a_container("one", environmentVariables=own), a_container("two"))
    sent = build(spec, Inputs("l", variables={"A": "1", "B": "2"}))["properties"]["containers"]
    assert [each["properties"]["environmentVariables"] for each in sent] == [
        [*own, {"name": "B", "value": "2"}],
        [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}],
    ]


def test_a_variable_is_plain_secure_or_empty() -> None:
    source = {"secretKeyRef": {"name": "n", "key": "k"}}
    variables = [
        {"name": "PLAIN", "value": "v"},
        {"name": "SECURE", "secureValueFrom": source},
        {"name": "EMPTY", "value": ""},
    ]
    path = "spec.containers[app].environmentVariables[SECURE].secureValueFrom"
    body = build(a_spec(a_container(environmentVariables=variables)), Inputs("l", (), {path: "s"}))
    assert body["properties"]["containers"][0]["properties"]["environmentVariables"] == [
        {"name": "PLAIN", "value": "v"},
        {"name": "SECURE", "secureValue": "s"},
        {"name": "EMPTY", "value": ""},
    ]


def test_a_registry_gets_its_password() -> None:
    source = {"secretKeyRef": {"name": "n", "key": "k"}}
    entry = {"server": "r.io", "username": "u", "passwordFrom": source}
    inputs = Inputs("l", (), {"spec.imageRegistryCredentials[r.io].passwordFrom": "s"})
    body = build(a_spec(imageRegistryCredentials=[entry]), inputs)
    assert body["properties"]["imageRegistryCredentials"] == [
        {"server": "r.io", "username": "u", "password": "s"}
    ]


@pytest.mark.parametrize(
    ("type_", "ids", "sent"),
    [
        ("None", (), {"type": "None"}),
        ("SystemAssigned", (), {"type": "SystemAssigned"}),
        (
            "UserAssigned",
            (IDENTITY_2, IDENTITY_1),
            {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY_2: {}, IDENTITY_1: {}}},
        ),
        (
            "SystemAssigned, UserAssigned",
            (IDENTITY_1,),
            {
                "type": "SystemAssigned, UserAssigned",
                "userAssignedIdentities": {IDENTITY_1: {}},
            },
        ),
    ],
)
def test_an_identity_has_azure_s_form_to_the_letter(
    type_: str, ids: tuple[str, ...], sent: dict[str, Any]
) -> None:
    body = build(a_spec(identity={"type": type_}), Inputs("l", ids))
    assert json.dumps(body["identity"]) == json.dumps(sent)


@given(SPECS)
def test_any_spec_gives_a_body_that_azure_can_read(spec: dict[str, Any]) -> None:
    assert unreadable(build(spec, inputs_for(spec))) == ""


@given(SPECS)
def test_building_changes_nothing_and_shares_nothing_with_the_spec(spec: dict[str, Any]) -> None:
    before = copy.deepcopy(spec)
    body = build(spec, inputs_for(spec))
    for container in body["properties"]["containers"]:
        container["properties"]["resources"]["requests"]["cpu"] = "changed"
        container["properties"].get("command", []).append("changed")
    body["properties"].get("ipAddress", {"ports": []})["ports"].append("changed")
    assert spec == before


@given(SPECS)
def test_each_secret_stands_in_the_body_once_and_nowhere_else(spec: dict[str, Any]) -> None:
    inputs = inputs_for(spec)
    text = json.dumps(build(spec, inputs))
    assert {
        value: text.count(json.dumps(value)) for value in inputs.secrets.values()
    } == dict.fromkeys(inputs.secrets.values(), 1)
    assert "canary" not in repr(inputs)
