"""Every reason that a condition or an event of ours can carry, each with its meaning.

`docs/reasons.md` is made from this file: `python -m aci_operator.api.reasons > docs/reasons.md`.
"""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """One reason: its word and its one-line meaning for users."""

    word: str
    meaning: str


ALL: dict[str, Reason] = {}


def _reason(word: str, meaning: str) -> str:
    ALL[word] = Reason(word, meaning)
    return word


# What is well.
AVAILABLE = _reason("Available", "The Azure resource is there and as the spec says.")
RUNNING = _reason("Running", "All containers of the group run.")
SUCCEEDED = _reason("Succeeded", "The run-once group ended and its containers exited with 0.")
FAILED = _reason(
    "Failed", "The run-once group ended, and a container exited with another code than 0."
)
GRANTED = _reason("Granted", "Azure shows the grant.")
ACCESS_READY = _reason(
    "AccessReady", "All grants that the group waits for have effect: its containers may start."
)
PROVED = _reason(
    "Proved", "A probe read the secret from inside the container, three times in a row."
)
SETTLED = _reason(
    "Settled", "The grant has stood for its settle time; nobody has looked whether it works."
)
CREDENTIAL_ACCEPTED = _reason("CredentialAccepted", "Microsoft Entra gave the credential a token.")
RESOLVED = _reason("Resolved", "All references are resolved.")
IN_SYNC = _reason("InSync", "Azure was last seen as the spec says.")
NO_DRIFT = _reason("NoDrift", "Azure's state no longer differs from the spec.")
PRINCIPAL_KNOWN = _reason("PrincipalKnown", "Azure has named the identities' principal IDs.")

# What takes its time.
CREATING = _reason("Creating", "The resource is about to be created, or Azure is creating it.")
UPDATING = _reason("Updating", "Azure is applying a change.")
REPLACING = _reason(
    "Replacing", "The group is being deleted and made anew, as spec.operator.update allows."
)
RECOVERING = _reason("Recovering", "A deleted resource of that name is being brought back.")
PURGING = _reason("Purging", "The deleted vault of that name is being removed for good.")
DELETING = _reason("Deleting", "The resource is being deleted; the finalizer stays till then.")
WAITING_FOR_SUBNET = _reason(
    "WaitingForSubnet", "Another group is being deleted from the same subnet, and goes first."
)
STARTING = _reason("Starting", "The group is provisioned, its containers do not all run yet.")
WAITING_FOR_REFERENCE = _reason(
    "WaitingForReference", "An object that the spec names is not there, not ready, or going away."
)
WAITING_FOR_SECRET = _reason("WaitingForSecret", "A Secret or a key in it is missing.")
WAITING_FOR_PRINCIPAL = _reason(
    "WaitingForPrincipal", "The principal is too new for Azure to know it everywhere."
)
ROLE_NOT_FOUND = _reason(
    "RoleNotFound", "No role of that name, or more than one, can be assigned at the scope."
)
PRINCIPAL_NOT_FOUND = _reason(
    "PrincipalNotFound", "Azure still does not know the principal after ten minutes."
)
GRANTING = _reason("Granting", "The grant is being written or is not visible yet.")
PLACEHOLDER = _reason(
    "Placeholder",
    "A group that does nothing stands for the real one, so that its principal exists.",
)
WAITING_FOR_ACCESS = _reason(
    "WaitingForAccess", "The containers are not started before the named grants have effect."
)
PROPAGATING = _reason("Propagating", "Azure shows the grant, and may not act by it everywhere yet.")
IN_USE = _reason("InUse", "Deletion waits: other objects still use this one.")
CONFLICT = _reason("Conflict", "Another operation on the resource is in the way; it is retried.")
THROTTLED = _reason("Throttled", "Azure asked to wait; the message says for how long.")
AZURE_WRITES_STOPPED = _reason(
    "AzureWritesStopped", "An administrator has stopped all writes to Azure; reads go on."
)
QUOTA_EXCEEDED = _reason(
    "QuotaExceeded", "A quota of the region is used up; the message has Azure's numbers."
)
CAPACITY_UNAVAILABLE = _reason(
    "CapacityUnavailable", "The region has no room for the group now; it is tried again for ever."
)
IMAGE_INACCESSIBLE = _reason(
    "ImageInaccessible", "Azure cannot reach an image; after 30 minutes a human is asked."
)
REGISTRY_UNAVAILABLE = _reason(
    "RegistryUnavailable", "The image's registry answers with an error; it is tried again."
)
DNS_LABEL_TAKEN = _reason(
    "DnsLabelTaken", "Another group of the region has spec.ipAddress.dnsNameLabel."
)
AZURE_UNAVAILABLE = _reason("AzureUnavailable", "Azure did not answer as it should; it is retried.")
NOT_FOUND = _reason("NotFound", "What is only observed does not exist in Azure.")
ADOPTING = _reason("Adopting", "A resource that was there is being taken over.")
PROVISIONING_FAILED = _reason("ProvisioningFailed", "Azure says that the last operation failed.")
CONTAINERS_NOT_RUNNING = _reason(
    "ContainersNotRunning", "A container of the group waits, crashes or has ended."
)
IMAGE_PULL_FAILED = _reason(
    "ImagePullFailed",
    "An image cannot be pulled; the message has Azure's words and what to look at.",
)
MOUNT_FAILED = _reason("MountFailed", "A volume cannot be mounted.")
INIT_CONTAINER_FAILED = _reason(
    "InitContainerFailed", "An init container did not exit with 0, so the others do not start."
)
CRASH_LOOPING = _reason(
    "CrashLooping",
    "A container ends and is restarted again and again; the message has its exit code.",
)
UNHEALTHY = _reason("Unhealthy", "A probe of a container fails.")
POLICY_MISMATCH = _reason(
    "PolicyMismatch", "The policy for confidential computing denies a container's image."
)
STOPPED = _reason("Stopped", "The group is stopped: as its spec asks, or from outside.")

