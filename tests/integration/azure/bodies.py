"""Bodies of requests that several tests send."""

from __future__ import annotations

from typing import Any

from aci_operator.azure.session import Session


def vault_body(session: Session, policies: list[dict[str, Any]]) -> dict[str, Any]:
    """Write the body of a vault with access policies."""
    return {
        "location": "eastus",
        "properties": {
            "tenantId": session.tenant_id,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": False,
            "accessPolicies": policies,
        },
    }


def group_body(**properties: Any) -> dict[str, Any]:
    """Write the body of a small container group with a system identity."""
    container = {
        "name": "main",
        "properties": {
            "image": "alpine",
            "resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}},
        },
    }
    return {
        "location": "eastus",
        "identity": {"type": "SystemAssigned"},
        "properties": {"osType": "Linux", "containers": [container], **properties},
    }
