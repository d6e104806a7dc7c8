"""New objects that the API server refuses, each with a twin that it accepts."""

from __future__ import annotations

from integration.crd_objects import (
    MINIMAL,
    UUID,
    Case,
)

CHINA = {
    "resourceManager": "https://management.chinacloudapi.cn",
    "activeDirectory": "https://login.chinacloudapi.cn:443/",
}

REFUSALS = [
    Case(
        "vault-name-too-short",
        "KeyVault",
        {"azureName": "abc"},
        {"azureName": "ab"},
        'spec.azureName: Invalid value: "string": azureName is not a valid vault name: it'
        " has 3 to 24 letters, digits and hyphens, begins with a letter, ends with a "
        "letter or a digit and holds no two hyphens in a row; choose another name",
    ),
    Case(
        "vault-name-too-long",
        "KeyVault",
        {"azureName": "a" * 24},
        {"azureName": "a" * 25},
        "spec.azureName: Too long: may not be more than 24 bytes",
    ),
    Case(
        "vault-name-with-underscore",
        "KeyVault",
        {"azureName": "a-b"},
        {"azureName": "a_b"},
        'spec.azureName: Invalid value: "string": azureName is not a valid vault name: it'
        " has 3 to 24 letters, digits and hyphens, begins with a letter, ends with a "
        "letter or a digit and holds no two hyphens in a row; choose another name",
    ),
    Case(
        "vault-name-two-hyphens",
        "KeyVault",
        {"azureName": "a-b-c"},
        {"azureName": "a--b"},
        'spec.azureName: Invalid value: "string": azureName is not a valid vault name: it'
        " has 3 to 24 letters, digits and hyphens, begins with a letter, ends with a "
        "letter or a digit and holds no two hyphens in a row; choose another name",
    ),
    Case(
        "vault-name-from-a-digit",
        "KeyVault",
        {"azureName": "a1b"},
        {"azureName": "1ab"},
        'spec.azureName: Invalid value: "string": azureName is not a valid vault name: it'
        " has 3 to 24 letters, digits and hyphens, begins with a letter, ends with a "
        "letter or a digit and holds no two hyphens in a row; choose another name",
    ),
    Case(
        "vault-name-left-out", "KeyVault", {}, {"azureName": None}, "spec.azureName: Required value"
    ),
    Case(
        "a-principal-named-twice",
        "KeyVaultAccess",
        {"principal": {"userAssignedIdentityRef": {"name": "a"}}},
        {
            "principal": {
                "userAssignedIdentityRef": {"name": "a"},
                **MINIMAL["KeyVaultAccess"]["principal"],
            }
        },
        'spec.principal: Invalid value: "object": principal needs exactly one of '
        "containerGroupRef, userAssignedIdentityRef and principalId; name one principal, "
        "and make another KeyVaultAccess for each further one",
    ),
    Case(
        "a-principal-id-without-its-type",
        "KeyVaultAccess",
        {"principal": {"principalId": UUID, "principalType": "Group"}},
        {"principal": {"principalId": UUID}},
        'spec.principal: Invalid value: "object": principalId and principalType go '
        "together; give both, or neither and a reference",
    ),
    Case(
        "two-scopes",
        "RoleAssignment",
        {"scope": {"id": "/providers/Microsoft.Management/managementGroups/mine"}},
        {"scope": {"id": "/subscriptions/s", "keyVaultRef": {"name": "v"}}},
        'spec.scope: Invalid value: "object": scope needs exactly one of resourceGroupRef, '
        "keyVaultRef, userAssignedIdentityRef, containerGroupRef and id; make another "
        "RoleAssignment for each further scope",
    ),
    Case(
        "two-roles",
        "RoleAssignment",
        {"roleName": None, "roleDefinitionId": UUID},
        {"roleDefinitionId": UUID},
        'spec: Invalid value: "object": a RoleAssignment needs exactly one of roleName and '
        "roleDefinitionId; give one of them",
    ),
    Case(
        "a-condition-without-its-version",
        "RoleAssignment",
        {"condition": "true", "conditionVersion": "2.0"},
        {"condition": "true"},
        'spec: Invalid value: "object": condition and conditionVersion go together; give both or '
        "neither",
    ),
    Case(
        "two-principals-of-a-role",
        "RoleAssignment",
        {"principal": {"principalId": UUID, "principalType": "User"}},
        {"principal": {}},
        'spec.principal: Invalid value: "object": principal needs exactly one of '
        "containerGroupRef, userAssignedIdentityRef and principalId; name one principal, and make "
        "another RoleAssignment for each further one",
    ),
    Case(
        "no-permission-at-all",
        "KeyVaultAccess",
        {"permissions": {"keys": ["wrapKey"]}},
        {"permissions": {"secrets": []}},
        'spec.permissions: Invalid value: "object": permissions is empty; list at least '
        "one permission in secrets, keys or certificates",
    ),
    Case(
        "a-permission-in-another-letter-case",
        "KeyVaultAccess",
        {"permissions": {"secrets": ["get", "list"]}},
        {"permissions": {"secrets": ["Get"]}},
        'spec.permissions.secrets[0]: Unsupported value: "Get": supported values: "get", '
        '"list", "set", "delete", "backup", "restore", "recover", "purge"',
    ),
    Case(
        "no-credential",
        "AzureAccount",
        {},
        {"credential": {}},
        'spec.credential: Invalid value: "object": credential needs exactly one source; '
        "give one of servicePrincipal and workloadIdentity",
    ),
    Case(
        "an-endpoint-without-tls",
        "AzureAccount",
        {"endpoints": {**CHINA, "keyVaultAudience": "https://vault.azure.cn"}},
        {"endpoints": {**CHINA, "resourceManager": "http://localhost:1"}},
        'spec.endpoints.resourceManager: Invalid value: "string": '
        "endpoints.resourceManager is not an address of a server; write https://HOST or "
        "https://HOST:PORT, without user, path or query",
    ),
    Case(
        "a-tag-of-the-operator",
        "ResourceGroup",
        {"tags": {"Cost Centre": "7"}},
        {"tags": {"ACI-Operator-Owner": "me"}},
        'spec.tags: Invalid value: "object": tags that begin with aci-operator are the '
        "operator's own; choose another name",
    ),
    Case(
        "a-tag-that-azure-refuses",
        "ResourceGroup",
        {"tags": {"a.b-c": "<>"}},
        {"tags": {"a\\b": "1"}},
        'spec.tags: Invalid value: "object": a tag\'s name must hold none of < > % & \\ ? /'
        " (Azure's rule); rename it",
    ),
    Case(
        "a-poll-interval-of-nothing",
        "ResourceGroup",
        {"operator": {"pollInterval": "1h30m"}},
        {"operator": {"pollInterval": "0s"}},
        'spec.operator.pollInterval: Invalid value: "string": operator.pollInterval is '
        "not a duration from 1s to 24h; write it like 10m or 1h30m",
    ),
    Case(
        "purge-protection-that-says-no",
        "KeyVault",
        {"enablePurgeProtection": True},
        {"enablePurgeProtection": False},
        'spec.enablePurgeProtection: Invalid value: "boolean": enablePurgeProtection takes '
        "only true, because Azure refuses false; leave it out to have no purge protection",
    ),
    Case(
        "a-sign-in-address-with-a-path",
        "AzureAccount",
        {"endpoints": CHINA},
        {"endpoints": {**CHINA, "activeDirectory": "https://login.chinacloudapi.cn/tenant"}},
        'spec.endpoints.activeDirectory: Invalid value: "string": '
        "endpoints.activeDirectory is not an address of a server; write https://HOST or "
        "https://HOST:PORT, without user, path or query",
    ),
    Case(
        "a-tag-name-too-long",
        "UserAssignedIdentity",
        {"tags": {"a" * 512: "b" * 256}},
        {"tags": {"a" * 513: "b"}},
        'spec.tags: Invalid value: "object": a tag\'s name has 1 to 512 characters '
        "(Azure's limit); shorten it",
        object_name="an-identity",
    ),
    Case(
        "a-tag-name-too-long-for-a-secret",
        "KeyVaultSecret",
        {"tags": {"a" * 256: "b" * 256}},
        {"tags": {"a" * 257: "b"}},
        'spec.tags: Invalid value: "object": a tag\'s name has 1 to 256 characters (Key '
        "Vault's limit); shorten it",
    ),
]
