"""Answers held against Bicep's types."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import validate_resource
from schemas.bicep import read_only_members

GROUPS = "Microsoft.ContainerInstance/containerGroups"
VAULTS = "Microsoft.KeyVault/vaults"


def a_group(**properties: Any) -> dict[str, Any]:
    container = {"name": "c", "properties": {"image": "x"}}
    return {"location": "westus", "properties": {"containers": [container], **properties}}


@pytest.mark.parametrize(
    "properties",
    [
        {"osType": "Linux", "provisioningState": "Succeeded"},
        {"isCustomProvisioningTimeout": False},
        {"instanceView": {"events": [], "state": "Running"}},
        {"restartPolicy": "Always", "volumes": [{"name": "v", "secret": {}}]},
    ],
)
def test_what_the_service_answers_has_no_problem(properties: dict[str, Any]) -> None:
    assert validate_resource(GROUPS, "2025-09-01", a_group(**properties)) == []


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({"colour": "red"}, "$.properties.colour: is not declared"),
        ({"osType": 1}, "$.properties.osType: 1 is not of the declared kind"),
        ({"containers": {}}, "$.properties.containers: {} is no list"),
        ({"ipAddress": []}, "$.properties.ipAddress: [] is no object"),
    ],
)
def test_what_is_wrong_is_told(properties: dict[str, Any], problem: str) -> None:
    assert validate_resource(GROUPS, "2025-09-01", a_group(**properties)) == [problem]


def test_a_write_only_member_is_a_problem() -> None:
    vault = {"properties": {"createMode": "default"}}
    assert validate_resource(VAULTS, "2026-02-01", vault) == [
        "$.properties.createMode: a write-only member is shown"
    ]


def test_an_unknown_kind_or_version_is_not_judged() -> None:
    assert validate_resource(GROUPS, "2018-10-01", {}) is None


def test_read_only_members_are_known() -> None:
    assert read_only_members(GROUPS, "2025-09-01") == {
        "provisioningState",
        "instanceView",
        "isCreatedFromStandbyPool",
    }