# What is accepted, and perhaps not meant.
WINDOWS_IDENTITY_ENDPOINT = _reason(
    "WindowsIdentityEndpoint", "On Windows a token is asked for in another way (docs/windows.md)."
)
REGISTRY_CREDENTIAL_MISSING = _reason(
    "RegistryCredentialMissing", "No credential is for the image's registry, though one may be."
)
POLICY_NEEDS_DIGEST = _reason(
    "PolicyNeedsDigest", "A confidential group names an image by a tag, which may move."
)
PRIVILEGED_NEEDS_CONFIDENTIAL = _reason(
    "PrivilegedNeedsConfidential", "A privileged container in a group of another sku."
)
PRINCIPAL_CHANGED = _reason(
    "PrincipalChanged", "The group has another system-assigned identity than before."
)
VAULT_FIREWALL_MAY_BLOCK = _reason(
    "VaultFirewallMayBlock",
    "The vault lets in known networks alone, and the group's is not known to be one.",
)
GPU_NOT_IN_REGION = _reason(
    "GpuNotInRegion", "The region does not list a graphics processor that the spec asks for."
)
PORT_NOT_EXPOSED = _reason("PortNotExposed", "The address opens a port that no container lists.")
RESERVED_PORT = _reason("ReservedPort", "Azure keeps the port for itself.")

