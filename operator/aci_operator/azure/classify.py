"""From Azure's words to consequences: the one table.

A row is chosen by Azure's code, and where one code means several things also by status or by a
phrase of the message; first match wins. Status alone never decides while the code is known:
ServiceUnavailable is a 409, a reached quota a 400, a registry that is out of order a 409
(azure.md section 16, fact 12). Only a code that stands in no row falls back to its status.

`source` of a row names the section of azure.md (or the recording) that it comes from; [inf]
marks what is inferred there.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import (
    Absent,
    AzureError,
    Conflict,
    Exhausted,
    Forbidden,
    IdentityRefused,
    ImageInaccessible,
    LabelTaken,
    NoCapacity,
    NotReplicated,
    RegistryFailing,
    Rejected,
    SubnetNotDelegated,
    Throttled,
    Unauthenticated,
    Unavailable,
    VersionNotServed,
)

ANY = "*"


@dataclass(frozen=True)
class Row:
    """One meaning of one code; `ANY` stands for codes that azure.md does not show.

    `status` 0 and `phrase` empty match everything.
    """

    code: str
    kind: type[AzureError]
    source: str
    status: int = 0
    phrase: str = ""

    def matches(self, status: int, message: str) -> bool:
        """Say whether this row speaks of such an answer."""
        return self.status in (0, status) and self.phrase.lower() in message.lower()


ROWS: tuple[Row, ...] = (
    # Container groups.
    Row("InaccessibleImage", ImageInaccessible, "7.1 B: also when AcrPull is not effective yet"),
    Row("RegistryErrorResponse", RegistryFailing, "7.1 R, minutes; a 409"),
    Row("ServiceUnavailable", Exhausted, "7.1: fraud detection", status=409, phrase="quota"),
    Row("ServiceUnavailable", NoCapacity, "7.1 R long: no capacity", status=409),
    Row("ServiceUnavailable", Unavailable, "7.2: a plain 503", status=503),
    Row("ContainerGroupQuotaReached", Exhausted, "7.1 B; a 400"),
    Row("ContainerGroupTransitioning", Conflict, "7.1 R, 10 s or more"),
    Row("ContainerLogNotAvailable", Conflict, "7.1 R: logs before the start"),
    Row("InvalidContainerGroupUpdate", Rejected, "7.1 T: replacement only"),
    Row("InvalidOsType", Rejected, "7.1 T"),
    Row("ResourceRequestsNotSpecified", Rejected, "7.1 T"),
    Row("ResourceSomeRequestsNotSpecified", Rejected, "7.1 T"),
    Row("ContainerLimitGreaterThanContainerGroupTotalRequest", Rejected, "7.1 T"),
    Row("InvalidContainerEnvironmentVariable", Rejected, "7.1 T"),
    Row("IdentityNotSupportedOnWindows", IdentityRefused, "7.1 T; knob 5"),
    Row("InvalidImageRegistryIdentity", Rejected, "7.1 T"),
    Row("InvalidImageRegistryCredentialType", Rejected, "7.1 T"),
    Row("AmbiguousImageResitryCredentialType", Rejected, "7.1 T; misspelt by the service"),
    Row("InvalidRequestContent", Rejected, "7.1 T"),
    Row("InvalidStorageAccountKey", Rejected, "7.1 T"),
    Row("OsVersionNotSupported", Rejected, "7.1 T"),
    Row("NetworkProfileNotFound", Rejected, "7.1 T, cli-container_create_with_vnet"),
    Row("VirtualNetworkNotFound", Rejected, "7.1 T"),
    Row("ConfidentialContainerGroupSkuIsNotSupported", Rejected, "7.1 T"),
    Row("PriorityNotSpecified", Rejected, "7.1 T"),
    Row("SpotPriorityContainerGroupNotSupportedInSku", Rejected, "7.1 T"),
    Row("SpotPriorityContainerGroupWithGPUResourcesNotSupported", Rejected, "7.1 T"),
    Row("SpotPriorityContainerGroupNotSupportedForInboundConnectivity", Rejected, "7.1 T"),
    Row("FailedIdentityOperation", Conflict, "7.1 B: a pending delete", phrase="'Conflict'"),
    Row("FailedIdentityOperation", NotReplicated, "7.1 B: wraps the identity service's answer"),
    Row("InternalServerError", Unavailable, "7.1 R"),
    Row("SubnetMissingRequiredDelegation", SubnetNotDelegated, "7.1 [inf]: cases.md 7"),
    # ARM, policy, locks, limits.
    Row("ResourceNotFound", Absent, "7.2, cli-arm-generic-errors"),
    Row("ResourceGroupNotFound", Absent, "7.2, cli-arm-generic-errors"),
    Row("SubscriptionNotFound", Rejected, "7.2 T: a 404 that is not about the resource"),
    Row("InvalidAuthenticationToken", Unauthenticated, "7.2"),
    Row("ExpiredAuthenticationToken", Unauthenticated, "7.2"),
    Row("AuthenticationFailed", Unauthenticated, "7.2: no token, or one that cannot be read"),
    Row("Unauthorized", Unauthenticated, "10.2, cli-keyvault-secret"),
    Row("AuthorizationFailed", Forbidden, "7.2 B, cli-arm-generic-errors"),
    Row("LinkedAuthorizationFailed", Forbidden, "7.2 B: also for an identity that is not there"),
    Row("RequestDisallowedByPolicy", Rejected, "7.2 T; a 403 that no grant heals"),
    Row("ScopeLocked", Rejected, "7.2 T until the lock is removed, cli-arm-generic-errors"),
    Row("MissingSubscriptionRegistration", Rejected, "7.2, cli-arm-generic-errors; a 409"),
    Row("SubscriptionRequestsThrottled", Throttled, "7.2 R"),
    Row("ResourceRequestsThrottled", Throttled, "7.2 R"),
    Row("TooManyRequests", Throttled, "7.2 R"),
    Row("OperationNotAllowed", Conflict, "7.2 R", status=409),
    Row("ServerTimeout", Unavailable, "7.2 R"),
    Row("CloudInternalError", Unavailable, "7.2 R"),
    Row("AnotherOperationInProgress", Conflict, "7.2 R"),
    Row("CanceledAndSupersededDueToAnotherOperation", Conflict, "7.2 R"),
    Row("InvalidApiVersionParameter", VersionNotServed, "14 [inf]"),
    Row("NoRegisteredProviderFound", VersionNotServed, "14 [inf]"),
    Row("MissingApiVersionParameter", Rejected, "14 [inf]"),
    # Key Vault.
    Row("VaultAlreadyExists", Rejected, "7.3 T: the name is taken somewhere in the world"),
    Row("ConflictError", Rejected, "7.3: recover or purge first", phrase="in deleted state"),
    Row("ConflictError", Conflict, "7.3 R: another writer of the same vault"),
    Row("VaultNameNotValid", Rejected, "7.3 T"),
    Row("AccessDenied", Forbidden, "7.3, 10.2: older word for ForbiddenByPolicy"),
    Row("ForbiddenByPolicy", Forbidden, "10.2"),
    Row("ForbiddenByRbac", Forbidden, "10.2"),
    Row("ForbiddenByFirewall", Forbidden, "7.3, 10.2"),
    Row("Forbidden", Forbidden, "10.2"),
    Row("SecretDisabled", Rejected, "10.2: a 403 that no grant heals"),
    Row("SecretNotFound", Absent, "10.2"),
    Row("ObjectIsDeletedButRecoverable", Rejected, "10.2: recover it first; a 409"),
    # Role assignments.
    Row("PrincipalNotFound", NotReplicated, "7.3 R for minutes, cli-role-assignments"),
    Row("RoleAssignmentExists", Rejected, "7.3, cli-role-assignments: there under another name"),
    Row("RoleAssignmentUpdateNotPermitted", Rejected, "7.3: replace"),
    Row("RoleAssignmentLimitExceeded", Rejected, "7.3 T"),
    Row("RoleAssignmentNotFound", Absent, "7.3"),
    Row("RoleDefinitionDoesNotExist", Rejected, "7.3 T [inf]"),
    # Sentences whose code azure.md does not show.
    Row(ANY, LabelTaken, "7.1: code not shown", phrase="Try using a different label"),
    Row(ANY, SubnetNotDelegated, "7.1 [inf]: cases.md 7", phrase="subnet is not delegated"),
    Row(ANY, SubnetNotDelegated, "7.1 [inf]: cases.md 7", phrase="following delegation(s)"),
)
"""Sections of azure.md: 7.1 container groups, 7.2 ARM, 7.3 vaults and roles, 10.2 secrets."""

_BY_STATUS: dict[int, type[AzureError]] = {
    401: Unauthenticated,
    403: Forbidden,
    408: Unavailable,
    409: Conflict,
    412: Conflict,
    429: Throttled,
}

_BY_CODE: dict[str, tuple[Row, ...]] = {}
for _row in ROWS:
    _BY_CODE[_row.code.lower()] = (*_BY_CODE.get(_row.code.lower(), ()), _row)


def known(code: str) -> bool:
    """Say whether a code stands in the table: others must not become labels of metrics."""
    return code.lower() in _BY_CODE


def kind_of(status: int, code: str, message: str) -> type[AzureError]:
    """Choose the class of an error answer.

    A 404 with a code that stands in no row is Rejected, never Absent: absence ends finalizers, so
    it is believed only in words that we know.
    """
    if status == 429:
        return Throttled  # whatever it is called, it says when to come back
    for row in (*_BY_CODE.get(code.lower(), ()), *_BY_CODE[ANY]):
        if row.matches(status, message):
            return row.kind
    if status >= 500 or status < 400:
        return Unavailable
    return _BY_STATUS.get(status, Rejected)
