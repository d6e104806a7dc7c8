"""The reviewed lists: where today's output is not the article's, and our Azure not the CLI's.

By path: what the one has, what the other has (None: absent or null), and why. An entry that no
longer applies fails the tests, as does a difference that is not listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from article import shown

Differences = Mapping[str, tuple[Any, Any, str]]

_NULL = 'the article prints the absent value as the text "null", the CLI as null'
_ITS_GROUP = "the article's output is from another group than its own commands make"
_ITS_IDS = "IDs"
_TIMES = "times"
_NEWER = "newer identity endpoints say so as well"
_SOFT_DELETE = "vaults keep deleted secrets now, for 90 days by default"

_ARTICLE_IDENTITY = (
    "userAssignedIdentities./subscriptions/aaaa0a0a-bb1b-cc2c-dd3d-eeeeee4e4e4e/resourcegroups/"
    "danlep1018/providers/Microsoft.ManagedIdentity/userAssignedIdentities/myACIId"
)
_IDENTITY = (
    "userAssignedIdentities./subscriptions/subscription/resourcegroups/myResourceGroup/providers/"
    "Microsoft.ManagedIdentity/userAssignedIdentities/myACIId"
)

USER_ASSIGNED_IDENTITY: Differences = {
    "principalId": ("null", None, _NULL),
    "tenantId": ("aaaabbbb-0000-cccc-1111-dddd2222eeee", "tenant", _ITS_IDS),
    _ARTICLE_IDENTITY: (
        {
            "clientId": "00001111-aaaa-2222-bbbb-3333cccc4444",
            "principalId": "aaaaaaaa-bbbb-cccc-1111-222222222222",
        },
        None,
        _ITS_GROUP,
    ),
    _IDENTITY: (
        None,
        {"clientId": "appid of myACIId", "principalId": "oid of myACIId"},
        _ITS_GROUP,
    ),
}
SYSTEM_ASSIGNED_IDENTITY: Differences = {
    "principalId": ("bbbbbbbb-cccc-dddd-2222-333333333333", "oid of mycontainer", _ITS_IDS),
    "tenantId": ("aaaabbbb-0000-cccc-1111-dddd2222eeee", "tenant", _ITS_IDS),
}

TOKEN: Differences = {
    "access_token": (shown.TOKEN["access_token"], "a token for oid of myACIId", _ITS_IDS),
    "expires_on": ("1539927532", "a time", _TIMES),
    "not_before": ("1539898432", "a time", _TIMES),
    "client_id": (None, "appid of myACIId", _NEWER),
    "ext_expires_in": (None, "28799", _NEWER),
}
SECRET: Differences = {
    "id": (
        "https://mykeyvault.vault.azure.net/secrets/SampleSecret/xxxxxxxxxxxxxxxxxxxx",
        "https://mykeyvault.vault.azure.net/secrets/SampleSecret/a version",
        _ITS_IDS,
    ),
    "attributes.created": (1539965967, "a time", _TIMES),
    "attributes.updated": (1539965967, "a time", _TIMES),
    "attributes.recoveryLevel": ("Purgeable", "Recoverable+Purgeable", _SOFT_DELETE),
    "attributes.recoverableDays": (None, 90, _SOFT_DELETE),
}

_OWNER = "our mark on what is ours"
_HASH = "our mark of the value written, since we never read values"
_ENCODING = "the CLI's own note about the file that it might have read the value from"
_LEAST = "the operator takes for itself what it needs to keep secrets, and no right to read them"
_SCOPE = (
    "`--scope` makes the container a Contributor of its whole group; the vault's policy alone is "
    "what the example needs"
)
_CASE = (
    "the CLI sends the ID that Azure answered, with a small `resourcegroups`; we write IDs as ARM "
    "documents them, and compare without letter case"
)
_VAULT = "vaults.mykeyvault"
_POLICY = f"{_VAULT}.properties.accessPolicies[0].permissions"
_TAG = "tags.aci-operator-owner"
_USER_IDENTITIES = "containerGroups.mycontainer.identity.userAssignedIdentities"
_AS_ANSWERED = _IDENTITY.replace("userAssignedIdentities", _USER_IDENTITIES, 1)
_AS_DOCUMENTED = _AS_ANSWERED.replace("resourcegroups", "resourceGroups")
_MY_ACI_ID = {"principalId": "oid of myACIId", "clientId": "appid of myACIId"}

EACH: Differences = {
    "resourceGroups.myResourceGroup.tags": (
        None,
        {"aci-operator-owner": "*/article/my-rg"},
        _OWNER,
    ),
    f"{_VAULT}.{_TAG}": (None, "*/article/mykeyvault", _OWNER),
    f"{_POLICY}.secrets": (["all"], ["set", "list", "delete", "recover"], _LEAST),
    f"{_POLICY}.keys": (["all"], None, _LEAST),
    f"{_POLICY}.certificates": (["all"], None, _LEAST),
    f"{_POLICY}.storage": (["all"], None, _LEAST),
    f"secrets.SampleSecret.{_TAG}": (None, "*/article/sample-secret", _OWNER),
    "secrets.SampleSecret.tags.aci-operator-hash": (None, "*", _HASH),
    "secrets.SampleSecret.tags.file-encoding": ("utf-8", None, _ENCODING),
    f"userAssignedIdentities.myACIId.{_TAG}": (None, "*/article/my-aci-id", _OWNER),
    f"containerGroups.mycontainer.{_TAG}": (None, "*/article/mycontainer", _OWNER),
}
STATES: Mapping[str, Differences] = {
    "example 1": {
        **EACH,
        _AS_ANSWERED: (_MY_ACI_ID, None, _CASE),
        _AS_DOCUMENTED: (None, _MY_ACI_ID, _CASE),
    },
    "example 2": {
        **EACH,
        "roleAssignments.Contributor to oid of mycontainer": (
            {
                "roleDefinitionId": "/subscriptions/subscription/providers/Microsoft.Authorization"
                "/roleDefinitions/Contributor",
                "principalId": "oid of mycontainer",
                "principalType": "ServicePrincipal",
                "scope": "/subscriptions/subscription/resourceGroups/myResourceGroup",
                "createdOn": "*",
                "updatedOn": "*",
                "createdBy": "oid of the caller",
                "updatedBy": "oid of the caller",
            },
            None,
            _SCOPE,
        ),
    },
}