# What a human must act on.
NO_ACCOUNT = _reason(
    "NoAccount",
    "The account is not there, or none is named and the namespace has no AzureAccount and no "
    "ClusterAzureAccount that lists it.",
)
AMBIGUOUS_ACCOUNT = _reason(
    "AmbiguousAccount", "Several accounts serve the namespace; spec.accountRef must choose."
)
NAMESPACE_NOT_ALLOWED = _reason(
    "NamespaceNotAllowed", "spec.allowedNamespaces of the ClusterAzureAccount lacks the namespace."
)
SCOPE_NOT_ALLOWED = _reason(
    "ScopeNotAllowed",
    "An ARM ID lies outside spec.allowedScopes of the ClusterAzureAccount; Azure was not asked.",
)
ROLE_NOT_ALLOWED = _reason(
    "RoleNotAllowed", "spec.allowedRoles of the ClusterAzureAccount lacks the role that is needed."
)
ACCOUNT_NOT_READY = _reason("AccountNotReady", "The account's credential does not work.")
CREDENTIAL_REJECTED = _reason("CredentialRejected", "Microsoft Entra refused the credential.")
TOKEN_REQUEST_DENIED = _reason(
    "TokenRequestDenied", "The operator may not ask for tokens of the account's ServiceAccount."
)
NO_TOKEN_IN_TERMINATING_NAMESPACE = _reason(
    "NoTokenInTerminatingNamespace",
    "A namespace that is being deleted gives no token; the message names the way out.",
)
INVALID_ENDPOINT = _reason("InvalidEndpoint", "spec.endpoints of the account cannot be used.")
PUBLIC_ADDRESS_IN_VIRTUAL_NETWORK = _reason(
    "PublicAddressInVirtualNetwork", "A group with subnetIds cannot have a public address."
)
LIMIT_EXCEEDS_GROUP_REQUEST = _reason(
    "LimitExceedsGroupRequest", "A container's limit is above what the whole group requests."
)
EXTENSION_NEEDS_SUBNET = _reason(
    "ExtensionNeedsSubnet", "The extension works in a virtual network alone."
)
SPOT_WITH_ADDRESS = _reason("SpotWithAddress", "A Spot group cannot have an address.")
SPOT_WITH_SKU = _reason("SpotWithSku", "Spot is there for the Standard sku alone.")
SPOT_WITH_GPU = _reason("SpotWithGpu", "A Spot group cannot have a GPU.")
NO_TOKEN_IN_WINDOWS_NETWORK = _reason(
    "NoIdentityTokenInWindowsVirtualNetwork",
    "A Windows group in a virtual network cannot get a token of its identity.",
)
DUPLICATE_IDENTITY = _reason("DuplicateIdentity", "An identity is named twice.")
AMBIGUOUS_IDENTITY = _reason(
    "AmbiguousIdentity", "The group has several identities, and the spec does not choose one."
)
INJECTED_IDENTITY_NOT_ASSIGNED = _reason(
    "InjectedIdentityNotAssigned", "The containers' identity is not one of the group's own."
)
DUPLICATE_CONTAINER_NAME = _reason(
    "DuplicateContainerName", "A container and an init container have the same name."
)
DUPLICATE_PORT = _reason("DuplicatePort", "A port of the address is named twice.")
UNKNOWN_VOLUME = _reason("UnknownVolume", "A mount names a volume that the spec does not have.")
PATH_NOT_ALLOWED = _reason(
    "PathNotAllowed", "A file's name or a folder in spec.volumes leads out of its volume."
)
UNKNOWN_SECRET_REFERENCE = _reason(
    "UnknownSecretReference", "A field names an entry that spec.secretReferences does not have."
)
REGISTRY_IDENTITY_NOT_ASSIGNED = _reason(
    "RegistryIdentityNotAssigned", "The identity for a registry is not one of the group's own."
)
ENCRYPTION_IDENTITY_NOT_ASSIGNED = _reason(
    "EncryptionIdentityNotAssigned", "The identity for the key is not one of the group's own."
)
SECRET_IDENTITY_NOT_ASSIGNED = _reason(
    "SecretIdentityNotAssigned", "The identity for a secret is not one of the group's own."
)
ACL_IDENTITY_NOT_ASSIGNED = _reason(
    "AclIdentityNotAssigned", "An identity in identityAcls is not one of the group's own."
)
EMPTY_CCE_POLICY = _reason("EmptyCcePolicy", "The policy for confidential computing is empty.")
INVALID_CCE_POLICY = _reason("InvalidCcePolicy", "The policy is not base64.")
POLICY_WITHOUT_CONFIDENTIAL = _reason(
    "PolicyWithoutConfidentialSku", "Only groups with sku Confidential have such a policy."
)
SUBNET_NOT_DELEGATED = _reason(
    "SubnetNotDelegated", "The subnet is not delegated to Microsoft.ContainerInstance."
)
IDENTITY_NOT_SUPPORTED_ON_WINDOWS = _reason(
    "IdentityNotSupportedOnWindows", "This Azure refuses identities on Windows groups."
)
FORBIDDEN_BY_POLICY = _reason(
    "ForbiddenByPolicy", "A probe met a 403: the vault's access policies do not allow it."
)
FORBIDDEN_BY_RBAC = _reason(
    "ForbiddenByRbac", "A probe met a 403: no role assignment that has effect allows it."
)
FORBIDDEN_BY_FIREWALL = _reason(
    "ForbiddenByFirewall", "A probe met a 403: the vault's firewall does not let the group in."
)
NO_TOKEN = _reason(
    "NoToken", "A probe got no token from the identity endpoint inside the container."
)
IDENTITY_ENDPOINT_DEAD = _reason(
    "IdentityEndpointDead",
    "Since a change in place a probe gets no token inside the group; the message has the ways out.",
)
PROBE_FAILED = _reason(
    "ProbeFailed", "A probe could not read the secret, for no reason that says what is wrong."
)
PROBE_TOOL_MISSING = _reason(
    "ProbeToolMissing", "The container has no shell, or none of curl, wget and az that can be used."
)
PROBE_SECRET_MISSING = _reason(
    "ProbeSecretMissing", "The secret that a probe asks for does not exist, or is disabled."
)
EXEC_FORBIDDEN = _reason(
    "ExecForbidden", "Azure does not let the account run a probe: the role for exec is missing."
)
START_NOT_SOUND = _reason(
    "StartNotSound", "A group of this shape cannot be held back until its access has effect."
)
INVALID_SPEC = _reason("InvalidSpec", "The spec contradicts itself; the message says where.")
NOT_SUPPORTED = _reason(
    "NotSupported", "An AzureAccount cannot ask for the operator's own identity."
)
ALREADY_EXISTS = _reason("AlreadyExists", "A resource of that name exists and is not ours.")
ALREADY_CLAIMED = _reason(
    "AlreadyClaimed", "Another object of this cluster has the resource; the message names it."
)
NAME_UNAVAILABLE = _reason("NameUnavailable", "The vault's name is taken, somewhere in the world.")
VAULT_SOFT_DELETED = _reason("VaultSoftDeleted", "A deleted vault still holds the name.")
PURGE_PROTECTED = _reason(
    "PurgeProtected", "The deleted vault that holds the name may not be purged before its time."
)
SECRET_SOFT_DELETED = _reason("SecretSoftDeleted", "A deleted secret still holds the name.")
TARGET_CHANGED = _reason("TargetChanged", "The spec now names another Azure resource than before.")
FORBIDDEN = _reason("Forbidden", "The account lacks a right; the message names action and scope.")
OPERATOR_HAS_NO_DATA_ACCESS = _reason(
    "OperatorHasNoDataAccess", "The account may not write secrets into this vault."
)
NEEDS_API_VERSION = _reason(
    "NeedsApiVersion", "This Azure does not serve the API version that this release speaks."
)
REJECTED_BY_AZURE = _reason("RejectedByAzure", "Azure refuses the request as it is.")
REQUIRES_REPLACEMENT = _reason(
    "RequiresReplacement", "Azure cannot change the named fields of a living group."
)
CLIENT_ID_USED_AS_PRINCIPAL = _reason(
    "ClientIdUsedAsPrincipal",
    "A principalId is the client ID of an identity; the message names its principal ID.",
)
ACCESS_POLICY_LIMIT = _reason(
    "AccessPolicyLimit", "The vault holds as many access policies as Azure takes, 1,024."
)
NO_EQUIVALENT_ROLE = _reason(
    "NoEquivalentRole", "No built-in role known to this version covers what is asked."
)
VAULT_USES_RBAC = _reason("VaultUsesRbac", "The vault ignores access policies.")
VAULT_USES_POLICIES = _reason("VaultUsesAccessPolicies", "The vault ignores role assignments.")
PAUSED = _reason(
    "Paused", "An annotation asks the operator to leave the object and its resource alone."
)
DELETED_OUTSIDE = _reason("DeletedOutside", "The resource was deleted behind the operator's back.")
DRIFTED = _reason("Drifted", "Azure's state differs from the spec; the message lists the paths.")
DRIFT_CONTESTED = _reason(
    "DriftContested", "Somebody changes the named paths back as often as they are corrected."
)
DELETION_HELD = _reason(
    "DeletionHeld",
    "So many objects were deleted at once that it may be a mistake; an annotation goes on.",
)
NOT_EMPTY = _reason("ResourceGroupNotEmpty", "Deletion waits: the group still holds resources.")

