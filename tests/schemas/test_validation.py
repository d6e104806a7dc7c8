"""The validation finds what is wrong, and passes what Azure took."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import validate_request, validate_response

SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
CONTAINERS = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/demo"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-1"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/myvault"
ROLE = (
    f"{GROUP}/providers/Microsoft.Authorization/roleAssignments"
    "/88888888-0000-0000-0000-000000000001"
)
TENANT = "54826b22-38d6-4fb2-bad9-b7b93a3e9c5a"


def a_group(**properties: Any) -> dict[str, Any]:
    requests = {"cpu": 0.5, "memoryInGB": 1.5}
    container = {"name": "c", "properties": {"image": "x", "resources": {"requests": requests}}}
    return {
        "location": "westus",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
        "properties": {"osType": "Linux", "containers": [container], **properties},
    }


POLICY = {
    "properties": {
        "accessPolicies": [
            {"tenantId": TENANT, "objectId": TENANT, "permissions": {"secrets": ["get"]}}
        ]
    }
}
A_VAULT = {
    "location": "westus",
    "properties": {
        "tenantId": TENANT,
        "sku": {"family": "A", "name": "standard"},
        "accessPolicies": [],
        "enableRbacAuthorization": False,
    },
}
AN_ASSIGNMENT = {
    "properties": {
        "roleDefinitionId": f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/x",
        "principalId": TENANT,
        "principalType": "ServicePrincipal",
    }
}


@pytest.mark.parametrize(
    ("method", "path", "version", "body"),
    [
        ("PUT", CONTAINERS, "2025-09-01", a_group()),
        ("PUT", CONTAINERS, "2023-05-01", a_group()),
        ("PATCH", CONTAINERS, "2025-09-01", {"tags": {"a": "b"}}),
        ("POST", f"{CONTAINERS}/restart", "2025-09-01", None),
        ("PUT", IDENTITY, "2024-11-30", {"location": "westus"}),
        ("PATCH", IDENTITY, "2024-11-30", {"tags": {"a": "b"}}),
        ("PUT", VAULT, "2026-02-01", A_VAULT),
        ("PATCH", VAULT, "2026-02-01", {"tags": {}, "properties": {"enablePurgeProtection": True}}),
        ("PUT", f"{VAULT}/accessPolicies/add", "2026-02-01", POLICY),
        ("PUT", "/secrets/one", "7.5", {"value": "x", "contentType": "text/plain"}),
        ("PATCH", "/secrets/one/", "7.5", {"tags": {"a": "b"}}),
        ("POST", "/deletedsecrets/one/recover", "7.5", None),
        ("PUT", ROLE, "2022-04-01", AN_ASSIGNMENT),
        ("PUT", GROUP, "2025-04-01", {"location": "westus"}),
        ("DELETE", CONTAINERS, "2025-09-01", None),
    ],
)
def test_a_valid_request_has_no_problem(method: str, path: str, version: str, body: Any) -> None:
    assert validate_request(method, path, version, body) == []


@pytest.mark.parametrize(
    ("method", "path", "version", "body", "where"),
    [
        ("PUT", CONTAINERS, "2025-09-01", a_group(colour="red"), "$.properties"),
        ("PUT", CONTAINERS, "2023-05-01", a_group(provisioningState="x"), "$.properties"),
        ("PUT", CONTAINERS, "2025-09-01", a_group(osType="linux"), "$.properties.osType"),
        ("PUT", CONTAINERS, "2025-09-01", {"location": "westus"}, "$"),
        ("PATCH", CONTAINERS, "2025-09-01", {"tags": {"a": 1}}, "$.tags.a"),
        ("PUT", IDENTITY, "2024-11-30", {"location": 1}, "$.location"),
        ("PUT", VAULT, "2026-02-01", {"location": "westus", "properties": {}}, "$.properties"),
        ("PUT", f"{VAULT}/accessPolicies/append", "2026-02-01", POLICY, "$.name"),
        ("PUT", "/secrets/one", "7.5", {}, "$"),
        ("PUT", ROLE, "2022-04-01", {"properties": {"principalId": TENANT}}, "$.properties"),
        ("PUT", GROUP, "2025-04-01", {"location": "westus", "name": "x"}, "$"),
    ],
)
def test_an_invalid_request_is_told_where(
    method: str, path: str, version: str, body: Any, where: str
) -> None:
    problems = validate_request(method, path, version, body)
    assert {problem.partition(":")[0] for problem in problems} == {where}


def test_a_request_that_no_schema_describes_is_a_problem() -> None:
    assert validate_request("PUT", CONTAINERS, "2001-01-01", a_group()) == [
        "no schema for PUT of microsoft.containerinstance 2001-01-01"
    ]


def test_a_get_with_a_body_is_a_problem() -> None:
    assert validate_request("GET", CONTAINERS, "2025-09-01", {}) == ["GET with a body"]


def test_an_answer_is_held_against_the_swagger() -> None:
    answer = {**a_group(isCustomProvisioningTimeout=False), "id": CONTAINERS}
    assert validate_response("GET", CONTAINERS, "2025-09-01", 200, answer) == []
    answer["properties"]["containers"] = "none"
    problems = validate_response("GET", CONTAINERS, "2025-09-01", 200, answer)
    assert problems == ["$.properties.containers: 'none' is not of type 'array'"]
