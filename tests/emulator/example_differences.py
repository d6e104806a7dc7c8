"""Which published examples are out of scope, and where the others are answered otherwise.

Both lists are reviewed. `(example, difference, reason)`: an example's name may hold `*`; a
difference is `- path` for what our answer lacks, `+ path` for what it has in addition, `status n`
for another status. Where an example and a recording disagree, the recording counts.
"""

from __future__ import annotations

_OPERATIONS = "lists of a provider's operations: nobody in this job asks for them"
_ENDPOINTS = "private endpoints are not emulated: their path is refused as unknown"
_SECRETS = "secrets of the management plane are not emulated: their path is refused as unknown"
_ROLES = "custom roles are settings of the emulator: they are not made by requests"
_PERMISSIONS = "the caller's permissions are not listed: only their effect is emulated"

EXAMPLES_OUT_OF_SCOPE: dict[str, str] = {
    "authorization/DeleteRoleDefinition": _ROLES,
    "authorization/PutRoleDefinition": _ROLES,
    "authorization/GetPermissions": _PERMISSIONS,
    "authorization/GetResourcePermissions": _PERMISSIONS,
    "authorization/GetRoleDefinitionById": "no operation of the swagger files names it",
    "containerinstance/OperationsList": _OPERATIONS,
    "containerinstance/SubnetServiceAssociationLinkDelete": "virtual networks are not emulated",
    "keyvault-2023-07-01-providers/listOperations": _OPERATIONS,
    "keyvault-secrets-mgmt-2023-07-01/createSecret": _SECRETS,
    "keyvault-secrets-mgmt-2023-07-01/getSecret": _SECRETS,
    "keyvault-secrets-mgmt-2023-07-01/listSecrets": _SECRETS,
    "keyvault-secrets-mgmt-2023-07-01/updateSecret": _SECRETS,
    "keyvault/deletePrivateEndpointConnection": _ENDPOINTS,
    "keyvault/getPrivateEndpointConnection": _ENDPOINTS,
    "keyvault/listPrivateEndpointConnection": _ENDPOINTS,
    "keyvault/listPrivateLinkResources": _ENDPOINTS,
    "keyvault/putPrivateEndpointConnection": _ENDPOINTS,
    "managedidentity/MsiOperationsList": _OPERATIONS,
}

_TIMEOUT = "answered by the service in 2023 without being declared: recording cli-container_exec"
_FILLED = "filled in by the service: recording cli-container_msi-2021-09-01"
_VIEWED = "every GET, PATCH and DELETE was recorded with it: ps-container-lifecycle"
_AUDIT = "who made it and when: recording cli-role-assignments"
_DAYS = "declared by the swagger, and younger than the example (azure.md section 10.2)"
_HSM = "declared, and never seen in a recording"
_PAGES = "the example's list goes on, ours ends; pages have tests of their own"
_CREATE = "containerinstance/ContainerGroupsCreateOrUpdate"
_OTHER = "the example's answer does not show what its own request sends"
_SOFT = "added by the service (azure.md section 10)"

EXAMPLE_DIFFERENCES: tuple[tuple[str, str, str], ...] = (
    ("authorization/*", "+ *.properties.createdBy", _AUDIT),
    ("authorization/*", "+ *.properties.createdOn", _AUDIT),
    ("authorization/*", "+ *.properties.updatedBy", _AUDIT),
    ("authorization/*", "+ *.properties.updatedOn", _AUDIT),
    ("containerinstance/*", "+ *.properties.isCustomProvisioningTimeout", _TIMEOUT),
    ("containerinstance/*", "+ *.properties.provisioningTimeoutInSeconds", _TIMEOUT),
    ("containerinstance/*", "+ *.properties.initContainers", _FILLED),
    ("containerinstance/*", "+ *.properties.sku", _FILLED),
    ("containerinstance/*", "+ $.properties.instanceView", _VIEWED),
    ("containerinstance/*", "+ $.properties.containers[0].properties.instanceView", _VIEWED),
    (
        "containerinstance/ContainerGroupsList",
        "- $.value[0].properties.containers[0].properties.instanceView",
        "no list was ever recorded with it (azure.md section 1)",
    ),
    (
        "containerinstance/ContainerGroupsGetPriority",
        "- *.instanceView.currentState.*",
        "the example's container has ended, ours runs",
    ),
    (_CREATE, "- $.zones", _OTHER),
    (_CREATE, "+ $.identity", _OTHER),
    (_CREATE, "+ $.properties.subnetIds", _OTHER),
    (_CREATE, "+ $.properties.diagnostics.logAnalytics.*", _OTHER),
    (_CREATE, "- $.properties.ipAddress.*", "assigned later (azure.md section 4)"),
    (
        "containerinstance/ContainerGroupUsage",
        "+ $.value[0].id",
        "recorded: ps-container-lifecycle",
    ),
    ("keyvault-data-*", "+ *.attributes.recoverableDays", _DAYS),
    ("keyvault-data-*", "+ *.attributes.recoveryLevel", "recorded: cli-keyvault-secret"),
    ("keyvault/*", "+ *.properties.enableSoftDelete", _SOFT),
    ("keyvault/*", "+ *.properties.softDeleteRetentionInDays", _SOFT),
    ("keyvault/*", "+ *.properties.publicNetworkAccess", _SOFT),
    ("keyvault/*", "- *.properties.hsmPoolResourceId", _HSM),
    ("keyvault/*Vault", "- $.properties.privateEndpointConnections", _ENDPOINTS),
    (
        "keyvault/*Vault",
        "- $.properties.networkAcls",
        "left out when it is the default: recording cli-keyvault-mgmt",
    ),
    (
        "keyvault/createVaultWithNetworkAcls",
        "status 400",
        "the example leaves accessPolicies out, which the service refuses (azure.md section 10)",
    ),
    ("managedidentity/IdentityListBy*", "- $.nextLink", _PAGES),
    ("managedidentity/FederatedIdentityCredentialList", "- $.nextLink", _PAGES),
    ("keyvault/listVault", "- $.nextLink", _PAGES),
)