# Events that are no condition's reason.
SUBNET_LINK_LEFT = _reason(
    "SubnetLinkLeft", "The group is gone, and Azure's link of such groups stays in its subnet."
)
PROBE_NOT_RUN = _reason(
    "ProbeNotRun", "spec.probe is not run, and the settle time counts; the message says why."
)
FIRST_READ = _reason(
    "FirstRead", "A probe read the secret for the first time; the message says after how long."
)
RESUMED = _reason("Resumed", "The annotation that paused the object is gone.")
CREATED = _reason("Created", "The resource was created in Azure.")
ADOPTED = _reason("Adopted", "A resource that was there was taken over.")
UPDATED = _reason("Updated", "The resource was changed in Azure; the message lists the paths.")
REFUSED_IN_PLACE = _reason(
    "RefusedInPlace", "Azure refused a change that was expected to be made in place."
)
RECOVERED = _reason("Recovered", "A deleted resource was brought back.")
PURGED = _reason("Purged", "A deleted vault was removed for good, as the spec says.")
DELETED = _reason("Deleted", "The resource is gone from Azure.")
RETAINED = _reason("Retained", "The object is gone, its Azure resource stays, as its policy says.")
REVOKED = _reason("Revoked", "A grant of ours was taken back.")
STARTED = _reason("Started", "The group is being started, as its spec asks.")
RESTARTING = _reason("Restarting", "The group is being restarted, as an annotation asks.")
RESTART_DECLINED = _reason(
    "RestartDeclined", "A restart was asked for that is not made; the message says why."
)
IP_ADDRESS_CHANGED = _reason("IPAddressChanged", "Azure gave the group another address.")
ACCESS_ASKED_FOR = _reason("AccessAskedFor", "A KeyVaultAccess was made for a group's own entry.")
ACCESS_CHANGED = _reason("AccessChanged", "A KeyVaultAccess was changed as the group's entry was.")
ACCESS_WITHDRAWN = _reason("AccessWithdrawn", "The group has no such entry; its object goes.")
EXPORTED = _reason("Exported", "The ConfigMap has all values that the spec asks for.")
WAITING_FOR_VALUES = _reason(
    "WaitingForValues", "A place in status that the ConfigMap is to have is still empty."
)
CONFIG_MAP_TAKEN = _reason(
    "ConfigMapTaken", "The ConfigMap is there and is not this object's; it is left alone."
)
CONFIG_MAP_FORBIDDEN = _reason(
    "ConfigMapForbidden",
    "The operator has no right to ConfigMaps; the message says how to give it.",
)
RESTARTED = _reason("ContainerRestarted", "A container of the group was restarted.")


def page() -> str:
    """Give the Markdown page of all reasons."""
    rows = [f"| `{reason.word}` | {reason.meaning} |" for reason in ALL.values()]
    return "\n".join([_HEAD, "| reason | meaning |", "|---|---|", *rows]) + "\n"


_HEAD = """# Reasons

Every reason that a condition or an event of the operator can carry. Made from
`operator/aci_operator/api/reasons.py`; do not edit it here.
"""

if __name__ == "__main__":
    print(page(), end="")
