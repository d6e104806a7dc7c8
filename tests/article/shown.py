"""What the article shows as output; see ORIGIN.md."""

from __future__ import annotations

import json
from typing import Any

USER_ASSIGNED_IDENTITY: dict[str, Any] = json.loads("""
{
    "principalId": "null",
    "tenantId": "aaaabbbb-0000-cccc-1111-dddd2222eeee",
    "type": "UserAssigned",
    "userAssignedIdentities": {
      "/subscriptions/aaaa0a0a-bb1b-cc2c-dd3d-eeeeee4e4e4e/resourcegroups/danlep1018/providers/Microsoft.ManagedIdentity/userAssignedIdentities/myACIId": {
        "clientId": "00001111-aaaa-2222-bbbb-3333cccc4444",
        "principalId": "aaaaaaaa-bbbb-cccc-1111-222222222222"
      }
    }
}
""")  # noqa: E501
SYSTEM_ASSIGNED_IDENTITY: dict[str, Any] = json.loads("""
{
    "principalId": "bbbbbbbb-cccc-dddd-2222-333333333333",
    "tenantId": "aaaabbbb-0000-cccc-1111-dddd2222eeee",
    "type": "SystemAssigned",
    "userAssignedIdentities": null
}
""")
TOKEN: dict[str, Any] = json.loads(
    '{"access_token":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx1QiLCJhbGciOiJSUzI1NiIsIng1dCI6Imk2bEdrM0Za'
    "enhSY1ViMkMzbkVRN3N5SEpsWSIsImtpZCI6Imk2bEdrM0ZaenhSY1ViMkMzbkVRN3N5SEpsWSJ9......xxxxxxxxxxx"
    'xxxxxx","refresh_token":"","expires_in":"28799","expires_on":"1539927532","not_before":"15398'
    '98432","resource":"https://vault.azure.net/","token_type":"Bearer"}'
)
SECRET: dict[str, Any] = json.loads(
    '{"value":"Hello Container Instances","contentType":"ACIsecret","id":"https://mykeyvault.vault'
    '.azure.net/secrets/SampleSecret/xxxxxxxxxxxxxxxxxxxx","attributes":{"enabled":true,"created":'
    '1539965967,"updated":1539965967,"recoveryLevel":"Purgeable"},"tags":{"file-encoding":"utf-8"}}'
)
SECRET_BY_CLI = '"Hello Container Instances"'
