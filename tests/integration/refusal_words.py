"""What each bad object says: its summary, and its message to the letter.

`{ns}` is the namespace, `{rg}` the resource group's ARM ID. A message that ends in a blank is the
beginning of a longer one, which goes on with Azure's own words.
"""

from __future__ import annotations

Row = tuple[str, tuple[str, str, str], str]

SECRET_FIELD = "spec.credential.servicePrincipal.clientSecretFrom.secretKeyRef"


def stalled(reason: str) -> tuple[str, str, str]:
    return "False", reason, "Stalled"


def waiting(reason: str) -> tuple[str, str, str]:
    return "False", reason, "Reconciling"


def exists(target: str, id_: str, changes: str = "nothing") -> Row:
    words = (
        f"{id_} exists and was not made by this operator. Choose another spec.azureName, delete "
        "the resource, or take it over by spec.operator.adoptionPolicy: Adopt. It is left as it "
        f"is. It differs from the spec in {changes}."
    )
    return target, stalled("AlreadyExists"), words


BAD: list[Row] = [
    exists(
        "resourcegroup/foreign-group",
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/foreignGroup",
    ),
    exists(
        "userassignedidentity/foreign-id",
        "{rg}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/foreignId",
    ),
    exists(
        "keyvault/foreign-vault",
        "{rg}/providers/Microsoft.KeyVault/vaults/foreignvault",
        "spec.permissionModel",
    ),
    exists(
        "containergroup/foreign-containers",
        "{rg}/providers/Microsoft.ContainerInstance/containerGroups/foreign-containers",
        "spec.containers[main].command",
    ),
    exists(
        "keyvaultsecret/foreign-secret",
        "{rg}/providers/Microsoft.KeyVault/vaults/mykeyvault/secrets/foreignSecret",
        "spec.valueFrom",
    ),
    (
        "keyvault/taken-vault",
        stalled("NameUnavailable"),
        "spec.azureName takenvault is taken. Vault names are unique in the world, and a deleted "
        "vault keeps its name. Choose another one. Azure said: VaultAlreadyExists: ",
    ),
    (
        "userassignedidentity/no-group",
        waiting("WaitingForReference"),
        "spec.resourceGroupRef names ResourceGroup {ns}/no-such-rg, which does not exist. Create "
        "it.",
    ),
    (
        "containergroup/going-identity",
        waiting("WaitingForReference"),
        "spec.identity.userAssigned[0] names UserAssignedIdentity {ns}/going-id, which is being "
        "deleted.",
    ),
    (
        "keyvaultaccess/no-principal",
        waiting("WaitingForReference"),
        "spec.principal.containerGroupRef names ContainerGroup {ns}/no-such-group, which does not "
        "exist. Create it.",
    ),
    (
        "keyvaultsecret/no-secret",
        waiting("WaitingForSecret"),
        "spec.valueFrom.secretKeyRef names Secret no-such-secret, which does not exist in "
        "namespace {ns}. Create it with key value.",
    ),
    (
        "containergroup/no-key",
        waiting("WaitingForSecret"),
        "spec.containers[main].environmentVariables[TOKEN].secureValueFrom.secretKeyRef names key "
        "no-such-key, which Secret sample does not have. Add the key, or name another one.",
    ),
    (
        "keyvaultsecret/binary",
        stalled("InvalidSpec"),
        "spec.valueFrom.secretKeyRef names a value that is not UTF-8 text. Key Vault secrets are "
        "text; store the value as base64 text.",
    ),
    (
        "resourcegroup/ignore",
        stalled("InvalidSpec"),
        "spec.operator.ignoreDrift names size, which is not compared with Azure on a "
        "ResourceGroup. Known paths: location, managedBy, tags.*.",
    ),
    (
        "containergroup/late",
        stalled("InvalidSpec"),
        "spec.operator.start is AfterAccess, and spec.operator.waitFor names no grant. List the "
        "KeyVaultAccess and RoleAssignment objects to wait for, or give the access by "
        "spec.operator.keyVaultAccess.",
    ),
    (
        "resourcegroup/cluster-account",
        stalled("NoAccount"),
        "ClusterAzureAccount shared does not exist. Create it.",
    ),
    (
        "keyvaultaccess/by-policy",
        stalled("VaultUsesRbac"),
        "spec.mode is AccessPolicy, but the vault's permission model is RBAC, so the grant would "
        "be ignored. Set spec.mode to Auto, or change the vault.",
    ),
    (
        "keyvaultaccess/by-role",
        stalled("VaultUsesAccessPolicies"),
        "spec.mode is RBAC, but the vault's permission model is AccessPolicy, so the grant would "
        "be ignored. Set spec.mode to Auto, or change the vault.",
    ),
    (
        "containergroup/steady",
        stalled("RequiresReplacement"),
        "Azure cannot change this on a living group: spec.restartPolicy: Always → Never. Change it "
        "back, or set spec.operator.update to Replace: the group is then deleted and created "
        "again, with a new system-assigned identity and a new address. The group runs on as it "
        "was.",
    ),
]

ACCOUNTS: list[Row] = [
    (
        "azureaccount/wrong-secret",
        stalled("CredentialRejected"),
        "AADSTS7000215: ",
    ),
    (
        "resourcegroup/wrong-secret",
        waiting("AccountNotReady"),
        "AzureAccount wrong-secret is not ready: AADSTS7000215: ",
    ),
    (
        "azureaccount/no-secret",
        waiting("WaitingForSecret"),
        f"{SECRET_FIELD} names Secret no-secret, which does not exist in namespace {{ns}}. Create "
        "it with key clientSecret.",
    ),
    (
        "azureaccount/no-key",
        waiting("WaitingForSecret"),
        f"{SECRET_FIELD} names key clientSecret, which Secret no-key does not have. Add the key, "
        "or name another one.",
    ),
    (
        "azureaccount/bad-bundle",
        stalled("InvalidEndpoint"),
        "spec.endpoints.caBundle is not the base64 form of a PEM certificate bundle. Make it with "
        "`base64 -w0 ca.pem`.",
    ),
    (
        "resourcegroup/no-such-account",
        stalled("NoAccount"),
        "AzureAccount no-such-account does not exist in namespace {ns}. Create it.",
    ),
    (
        "resourcegroup/undecided",
        stalled("AmbiguousAccount"),
        "Namespace {ns} has several AzureAccounts (azure, bad-bundle, no-key, no-secret, "
        "rightless, wrong-secret). Name one in spec.accountRef.",
    ),
    (
        "resourcegroup/azure",
        ("True", "Available", ""),
        "The resource is there and as the spec says.",
    ),
]

NOBODYS: list[Row] = [
    (
        "resourcegroup/foreign-group",
        stalled("NoAccount"),
        "Namespace {ns} has no AzureAccount, and no ClusterAzureAccount lists it. Create an "
        "AzureAccount; the objects of the namespace will find it.",
    ),
]
