"""What a change of each field of the smaller kinds does, as data.

`tests/cases/test_changes.py` makes each kind of change and looks at what Azure is sent.
ContainerGroup has a table of its own, which the operator goes by (`container_group/effects.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

FIXED = "none: the API server refuses it"
PATCHED = "one PATCH; nothing restarts"
SIGN_IN = "a new sign-in at once"
NEXT_LOOK = "counts from each object's next look on, for deletions too"
VERSION = "one new version of the secret"
IN_PLACE = "one PATCH of the current version"
OR_AGAIN = f"{IN_PLACE}; where it leaves the spec, one new version of the same value"
NEW_FIRST = "a new assignment, which stands before the former one is deleted"
PUT = "one PUT of the same assignment"

_ACCOUNT = {
    "credential": SIGN_IN,
    "cloud": SIGN_IN,
    "endpoints": SIGN_IN,
    "allowExec": "counts from each object's next look on",
}
CHANGES: Mapping[str, Mapping[str, str]] = {
    "AzureAccount": _ACCOUNT,
    "ClusterAzureAccount": {
        **_ACCOUNT,
        "allowedNamespaces": NEXT_LOOK,
        "allowedScopes": NEXT_LOOK,
        "allowedRoles": NEXT_LOOK,
    },
    "ResourceGroup": {
        "tags": PATCHED,
        "contents": "none in Azure: it counts at the deletion",
    },
    "UserAssignedIdentity": {
        "tags": PATCHED,
        "isolationScope": "one PUT, which keeps the principal",
    },
    "KeyVault": {
        "tags": PATCHED,
        "sku": PATCHED,
        "enabledFor": PATCHED,
        "publicNetworkAccess": PATCHED,
        "networkAcls": PATCHED,
        "permissionModel": "the operator's new access, one PATCH, then its former access goes",
        "enablePurgeProtection": "on by one PATCH; off: the API server refuses it",
        "softDeleteRetentionInDays": FIXED,
        "softDeleted": "none in Azure: it counts when the vault is made",
    },
    "KeyVaultSecret": {
        "valueFrom": f"{VERSION}, if the value is another one",
        "contentType": OR_AGAIN,
        "attributes.enabled": IN_PLACE,
        "attributes": OR_AGAIN,
        "tags": IN_PLACE,
    },
    "KeyVaultAccess": {
        "principal": "the new principal gets the access before the former one loses it",
        "permissions": "what is missing is added, then what is too much goes",
        "mode": "none where the vault goes by that model, else it is refused",
        "probe": "none in Azure: another place to look from",
    },
    "RoleAssignment": {
        "scope": NEW_FIRST,
        "roleName": NEW_FIRST,
        "roleDefinitionId": NEW_FIRST,
        "principal": NEW_FIRST,
        "description": PUT,
        "condition": PUT,
    },
}
"""Kind -> beginning of a field's path -> what a change does; the longest beginning counts."""
